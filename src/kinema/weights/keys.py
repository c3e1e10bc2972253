"""How others name the tensors of the Wan family: one table for each network.

Our networks keep queries, keys and values in one matrix, patches as a product, tables and norms
without idle axes. So a tensor of ours is one or several of theirs, laid end to end, in a shape
that differs by axes of length 1 (and for patches by how one axis is written).

Whole names are mapped, never parts of names: the two layouts give some names to different things
(``norm2`` of one is ``norm3`` of the other).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

Shape = tuple[int, ...]
Config = Mapping[str, Any]
"""A network's config in native fields."""


class Layout(StrEnum):
    """Who wrote a checkpoint: this package, the authors of the models, or ``diffusers``."""

    NATIVE = "native"
    ORIGINAL = "original"
    DIFFUSERS = "diffusers"


class Part(StrEnum):
    """One network of a model; the values are the names of the folders of ``diffusers``."""

    TRANSFORMER = "transformer"
    LOW = "transformer_2"
    VAE = "vae"
    TEXT = "text_encoder"


@dataclass(frozen=True, slots=True)
class Stored:
    """How a layout holds one of our tensors.

    names: theirs, to be joined along the first axis. shape: from the shape of a piece of ours to
    the shape that they give it.
    """

    names: tuple[str, ...]
    shape: Callable[[Shape], Shape]


# Columns: ours, original, diffusers. Several names are joined in this order.
_TRANSFORMER: Final = {
    "patch_in": ("patch_embedding", "patch_embedding"),
    "text_in.up": ("text_embedding.0", "condition_embedder.text_embedder.linear_1"),
    "text_in.down": ("text_embedding.2", "condition_embedder.text_embedder.linear_2"),
    "time_in.up": ("time_embedding.0", "condition_embedder.time_embedder.linear_1"),
    "time_in.down": ("time_embedding.2", "condition_embedder.time_embedder.linear_2"),
    "time_rows": ("time_projection.1", "condition_embedder.time_proj"),
    "image_in.norm_in": ("img_emb.proj.0", "condition_embedder.image_embedder.norm1"),
    "image_in.mlp.up": ("img_emb.proj.1", "condition_embedder.image_embedder.ff.net.0.proj"),
    "image_in.mlp.down": ("img_emb.proj.3", "condition_embedder.image_embedder.ff.net.2"),
    "image_in.norm_out": ("img_emb.proj.4", "condition_embedder.image_embedder.norm2"),
    "image_in.positions": ("img_emb.emb_pos", "condition_embedder.image_embedder.pos_embed"),
    "patch_out": ("head.head", "proj_out"),
    "modulation": ("head.modulation", "scale_shift_table"),
}
_TRANSFORMER_BLOCK: Final = {
    "self_attn.qkv": ("self_attn.q self_attn.k self_attn.v", "attn1.to_q attn1.to_k attn1.to_v"),
    "self_attn.norm_q": ("self_attn.norm_q", "attn1.norm_q"),
    "self_attn.norm_k": ("self_attn.norm_k", "attn1.norm_k"),
    "self_attn.out": ("self_attn.o", "attn1.to_out.0"),
    "cross_norm": ("norm3", "norm2"),
    "cross_attn.q": ("cross_attn.q", "attn2.to_q"),
    "cross_attn.kv": ("cross_attn.k cross_attn.v", "attn2.to_k attn2.to_v"),
    "cross_attn.norm_q": ("cross_attn.norm_q", "attn2.norm_q"),
    "cross_attn.norm_k": ("cross_attn.norm_k", "attn2.norm_k"),
    "cross_attn.image_kv": (
        "cross_attn.k_img cross_attn.v_img",
        "attn2.add_k_proj attn2.add_v_proj",
    ),
    "cross_attn.image_norm_k": ("cross_attn.norm_k_img", "attn2.norm_added_k"),
    "cross_attn.out": ("cross_attn.o", "attn2.to_out.0"),
    "mlp.up": ("ffn.0", "ffn.net.0.proj"),
    "mlp.down": ("ffn.2", "ffn.net.2"),
    "modulation": ("modulation", "scale_shift_table"),
}
_TEXT: Final = {
    "words": ("token_embedding", "shared"),
    "norm_out": ("norm.weight", "encoder.final_layer_norm.weight"),
}
_TEXT_LAYER: Final = {
    "norm_attn": ("norm1.weight", "layer.0.layer_norm.weight"),
    "qkv": (
        "attn.q attn.k attn.v",
        "layer.0.SelfAttention.q layer.0.SelfAttention.k layer.0.SelfAttention.v",
    ),
    "out": ("attn.o", "layer.0.SelfAttention.o"),
    "distances": ("pos_embedding.embedding", "layer.0.SelfAttention.relative_attention_bias"),
    "norm_mlp": ("norm2.weight", "layer.1.layer_norm.weight"),
    "gate_up": ("ffn.gate.0 ffn.fc1", "layer.1.DenseReluDense.wi_0 layer.1.DenseReluDense.wi_1"),
    "down": ("ffn.fc2", "layer.1.DenseReluDense.wo"),
}
_VAE: Final = {
    "to_latent": ("conv1", "quant_conv"),
    "from_latent": ("conv2", "post_quant_conv"),
}
_VAE_SIDE: Final = {
    "conv_in": ("conv1", "conv_in"),
    "middle.block_1": ("middle.0", "mid_block.resnets.0"),
    "middle.attention.norm": ("middle.1.norm", "mid_block.attentions.0.norm"),
    "middle.attention.qkv": ("middle.1.to_qkv", "mid_block.attentions.0.to_qkv"),
    "middle.attention.out": ("middle.1.proj", "mid_block.attentions.0.proj"),
    "middle.block_2": ("middle.2", "mid_block.resnets.1"),
    "norm_out": ("head.0", "norm_out"),
    "conv_out": ("head.2", "conv_out"),
}
_VAE_BLOCK: Final = {
    "norm_1": ("residual.0", "norm1"),
    "conv_1": ("residual.2", "conv1"),
    "norm_2": ("residual.3", "norm2"),
    "conv_2": ("residual.6", "conv2"),
    "skip": ("shortcut", "conv_shortcut"),
    "space": ("resample.1", "resample.1"),
    "time": ("time_conv", "time_conv"),
}

