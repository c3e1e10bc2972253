"""Checkpoints in every layout, made by the libraries that write them."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from kinema.errors import WeightsError
from kinema.models.configs import DiTConfig, TextConfig, VaeConfig
from kinema.models.experts import Experts
from kinema.models.loading import (
    load,
    load_text,
    load_transformer,
    load_vae,
    native_fields,
    tensors,
)
from kinema.models.registry import ModelSpec, model
from kinema.types import Licence
from kinema.weights import foreign, store
from kinema.weights.keys import Layout, Part
from kinema.weights.manifest import read_manifest, verify
from tests.models.small import (
    IMAGE_CHANNELS,
    TEXT,
    TEXT_TO_VIDEO,
    TWO_IMAGES,
    VAE_21,
    VAE_22,
    VARIANTS,
    noise,
    part_of,
    text_encoder,
    theirs,
    transformer,
    vae,
)

APACHE = Licence(id="Apache-2.0")
CONFIGS: dict[str, DiTConfig | VaeConfig | TextConfig] = {
    **VARIANTS, "vae 2.1": VAE_21, "vae 2.2": VAE_22, "text": TEXT,
}  # fmt: skip


def ours(config: DiTConfig | VaeConfig | TextConfig) -> nn.Module:
    if isinstance(config, DiTConfig):
        return transformer(config)
    return vae(config) if isinstance(config, VaeConfig) else text_encoder(config)


def read(folder: Path, part: Part) -> Any:
    source = foreign.find(folder).part(part)
    loaders = {Part.VAE: load_vae, Part.TEXT: load_text}
    return loaders.get(part, load_transformer)(source)


def assert_same(one: nn.Module, other: nn.Module) -> None:
    a, b = tensors(one), tensors(other)
    assert a.keys() == b.keys()
    assert [name for name in a if not torch.equal(a[name], b[name])] == []


@pytest.mark.parametrize("layout", [Layout.ORIGINAL, Layout.DIFFUSERS])
@pytest.mark.parametrize("name", CONFIGS)
def test_every_network_comes_back_from_both_layouts(tmp_path: Path, name: str, layout: Layout):
    config = CONFIGS[name]
    part, network = part_of(config), ours(config)
    foreign.save(tmp_path, layout, part, native_fields(config), tensors(network))
    found = foreign.find(tmp_path)
    assert found.layout is layout
    back = read(tmp_path, part)
    assert_same(back, network)
    if layout is Layout.DIFFUSERS:
        assert (
            back.config == replace(config, text_tokens=512) if part is Part.TRANSFORMER else config
        )


@pytest.mark.requires("diffusers")
@pytest.mark.parametrize("name", ["t2v", "flf2v", "vae 2.1", "vae 2.2", "text"])
def test_folders_written_by_the_libraries_are_read_and_written_alike(tmp_path: Path, name: str):
    config = CONFIGS[name]
    reference = theirs(config)
    reference.save_pretrained(tmp_path / "theirs")
    network = read(tmp_path / "theirs", part_of(config))
    assert native_fields(network.config) == native_fields(config)
    foreign.save(
        tmp_path / "ours",
        Layout.DIFFUSERS,
        part_of(config),
        native_fields(config),
        tensors(network),
    )
    file = "model" if name == "text" else "diffusion_pytorch_model"
    written = load_file(tmp_path / "ours" / f"{file}.safetensors")
    expected = {k: v for k, v in reference.state_dict().items() if "embed_tokens" not in k}
    assert written.keys() == expected.keys()
    assert [k for k in written if not torch.equal(written[k], expected[k])] == []


@pytest.mark.requires("diffusers")
def test_the_pipeline_of_diffusers_opens_our_folder_and_finds_our_numbers(tmp_path: Path):
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline

    net, codec, text = transformer(), vae(VAE_21), text_encoder()
    parts = {
        Part.TRANSFORMER: (native_fields(net.config), tensors(net)),
        Part.VAE: (native_fields(codec.config), tensors(codec)),
        Part.TEXT: (native_fields(text.config), tensors(text)),
    }
    foreign.save_pipeline(tmp_path, parts, shift=3.0)
    pipe: Any = WanPipeline.from_pretrained(tmp_path, tokenizer=None)
    assert pipe.transformer_2 is None
    assert pipe.scheduler.config.flow_shift == 3.0
    x, words, z = noise(1, 16, 2, 4, 6), noise(1, 512, 32), noise(1, 16, 2, 2, 3)
    ids = torch.arange(2, 20)[None]
    with torch.no_grad():
        velocity = pipe.transformer(x, torch.tensor([500.0]), words, return_dict=False)[0]
        mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (VAE_21.mean, VAE_21.std))
        pixels = pipe.vae.decode(z * std + mean).sample
        embedded = pipe.text_encoder(ids).last_hidden_state
    torch.testing.assert_close(net(x, 0.5, net.context(words)), velocity, atol=2e-5, rtol=0)
    torch.testing.assert_close(codec.decode(z), pixels, atol=2e-5, rtol=0)
    torch.testing.assert_close(text.encode(ids.tolist()), embedded, atol=2e-5, rtol=0)


SPEC = replace(
    model("wan2.2-t2v-a14b"), transformer=TEXT_TO_VIDEO, vae=VAE_21, text=TEXT, name="small"
)


def original_folder(folder: Path) -> tuple[nn.Module, nn.Module]:
    """A folder as the authors publish one: shards, pickles, two experts."""
    high, low = transformer(seed=1), transformer(seed=2)
    for name, network in (("high_noise_model", high), ("low_noise_model", low)):
        foreign.save(
            folder / name, Layout.ORIGINAL, Part.TRANSFORMER,
            native_fields(TEXT_TO_VIDEO), tensors(network),
        )  # fmt: skip
    for name, part, network in (
        ("Wan2.1_VAE.pth", Part.VAE, vae(VAE_21)),
        ("models_t5_umt5-xxl-enc-bf16.pth", Part.TEXT, text_encoder()),
    ):
        config: Any = network.config
        path = folder / "t"
        foreign.save(path, Layout.ORIGINAL, part, native_fields(config), tensors(network))
        state = store.Tensors(store.weight_files(path))
        torch.save({key: state[key].clone() for key in state}, folder / name)
        shutil.rmtree(path)
    return high, low


def test_an_original_folder_with_two_experts_loads_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(store, "SHARD_LIMIT", 200_000)
    high, low = original_folder(tmp_path)
    assert len(list((tmp_path / "high_noise_model").glob("*.safetensors"))) > 1
    loaded = load(SPEC, tmp_path, dtype=torch.float32, with_text=False)
    assert isinstance(loaded.transformer, Experts)
    assert loaded.transformer.boundary == 0.875
    assert_same(loaded.transformer.high, high)
    assert_same(loaded.transformer.low, low)
    assert_same(loaded.vae, vae(VAE_21))
    assert not any(p.is_meta for p in (*loaded.vae.buffers(), *loaded.vae.parameters()))
    assert_same(read(tmp_path, Part.TEXT), text_encoder())
    assert len(loaded.weights) == 64


def test_a_native_folder_is_mapped_and_keeps_inputs_of_our_own(tmp_path: Path):
    config = replace(TEXT_TO_VIDEO, guidance=True, camera=4)
    network = transformer(config)
    parts = {Part.TRANSFORMER: (native_fields(config), tensors(network))}
    manifest = foreign.save_native(tmp_path, "small", APACHE, parts)
    back = read(tmp_path, Part.TRANSFORMER)
    assert back.config == config
    assert_same(back, network)
    assert verify(tmp_path) == read_manifest(tmp_path) == manifest
    assert foreign.find(tmp_path).hash == manifest.hash
    with pytest.raises(
        WeightsError, match=r"the diffusers layout has no input '(guidance|camera)'"
    ):
        foreign.save(tmp_path / "d", Layout.DIFFUSERS, Part.TRANSFORMER, *parts[Part.TRANSFORMER])


def test_untrained_inputs_of_our_own_are_left_out_of_an_export(tmp_path: Path):
    from kinema.models.dit import WanTransformer

    config = replace(TEXT_TO_VIDEO, guidance=True, step_sizes=5, camera=4, token_types=2)
    network = WanTransformer(config)
    foreign.save(
        tmp_path, Layout.DIFFUSERS, Part.TRANSFORMER, native_fields(config), tensors(network)
    )
    plain = read(tmp_path, Part.TRANSFORMER)
    assert plain.config == TEXT_TO_VIDEO
    # And a network with those inputs starts from a plain checkpoint.
    source = replace(foreign.find(tmp_path).part(Part.TRANSFORMER), config=native_fields(config))
    grown = tensors(load_transformer(source))
    assert torch.equal(grown["patch_in.weight"], tensors(network)["patch_in.weight"])


@pytest.fixture
def single(tmp_path: Path) -> tuple[Path, dict[str, Tensor]]:
    """A single file with the prefix and the odd names that other programs put in it."""
    config = replace(IMAGE_CHANNELS, width=256, heads=2)
    network = transformer(config)
    foreign.save(
        tmp_path, Layout.ORIGINAL, Part.TRANSFORMER, native_fields(config), tensors(network)
    )
    state = load_file(next(tmp_path.glob("*.safetensors")))
    state = {f"model.diffusion_model.{name}": weight for name, weight in state.items()}
    path = tmp_path / "one.safetensors"
    save_file(state, path)
    return path, state


def test_a_single_file_tells_its_config_by_its_shapes(single: tuple[Path, dict[str, Tensor]]):
    config = load_transformer(foreign.find(single[0]).part(Part.TRANSFORMER)).config
    assert config == replace(IMAGE_CHANNELS, width=256, heads=2, positions=1024)


def test_weights_packed_into_8_bits_are_unpacked(single: tuple[Path, dict[str, Tensor]]):
    path, state = single
    name = "model.diffusion_model.blocks.0.ffn.0"
    scale = torch.tensor(0.01)
    packed = (state[f"{name}.weight"] / scale).to(torch.float8_e4m3fn)
    state |= {f"{name}.weight": packed, f"{name}.scale_weight": scale}
    state["model.diffusion_model.scaled_fp8"] = torch.zeros(2, dtype=torch.float8_e4m3fn)
    save_file(state, path)
    loaded = load_transformer(foreign.find(path).part(Part.TRANSFORMER))
    weight = tensors(loaded)["blocks.0.mlp.up.weight"]
    torch.testing.assert_close(weight.float(), (packed.float() * scale), rtol=0.01, atol=0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("drop", r"the tensor model.diffusion_model.blocks.1.norm3.bias is missing"),
        (
            "add",
            r"blocks.0.self_attn.norm_g.weight is not known here; .*self_attn.norm_[qk].weight",
        ),
        ("shape", r"blocks.0.ffn.2.bias has the shape \[5\]; allowed: \[256\]"),
    ],
)
def test_every_name_and_shape_must_fit(
    single: tuple[Path, dict[str, Tensor]], change: str, complaint: str
):
    path, state = single
    blocks = "model.diffusion_model.blocks"
    if change == "drop":
        del state[f"{blocks}.1.norm3.bias"]
    elif change == "add":
        state[f"{blocks}.0.self_attn.norm_g.weight"] = torch.zeros(3)
    else:
        state[f"{blocks}.0.ffn.2.bias"] = torch.zeros(5)
    save_file(state, path)
    with pytest.raises(WeightsError, match=complaint):
        load_transformer(foreign.find(path).part(Part.TRANSFORMER))


@pytest.mark.parametrize(
    ("part", "layout", "field", "value", "complaint"),
    [
        ("t2v", Layout.DIFFUSERS, "ffn_dims", 2, "the nearest known is 'ffn_dim'"),
        ("t2v", Layout.ORIGINAL, "model_type", "s2v", "model_type = 's2v'; allowed: 't2v' or"),
        ("t2v", Layout.DIFFUSERS, "qk_norm", "rms_norm", "qk_norm = 'rms_norm'"),
        ("vae 2.1", Layout.DIFFUSERS, "attn_scales", [0.5], r"attn_scales = \[0.5\]"),
        ("text", Layout.DIFFUSERS, "d_fff", 3, "the nearest known is 'd_ff'"),
    ],
)  # fmt: skip
def test_an_unknown_config_field_is_refused_by_name(
    tmp_path: Path, part: str, layout: Layout, field: str, value: object, complaint: str
):
    config = CONFIGS[part]
    foreign.save(tmp_path, layout, part_of(config), native_fields(config), tensors(ours(config)))
    path = tmp_path / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    with pytest.raises(WeightsError, match=complaint):
        foreign.find(tmp_path)


def pipeline_folder(folder: Path) -> ModelSpec:
    net, codec = transformer(), vae(VAE_21)
    parts = {
        Part.TRANSFORMER: (native_fields(net.config), tensors(net)),
        Part.VAE: (native_fields(codec.config), tensors(codec)),
    }
    foreign.save_pipeline(folder, parts, shift=3.0)
    return replace(SPEC, boundary=None)


def test_weights_of_another_model_are_refused_with_what_differs(tmp_path: Path):
    spec = pipeline_folder(tmp_path)
    load(spec, tmp_path, with_text=False)
    other = replace(spec, transformer=replace(TEXT_TO_VIDEO, depth=4))
    with pytest.raises(WeightsError, match="of another model: depth 3; allowed: depth 4"):
        load(other, tmp_path, with_text=False)
    with pytest.raises(WeightsError, match="there is no transformer_2 in it"):
        load(SPEC, tmp_path, with_text=False)
    with pytest.raises(WeightsError, match="there is no text_encoder in it"):
        load(spec, tmp_path)


def test_weights_under_another_licence_are_refused(tmp_path: Path):
    spec = pipeline_folder(tmp_path)
    (tmp_path / "README.md").write_text("---\nlicense: cc-by-nc-4.0\ntags: [x]\n---\n# A model\n")
    with pytest.raises(WeightsError, match=r"under cc-by-nc-4.0; allowed: .* Apache-2.0"):
        load(spec, tmp_path, with_text=False)
    (tmp_path / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
    load(spec, tmp_path, with_text=False)


def test_two_experts_are_no_single_transformer(tmp_path: Path):
    original_folder(tmp_path)
    with pytest.raises(WeightsError, match="holds two experts"):
        load(replace(SPEC, boundary=None), tmp_path, with_text=False)


def test_a_text_encoder_without_words_is_refused(tmp_path: Path):
    state = {**tensors(text_encoder())}
    state["words.weight"] = torch.zeros_like(state["words.weight"])
    foreign.save(tmp_path, Layout.DIFFUSERS, Part.TEXT, native_fields(TEXT), state)
    with pytest.raises(WeightsError, match="table of words is empty"):
        read(tmp_path, Part.TEXT)


def test_what_is_no_checkpoint_is_refused(tmp_path: Path):
    with pytest.raises(WeightsError, match="there is no nowhere here"):
        foreign.find(tmp_path / "nowhere")
    with pytest.raises(WeightsError, match="holds no weights that are known here"):
        foreign.find(tmp_path)
    save_file({"a": torch.zeros(1)}, tmp_path / "a.safetensors")
    with pytest.raises(WeightsError, match="holds no network known here"):
        foreign.find(tmp_path / "a.safetensors")


def test_flf2v_is_told_from_its_table_of_positions(tmp_path: Path):
    network = transformer(TWO_IMAGES)
    fields = native_fields(TWO_IMAGES)
    foreign.save(tmp_path, Layout.ORIGINAL, Part.TRANSFORMER, fields, tensors(network))
    config = read(tmp_path, Part.TRANSFORMER).config
    assert (config.image_tokens, config.image_width) == (514, 20)
