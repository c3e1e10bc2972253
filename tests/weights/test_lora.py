from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from kinema.errors import WeightsError
from kinema.models.dit import WanTransformer
from kinema.models.loading import native_fields, shapes
from kinema.weights import lora
from kinema.weights.keys import Part
from tests.models.small import IMAGE_TOKENS, noise, ours_like, theirs, transformer

RANK = 4
WIDTH, HIDDEN = 64, 96
# Modules by their original names, with the widths in and out.
LAYERS = {
    "blocks.0.self_attn.q": (WIDTH, WIDTH), "blocks.0.self_attn.v": (WIDTH, WIDTH),
    "blocks.1.cross_attn.k_img": (WIDTH, WIDTH), "blocks.1.ffn.0": (WIDTH, HIDDEN),
    "blocks.2.ffn.2": (HIDDEN, WIDTH), "head.head": (WIDTH, 64),
}  # fmt: skip
DIFFUSERS = {
    "blocks.0.self_attn.q": "blocks.0.attn1.to_q", "blocks.0.self_attn.v": "blocks.0.attn1.to_v",
    "blocks.1.cross_attn.k_img": "blocks.1.attn2.add_k_proj",
    "blocks.1.ffn.0": "blocks.1.ffn.net.0.proj", "blocks.2.ffn.2": "blocks.2.ffn.net.2",
    "head.head": "proj_out",
}  # fmt: skip


def factors(seed: int = 0) -> dict[str, tuple[Tensor, Tensor]]:
    return {
        name: (
            noise(RANK, width_in, seed=seed + i) / 8,
            noise(width_out, RANK, seed=seed + i + 50) / 2,
        )
        for i, (name, (width_in, width_out)) in enumerate(LAYERS.items())
    }


def write(folder: Path, layout: str, seed: int = 0, alpha: float | None = None) -> Path:
    state: dict[str, Tensor] = {}
    for name, (down, up) in factors(seed).items():
        if layout == "original":
            names = [f"diffusion_model.{name}.lora_{end}.weight" for end in ("down", "up")]
        elif layout == "kohya":
            flat = f"lora_unet_{name.replace('.', '_')}"
            names = [f"{flat}.lora_{end}.weight" for end in ("down", "up")]
        else:
            names = [f"{layout}{DIFFUSERS[name]}.lora_{end}.weight" for end in "AB"]
        state |= dict(zip(names, (down, up), strict=True))
        if alpha is not None:
            state[names[0].replace(".lora_down.weight", ".alpha")] = torch.tensor(alpha)
    path = folder / f"{layout.strip('._')}-{seed}.safetensors"
    save_file(state, path)
    return path


def read(path: Path, net: WanTransformer, part: Part = Part.TRANSFORMER) -> lora.Lora:
    return lora.read(path, part, native_fields(net.config), shapes(net))


def run(net: WanTransformer) -> Tensor:
    context = net.context(noise(1, 20, 32, seed=5), noise(1, 257, 20, seed=6))
    return net(noise(1, 36, 3, 4, 6), 0.5, context)


@pytest.fixture
def net() -> WanTransformer:
    return transformer(IMAGE_TOKENS)


@pytest.mark.requires("diffusers")
def test_the_velocity_equals_that_of_diffusers_with_the_same_lora(tmp_path: Path):
    peft = pytest.importorskip("peft")
    reference = theirs(IMAGE_TOKENS)
    ours = ours_like(reference, IMAGE_TOKENS)
    names = list(DIFFUSERS.values())
    reference.add_adapter(peft.LoraConfig(r=RANK, lora_alpha=RANK, target_modules=names))
    state = dict(reference.named_parameters())
    with torch.no_grad():
        for name, (down, up) in factors().items():
            state[f"{DIFFUSERS[name]}.lora_A.default.weight"].copy_(down)
            state[f"{DIFFUSERS[name]}.lora_B.default.weight"].copy_(up)
    before = run(ours)
    lora.LoraStack(ours).add(read(write(tmp_path, "transformer."), ours))
    words = torch.nn.functional.pad(noise(1, 20, 32, seed=5), (0, 0, 0, 492))
    with torch.no_grad():
        expected = reference(
            noise(1, 36, 3, 4, 6), torch.tensor([500.0]), words, noise(1, 257, 20, seed=6),
            return_dict=False,
        )[0]  # fmt: skip
    torch.testing.assert_close(run(ours), expected, atol=2e-5, rtol=0)
    assert not torch.allclose(run(ours), before, atol=1e-2)


@pytest.mark.parametrize("layout", ["transformer.", "base_model.model.", "kohya", ""])
def test_every_layout_says_the_same(tmp_path: Path, net: WanTransformer, layout: str):
    expected = read(write(tmp_path, "original"), net)
    found = read(write(tmp_path, layout), net)
    places = {(f.module, f.first_row): f for f in expected.factors}
    assert len(places) == len(LAYERS) == len(found.factors)
    for one in found.factors:
        other = places[one.module, one.first_row]
        assert torch.equal(one.down, other.down)
        assert torch.equal(one.up, other.up)
        assert one.scale == other.scale == 1.0


def test_several_are_added_up_weighed_and_taken_away_bit_for_bit(
    tmp_path: Path, net: WanTransformer
):
    original = run(net)
    first, second = (read(write(tmp_path, "original", seed), net) for seed in (0, 9))
    stack = lora.LoraStack(net)
    stack.add(first)
    with_first = run(net)
    stack.add(second, 0.5)
    assert stack.weights == {"original-0": 1.0, "original-9": 0.5}
    assert not torch.allclose(run(net), with_first, atol=1e-3)
    stack.weigh("original-9", 0.0)
    assert torch.equal(run(net), with_first)
    stack.remove("original-9")
    stack.remove("original-0")
    assert torch.equal(run(net), original)
    assert not any(layer._forward_hooks for layer in net.modules())


