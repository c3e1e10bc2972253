"""The configs of others in our fields and back; a field that nobody knows is refused by name.

A checkpoint without a config (single files, the original autoencoders and text encoders) tells
most of it by the shapes of its tensors.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final, cast

from kinema.errors import WeightsError
from kinema.weights.keys import Config, Layout, Part, Shape, stored
from kinema.weights.manifest import nearest

HEAD_WIDTH: Final = 128
"""Of every published transformer; shapes alone do not tell it."""

ShapeOf = Callable[[str], Shape | None]
"""From a name in a checkpoint to the shape of its tensor, None where there is none."""

_QK_NORM: Final = "rms_norm_across_heads"

# Ours, theirs: fields that differ by their name alone.
_TRANSFORMER: Final = {
    Layout.DIFFUSERS: {
        "heads": "num_attention_heads", "hidden": "ffn_dim", "depth": "num_layers",
        "channels_in": "in_channels", "channels_out": "out_channels", "text_width": "text_dim",
        "time_features": "freq_dim", "patch": "patch_size", "cross_norm": "cross_attn_norm",
        "image_width": "image_dim", "image_tokens": "pos_embed_seq_len",
        "positions": "rope_max_seq_len", "eps": "eps",
    },
    Layout.ORIGINAL: {
        "width": "dim", "heads": "num_heads", "hidden": "ffn_dim", "depth": "num_layers",
        "channels_in": "in_dim", "channels_out": "out_dim", "text_width": "text_dim",
        "text_tokens": "text_len", "time_features": "freq_dim", "patch": "patch_size",
        "cross_norm": "cross_attn_norm", "eps": "eps",
    },
}  # fmt: skip
_VAE: Final = {
    "width": "base_dim", "decoder_width": "decoder_base_dim", "channels": "z_dim",
    "levels": "dim_mult", "depth": "num_res_blocks", "halves_time": "temperal_downsample",
    "shortcuts": "is_residual", "mean": "latents_mean", "std": "latents_std",
}  # fmt: skip
_TEXT: Final = {
    "vocabulary": "vocab_size", "width": "d_model", "heads": "num_heads", "head_width": "d_kv",
    "hidden": "d_ff", "depth": "num_layers", "buckets": "relative_attention_num_buckets",
    "reach": "relative_attention_max_distance", "eps": "layer_norm_epsilon",
}  # fmt: skip

# Fields that must have one of these values, because the networks know nothing else.
_FIXED: Final[dict[Part, dict[str, tuple[object, ...]]]] = {
    Part.TRANSFORMER: {
        "qk_norm": (_QK_NORM, True), "window_size": ([-1, -1],),
        "model_type": ("t2v", "i2v", "ti2v", "flf2v"),
    },
    Part.VAE: {"attn_scales": ([],), "dropout": (0, 0.0), "scale_factor_temporal": (4,)},
    Part.TEXT: {"feed_forward_proj": ("gated-gelu",), "model_type": ("umt5",)},
}  # fmt: skip
# Fields that say nothing about an encoder's numbers, or follow from others.
_IDLE: Final = {
    Part.TRANSFORMER: {"attention_head_dim", "added_kv_proj_dim"},
    Part.VAE: {"in_channels", "out_channels", "patch_size", "scale_factor_spatial"},
    Part.TEXT: {
        "add_cross_attention", "architectures", "bos_token_id", "classifier_dropout",
        "cross_attention_hidden_size", "decoder_start_token_id", "dense_act_fn", "dropout_rate",
        "dtype", "eos_token_id", "initializer_factor", "is_decoder", "is_encoder_decoder",
        "is_gated_act", "num_decoder_layers", "output_past", "pad_token_id", "scalable_attention",
        "tie_encoder_decoder", "tie_word_embeddings", "tokenizer_class", "torch_dtype",
        "transformers_version", "use_cache",
    },
}  # fmt: skip


def native_config(part: Part, layout: Layout, theirs: Config, shape_of: ShapeOf) -> dict[str, Any]:
    """The config of a checkpoint in our fields.

    Args:
        part: The network.
        layout: Original or diffusers.
        theirs: Its config file, empty where it has none.
        shape_of: Of the tensors in its files.

    Returns:
        Fields of ours with tuples for lists; those that nobody gives are left to our defaults.

    Raises:
        WeightsError: A field is unknown, has a value that we cannot run, or is needed and missing.
    """
    kind = Part.TRANSFORMER if part is Part.LOW else part
    names = _fields(kind, layout)
    _refuse_unknown(kind, names, theirs)
    told = {ours: frozen(theirs[name]) for ours, name in names.items() if name in theirs}
    shapes = _Shapes(kind, layout, shape_of)
    config = {**_SHAPED[kind](shapes, theirs), **told}
    if kind is Part.TRANSFORMER and "attention_head_dim" in theirs:
        config["width"] = config["heads"] * theirs["attention_head_dim"]
        if theirs.get("out_channels") is None:
            config["channels_out"] = config["channels_in"]
    if kind is Part.VAE and config.get("decoder_width") is None:
        config["decoder_width"] = config["width"]
    return config


def foreign_config(part: Part, layout: Layout, config: Config) -> dict[str, Any]:
    """Our config in the fields of a layout, as its config file has them.

    Args:
        part: The network.
        layout: Original or diffusers.
        config: All fields of ours.
    """
    kind = Part.TRANSFORMER if part is Part.LOW else part
    theirs: dict[str, Any] = {}
    for ours, name in _fields(kind, layout).items():
        value = config[ours]
        theirs[name] = (
            list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
        )
    if kind is Part.TRANSFORMER and layout is Layout.DIFFUSERS:
        theirs["_class_name"] = "WanTransformer3DModel"
        theirs["attention_head_dim"] = config["width"] // config["heads"]
        theirs["added_kv_proj_dim"] = config["width"] if config["image_width"] else None
        theirs["qk_norm"] = _QK_NORM
    elif kind is Part.TRANSFORMER:
        theirs["_class_name"] = "WanModel"
        theirs["model_type"] = "t2v" if config["channels_in"] == config["channels_out"] else "i2v"
    elif kind is Part.VAE:
        packed, levels = config["packed"], len(config["levels"])
        theirs["_class_name"] = "AutoencoderKLWan"
        theirs |= {"attn_scales": [], "dropout": 0.0, "scale_factor_temporal": 4}
        theirs["scale_factor_spatial"] = packed * 2 ** (levels - 1)
        theirs["in_channels"] = theirs["out_channels"] = 3 * packed**2
        theirs["patch_size"] = packed if packed > 1 else None
    else:
        theirs |= {"model_type": "umt5", "architectures": ["UMT5EncoderModel"]}
        theirs |= {"feed_forward_proj": "gated-gelu", "pad_token_id": 0, "eos_token_id": 1}
    return theirs


def _fields(kind: Part, layout: Layout) -> dict[str, str]:
    if kind is Part.TRANSFORMER:
        return _TRANSFORMER[layout]
    return _VAE if kind is Part.VAE else _TEXT


def _refuse_unknown(kind: Part, names: dict[str, str], theirs: Config) -> None:
    fixed, idle = _FIXED[kind], _IDLE[kind]
    known = [*names.values(), *fixed, *idle]
    for name, value in theirs.items():
        if name.startswith("_"):  # the writer's own notes: class, version, path
            continue
        if name not in known:
            problem = f"the {kind} config has a field {name!r} that is not known here"
            raise WeightsError("weights", problem, f"the nearest known is {nearest(name, known)!r}")
        if name in fixed and value not in fixed[name]:
            wanted = " or ".join(map(repr, fixed[name]))
            raise WeightsError("weights", f"the {kind} config has {name} = {value!r}", wanted)


class _Shapes:
    """The shapes of a checkpoint, asked for by our names."""

    def __init__(self, part: Part, layout: Layout, shape_of: ShapeOf) -> None:
        self._part, self._layout, self._shape_of = part, layout, shape_of

    def find(self, key: str, **facts: object) -> Shape | None:
        """The shape of the first of the tensors that make up ours, None where it is not there."""
        facts = {"patch": (1, 2, 2), **facts}
        names = stored(self._part, self._layout, key, facts).names
        return self._shape_of(names[0])

    def need(self, key: str, **facts: object) -> Shape:
        """The same of a tensor without which it is no such network."""
        found = self.find(key, **facts)
        if found is None:
            raise WeightsError("weights", f"the checkpoint lacks {key} of the {self._part}")
        return found

    def count(self, pattern: str) -> int:
        """How many blocks there are: the first number whose tensor is missing."""
        number = 0
        while self.find(pattern.format(number)) is not None:
            number += 1
        return number


def _transformer(shapes: _Shapes, theirs: Config) -> dict[str, Any]:
    width, channels, *patch = shapes.need("patch_in.weight")
    image, places = shapes.find("image_in.norm_in.weight"), shapes.find("image_in.positions")
    return {
        "width": width,
        "heads": theirs.get("num_heads") or max(1, width // HEAD_WIDTH),
        "hidden": shapes.need("blocks.0.mlp.up.weight")[0],
        "depth": shapes.count("blocks.{}.modulation"),
        "channels_in": channels,
        "channels_out": shapes.need("patch_out.weight")[0] // math.prod(patch),
        "text_width": shapes.need("text_in.up.weight")[1],
        "time_features": shapes.need("time_in.up.weight")[1],
        "patch": tuple(patch),
        "cross_norm": shapes.find("blocks.0.cross_norm.weight") is not None,
        "image_width": image[0] if image else None,
        "image_tokens": places[1] if places else None,
    }


def _vae(shapes: _Shapes, theirs: Config) -> dict[str, Any]:
    width, channels, *_ = shapes.need("encoder.conv_in.weight")
    # Only the nested names of the design with shortcuts have a level 0 with a block 1 in it.
    nested = shapes.find("encoder.levels.0.blocks.1.conv_1.weight", depth=2, shortcuts=True)
    return {
        "width": width,
        "decoder_width": shapes.need("decoder.norm_out.weight")[0],
        "channels": shapes.need("from_latent.weight")[0],
        "depth": theirs.get("num_res_blocks", 2),
        "shortcuts": nested is not None,
        "packed": theirs.get("patch_size") or math.isqrt(channels // 3),
    }


def _text(shapes: _Shapes, theirs: Config) -> dict[str, Any]:  # noqa: ARG001 - as its siblings
    vocabulary, width = shapes.need("words.weight")
    buckets, heads = shapes.need("layers.0.distances.weight")
    return {
        "vocabulary": vocabulary,
        "width": width,
        "heads": heads,
        "head_width": shapes.need("layers.0.qkv.weight")[0] // heads,
        "hidden": shapes.need("layers.0.gate_up.weight")[0],
        "depth": shapes.count("layers.{}.norm_attn"),
        "buckets": buckets,
    }


_SHAPED: Final = {Part.TRANSFORMER: _transformer, Part.VAE: _vae, Part.TEXT: _text}


def frozen(value: object) -> object:
    """A list of a JSON document as the tuple that our configs hold; anything else as it is."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value
