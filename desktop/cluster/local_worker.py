"""What a worker process of `local:N` does when it starts; Dask calls `dask_setup`."""

import signal


def dask_setup(_worker: object) -> None:
    """Leave Ctrl-C, which Windows sends to all processes, to the program that started this one: it ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
