"""Our own model by OpenVINO: the same answers as by torch, and no torch in the process."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.engine.latent import small_own
from tests.engine.latent.bench import FOX, moving

from kinema import media
from kinema.engine.latent import compiled, own, own_recipe, storybook
from kinema.engine.latent.protocol import LatentModel, Setting
from kinema.errors import WeightsError
from kinema.models import graphs
from kinema.models.dit import sinusoid
from kinema.ops.rope import grid_rotation
from kinema.sample.arrays import on_host
from kinema.weights import packing
from kinema.weights.manifest import read_manifest

pytestmark = [
    pytest.mark.requires("torch"),
    pytest.mark.skipif(find_spec("openvino") is None, reason="openvino is not installed"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "SMALLEST", 256)  # or the small networks would have no large weights
        place = small_own.folder(tmp_path_factory.mktemp("graphs") / "weights", int8=True)
        graphs.write(place)
    return place


@pytest.fixture(scope="module")
def both(folder: Path) -> tuple[LatentModel, LatentModel]:
    """By OpenVINO, and by torch in float32."""
    model = compiled.load("storybook", folder, read_manifest(folder))
    return model, own.load("storybook", folder, dtype=torch.float32)


def apart(found: object, wanted: object) -> float:
    """Distance of two arrays as a share of the second's length."""
    a, b = (np.asarray(on_host(x), np.float64) for x in (found, wanted))
    assert a.shape == b.shape
    return float(np.linalg.norm(a - b) / np.linalg.norm(b))


@pytest.mark.parametrize("text", [FOX, ""])
def test_a_prompt_is_said_the_same(both: tuple[LatentModel, LatentModel], text: str):
    fast, exact = (model.text.embed([text])[0]["text"] for model in both)
    assert apart(fast, exact) < 0.02


@pytest.mark.parametrize("shape", [(), (1, 3), (1, 3, 4, 6)])
@pytest.mark.parametrize("steps", [4, 16])
def test_velocities_agree_within_two_per_cent(
    both: tuple[LatentModel, LatentModel], shape: tuple[int, ...], steps: int
):
    random = np.random.default_rng(1)
    latent = random.standard_normal((1, 8, 3, 4, 6)).astype(np.float32)
    levels = np.asarray(random.random(shape))
    (said,) = both[1].text.embed([FOX])
    found = []
    for model in both:
        net = model.denoiser
        prompt = net.told(said, Setting(steps, 3.0))  # pyright: ignore[reportAttributeAccessIssue]
        level = net.device_array(levels) if shape else 0.6
        (answer,) = net.velocities(net.device_array(latent), level, [prompt])
        found.append(answer)
    assert apart(*found) < 0.02


def test_clips_are_encoded_and_decoded_the_same(
    both: tuple[LatentModel, LatentModel], monkeypatch: pytest.MonkeyPatch
):
    pictures = moving(13)
    fast, exact = (model.codec.encode(pictures) for model in both)
    assert apart(fast, exact) < 0.02
    latent = np.asarray(on_host(exact), np.float32)
    wanted = np.stack([*both[1].codec.decode(torch.from_numpy(latent))]).astype(int)
    assert wanted.shape == (13, 128, 128, 3)
    for cells in (16, 64, 1024):
        monkeypatch.setattr(own_recipe, "_AT_ONCE", cells)
        found = np.stack([*both[0].codec.decode(latent)])
        assert np.abs(found - wanted).mean() < 0.5 and np.abs(found - wanted).max() <= 4


def test_levels_and_angles_are_those_of_the_networks():
    number = np.array([0.0, 612.5, 1000.0])
    wanted = sinusoid(torch.from_numpy(number), 16).numpy()
    assert np.allclose(compiled.sinusoid(number, 16), wanted, atol=1e-4)
    tables = compiled._angles((3, 4, 6), 64)  # pyright: ignore[reportPrivateUsage]
    for found, exact in zip(tables, grid_rotation((3, 2, 3), 64, torch.device("cpu")), strict=True):
        assert np.allclose(found, exact.numpy(), atol=1e-6)


def test_graphs_hold_no_large_weights(folder: Path):
    manifest = read_manifest(folder)
    assert {Path(file.path).stem for file in manifest.parts["graphs"].files} == {
        "transformer", "ready", "words", "decoder", "encoder",
    }  # fmt: skip
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    left = {path.stem: path.stat().st_size for path in (folder / "graphs").glob("*.bin")}
    assert sum(left.values()) < 0.4 * weights, left


def test_a_folder_with_graphs_runs_where_torch_cannot_be_imported(folder: Path, tmp_path: Path):
    program = """
import sys
sys.modules["torch"] = None
from pathlib import Path
from kinema.engine.generate import generate
from kinema.types import Request, Size
size = Size(width=128, height=128)
request = Request(prompt="a red fox", model="storybook", size=size, frames=9)
generate(request, Path(sys.argv[1]), weights=Path(sys.argv[2]))
"""
    out = tmp_path / "x.mp4"
    subprocess.run([sys.executable, "-c", program, str(out), str(folder)], check=True)
    assert media.probe(out).frames == 9


def test_a_folder_without_graphs_goes_by_torch(tmp_path: Path):
    plain = small_own.folder(tmp_path / "plain", int8=True)
    model = storybook.load("storybook", plain)
    assert "torch" in model.packages
    with pytest.raises(WeightsError):
        storybook.load("storybook", tmp_path)
