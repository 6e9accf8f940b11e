"""Classification by a real Dask cluster: processes that are killed, added and stopped, and the table of one process."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.clusters import Cluster
from desktop.cluster import connecting, orders, tasks
from desktop.cluster.classifying import parts_of
from desktop.cluster.versions import versions
from desktop.cluster.worker import Order, OrderPlugin
from desktop.commands import classify
from desktop.core.errors import UsageError
from desktop.core.inference.batch import BATCH_SIZE
from desktop.core.inference.classifier import Classifier
from tests.cluster.runs import FILES, Run
from tests.platforms import hear_ctrl_c, posix

LIMIT = 20_000


def files_of_20_kb() -> None:
    """Let a child process write no larger files, as where the disk is full."""
    import resource  # noqa: PLC0415 - Windows has none

    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))


@pytest.mark.usefixtures("small_tasks")
def test_killed_and_added_workers_give_the_table_of_one_process(
    cluster: Cluster, folder: Path, model_file: Path, whole: bytes, tmp_path: Path, hold: str
) -> None:
    first, _second = cluster.add_worker(path=hold), cluster.add_worker(path=hold)  # both have tasks then
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        run.wait_for_rows(1)
        first.kill()
        assert run.rows() < FILES
        cluster.add_worker()
        Path(hold, "go").touch()
    assert run.status == 1  # the damaged file
    assert run.target.read_bytes() == whole


@pytest.mark.usefixtures("small_tasks")
def test_a_worker_that_hangs_costs_its_tasks_alone(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    whole: bytes,
    tmp_path: Path,
    hold: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_PATIENCE", 1.0)
    first, _second = cluster.add_worker(path=hold), cluster.add_worker()
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        run.wait_for_rows(1)
        psutil.Process(first.pid).suspend()
    assert run.status == 1
    assert run.target.read_bytes() == whole


@pytest.fixture
def hasty_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let schedulers and workers that are started give up sooner who does not answer: after 10 s instead of 30."""
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "10s")


@posix
@pytest.mark.usefixtures("small_tasks", "short_outages", "hasty_dask")
def test_a_worker_that_hangs_already_is_not_taken_for_the_scheduler(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    whole: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "_PATIENCE", 1.0)
    first, _second = cluster.add_worker(), cluster.add_worker()
    psutil.Process(first.pid).suspend()
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        pass
    assert run.status == 1
    assert "The scheduler is gone" not in capsys.readouterr().err
    assert run.target.read_bytes() == whole


@posix
@pytest.mark.usefixtures("small_tasks")
def test_a_table_that_cannot_be_written_on_leaves_what_was_written(
    cluster: Cluster, folder: Path, model_file: Path, whole: bytes, tmp_path: Path
) -> None:
    cluster.add_worker()
    command = [sys.executable, "-m", "desktop.commands.classify", str(folder), "--model", str(model_file)]
    command += ["--csv", str(tmp_path / "out.csv"), "--cluster", cluster.address, *cluster.tls]
    ended = subprocess.run(command, capture_output=True, text=True, preexec_fn=files_of_20_kb, check=False)
    assert ended.returncode == 2
    assert ended.stderr == "“out.csv” cannot be written (File too large). Choose another place.\n"
    unfinished = tmp_path / "out.csv.partial"
    assert unfinished.stat().st_size == LIMIT
    assert classify.main([*command[3:], "--resume"]) == 1
    assert (tmp_path / "out.csv").read_bytes() == whole


