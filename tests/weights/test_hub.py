from __future__ import annotations

from pathlib import Path

import pytest
from huggingface_hub import constants

from kinema.errors import WeightsError
from kinema.weights.hub import fetch


def test_a_folder_or_file_is_itself(tmp_path: Path):
    assert fetch(str(tmp_path)) == tmp_path


def test_without_a_connection_the_error_says_what_would_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        WeightsError, match="the hub cannot be reached; allowed: the path of a folder"
    ):
        fetch("Wan-AI/Wan2.1-T2V-1.3B")


def test_what_is_in_the_hub_cache_needs_no_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    commit = "0" * 40
    cached = tmp_path / "models--some-one--a-model"
    (cached / "snapshots" / commit).mkdir(parents=True)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit)
    assert fetch("some-one/a-model") == cached / "snapshots" / commit
    assert fetch(f"some-one/a-model@{commit}").name == commit


@pytest.mark.parametrize("name", ["nowhere", "a/b/c", "/no/such/folder", "a b/c"])
def test_what_can_be_no_repository_is_not_looked_for(name: str):
    with pytest.raises(WeightsError, match="allowed: a folder, a file, or owner/repository"):
        fetch(name)
