"""Start lesionlens-train; if only the application is installed, say what is missing."""

import sys


def main() -> int:
    """Run lesionlens-train; return its exit code, 1 where the packages for training are not installed."""
    try:
        from training.__main__ import main as train  # noqa: PLC0415 - what may be missing is imported there
    except ModuleNotFoundError as error:
        print(
            f"lesionlens-train needs the package {error.name}, which is not installed here. "
            'Bring the training side with: pip install ".[training]"',
            file=sys.stderr,
        )
        return 1
    return train()


if __name__ == "__main__":
    sys.exit(main())
