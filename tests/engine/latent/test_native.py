"""Our own networks behind the protocol, loaded from folders with small random weights."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from tests.engine.latent import small_wan
from tests.models.small import VAE_21, VAE_22, noise, vae
from torch import Tensor, nn

from kinema.engine.latent.codec import WanCodec
from kinema.engine.latent.memory import Cut, plan_memory
from kinema.engine.latent.native import load
from kinema.engine.latent.protocol import LatentModel
from kinema.engine.latent.streaming import BlockStream
from kinema.errors import TooLittleMemory, WeightsError
from kinema.models import registry
from kinema.models.loading import load as load_networks
from kinema.models.loading import native_fields, tensors
from kinema.models.vae import ChannelNorm, Downsample, ResidualBlock, WanVae
from kinema.types import Size
from kinema.weights import lora
from kinema.weights.foreign import save_native
from kinema.weights.keys import Part

CPU, F32 = torch.device("cpu"), torch.float32
TINY = Size(width=32, height=32)
TEXTS = ["a red fox walks", "a duck", ""]

Folders = Callable[[str], Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("weights")


@pytest.fixture
def folders(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path / "home"))
    return lambda name: small_wan.install(name, made / name, monkeypatch)


@pytest.fixture
def copied(folders: Folders, tmp_path: Path) -> Folders:
    """A folder that may be broken."""
    return lambda name: Path(shutil.copytree(folders(name), tmp_path / "copy"))


def ready(model: LatentModel) -> tuple[list[Any], Tensor, dict[str, Any]]:
    """Three prompts for a model, a latent, and what it wants beside it."""
    net = model.denoiser
    pictures = list(random_pictures(net.abilities.pictures, 40, 56))
    prompts = [net.prepare(said, pictures) for said in model.text.embed(TEXTS)]
    latent: Any = net.device_array(noise(1, model.codec.channels, 3, 4, 4).numpy())
    beside = {}
    if net.abilities.given_channels:
        given = np.array([True, False, False])[:, None].repeat(4, axis=1)
        beside["given_BGTHW"] = net.given_channels(latent * 0.3, given)
    return prompts, latent, beside


def random_pictures(count: int, rows: int, columns: int) -> NDArray[np.uint8]:
    source = np.random.default_rng(0)
    return source.integers(0, 256, (count, rows, columns, 3), dtype=np.uint8)


def tight(name: str) -> int:
    """A budget in which nothing of the transformer stays between two steps."""
    row = registry.model(name)
    plan = plan_memory(row, TINY, 9, 1 << 50, itemsize=4)
    return plan.resting + plan.sampling + 2 * plan.block


@pytest.mark.parametrize("name", small_wan.NAMES)
def test_prompts_are_answered_together_as_one_by_one(name: str, folders: Folders):
    model = load(name, folders(name), device="cpu", dtype=F32)
    prompts, latent, beside = ready(model)
    net = model.denoiser
    for level in (0.95, 0.3, torch.tensor([[0.0, 0.8, 0.8]])):
        if isinstance(level, Tensor) and not net.abilities.levels_by_frame:
            continue
        together = net.velocities(latent, level, prompts, **beside)
        for prompt, both in zip(prompts, together, strict=True):
            (alone,) = net.velocities(latent, level, [prompt], **beside)
            assert both.shape == latent.shape
            assert both.dtype is F32
            assert float((both - alone).abs().max()) < 1e-5
        assert float((together[0] - together[1]).abs().max()) > 1e-4
    clips = torch.cat((latent, noise(1, *latent.shape[1:], seed=4)))
    pair = net.velocities(clips, 0.5, prompts[:1], **beside)[0]
    for clip, made in zip(clips, pair, strict=True):
        (alone,) = net.velocities(clip[None], 0.5, prompts[:1], **beside)
        assert float((made - alone[0]).abs().max()) < 1e-5


def test_a_large_latent_is_answered_prompt_by_prompt(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
):
    name = "wan2.1-t2v-1.3b"
    model = load(name, folders(name), device="cpu", dtype=F32)
    prompts, latent, _ = ready(model)
    together = model.denoiser.velocities(latent, 0.5, prompts)
    monkeypatch.setattr("kinema.engine.latent.denoiser.BATCHED_TOKENS", 1)
    for one, other in zip(model.denoiser.velocities(latent, 0.5, prompts), together, strict=True):
        assert float((one - other).abs().max()) < 1e-5


@pytest.mark.parametrize("name", ["wan2.1-t2v-1.3b", "wan2.1-flf2v-14b", "wan2.2-t2v-a14b"])
def test_a_streamed_model_says_the_same_bit_for_bit(name: str, folders: Folders):
    folder = folders(name)
    whole = load(name, folder, device="cpu", dtype=F32)
    small = load(name, folder, device="cpu", dtype=F32, budget=tight(name))
    prompts, others = ready(whole), ready(small)
    net: Any = small.denoiser
    for level, skip in ((0.95, ()), (0.95, (1,)), (0.3, ()), (0.95, ())):
        expected = whole.denoiser.velocities(prompts[1], level, prompts[0], skip=skip, **prompts[2])
        found = net.velocities(others[1], level, others[0], skip=skip, **others[2])
        assert all(torch.equal(a, b) for a, b in zip(expected, found, strict=True))
        here = [len(stream.here) for stream in net._room._streams]
        assert sum(here) == 1  # the others came and went


def test_a_streamed_text_encoder_says_the_same_bit_for_bit(folders: Folders):
    name = "wan2.1-t2v-1.3b"
    folder, row = folders(name), registry.model(name)
    plan = plan_memory(row, TINY, 9, 1 << 50, itemsize=4)
    whole = load(name, folder, device="cpu", dtype=F32)
    small = load(name, folder, device="cpu", dtype=F32, budget=plan.resting + plan.text - 1)
    sides: list[Any] = [whole.text, small.text]
    assert [side._room.text_layers for side in sides] == [3, 0]
    for a, b in zip(whole.text.embed(TEXTS), small.text.embed(TEXTS), strict=True):
        assert np.array_equal(a["text"], b["text"])


def test_a_native_folder_in_its_own_dtype_says_the_same_as_the_published_one(
    folders: Folders, tmp_path: Path
):
    name = "wan2.1-t2v-1.3b"
    folder, row = folders(name), registry.model("wan2.1-t2v-1.3b")
    nets = load_networks(row, folder, dtype=F32)
    assert nets.text is not None
    parts = {Part.TRANSFORMER: nets.transformer, Part.VAE: nets.vae, Part.TEXT: nets.text}
    found = {part: (native_fields(net.config), tensors(net)) for part, net in parts.items()}
    save_native(tmp_path / "native", name, row.licence, found)
    shutil.copytree(folder / "tokenizer", tmp_path / "native" / "tokenizer")
    models = [
        load(name, place, device="cpu", dtype=F32, budget=budget)
        for place in (folder, tmp_path / "native")
        for budget in (None, tight(name))
    ]
    made = [model.denoiser.velocities(*_asked(model)) for model in models]
    assert torch.equal(made[0][0], made[1][0])
    assert torch.equal(made[2][0], made[3][0])
    assert float((made[0][0] - made[2][0]).abs().max()) < 1e-5


def _asked(model: LatentModel) -> tuple[Tensor, float, list[Any]]:
    prompts, latent, _ = ready(model)
    return latent, 0.6, prompts[:1]


def test_of_two_experts_only_the_one_at_work_is_in_memory(folders: Folders):
    name = "wan2.2-t2v-a14b"
    model = load(name, folders(name), device="cpu", dtype=F32)
    prompts, latent, _ = ready(model)
    net: Any = model.denoiser
    high, low = net._room._streams
    net.velocities(latent, 0.95, prompts)
    assert (len(high.here), len(low.here)) == (3, 0)
    net.velocities(latent, 0.2, prompts)
    assert (len(high.here), len(low.here)) == (0, 3)


def test_blocks_that_stay_are_read_once_and_others_each_time():
    layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(5)])
    kept = [{name: w.clone() for name, w in layer.state_dict().items()} for layer in layers]
    read: list[int] = []

    def reader(number: int) -> dict[str, Tensor]:
        read.append(number)
        return kept[number]

    layers.requires_grad_(False)
    stream = BlockStream(layers, reader, CPU)
    stream.stay(2)
    x = torch.ones(1, 4)
    for _ in range(3):
        for layer, weights in zip(layers, kept, strict=True):
            expected = nn.functional.linear(x, weights["weight"], weights["bias"])
            assert torch.equal(layer(x), expected)
    assert [read.count(number) for number in range(5)] == [1, 1, 3, 3, 3]
    assert stream.here == (0, 1, 4)
    stream.leave()
    assert stream.here == ()
    assert torch.equal(layers[3](x), nn.functional.linear(x, kept[3]["weight"], kept[3]["bias"]))


def test_the_text_encoder_stays_where_there_is_room_and_goes_where_there_is_none(
    copied: Folders,
):
    name = "wan2.1-t2v-1.3b"
    folder = copied(name)
    roomy = load(name, folder, device="cpu", dtype=F32, budget=1 << 40)
    small = load(name, folder, device="cpu", dtype=F32, budget=tight(name))
    for model in (roomy, small):
        model.denoiser.velocities(*_asked(model))  # now it is known what a step needs
        model.text.embed(TEXTS)
    (folder / "text_encoder" / "model.safetensors").unlink()
    assert len(roomy.text.embed(TEXTS)) == 3
    with pytest.raises(WeightsError):
        small.text.embed(TEXTS)


@pytest.mark.parametrize("config", [VAE_21, VAE_22], ids=["2.1", "2.2"])
def test_the_cut_of_a_clip_hardly_shows(config: Any, tmp_path: Path, monkeypatch: Any):
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path))
    net, cell = vae(config), config.cell
    pictures = smooth_pictures(9, 40 * cell // 8 // 2 * 8, 24 * cell // 8 // 2 * 8, cell)

    def codec(chunk: int, side: int | None) -> WanCodec:
        return WanCodec(net, CPU, lambda _: Cut(chunk, side, 0))

    whole = codec(4, None)
    latent = whole.encode(pictures)
    shown = np.stack([*whole.decode(latent)]).astype(int)
    assert shown.shape == pictures.shape
    for chunk in (1, 2):
        assert float((codec(chunk, None).encode(pictures) - latent).abs().max()) < 1e-5
        again = np.stack([*codec(chunk, None).decode(latent)]).astype(int)
        assert np.abs(again - shown).max() <= 1
    tiled = codec(1, 16)
    pieces = np.stack([*tiled.decode(latent)]).astype(int)
    assert pieces.shape == shown.shape
    spread = shown.std()
    difference = np.abs(pieces - shown)
    assert difference.max() > 0
    # Random weights look at the whole frame more than trained ones do.
    assert np.sqrt((difference**2).mean()) < 0.25 * spread
    # Where two tiles meet, neighbouring pixels differ no more than they do anyway.
    for axis in (1, 2):
        steps = np.abs(np.diff(pieces, axis=axis)).mean((0, 3)).mean(2 - axis)
        usual = np.abs(np.diff(shown, axis=axis)).mean((0, 3)).mean(2 - axis)
        assert (steps - usual).max() < 0.25 * usual.max()
    assert float((tiled.encode(pictures) - latent).norm() / latent.norm()) < 0.1


def smooth_pictures(count: int, rows: int, columns: int, cell: int) -> NDArray[np.uint8]:
    """Colours that change slowly over place and time."""
    t, y, x = np.meshgrid(
        np.arange(count) / 4, np.arange(rows) / (3 * cell), np.arange(columns) / (3 * cell),
        indexing="ij",
    )  # fmt: skip
    waves = [np.sin(x + t), np.cos(y - t), np.sin(x + y)]
    return (127.5 + 100 * np.stack(waves, -1)).round().astype(np.uint8)


def test_pictures_are_rounded_and_not_cut_off():
    net = vae(VAE_21)
    codec, latent = WanCodec(net, CPU), noise(1, 16, 2, 2, 2)
    with torch.inference_mode():
        exact = (net.decode(latent)[0].double() + 1.0) * 127.5
    shown = np.stack([*codec.decode(latent)])
    wanted = exact.permute(1, 2, 3, 0).numpy()
    assert np.abs(shown - wanted).max() <= 0.5 + 1e-3


def test_counts_and_sizes_that_fit_no_cell_are_refused():
    codec = WanCodec(vae(VAE_21), CPU)
    for pictures in (random_pictures(3, 16, 16), random_pictures(5, 16, 20)):
        with pytest.raises(ValueError, match=r"pixels must"):
            codec.encode(pictures)
    with pytest.raises(ValueError, match="no picture"):
        codec.encode([])


def seeing_vae() -> WanVae:
    """An autoencoder whose latent is made of mean colours: what a trained one's is in the main."""
    net = vae(VAE_21)
    with torch.no_grad():
        for weight in net.parameters():
            weight.zero_()
        for module in net.encoder.modules():
            if isinstance(module, ChannelNorm):
                module.weight.fill_(1.0)
            elif isinstance(module, ResidualBlock) and module.skip is not None:
                nn.init.dirac_(module.skip.weight)
            elif isinstance(module, Downsample):
                for number in range(4):
                    module.space.weight[number, number, :2, :2] = 0.25
                    if module.time is not None:
                        module.time.weight[number, number, 1:] = 0.5
        net.encoder.conv_in.weight[range(3), range(3), -1, 1, 1] = 1.0
        # A norm keeps only what stands beside a constant.
        nn.init.constant_(net.encoder.conv_in.get_parameter("bias")[3:4], 2.0)
        net.encoder.conv_out.weight[range(4), range(4), -1, 1, 1] = 1.0
        nn.init.dirac_(net.to_latent.weight)
    return net


