"""All commands in one program, as the application without Python has them: it does what the name by which it is called says.

Each program of its own would carry Python's modules once more, 5 MB. On Linux the other names are links to one program.
"""

import sys
from collections.abc import Callable
from pathlib import Path


def _classify() -> int:
    from desktop.commands import classify  # noqa: PLC0415 - each command loads no more than it needs

    return classify.main()


def _history() -> int:
    from desktop.commands import history  # noqa: PLC0415

    return history.main()


def _judge() -> int:
    from desktop.commands import judge  # noqa: PLC0415

    return judge.main()


def _records() -> int:
    from desktop.commands import records  # noqa: PLC0415

    return records.main()


COMMANDS: dict[str, Callable[[], int]] = {
    "lesionlens-classify": _classify,
    "lesionlens-history": _history,
    "lesionlens-judge": _judge,
    "lesionlens-records": _records,
}


def main() -> int:
    """Run the command by whose name this was called, and return its exit code."""
    command = COMMANDS.get(Path(sys.argv[0]).stem)
    if command is None:
        print(f"Call this by one of these names: {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return command()


if __name__ == "__main__":
    sys.exit(main())
