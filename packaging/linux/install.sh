#!/bin/sh
# Installs LesionLens for this user, without root: ./install.sh      Takes it away again, data stay: ./install.sh --remove
# The program goes to ~/.local/lib/lesionlens, its commands to ~/.local/bin, its menu entry and icon to ~/.local/share.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
share=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/lesionlens
commands=$HOME/.local/bin
entry=$share/applications/lesionlens.desktop
icons=$share/icons/hicolor

tell_desktop() {
    if command -v update-desktop-database >/dev/null; then update-desktop-database -q "$share/applications" || true; fi
    if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf "$icons" || true; fi
}

case ${1:-} in
--remove)
    rm -rf "$program"
    rm -f "$commands/lesionlens" "$commands/lesionlens-classify" "$commands/lesionlens-history" \
        "$commands/lesionlens-judge" "$commands/lesionlens-records" "$entry" \
        "$icons/scalable/apps/lesionlens.svg" "$icons/256x256/apps/lesionlens.png"
    tell_desktop
    echo "LesionLens is removed. Histories and images were left where they are: $share/LesionLens"
    exit ;;
"") ;;
*)
    echo "usage: $0 [--remove]" >&2
    exit 2 ;;
esac

# What the system must have, said before anything is written.
missing=$(find "$here/app/_internal" \( -name 'libqxcb.so' -o -name 'libQt6Widgets.so.6' -o -name 'libQt6Network.so.6' \) \
    -exec ldd {} + 2>/dev/null | sed -n 's/^[[:space:]]*\(.*\) => not found$/\1/p' | sort -u)
if [ -n "$missing" ]; then
    echo "LesionLens needs libraries that this system does not have:" $missing >&2
    echo "Install your distribution's packages of them, then try again." >&2
    exit 1
fi

# The new one is complete before it takes the place of an old one.
mkdir -p "$(dirname "$program")" "$commands" "$(dirname "$entry")" "$icons/scalable/apps" "$icons/256x256/apps"
rm -rf "$program.new"
cp -R "$here/app" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
ln -sf "$program/LesionLens" "$commands/lesionlens"
ln -sf "$program/lesionlens-classify" "$commands/lesionlens-classify"
ln -sf "$program/lesionlens-history" "$commands/lesionlens-history"
ln -sf "$program/lesionlens-judge" "$commands/lesionlens-judge"
ln -sf "$program/lesionlens-records" "$commands/lesionlens-records"
sed "s|^Exec=lesionlens |Exec=\"$program/LesionLens\" |" "$here/lesionlens.desktop" >"$entry"
cp "$here/lesionlens.svg" "$icons/scalable/apps/lesionlens.svg"
cp "$here/lesionlens.png" "$icons/256x256/apps/lesionlens.png"
tell_desktop
echo "LesionLens is installed: $program/LesionLens, and in the menu of your desktop."
case :$PATH: in
*:"$commands":*) ;;
*) echo "For the command lesionlens and those that begin with lesionlens-, put $commands on your PATH." ;;
esac
