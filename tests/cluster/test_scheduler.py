"""A scheduler that goes in the middle of a run: it is waited for, and nothing that was written is lost or done again."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.clusters import Cluster
from desktop.cluster import asking, classifying, connecting, orders
from desktop.cluster.outages import Outage
from desktop.cluster.versions import versions
from desktop.commands import classify
from desktop.core.errors import UsageError
from tests.cluster.runs import FILES, Run, program
from tests.platforms import hear_ctrl_c, posix

pytestmark = pytest.mark.usefixtures("small_tasks", "short_outages")

GONE = "The scheduler is gone. Waiting for it. 0:00 of at most {minutes}:00."
GONE_HERE = GONE.format(minutes=5)


def lose_scheduler(cluster: Cluster, run: Run, hold: str, rows: int = 1) -> int:
    """Kill the scheduler when a worker has done a task and so many rows are written; return how many, which are not all."""
    worker = cluster.add_worker(path=hold)
    run.wait_for_rows(rows)
    psutil.Process(worker.pid).suspend()  # so that it hears nothing of it
    cluster.end_scheduler()
    assert rows <= run.rows() < FILES
    return run.rows()


def test_a_scheduler_that_is_started_again_goes_on(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    whole: bytes,
    tmp_path: Path,
    hold: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        rows = 0
        for _ in range(2):
            rows = lose_scheduler(cluster, run, hold, rows + 1)
            cluster.start_scheduler_again()
        cluster.add_worker()
    assert run.status == 1  # the damaged file
    assert run.target.read_bytes() == whole
    assert capsys.readouterr().err.count(GONE_HERE) == 2


def test_a_scheduler_that_does_not_come_back_leaves_a_table_that_is_carried_on(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    whole: bytes,
    tmp_path: Path,
    hold: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(classifying, "LONGEST_OUTAGE", 0.5)
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        lose_scheduler(cluster, run, hold)
    assert run.status == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        f"The scheduler at {cluster.address} is gone. What has a row stays: carry on with --resume."
    )
    before = run.rows()
    assert 0 < before < FILES
    options = [str(folder), "--model", str(model_file), "--csv", str(run.target), "--resume"]
    assert classify.main([*options, "--cluster", "local:1"]) == 1
    assert f"{before} of them before the interruption" in capsys.readouterr().err
    assert run.target.read_bytes() == whole


def test_the_workers_of_a_scheduler_that_is_back_are_checked(
    cluster: Cluster, folder: Path, model_file: Path, tmp_path: Path, hold: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("import desktop\ndesktop.__version__ = '0.0'\n")
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        rows = lose_scheduler(cluster, run, hold)
        cluster.start_scheduler_again()
        cluster.add_worker(path=str(tmp_path / "other"))
    assert run.status == 2
    assert f" has LesionLens 0.0, not {versions()['LesionLens']}. Install" in capsys.readouterr().err
    assert run.rows() == rows


@posix
def test_a_scheduler_that_hangs_is_waited_for(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    whole: bytes,
    tmp_path: Path,
    hold: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cluster.add_worker(path=hold)
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        run.wait_for_rows(1)
        with cluster.scheduler_stopped(), monkeypatch.context() as while_stopped:
            while_stopped.setattr(asking, "SECONDS_TO_ANSWER", 1.0)
            said = ""
            while GONE_HERE not in said:
                assert run.is_running
                said += capsys.readouterr().err
                time.sleep(0.01)
        Path(hold, "go").touch()
    assert run.status == 1
    assert run.target.read_bytes() == whole


@posix
def test_ctrl_c_ends_the_wait_for_a_scheduler(
    cluster: Cluster, folder: Path, model_file: Path, tmp_path: Path, hold: str
) -> None:
    cluster.add_worker(path=hold)
    command = [sys.executable, "-m", "desktop.commands.classify", str(folder), "--model", str(model_file)]
    command += ["--csv", str(tmp_path / "out.csv"), "--cluster", cluster.address, *cluster.tls]
    with program(command, stderr=subprocess.PIPE, preexec_fn=hear_ctrl_c) as running:
        unfinished = tmp_path / "out.csv.partial"
        while not unfinished.exists() or unfinished.read_bytes().count(b"\n") < 2:
            assert running.poll() is None
            time.sleep(0.001)
        cluster.end_scheduler()
        assert running.stderr
        assert running.stderr.readline() == f"{GONE.format(minutes=30)}\n"
        running.send_signal(signal.SIGINT)
        assert running.stderr.read() == "Interrupted. Carry on with --resume.\n"
        assert running.wait() == 130


@pytest.fixture
def over() -> Outage:
    """An outage that has lasted for as long as it may."""
    outage = Outage("tcp://127.0.0.1:1", 0)
    with pytest.raises(UsageError, match="is gone"):
        outage.wait()
    return outage


def test_a_scheduler_that_comes_back_without_workers_is_told(over: Outage, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        connecting.local_workers(0) as client,
        pytest.raises(UsageError, match=r"there came back without workers\. What has a row stays"),
    ):
        orders._wait_for_a_worker(client, "there", over)
    assert capsys.readouterr().err == "The scheduler is back. Waiting for a worker.\n"
