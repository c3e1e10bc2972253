"""A checkpoint holds the newest whole state, whatever happened while it was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from kinema.engine.checkpoint import FolderCheckpoint


def test_what_was_saved_comes_back(tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path / "run")
    latent = np.arange(6, dtype=np.float32).reshape(2, 3)
    checkpoint.save("sample", 7, {"latent": latent, "kept": np.frombuffer(b"{}", np.uint8)})
    step, arrays = FolderCheckpoint(tmp_path / "run").load("sample") or (0, {})
    assert step == 7
    assert np.array_equal(arrays["latent"], latent)
    assert arrays["kept"].tobytes() == b"{}"


def test_saving_again_replaces_the_state(tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path)
    checkpoint.save("sample", 1, {"latent": np.zeros(2)})
    checkpoint.save("sample", 2, {"latent": np.ones(2)})
    step, arrays = checkpoint.load("sample") or (0, {})
    assert (step, arrays["latent"].tolist()) == (2, [1.0, 1.0])
    assert [path.name for path in tmp_path.iterdir()] == ["sample.npz"]


def test_a_stage_never_saved_or_half_written_is_as_if_it_had_not_been(tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path)
    assert checkpoint.load("sample") is None
    (tmp_path / "sample.npz").write_bytes(b"PK\x03\x04 cut off")
    assert checkpoint.load("sample") is None
    checkpoint.save("sample", 3, {})
    assert checkpoint.load("sample") == (3, {})


def test_clearing_forgets_all_stages(tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path)
    checkpoint.save("condition", 1, {})
    checkpoint.save("sample", 1, {})
    checkpoint.clear()
    assert list(tmp_path.iterdir()) == []