def test_a_preview_resembles_the_clip():
    codec, cell = WanCodec(seeing_vae(), CPU), VAE_21.cell
    pictures = smooth_pictures(9, 12 * cell, 16 * cell, cell)
    rough = np.stack(codec.rough(codec.encode(pictures)))
    assert rough.shape == (3, 12, 16, 3)
    # What a latent frame stands for: the first picture, then four at a time.
    small = pictures.reshape(9, 12, cell, 16, cell, 3).mean((2, 4))
    real = np.stack([small[0], small[1:5].mean(0), small[5:9].mean(0)])
    for channel in range(3):
        pair = np.corrcoef(rough[..., channel].ravel(), real[..., channel].ravel())
        assert pair[0, 1] > 0.95


def test_given_frames_are_told_in_four_channels_of_mask(folders: Folders):
    name = "wan2.2-i2v-a14b"
    net = load(name, folders(name), device="cpu", dtype=F32).denoiser
    latent: Any = net.device_array(noise(1, 16, 3, 2, 2).numpy())
    given = np.array([[True] * 4, [False] * 4, [False, False, False, True]])
    beside: Any = net.given_channels(latent, given)
    assert beside.shape == (1, 20, 3, 2, 2)
    assert torch.equal(beside[:, 4:], latent)
    assert beside[0, :4, :, 0, 0].tolist() == [[1.0, 0.0, 0.0]] * 3 + [[1.0, 0.0, 1.0]]


