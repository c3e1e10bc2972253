"""LoRA and full fine-tuning on a folder of clips, of our own model and of Wan's."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch

from kinema import media
from kinema.engine.latent import native, own
from kinema.engine.latent.protocol import LatentModel, Setting
from kinema.errors import RequestError
from kinema.models import own as folders
from kinema.sample.arrays import on_host
from kinema.train import tuning
from kinema.train.tuning import Tuning, tune
from kinema.types import Size
from kinema.weights.store import Tensors
from tests.cli import small_weights
from tests.engine.latent import small_own
from tests.engine.latent.bench import moving

pytestmark = pytest.mark.requires("torch")

SIZE = Size(width=64, height=64)
WAN = "wan2.1-t2v-1.3b"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two clips with captions beside them, and one that is broken."""
    place = tmp_path_factory.mktemp("clips")
    for number, caption in enumerate(("a yellow patch wanders", "a patch over squares")):
        path = place / f"{number}.mp4"
        pictures = moving(24, seed=number)
        media.write(path, pictures, size=Size(width=128, height=128), fps=Fraction(12))
        path.with_suffix(".txt").write_text(caption)
    (place / "broken.mp4").write_bytes(b"nothing")
    (place / "broken.txt").write_text("nothing")
    return place


def velocity(model: LatentModel) -> np.ndarray:
    torch.manual_seed(0)
    net, channels = model.denoiser, model.codec.channels
    (said,) = model.text.embed(["a yellow patch wanders"])
    told = net.abilities.told
    prompt = net.told(said, Setting(16, 1.0)) if told else net.prepare(said)  # pyright: ignore[reportAttributeAccessIssue]
    latent = net.device_array(torch.randn(1, channels, 2, 4, 4).numpy())
    return np.array(on_host(net.velocities(latent, 0.5, [prompt])[0]))


@pytest.mark.parametrize("kind", tuning.KINDS)
def test_our_own_model_is_tuned_and_loads_again(kind: str, clips: Path, tmp_path: Path):
    weights = small_own.folder(tmp_path / "weights")
    asked = Tuning(kind, "storybook", weights, clips, steps=3, rank=2, size=SIZE, frames=5)
    said = tune(asked, tmp_path / "run")
    assert "complete" in said and "broken.mp4" in said
    before = own.load("storybook", weights, dtype=torch.float32)
    if kind == "lora":
        file = tmp_path / "run" / "lora.safetensors"
        after = own.load("storybook", weights, dtype=torch.float32, loras=[(file, 1.0)])
        assert all(name.startswith("transformer.blocks.") for name in Tensors((file,)))
    else:
        after = own.load("storybook", tmp_path / "run" / "weights", dtype=torch.float32)
    assert after.weights != before.weights
    assert np.abs(velocity(after) - velocity(before)).max() > 0


def test_a_stopped_tuning_goes_on_and_keeps_only_its_factors(clips: Path, tmp_path: Path):
    weights = small_own.folder(tmp_path / "weights")
    asked = Tuning("lora", "storybook", weights, clips, steps=3, rank=2, size=SIZE, frames=5)
    assert "call again" in tune(asked, tmp_path / "run", time_limit=0.0)
    assert "complete" in tune(asked, tmp_path / "run")
    kept = Tensors((tmp_path / "run" / "step-00000003" / "weights.safetensors",))
    assert kept and all("parametrizations.weight.0" in name for name in kept)


def test_factors_in_training_and_the_file_that_is_read_say_the_same(clips: Path, tmp_path: Path):
    weights = small_own.folder(tmp_path / "weights")
    asked = Tuning("lora", "storybook", weights, clips, steps=4, rank=2, size=SIZE, frames=5)
    tune(asked, tmp_path / "run")
    file = tmp_path / "run" / "lora.safetensors"
    loaded = folders.load(weights, torch.float32, torch.device("cpu")).transformer
    from kinema.models.loading import native_fields, shapes
    from kinema.train import factors
    from kinema.weights import lora
    from kinema.weights.keys import Part

    trained = folders.load(weights, torch.float32, torch.device("cpu")).transformer
    factors.lay(trained, 2)
    kept = Tensors((tmp_path / "run" / "step-00000004" / "weights.safetensors",))
    mine = {name.removeprefix("dit."): kept[name] for name in kept}
    trained.load_state_dict(mine, strict=False)
    found = lora.read(file, Part.TRANSFORMER, native_fields(loaded.config), shapes(loaded))
    lora.LoraStack(loaded).add(found)
    torch.manual_seed(0)
    latent, text = torch.randn(1, 8, 2, 4, 4), torch.randn(1, 3, 16)
    with torch.inference_mode():
        a, b = (net(latent, 0.4, net.context(text)) for net in (trained, loaded))
    assert torch.allclose(a, b, atol=1e-4)


def test_a_wan_model_is_tuned_and_its_lora_loads_here_and_in_diffusers(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    weights = small_weights.install(WAN, tmp_path / "wan", monkeypatch)
    asked = Tuning("lora", WAN, weights, clips, steps=2, rank=2, size=SIZE, frames=5)
    assert "complete" in tune(asked, tmp_path / "run")
    file = tmp_path / "run" / "lora.safetensors"
    before = native.load(WAN, weights, dtype=torch.float32)
    after = native.load(WAN, weights, dtype=torch.float32, loras=[(file, 1.0)])
    assert np.abs(velocity(after) - velocity(before)).max() > 0
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

    twin = WanTransformer3DModel.from_pretrained(weights / "transformer")
    twin.load_lora_adapter(dict(Tensors((file,))), prefix="transformer", adapter_name="own")
    assert "own" in twin.peft_config


def test_a_wan_model_is_tuned_whole(clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    weights = small_weights.install(WAN, tmp_path / "wan", monkeypatch)
    asked = Tuning("full", WAN, weights, clips, steps=2, size=SIZE, frames=5)
    assert "complete" in tune(asked, tmp_path / "run")
    files = tuple((tmp_path / "run" / "weights" / "transformer").glob("*.safetensors"))
    theirs = Tensors(tuple((weights / "transformer").glob("*.safetensors")))
    ours = Tensors(files)
    assert set(ours) == set(theirs)
    assert any(not torch.equal(ours[name], theirs[name]) for name in ours)


def test_what_cannot_be_tuned_is_refused(clips: Path, tmp_path: Path):
    with pytest.raises(RequestError, match=r"two transformers.*allowed: storybook, wan2\.1-t2v"):
        tuning.tunable("wan2.2-t2v-a14b")
    asked = Tuning("half", "storybook", tmp_path, clips)
    with pytest.raises(RequestError, match="no way 'half' to tune; allowed: lora, full"):
        tune(asked, tmp_path / "run")
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(RequestError):
        tune(Tuning("lora", "storybook", tmp_path, empty), tmp_path / "run")