IGNORED: Final = re.compile(
    r".*\.norm_added_q\.weight"  # diffusers keeps a norm that nothing reads
    r"|(.*\.)?scaled_fp8|.*\.scale_(weight|input)"  # read beside the tensor that they belong to
    r"|encoder\.embed_tokens\.weight|spiece_model|lm_head\.weight"  # copies, and the vocabulary
)
"""Names in other people's files that belong to no tensor of ours."""

PREFIXES: Final = ("model.diffusion_model.", "diffusion_model.")
"""What single-file programs put in front of every name."""


def stored(part: Part, layout: Layout, key: str, config: Config) -> Stored:
    """How ``layout`` holds our tensor ``key`` of that network.

    Args:
        part: The network.
        layout: Original or diffusers.
        key: Name of a parameter of ours.
        config: The network's config in native fields.

    Raises:
        KeyError: The layout has nothing of that kind.
    """
    column = 0 if layout is Layout.ORIGINAL else 1
    if part is Part.VAE:
        return _stored_vae(column, key, config)
    if part is Part.TEXT:
        names = _names(_TEXT, _TEXT_LAYER, ("blocks", "encoder.block"), column, key)
        return Stored(names, _same)
    names = _names(_TRANSFORMER, _TRANSFORMER_BLOCK, ("blocks", "blocks"), column, key)
    if key == "patch_in.weight":
        patch: Shape = tuple(config["patch"])
        return Stored(names, lambda s: (s[0], s[1] // math.prod(patch), *patch))
    has_idle_axis = key.endswith(("modulation", "positions"))
    return Stored(names, (lambda s: (1, *s)) if has_idle_axis else _same)


def _names(
    top: Mapping[str, tuple[str, str]],
    block: Mapping[str, tuple[str, str]],
    rows: tuple[str, str],
    column: int,
    key: str,
) -> tuple[str, ...]:
    match = re.fullmatch(r"(?:blocks|layers)\.(\d+)\.(.+)", key)
    table, rest = (block, match[2]) if match else (top, key)
    before = f"{rows[column]}.{match[1]}." if match else ""
    module, _, tensor = rest.rpartition(".")
    if rest in table:  # a bare parameter: the table has its whole name
        module, tensor = rest, ""
    after = f".{tensor}" if tensor else ""
    return tuple(f"{before}{name}{after}" for name in table[module][column].split())


def _stored_vae(column: int, key: str, config: Config) -> Stored:
    module, _, tensor = key.rpartition(".")
    shape: Callable[[Shape], Shape] = _same
    if ".norm_" in key or module.endswith(".norm"):
        tensor = "gamma"
        axes = 2 if "attention" in key else 3
        shape = partial(_with_idle_axes, axes)
    if module in _VAE:
        name = _VAE[module][column]
    else:
        side, _, rest = module.partition(".")
        name = f"{side}.{_side_name(side, rest, column, config)}"
    return Stored((f"{name}.{tensor}",), shape)


def _side_name(side: str, rest: str, column: int, config: Config) -> str:
    """A module of the encoder or the decoder, without their name in front."""
    if rest in _VAE_SIDE:
        return _VAE_SIDE[rest][column]
    place, _, leaf = rest.rpartition(".")
    leaf = _VAE_BLOCK[leaf][column]
    if place in _VAE_SIDE:
        return f"{_VAE_SIDE[place][column]}.{leaf}"
    level, kind, *number = place.removeprefix("levels.").split(".")
    blocks = config["depth"] + (side == "decoder")
    index = blocks if kind == "resample" else int(number[0])
    return f"{_level_name(side, int(level), index, blocks, column, config)}.{leaf}"


def _level_name(side: str, level: int, index: int, blocks: int, column: int, config: Config) -> str:
    """Block ``index`` of a level; the change of size counts as the one after the last block.

    Without shortcuts most of the lists are flat: they count through all levels.
    """
    down, nested = side == "encoder", bool(config["shortcuts"])
    if column == 0:
        samples = "downsamples" if down else "upsamples"
        flat = f"{samples}.{level * (blocks + 1) + index}"
        return f"{samples}.{level}.{samples}.{index}" if nested else flat
    if down and not nested:
        return f"down_blocks.{level * (blocks + 1) + index}"
    where = f"{'down' if down else 'up'}_blocks.{level}"
    if index < blocks:
        return f"{where}.resnets.{index}"
    return f"{where}.{'downsampler' if down else 'upsampler' if nested else 'upsamplers.0'}"


def _same(shape: Shape) -> Shape:
    return shape


def _with_idle_axes(axes: int, shape: Shape) -> Shape:
    return (*shape, *(axes * (1,)))