@pytest.mark.requires("diffusers")
def test_the_image_encoder_reads_pictures_as_its_own_library_does(folders: Folders):
    from transformers import CLIPImageProcessor

    from kinema.engine.latent.image_encoder import ImageEncoder

    folder = folders("wan2.1-flf2v-14b")
    pictures = smooth_pictures(2, 48, 64, 8)
    seen = ImageEncoder(folder, 20, 2, CPU, F32).read(list(pictures))
    assert seen.shape == (1, 514, 20)
    processor: Any = CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32)
    pixels = processor(list(pictures), return_tensors="pt")["pixel_values"]
    network = small_wan.seer()
    with torch.inference_mode():
        states = network(pixel_values=pixels, output_hidden_states=True).hidden_states[-2]
    expected = states.reshape(1, 514, 20)
    assert float((seen - expected).norm() / expected.norm()) < 0.02


def test_pictures_change_what_a_seeing_model_says(folders: Folders):
    name = "wan2.1-flf2v-14b"
    model = load(name, folders(name), device="cpu", dtype=F32)
    net = model.denoiser
    assert (net.abilities.pictures, net.abilities.from_words) == (2, False)
    prompts, latent, beside = ready(model)
    (said,) = model.text.embed(TEXTS[:1])
    swapped = net.prepare(said, list(random_pictures(2, 40, 56))[::-1])
    one, other = net.velocities(latent, 0.5, [prompts[0], swapped], **beside)
    assert float((one - other).abs().max()) > 1e-4
    with pytest.raises(ValueError, match="wants 2 pictures: 1"):
        net.prepare(said, list(random_pictures(1, 40, 56)))


