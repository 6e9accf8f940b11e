"""What every test may ask for."""

from pathlib import Path

import pytest

from tests.making import write_model


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    """A small real model of nine labels that keeps the contract."""
    return write_model(tmp_path / "model.onnx")