def test_side_matrices_equal_weights_with_the_change_folded_in(tmp_path: Path, net: WanTransformer):
    lora.LoraStack(net).add(read(write(tmp_path, "original", alpha=2.0), net), 0.7)
    folded = transformer(IMAGE_TOKENS)
    weights = dict(folded.named_parameters())
    rows = {"q": slice(0, WIDTH), "v": slice(2 * WIDTH, 3 * WIDTH)}
    targets = [
        ("blocks.0.self_attn.qkv", rows["q"]), ("blocks.0.self_attn.qkv", rows["v"]),
        ("blocks.1.cross_attn.image_kv", rows["q"]), ("blocks.1.mlp.up", slice(None)),
        ("blocks.2.mlp.down", slice(None)), ("patch_out", slice(None)),
    ]  # fmt: skip
    for (module, part), (down, up) in zip(targets, factors().values(), strict=True):
        weights[f"{module}.weight"][part] += 0.7 * 2.0 / RANK * up @ down
    torch.testing.assert_close(run(net), run(folded), atol=1e-5, rtol=0)


def test_whole_differences_are_added_and_taken_away_bit_for_bit(
    tmp_path: Path, net: WanTransformer
):
    deltas = {
        "blocks.0.self_attn.k.diff": noise(WIDTH, WIDTH), "blocks.0.norm3.diff": noise(WIDTH),
        "blocks.1.self_attn.norm_q.diff": noise(WIDTH), "blocks.0.self_attn.v.diff_b": noise(WIDTH),
        "blocks.2.diff_m": noise(1, 6, WIDTH),
        "patch_embedding.diff": noise(WIDTH, 36, 1, 2, 2),
    }  # fmt: skip
    path = tmp_path / "whole.safetensors"
    save_file({f"diffusion_model.{name}": delta for name, delta in deltas.items()}, path)
    original, before = run(net), {k: v.clone() for k, v in net.named_parameters()}
    stack = lora.LoraStack(net)
    stack.add(read(path, net), 0.5)
    after = dict(net.named_parameters())
    rows = slice(WIDTH, 2 * WIDTH)
    for key, part, delta in (
        ("blocks.0.self_attn.qkv.weight", rows, deltas["blocks.0.self_attn.k.diff"]),
        ("blocks.0.cross_norm.weight", slice(None), deltas["blocks.0.norm3.diff"]),
        ("blocks.2.modulation", slice(None), deltas["blocks.2.diff_m"][0]),
        ("patch_in.weight", slice(None), deltas["patch_embedding.diff"].flatten(1)),
    ):
        torch.testing.assert_close(after[key][part], before[key][part] + 0.5 * delta)
    assert not torch.allclose(run(net), original, atol=1e-2)
    stack.remove("whole")
    assert torch.equal(run(net), original)
    assert all(torch.equal(after[key], before[key]) for key in before)


def test_a_file_for_two_experts_is_read_for_each(tmp_path: Path, net: WanTransformer):
    down, up = noise(RANK, WIDTH), noise(WIDTH, RANK)
    state = {
        "transformer.blocks.0.attn1.to_q.lora_A.weight": down,
        "transformer.blocks.0.attn1.to_q.lora_B.weight": up,
        "transformer_2.blocks.1.attn1.to_out.0.lora_A.weight": down.clone(),
        "transformer_2.blocks.1.attn1.to_out.0.lora_B.weight": up.clone(),
    }
    path = tmp_path / "pair.safetensors"
    save_file(state, path)
    assert [f.module for f in read(path, net).factors] == ["blocks.0.self_attn.qkv"]
    assert [f.module for f in read(path, net, Part.LOW).factors] == ["blocks.1.self_attn.out"]


@pytest.mark.parametrize(
    ("name", "shape", "complaint"),
    [
        (
            "blocks.0.self_attn.z.lora_down.weight",
            (RANK, WIDTH),
            "self_attn.z.* belongs to nothing",
        ),
        ("blocks.0.self_attn.q.lora_odd", (RANK, WIDTH), "belongs to nothing in this network"),
        ("blocks.0.self_attn.q.lora_down.weight", (RANK, WIDTH), "one factor of .* is missing"),
        ("blocks.0.norm3.diff", (WIDTH - 1,), r"the shape \[63\]; allowed: \[64\]"),
        ("blocks.9.self_attn.q.lora_down.weight", (RANK, WIDTH), "belongs to nothing"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    tmp_path: Path, net: WanTransformer, name: str, shape: tuple[int, ...], complaint: str
):
    path = tmp_path / "bad.safetensors"
    save_file({f"diffusion_model.{name}": torch.zeros(shape)}, path)
    with pytest.raises(WeightsError, match=complaint):
        read(path, net)


def test_factors_of_the_wrong_width_are_refused(tmp_path: Path, net: WanTransformer):
    path = tmp_path / "wide.safetensors"
    module = "diffusion_model.blocks.0.self_attn.q"
    save_file(
        {
            f"{module}.lora_A.weight": torch.zeros(4, 65),
            f"{module}.lora_B.weight": torch.zeros(64, 4),
        },
        path,
    )
    with pytest.raises(
        WeightsError, match=r"factors \[64, 4\] x \[4, 65\]; allowed: \[64, rank\] x \[rank, 64\]"
    ):
        read(path, net)
