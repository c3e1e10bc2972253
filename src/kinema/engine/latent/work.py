"""What the networks of a model weigh and how much they compute, from their architecture alone.

Counts of parameters are exact. Operations count a multiplication and an addition as two, and leave
out all that is not a product or a convolution. No torch here: estimates are made without networks.

Shape legend for this file:
    T, H, W = latent frames, rows and columns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kinema.models.configs import DiTConfig, TextConfig, VaeConfig

Shape = tuple[int, int, int]
"""Frames, rows and columns of a latent."""

FLOAT: Final = 4
"""Bytes of a float32."""

_TAPS: Final = 27  # of a convolution over 3 frames, rows and columns


@dataclass(frozen=True, slots=True)
class Operations:
    """What a piece of work computes: products with weights, and products of attention.

    Machines do the two at rates far apart.
    """

    products: float = 0.0
    attention: float = 0.0

    def __add__(self, other: Operations) -> Operations:
        return Operations(self.products + other.products, self.attention + other.attention)

    def __mul__(self, times: float) -> Operations:
        return Operations(self.products * times, self.attention * times)


def tokens(config: DiTConfig, shape: Shape) -> int:
    """Length of the sequence that a transformer makes of a latent."""
    return math.prod(side // patch for side, patch in zip(shape, config.patch, strict=True))


def block_parameters(config: DiTConfig) -> int:
    """Parameters of one block of a transformer."""
    D, hidden = config.width, config.hidden
    itself = 3 * D * (D + 1) + D * (D + 1) + 2 * D
    others = D * (D + 1) + 2 * D * (D + 1) + D * (D + 1) + 2 * D
    if config.image_width is not None:
        others += 2 * D * (D + 1) + D
    norm = 2 * D if config.cross_norm else 0
    return itself + others + norm + hidden * (D + 1) + D * (hidden + 1) + 6 * D


def transformer_parameters(config: DiTConfig) -> int:
    """Parameters of a whole transformer, without the optional inputs of our own models."""
    D, patch = config.width, math.prod(config.patch)
    ends = D * (config.channels_in * patch + 1) + config.channels_out * patch * (D + 1) + 2 * D
    text = D * (config.text_width + 1) + D * (D + 1)
    level = D * (config.time_features + 1) + D * (D + 1) + 6 * D * (D + 1)
    image = 0
    if (width := config.image_width) is not None:
        image = 2 * width + width * (width + 1) + D * (width + 1) + 2 * D
        image += (config.image_tokens or 0) * width
    return config.depth * block_parameters(config) + ends + text + level + image


def text_parameters(config: TextConfig) -> tuple[int, int]:
    """Parameters of a text encoder: of one layer, and of all else."""
    inner = config.heads * config.head_width
    layer = 4 * config.width * inner + 3 * config.width * config.hidden
    layer += 2 * config.width + config.buckets * config.heads
    return layer, config.vocabulary * config.width + config.width


def forward_operations(config: DiTConfig, shape: Shape) -> Operations:
    """One forward of a transformer for one prompt, whose keys and values are ready."""
    length, D = tokens(config, shape), config.width
    per_token = 8 * D * D + 4 * D * D + 4 * D * config.hidden
    ends = 2 * D * math.prod(config.patch) * (config.channels_in + config.channels_out)
    # Wan 2.1 I2V looks at 257 tokens a picture beside the text.
    seen = config.text_tokens + (257 if config.image_width is not None else 0)
    return Operations(
        products=length * (config.depth * per_token + ends),
        attention=config.depth * 4 * length * (length + seen) * D,
    )


def text_operations(config: TextConfig, length: int) -> Operations:
    """Encoding one prompt of so many tokens."""
    layer, _ = text_parameters(config)
    inner = config.heads * config.head_width
    return Operations(
        products=2 * length * config.depth * layer,
        attention=config.depth * 4 * length * length * inner,
    )


@dataclass(frozen=True, slots=True)
class Convolution:
    """One layer of an autoencoder, or several alike.

    taps: of its kernel. cells: pixels of its output where one cell of the latent stands. frames:
    frames of its output where one of the latent stands, but the first, which stays alone.
    """

    width_in: int
    width_out: int
    taps: int
    cells: int
    frames: int

    def operations(self, shape: Shape) -> float:
        """For a latent of that shape."""
        pixels = shape[1] * shape[2] * self.cells * (1 + (shape[0] - 1) * self.frames)
        return 2.0 * self.width_in * self.width_out * self.taps * pixels


def decoder_layers(config: VaeConfig) -> Iterator[Convolution]:
    """Every convolution of a decoder, in order. The finer, the later."""
    widths = [config.decoder_width * factor for factor in (config.levels[-1], *config.levels[::-1])]
    yield Convolution(config.channels, widths[0], _TAPS, 1, 1)
    yield from _middle(widths[0])
    before, cells, frames = widths[0], 1, 1
    for index, width in enumerate(widths[1:]):
        last = index == len(config.levels) - 1
        after = width if config.shortcuts or last else width // 2
        yield from _ladder([before] + (config.depth + 1) * [width], cells, frames)
        if not last:
            if config.halves_time[::-1][index]:
                yield Convolution(width, 2 * width, 3, cells, frames)
                frames *= 2
            cells *= 4
            yield Convolution(width, after, 9, cells, frames)
        before = after
    yield Convolution(before, 3 * config.packed**2, _TAPS, cells, frames)


def encoder_layers(config: VaeConfig) -> Iterator[Convolution]:
    """Every convolution of an encoder, in order. The finer, the earlier."""
    widths = [config.width * level for level in (1, *config.levels)]
    cells, frames = 4 ** (len(config.levels) - 1), 2 ** sum(config.halves_time)
    yield Convolution(3 * config.packed**2, widths[0], _TAPS, cells, frames)
    for index, (before, width) in enumerate(pairwise(widths)):
        yield from _ladder([before] + config.depth * [width], cells, frames)
        if index < len(config.levels) - 1:
            cells //= 4
            yield Convolution(width, width, 9, cells, frames)
            if config.halves_time[index]:
                frames //= 2
                yield Convolution(width, width, 3, cells, frames)
    yield from _middle(widths[-1])
    yield Convolution(widths[-1], 2 * config.channels, _TAPS, 1, 1)


def vae_parameters(config: VaeConfig) -> int:
    """Parameters of the matrices of an autoencoder: biases and norms are less than a thousandth."""
    sides = (config.channels, 2 * config.channels)
    ends = [Convolution(width, width, 1, 1, 1) for width in sides]
    layers = [*decoder_layers(config), *encoder_layers(config), *ends]
    return sum(layer.width_in * layer.width_out * layer.taps for layer in layers)


def decode_operations(config: VaeConfig, shape: Shape) -> Operations:
    """Decoding a latent."""
    return _passed(decoder_layers(config), config.decoder_width * config.levels[-1], shape)


def encode_operations(config: VaeConfig, shape: Shape) -> Operations:
    """Encoding pictures to a latent of that shape."""
    return _passed(encoder_layers(config), config.width * config.levels[-1], shape)


def _passed(layers: Iterator[Convolution], middle: int, shape: Shape) -> Operations:
    frames, rows, columns = shape
    return Operations(
        products=sum(layer.operations(shape) for layer in layers),
        attention=frames * 4.0 * (rows * columns) ** 2 * middle,
    )


def _ladder(widths: list[int], cells: int, frames: int) -> Iterator[Convolution]:
    """Residual blocks from width to width."""
    for before, width in pairwise(widths):
        yield Convolution(before, width, _TAPS, cells, frames)
        yield Convolution(width, width, _TAPS, cells, frames)
        if before != width:
            yield Convolution(before, width, 1, cells, frames)


def _middle(width: int) -> Iterator[Convolution]:
    """Two residual blocks with attention between them."""
    yield from _ladder(3 * [width], 1, 1)
    yield Convolution(width, 3 * width, 1, 1, 1)
    yield Convolution(width, width, 1, 1, 1)
