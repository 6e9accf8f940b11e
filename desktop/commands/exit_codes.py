"""The exit codes that the commands have in common."""

OK = 0
SOME_FAILED = 1
WRONG_CALL = 2
INTERRUPTED = 130
"""What shells report after Ctrl-C: 128 plus the number of SIGINT."""