@posix
def test_ctrl_c_while_workers_start_ends_with_a_sentence_alone(folder: Path, model_file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop.commands.classify", str(folder), "--model", str(model_file)]
    command += ["--csv", str(tmp_path / "out.csv"), "--cluster", "local:2"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=hear_ctrl_c)
    workers: list[psutil.Process] = []
    while not workers:
        assert running.poll() is None
        workers = [child for child in psutil.Process(running.pid).children() if is_worker(child)]
        time.sleep(0.001)
    os.killpg(running.pid, signal.SIGINT)
    assert running.communicate()[1].decode() == "Interrupted. Carry on with --resume.\n"
    assert running.returncode == 130
    assert psutil.wait_procs(workers, timeout=60)[1] == []


def is_worker(process: psutil.Process) -> bool:
    try:
        return any("spawn_main" in argument for argument in process.cmdline())
    except psutil.Error:  # it has just ended
        return False


@posix
def test_ctrl_c_ends_a_run_with_its_workers_and_leaves_the_rows(folder: Path, model_file: Path, tmp_path: Path) -> None:
    for number in range(FILES, 4 * FILES):
        shutil.copyfile(folder / "000.jpg", folder / f"{number:03}.jpg")
    command = [sys.executable, "-m", "desktop.commands.classify", str(folder), "--model", str(model_file)]
    command += ["--csv", str(tmp_path / "out.csv"), "--cluster", "local:1"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, preexec_fn=hear_ctrl_c)
    unfinished = tmp_path / "out.csv.partial"
    while not unfinished.exists() or unfinished.read_bytes().count(b"\n") < 2:
        assert running.poll() is None
        time.sleep(0.001)
    workers = psutil.Process(running.pid).children(recursive=True)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    said = running.communicate()[1].decode()
    assert running.returncode == 130
    assert said == "Interrupted. Carry on with --resume.\n"
    assert psutil.wait_procs(workers, timeout=60)[1] == []
    assert 1 < unfinished.read_bytes().count(b"\n") < 4 * FILES


def test_a_worker_of_another_version_is_refused(
    cluster: Cluster, folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("import desktop\ndesktop.__version__ = '0.0'\n")
    cluster.add_worker(path=str(tmp_path / "other"))
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        pass
    assert run.status == 2
    said = capsys.readouterr().err
    assert "The worker tls://127.0.0.1:" in said
    assert f" has LesionLens 0.0, not {versions()['LesionLens']}. Install the same versions everywhere" in said
    assert not run.rows()


def test_a_worker_without_lesionlens_is_refused(
    cluster: Cluster, folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "sitecustomize.py").write_text("import sys\nsys.modules['desktop'] = None\n")
    cluster.add_worker(path=str(tmp_path / "other"))
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        pass
    assert run.status == 2
    said = capsys.readouterr().err
    assert f"A part of {cluster.address} has no LesionLens (" in said
    assert "Install it with the extra “cluster” on scheduler and workers." in said


def test_a_cluster_without_workers_is_told(
    cluster: Cluster,
    folder: Path,
    model_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(orders, "_SECONDS_FOR_A_WORKER", 0.1)
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        pass
    assert run.status == 2
    assert f"has no worker. Start some: dask worker {cluster.address}" in capsys.readouterr().err


def test_a_scheduler_with_tls_answers_nobody_without_a_certificate(
    cluster: Cluster, folder: Path, model_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.tls = []
    with Run(cluster, folder, model_file, tmp_path / "out.csv") as run:
        pass
    assert run.status == 2
    assert f"No scheduler answers at {cluster.address} (" in capsys.readouterr().err


def test_local_workers_listen_to_this_machine_alone() -> None:
    with connecting.local_workers(1) as client:
        assert client.scheduler_info()["address"].startswith("tls://127.0.0.1:")
        (worker,) = client.scheduler_info()["workers"]
        assert worker.startswith("tls://127.0.0.1:")
        here = psutil.Process()
        listening = [
            connection.laddr.ip
            for process in (here, *here.children(recursive=True))
            for connection in process.net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 3
        assert set(listening) == {"127.0.0.1"}


def test_a_worker_that_does_not_see_the_files_is_refused(model_file: Path, tmp_path: Path) -> None:
    classifier = Classifier(model_file)
    unseen = tmp_path / "not mounted" / "1.jpg"
    order = Order(model_file, classifier.sha256, b"", {}, None, versions(), [unseen])
    with connecting.local_workers(1) as client:
        orders._give_order(client, "here", OrderPlugin(order), "order", list(client.nthreads()))
        with pytest.raises(UsageError, match=r"does not see “.*not mounted.1\.jpg”\. Let it reach"):
            orders._check_workers(client, "here", "order", list(client.nthreads()))


def test_a_worker_that_hangs_while_it_is_asked_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orders, "_SECONDS_FOR_WORKERS", 0.1)
    with (
        connecting.local_workers(0) as client,
        pytest.raises(UsageError, match=r"A worker of here hangs\. End those that do not answer\."),
    ):
        orders._asked_workers(client, "here", asyncio.Event().wait)


@pytest.mark.parametrize(
    ("files", "cores", "count", "most"),
    [(0, 1, 1, 0), (1, 4, 1, 1), (51, 4, 1, 51), (75, 1, 2, 39), (4_000, 4, 32, 128), (100_000, 4, 100, 1000)],
)
def test_tasks_are_of_many_files_and_of_about_the_same_number(files: int, cores: int, count: int, most: int) -> None:
    images = [Path(str(number)) for number in range(files)]
    parts = list(parts_of(images, cores))
    assert [image for part in parts for image in part] == images
    assert (len(parts), max(map(len, parts))) == (count, most)
    assert max(map(len, parts)) - min(map(len, parts)) <= BATCH_SIZE
    assert all(len(part) % BATCH_SIZE == 0 for part in parts[:-1])


def test_without_dask_the_command_says_what_to_install(
    folder: Path,
    model_file: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    options = [str(folder), "--model", str(model_file), "--csv", str(tmp_path / "out.csv")]
    assert classify.main([*options, "--cluster", "local:2"]) == 2
    assert 'Install it: pip install ".[cluster]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--cluster", "local:0", "--csv", "out"], "is neither tcp://HOST:PORT"),
        (["--cluster", "localhost:8786", "--csv", "out"], "is neither tcp://HOST:PORT"),
        (["--cluster", "local:2"], "--cluster writes into a file"),
        (["--cluster", "local:2", "--csv", "out", "--json"], "--cluster writes into a file"),
        (["--cluster", "local:2", "--csv", "out", "--workers", "2"], "--cluster goes without --workers"),
        (["--cluster", "tcp://a:1", "--csv", "out", "--tls-cert", "a.pem"], "go with --cluster tls://"),
        (["--csv", "out", "--tls-key", "a.pem"], "go with --cluster tls://"),
    ],
)
def test_options_that_do_not_go_together(options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main(["folder", *options])
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