def write_lora(path: Path, seed: int = 0) -> Path:
    """Factors for one layer of two blocks, and a whole difference of a norm in a block."""
    save_file(
        {
            "diffusion_model.blocks.0.self_attn.q.lora_A.weight": noise(4, 64, seed=seed),
            "diffusion_model.blocks.0.self_attn.q.lora_B.weight": noise(64, 4, seed=seed + 1),
            "diffusion_model.blocks.2.ffn.0.lora_A.weight": noise(4, 64, seed=seed + 2),
            "diffusion_model.blocks.2.ffn.0.lora_B.weight": noise(96, 4, seed=seed + 3),
            "diffusion_model.blocks.1.norm3.diff": noise(64, seed=seed + 4),
            "diffusion_model.head.head.diff_b": noise(64, seed=seed + 5),
        },
        path,
    )
    return path


@pytest.mark.parametrize("streamed", [False, True])
def test_loras_lie_on_a_model_as_on_a_network(folders: Folders, tmp_path: Path, *, streamed: bool):
    name = "wan2.1-t2v-1.3b"
    folder = folders(name)
    (tmp_path / "b").mkdir()
    files = [(write_lora(tmp_path / "one.safetensors"), 0.5),
             (write_lora(tmp_path / "b" / "one.safetensors", seed=9), -0.25)]  # fmt: skip
    budget = tight(name) if streamed else None
    model = load(name, folder, device="cpu", dtype=F32, budget=budget, loras=files)
    plain = load(name, folder, device="cpu", dtype=F32)
    assert len({plain.weights, model.weights}) == 2
    network: Any = load_networks(registry.model(name), folder, dtype=F32, with_text=False)
    network = network.transformer
    stack = lora.LoraStack(network)
    shapes = {key: tuple(weight.shape) for key, weight in network.named_parameters()}
    for path, weight in files:
        found = lora.read(path, Part.TRANSFORMER, native_fields(network.config), shapes)
        stack.add(replace(found, name=str(path)), weight)
    (said,) = model.text.embed(TEXTS[:1])
    latent = noise(1, 16, 3, 4, 4)
    (made,) = model.denoiser.velocities(latent, 0.6, [model.denoiser.prepare(said)])
    with torch.inference_mode():
        expected = network(latent, 0.6, network.context(torch.as_tensor(said["text"])[None]))
    assert float((made - expected).abs().max()) < 1e-5
    (before,) = plain.denoiser.velocities(latent, 0.6, [plain.denoiser.prepare(said)])
    assert float((before - expected).abs().max()) > 0.05


