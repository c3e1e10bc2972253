"""Small networks with random weights: ours, and those that ours must agree with."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from kinema.models.configs import DiTConfig, TextConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.loading import native_fields, shapes
from kinema.models.text import TextEncoder
from kinema.models.vae import WanVae
from kinema.weights.configs import foreign_config
from kinema.weights.keys import Layout, Part, stored

# For tensors this small a second thread costs more than it brings, above all on a busy machine.
torch.set_num_threads(1)

# Widths of a head that no axis divides evenly: 24 is 8 + 8 + 8 and would hide a wrong split.
TEXT_TO_VIDEO = DiTConfig(
    width=64, heads=2, hidden=96, depth=3, text_width=32, text_tokens=512, time_features=64,
    positions=64,
)  # fmt: skip
PER_FRAME = replace(TEXT_TO_VIDEO, width=48, channels_in=48, channels_out=48)
IMAGE_CHANNELS = replace(TEXT_TO_VIDEO, width=88, channels_in=36)
IMAGE_TOKENS = replace(TEXT_TO_VIDEO, channels_in=36, image_width=20)
TWO_IMAGES = replace(IMAGE_TOKENS, image_tokens=514)
VARIANTS = {
    "t2v": TEXT_TO_VIDEO, "ti2v": PER_FRAME, "i2v": IMAGE_CHANNELS, "i2v_clip": IMAGE_TOKENS,
    "flf2v": TWO_IMAGES,
}  # fmt: skip

VAE_21 = VaeConfig(width=8, decoder_width=8)
VAE_22 = VaeConfig(
    width=16, decoder_width=24, channels=48, shortcuts=True, packed=2,
    mean=tuple(0.02 * k - 0.5 for k in range(48)), std=tuple(0.5 + 0.01 * k for k in range(48)),
)  # fmt: skip
VAES = {"2.1": VAE_21, "2.2": VAE_22}

TEXT = TextConfig(vocabulary=300, width=48, heads=4, head_width=12, hidden=80, depth=3)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=generator(seed))


def randomised(network: nn.Module, seed: int = 0) -> Any:
    """Norms near 1, matrices of variance 1 / fan-in, the rest small; evaluation mode."""
    source = generator(seed)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            values = torch.randn(weight.shape, generator=source)
            if ("norm" in name and name.endswith("weight")) or "gamma" in name:
                values = 1 + 0.1 * values
            elif weight.ndim > 1 and "scale_shift" not in name and "modulation" not in name:
                values = values / max(1, weight[0].numel()) ** 0.5
            else:
                values = 0.05 * values
            weight.copy_(values)
    return network.eval().requires_grad_(False)


def transformer(config: DiTConfig = TEXT_TO_VIDEO, seed: int = 0) -> WanTransformer:
    return randomised(WanTransformer(config), seed)


def vae(config: VaeConfig, seed: int = 0) -> WanVae:
    return randomised(WanVae(config), seed)


def text_encoder(config: TextConfig = TEXT, seed: int = 0) -> TextEncoder:
    return randomised(TextEncoder(config), seed)


def theirs(config: DiTConfig | VaeConfig | TextConfig, seed: int = 1) -> Any:
    """The class of diffusers or transformers of the same architecture, with random weights."""
    from diffusers.models.autoencoders.autoencoder_kl_wan import AutoencoderKLWan
    from diffusers.models.transformers.transformer_wan import WanTransformer3DModel
    from transformers import UMT5Config, UMT5EncoderModel

    if isinstance(config, TextConfig):
        fields = foreign_config(Part.TEXT, Layout.DIFFUSERS, native_fields(config))
        fields.pop("architectures")
        return randomised(UMT5EncoderModel(UMT5Config(**fields)), seed)
    part, kind = (
        (Part.TRANSFORMER, WanTransformer3DModel)
        if isinstance(config, DiTConfig)
        else (Part.VAE, AutoencoderKLWan)
    )
    fields = foreign_config(part, Layout.DIFFUSERS, native_fields(config))
    fields.pop("_class_name")
    return randomised(kind(**fields), seed)


def part_of(config: DiTConfig | VaeConfig | TextConfig) -> Part:
    kinds = {DiTConfig: Part.TRANSFORMER, VaeConfig: Part.VAE, TextConfig: Part.TEXT}
    return kinds[type(config)]


def ours_like(reference: nn.Module, config: DiTConfig | VaeConfig | TextConfig) -> Any:
    """Our network with the weights of theirs, through the real key map, every name consumed."""
    kinds = {DiTConfig: WanTransformer, VaeConfig: WanVae, TextConfig: TextEncoder}
    network = kinds[type(config)](config)
    state = dict(reference.state_dict())
    weights: dict[str, Tensor] = {}
    for key, shape in shapes(network).items():
        names = stored(part_of(config), Layout.DIFFUSERS, key, native_fields(config)).names
        weights[key] = torch.cat([state[name] for name in names]).reshape(shape)
    network.load_state_dict(weights, strict=True)
    return network.eval().requires_grad_(False)
