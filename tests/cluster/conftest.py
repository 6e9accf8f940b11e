"""A folder of images, the table of one process, and a cluster of real processes."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.clusters import Cluster
from desktop.cluster import classifying
from desktop.commands import classify
from tests.cluster import runs
from tests.cluster.runs import FILES
from tests.making import write_lesion
from tests.platforms import NO_UNICODE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    first = write_lesion(tmp_path / "in" / "000.jpg", 1)
    for number in range(1, FILES):
        shutil.copyfile(first, tmp_path / "in" / f"{number:03}.jpg")
    (tmp_path / "in" / "=damaged.jpg").write_bytes(b"\xff\xd8\xff")
    for name in ("Läsion ✓.jpg", "皮膚.jpg", *([NO_UNICODE] if sys.platform == "linux" else [])):
        shutil.copyfile(first, tmp_path / "in" / name)
    return tmp_path / "in"


@pytest.fixture
def whole(folder: Path, model_file: Path, tmp_path: Path) -> bytes:
    """The table of one process."""
    assert classify.main([str(folder), "--model", str(model_file), "--csv", str(tmp_path / "whole.csv")]) == 1
    return (tmp_path / "whole.csv").read_bytes()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as cluster:
        yield cluster


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "_FEWEST_FILES", 4)


@pytest.fixture
def short_outages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifying, "LONGEST_OUTAGE", runs.LONGEST_OUTAGE)


@pytest.fixture
def hold(tmp_path: Path) -> str:
    """What a worker imports from that does one task, and then none until there is a file `go` in it."""
    return runs.holding(tmp_path / "hold")