def test_a_lora_that_does_not_fit_is_refused(folders: Folders, tmp_path: Path):
    name, path = "wan2.1-t2v-1.3b", tmp_path / "x.safetensors"
    save_file({"diffusion_model.blocks.7.ffn.0.diff": noise(96, 64)}, path)
    with pytest.raises(WeightsError, match=r"blocks.7.ffn.0.diff belongs to nothing"):
        load(name, folders(name), device="cpu", dtype=F32, loras=[(path, 1.0)])


def _drop(folder: Path) -> None:
    shutil.rmtree(folder)


def _cut(folder: Path) -> None:
    file = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])


def _other_shape(folder: Path) -> None:
    file = folder / "transformer" / "diffusion_pytorch_model.safetensors"
    state = load_file(file)
    state["blocks.2.ffn.net.2.bias"] = torch.zeros(5)
    save_file(state, file)


def _other_licence(folder: Path) -> None:
    (folder / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n")


def _no_vae(folder: Path) -> None:
    shutil.rmtree(folder / "vae")


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (_drop, "there is no copy here"),
        (_cut, "truncated"),
        (_other_shape, r"blocks.2.ffn.net.2.bias has the shape \[5\]; allowed: \[64\]"),
        (_other_licence, "under cc-by-nc-4.0; allowed: weights under Apache-2.0"),
        (_no_vae, "vae/ holds no weights"),
    ],
)
def test_a_harmed_folder_is_refused_when_it_is_loaded(
    copied: Folders, harm: Callable[[Path], None], complaint: str
):
    folder = copied("wan2.1-t2v-1.3b")
    harm(folder)
    with pytest.raises(WeightsError, match=complaint):
        load("wan2.1-t2v-1.3b", folder, device="cpu", dtype=F32)


