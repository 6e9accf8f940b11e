"""Check every locked version for known vulnerabilities in OSV.dev: `python scripts/audit.py`, or `make audit`.

The exit status is 1 if a version has a vulnerability, with its advisories, and 2 if the database cannot be reached: then
nothing was checked. Only names and versions of packages are sent.
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request

from setup_environment import LOCKS
from soup import pins

SERVICE = "https://api.osv.dev/v1/querybatch"
_SECONDS = 30


def locked() -> dict[str, str]:
    """Return every package of every lock with its version; the locks agree."""
    return {name: version for lock in LOCKS for name, version in pins(lock).items()}


def holes(versions: dict[str, str], service: str = SERVICE) -> dict[str, list[str]]:
    """Return the advisories of each package that has any.

    Raises:
        OSError: the database cannot be reached.
        ValueError: its answer is invalid.
    """
    names = sorted(versions)
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": versions[name]} for name in names]
    request = urllib.request.Request(  # noqa: S310 - an address of ours
        service, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
        results = json.load(answer)["results"]
    return {
        name: [hole["id"] for hole in result["vulns"]]
        for name, result in zip(names, results, strict=True)
        if result.get("vulns")
    }


def main(service: str = SERVICE) -> int:
    """Print the result; return the exit status."""
    versions = locked()
    try:
        found = holes(versions, service)
    except (OSError, ValueError, KeyError, TypeError) as error:
        detail = error.reason if isinstance(error, urllib.error.URLError) else error
        print(f"Nothing was checked: {service} cannot be asked ({detail}).", file=sys.stderr)
        return 2
    for name, ids in found.items():
        print(f"{name} {versions[name]}: {', '.join(ids)}")
    print(f"{len(versions)} packages were checked; {len(found)} of them have known holes.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
