"""The networks of `diffusers` with the weights of ours, to be run beside them.

Needs `diffusers` installed, or its wheel, which is pure Python: a machine without a registry can be
handed the file.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from kinema.models.configs import DiTConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.vae import WanVae
from kinema.weights.keys import Layout, Part, stored

# What their loader keeps in float32 of a transformer, whatever the dtype of the rest.
KEPT_WIDE = {"time_embedder", "scale_shift_table", "norm1", "norm2", "norm3"}


def available(wheel: Path | None) -> str:
    """Why their networks cannot be run, and nothing where they can."""
    if wheel is not None:
        folder = tempfile.mkdtemp(prefix="diffusers-")
        zipfile.ZipFile(wheel).extractall(folder)
        sys.path.insert(0, folder)
    if importlib.util.find_spec("diffusers") is None:
        return "`diffusers` is not installed here and no wheel of it was given"
    try:
        _classes()
    except (ImportError, RuntimeError) as error:
        return f"`diffusers` does not import here: {' '.join(str(error).split())[:200]}"
    return ""


def transformer(ours: WanTransformer) -> Any:
    """Theirs, in the dtype and on the device of ours, as their pipelines would have loaded it."""
    config = ours.config
    kind, _ = _classes()
    weight = ours.patch_in.weight
    with torch.device(weight.device):
        theirs = kind(
            patch_size=config.patch,
            num_attention_heads=config.heads,
            attention_head_dim=config.head_width,
            in_channels=config.channels_in,
            out_channels=config.channels_out,
            text_dim=config.text_width,
            freq_dim=config.time_features,
            ffn_dim=config.hidden,
            num_layers=config.depth,
            cross_attn_norm=config.cross_norm,
            eps=config.eps,
        )
    return _filled(theirs, ours, Part.TRANSFORMER, weight.dtype)


def autoencoder(ours: WanVae) -> Any:
    """Theirs, in the dtype and on the device of ours."""
    config = ours.config
    _, kind = _classes()
    weight = ours.decoder.conv_in.weight
    channels = 3 * config.packed**2
    with torch.device(weight.device):
        theirs = kind(
            base_dim=config.width,
            decoder_base_dim=config.decoder_width,
            z_dim=config.channels,
            dim_mult=list(config.levels),
            num_res_blocks=config.depth,
            temperal_downsample=list(config.halves_time),
            is_residual=config.shortcuts,
            in_channels=channels,
            out_channels=channels,
            patch_size=config.packed if config.packed > 1 else None,
            latents_mean=list(config.mean),
            latents_std=list(config.std),
            scale_factor_spatial=config.cell,
        )
    return _filled(theirs, ours, Part.VAE, weight.dtype)


def _classes() -> tuple[Any, Any]:
    from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel

    return WanTransformer3DModel, AutoencoderKLWan


@torch.no_grad()
def _filled(theirs: Any, ours: WanTransformer | WanVae, part: Part, dtype: torch.dtype) -> Any:
    """Copy every weight of ours to its places in theirs; every place must be filled."""
    config: DiTConfig | VaeConfig = ours.config
    places = dict(theirs.named_parameters())
    for name, place in places.items():
        if part is Part.VAE or not KEPT_WIDE & set(name.split(".")):
            place.data = place.data.to(dtype)
    for key, weight in ours.named_parameters():
        names = stored(part, Layout.DIFFUSERS, key, asdict(config)).names
        for name, piece in zip(names, weight.chunk(len(names)), strict=True):
            place = places.pop(name)
            place.copy_(piece.reshape(place.shape))
    if places:
        raise SystemExit(f"nothing of ours belongs to {', '.join(sorted(places)[:4])}")
    return theirs.eval().requires_grad_(False)