def test_a_folder_of_another_model_is_refused(folders: Folders):
    folder = folders("wan2.1-t2v-1.3b")
    folders("wan2.2-ti2v-5b")
    with pytest.raises(WeightsError, match=r"is of another model: width 64.*; allowed: width 48"):
        load("wan2.2-ti2v-5b", folder, device="cpu", dtype=F32)


@pytest.mark.parametrize("part", ["text_encoder", "tokenizer"])
def test_a_folder_without_a_text_encoder_is_refused_when_it_is_needed(copied: Folders, part: str):
    folder = copied("wan2.1-t2v-1.3b")
    shutil.rmtree(folder / part)
    with pytest.raises(WeightsError, match=r"text_encoder|vocabulary"):
        load("wan2.1-t2v-1.3b", folder, device="cpu", dtype=F32).text.embed(["a"])


def test_an_image_encoder_that_is_not_right_is_refused(copied: Folders):
    name = "wan2.1-i2v-14b"
    folder = copied(name)
    place = folder / "image_encoder"
    file = place / "model.safetensors"
    state = load_file(file)
    dropped = next(key for key in state if "layers.1.mlp.fc1.weight" in key)
    save_file({key: w for key, w in state.items() if key != dropped}, file, {"format": "pt"})
    with pytest.raises(WeightsError, match=r"lacks the tensor .*layers.1.mlp.fc1.weight"):
        load(name, folder, device="cpu", dtype=F32)
    small_wan.seer(width=24).save_pretrained(place)
    with pytest.raises(WeightsError, match="tokens are 24 wide; allowed: one of width 20"):
        load(name, folder, device="cpu", dtype=F32)
    file.write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="the image encoder cannot be read"):
        load(name, folder, device="cpu", dtype=F32)
    shutil.rmtree(place)
    with pytest.raises(WeightsError, match="there is no image encoder in it"):
        load(name, folder, device="cpu", dtype=F32)


def test_too_little_memory_is_refused_before_any_work(folders: Folders):
    name = "wan2.1-t2v-1.3b"
    folder = folders(name)
    with pytest.raises(TooLittleMemory, match=r"needs .* of memory for any clip; .* 1.0 MB"):
        load(name, folder, device="cpu", dtype=F32, budget=10**6)
    model = load(name, folder, device="cpu", dtype=F32, budget=tight(name))
    prompts = [model.denoiser.prepare(said) for said in model.text.embed(TEXTS)]
    with pytest.raises(TooLittleMemory, match="a smaller size or fewer frames"):
        model.denoiser.velocities(noise(1, 16, 3, 128, 128), 0.5, prompts)
    with pytest.raises(TooLittleMemory):
        next(model.codec.decode(noise(1, 16, 30, 128, 128)))


def test_the_pace_of_the_machine_is_measured_once_and_corrected_by_runs(
    folders: Folders, tmp_path: Path
):
    from kinema.engine.latent.pace import known

    name = "wan2.1-t2v-1.3b"
    folder = folders(name)
    model = load(name, folder, device="cpu", dtype=F32)
    row = registry.model(name)
    first = known(row)
    assert first is not None
    assert (first.runs, first.itemsize) == ((0, 0), 4)
    assert min(first.products, first.attention, first.decoding, first.reading) > 0
    for _ in range(2):
        model.denoiser.velocities(*_asked(model))
        for _ in model.codec.decode(noise(1, 16, 13, 2, 2)):
            pass
    ran = known(row)
    assert ran is not None
    assert ran.runs == (1, 5)
    load(name, folder, device="cpu", dtype=F32, budget=1 << 40)
    again = known(row)
    assert again is not None
    assert (again.runs, again.budget) == (ran.runs, 1 << 40)
