"""What a lent machine hands back, and that another goes on from it."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import torch

from kinema.recipes import RECIPES
from kinema.train import checkpoint, loop

SCRIPT = Path(__file__).parents[2] / "scripts" / "gpu_train.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gpu_train", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def handed(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of three stages, none of which has learned anything."""
    place = tmp_path_factory.mktemp("lease")
    for number, name in enumerate(("tiny-autoencoder", "tiny-base", "tiny-shortcut")):
        config = replace(RECIPES[name](), start=())
        run = loop.Run(config, place / "runs" / name, torch.device("cpu"))
        run.step, run.position = 7 + number, 8 + number
        run.save()
    script.hand_out(place / "runs", place / "out")
    return place / "out"


def test_each_network_comes_back_once_from_its_newest_stage(handed: Path):
    assert sorted(path.name for path in handed.iterdir()) == [
        "logs.tar.gz", "stages.json", "tiny-autoencoder.safetensors", "tiny-shortcut.safetensors",
    ]  # fmt: skip
    assert len(json.loads((handed / "stages.json").read_text())) == 3


def test_another_machine_goes_on_from_what_came_back(
    script: ModuleType, handed: Path, tmp_path: Path
):
    script.take_in(handed, tmp_path)
    carried = tmp_path / "carried"
    vae = checkpoint.weights_of(carried / "tiny-autoencoder")
    assert all(name.startswith("vae.") for name in vae)
    assert "call" not in script.train_stage("tiny-shortcut", 0.0, 10.0, tmp_path)
    run = checkpoint.checkpoints(tmp_path / "tiny-shortcut")[-1]
    assert run.name == "step-00000010"  # nine steps came, and one was made
    progress = checkpoint.progress_of(tmp_path / "tiny-shortcut")
    assert progress["position"] == 11
    frozen = checkpoint.weights_of(tmp_path / "tiny-shortcut")
    for name, tensor in vae.items():
        assert torch.equal(frozen[name], tensor.float())


def test_what_a_stage_is_given_is_read_from_its_word(script: ModuleType):
    assert script.stage("base-256=500+600") == ("base-256", 500.0, 600.0)
    assert script.stage("referee=90") == ("referee", 90.0, 0.0)
