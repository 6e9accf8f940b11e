"""Makes the distribution of a built application for each platform: an archive or an installer.

Linux: a .tar.xz with an install script that needs no root, and a .deb. Windows: an Inno Setup installer. macOS: a disk image.
Only Linux has been tried so far; the others follow the documentation of their tools.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from debian_dependencies import dependencies
from setup_environment import ROOT, run, say

LINUX = ROOT / "packaging" / "linux"
ICONS = ROOT / "resources" / "icons"

CONTROL = """\
Package: lesionlens
Version: {version}
Architecture: {architecture}
Maintainer: The LesionLens project <maintainers@lesionlens.invalid>
Installed-Size: {kilobytes}
Depends: {depends}
Section: science
Priority: optional
Description: dermatoscope images beside the probabilities of a model
 LesionLens shows a dermatoscope image beside the probabilities of nine lesion
 classes, keeps a history, and classifies whole folders, also without a window
 (lesionlens-classify). Everything stays on this computer: it opens no network
 connection.
 .
 It is not a certified medical device. It is for research and teaching.
"""


def linux(application: Path, name: Path, version: str) -> None:
    """Make NAME.tar.xz and the .deb."""
    archive(application, name)
    if shutil.which("dpkg-deb"):
        debian_package(application, name.parent, version)
    else:
        say("There is no dpkg-deb here: no .deb")


def archive(application: Path, name: Path) -> None:
    """Pack the application with its install script, menu entry and icon, without a trace of who packed it."""
    with tempfile.TemporaryFile() as plain:
        with tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for source, inside in (
                (LINUX / "install.sh", "install.sh"),
                (LINUX / "lesionlens.desktop", "lesionlens.desktop"),
                (ICONS / "lesionlens.svg", "lesionlens.svg"),
                (ICONS / "lesionlens-256.png", "lesionlens.png"),
                (ROOT / "LICENSE", "LICENSE"),
                (application, "app"),
            ):
                tar.add(source, f"{name.name}/{inside}", filter=_anonymous)
        plain.seek(0)
        with name.with_name(f"{name.name}.tar.xz").open("wb") as packed:
            subprocess.run(
                ["xz", "--compress", "--stdout", "--threads=0", "-4"], stdin=plain, stdout=packed, check=True
            )


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def debian_package(application: Path, folder: Path, version: str) -> Path:
    """Make lesionlens_VERSION_ARCHITECTURE.deb, which depends on the system libraries that the application needs."""
    asked = subprocess.run(["dpkg", "--print-architecture"], capture_output=True, text=True, check=True)
    architecture = asked.stdout.strip()
    package = folder / f"lesionlens_{version}_{architecture}.deb"
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "root"
        share = root / "usr" / "share"
        program = root / "usr" / "lib" / "lesionlens"
        shutil.copytree(application, program, symlinks=True)
        for source, target in (
            (LINUX / "lesionlens.desktop", share / "applications" / "lesionlens.desktop"),
            (ICONS / "lesionlens.svg", share / "icons" / "hicolor" / "scalable" / "apps" / "lesionlens.svg"),
            (ICONS / "lesionlens-256.png", share / "icons" / "hicolor" / "256x256" / "apps" / "lesionlens.png"),
            (LINUX / "copyright", share / "doc" / "lesionlens" / "copyright"),
        ):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        commands = root / "usr" / "bin"
        commands.mkdir()
        (commands / "lesionlens").symlink_to("../lib/lesionlens/LesionLens")
        for command in ("lesionlens-classify", "lesionlens-history", "lesionlens-judge", "lesionlens-records"):
            (commands / command).symlink_to(f"../lib/lesionlens/{command}")
        kilobytes = sum(file.lstat().st_size for file in root.rglob("*") if not file.is_dir()) // 1024
        control = root / "DEBIAN" / "control"
        control.parent.mkdir()
        control.write_text(
            CONTROL.format(
                version=version,
                architecture=architecture,
                kilobytes=kilobytes,
                depends=", ".join(dependencies(application)),
            ),
            encoding="utf-8",
        )
        for path in (root, *root.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        run("dpkg-deb", "--root-owner-group", "-Zxz", "-z4", "--build", root, package)
    return package


def windows(application: Path, name: Path, version: str) -> None:
    """Sign the programs, make the installer with Inno Setup 6, and sign it."""
    sign_for_windows(*application.glob("*.exe"))
    iscc = shutil.which("iscc") or shutil.which("iscc", path=r"C:\Program Files (x86)\Inno Setup 6")
    if iscc is None:
        say("NOTICE: Inno Setup is not here: no installer")
        return
    run(iscc, "/Qp", f"/DVersion={version}", ROOT / "packaging" / "windows" / "lesionlens.iss")
    sign_for_windows(name.with_name(f"{name.name}-setup.exe"))


def sign_for_windows(*files: Path) -> None:
    """Sign files with the certificate that WINDOWS_CERTIFICATE (a .pfx file) and WINDOWS_CERTIFICATE_PASSWORD name."""
    certificate = os.environ.get("WINDOWS_CERTIFICATE")
    if not certificate:
        say(f"NOTICE: no certificate, so not signed: {', '.join(file.name for file in files)}")
        return
    kits = Path(r"C:\Program Files (x86)\Windows Kits\10\bin")
    signtool = shutil.which("signtool") or str(max(kits.glob("*/x64/signtool.exe")))
    secret = ("/f", certificate, "/p", os.environ["WINDOWS_CERTIFICATE_PASSWORD"])
    run(signtool, "sign", "/fd", "SHA256", "/tr", "http://timestamp.digicert.com", "/td", "SHA256", *secret, *files)


def macos(application: Path, name: Path, _version: str) -> None:
    """Make a disk image with the .app and a link to the Applications folder; have Apple notarise it.

    build.spec has signed the .app with the identity in MACOS_IDENTITY; MACOS_NOTARY_PROFILE is the profile that
    `xcrun notarytool store-credentials` has stored in the keychain.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        bundle = application.with_suffix(".app")
        run("ditto", bundle, folder / bundle.name)
        (folder / "Applications").symlink_to("/Applications")
        image = name.with_name(f"{name.name}.dmg")
        run("hdiutil", "create", "-volname", "LesionLens", "-srcfolder", folder, "-format", "ULMO", "-ov", image)
    identity, profile = os.environ.get("MACOS_IDENTITY"), os.environ.get("MACOS_NOTARY_PROFILE")
    if not identity or not profile:
        say(f"NOTICE: no identity or no notary profile, so neither signed nor notarised: {image.name}")
        return
    run("codesign", "--sign", identity, "--timestamp", image)
    run("xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait")
    run("xcrun", "stapler", "staple", image)


MAKERS: dict[str, Callable[[Path, Path, str], None]] = {"linux": linux, "win32": windows, "darwin": macos}
