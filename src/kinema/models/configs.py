"""The architectures of the three networks, as data: no torch here, nor in anything that reads them.

The sizes decide what a latent looks like and what a run costs; model cards, checks and estimates
are made from them on machines that hold no network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RATE: Final = 4
"""Pixel frames in a latent frame, the first one apart."""

MEAN_21: Final = (
    -0.7571, -0.7089, -0.9113, 0.1075, -0.1745, 0.9653, -0.1517, 1.5508,
    0.4134, -0.0715, 0.5517, -0.3632, -0.1922, -0.9497, 0.2503, -0.2921,
)  # fmt: skip
STD_21: Final = (
    2.8184, 1.4541, 2.3275, 2.6558, 1.2196, 1.7708, 2.6052, 2.0743,
    3.2687, 2.1526, 2.8652, 1.5579, 1.6382, 1.1253, 2.8251, 1.9160,
)  # fmt: skip
MEAN_22: Final = (
    -0.2289, -0.0052, -0.1323, -0.2339, -0.2799, 0.0174, 0.1838, 0.1557, -0.1382, 0.0542, 0.2813,
    0.0891, 0.1570, -0.0098, 0.0375, -0.1825, -0.2246, -0.1207, -0.0698, 0.5109, 0.2665, -0.2108,
    -0.2158, 0.2502, -0.2055, -0.0322, 0.1109, 0.1567, -0.0729, 0.0899, -0.2799, -0.1230, -0.0313,
    -0.1649, 0.0117, 0.0723, -0.2839, -0.2083, -0.0520, 0.3748, 0.0152, 0.1957, 0.1433, -0.2944,
    0.3573, -0.0548, -0.1681, -0.0667,
)  # fmt: skip
STD_22: Final = (
    0.4765, 1.0364, 0.4514, 1.1677, 0.5313, 0.4990, 0.4818, 0.5013, 0.8158, 1.0344, 0.5894, 1.0901,
    0.6885, 0.6165, 0.8454, 0.4978, 0.5759, 0.3523, 0.7135, 0.6804, 0.5833, 1.4146, 0.8986, 0.5659,
    0.7069, 0.5338, 0.4889, 0.4917, 0.4069, 0.4999, 0.6866, 0.4093, 0.5709, 0.6065, 0.6415, 0.4944,
    0.5726, 1.2042, 0.5458, 1.6887, 0.3971, 1.0600, 0.3943, 0.5537, 0.5444, 0.4089, 0.7468, 0.7744,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DiTConfig:
    """The architecture of one transformer; holds nothing about a run or a request.

    width, heads, hidden (of the MLPs) and depth fix its size. ``image_width`` is that of an image
    encoder's tokens where there is an image branch, ``image_tokens`` how many learned positions
    they have (FLF2V: 514, two images). ``positions`` is written into exported configs; the rotary
    tables have no limit here. The last five switch on the inputs of `Extra`; all are zero at
    first, so that the network starts as a plain member of the family.

    Raises:
        ValueError: The numbers do not fit each other.
    """

    width: int
    heads: int
    hidden: int
    depth: int
    channels_in: int = 16
    channels_out: int = 16
    text_width: int = 4096
    text_tokens: int = 512
    time_features: int = 256
    patch: tuple[int, int, int] = (1, 2, 2)
    cross_norm: bool = True
    image_width: int | None = None
    image_tokens: int | None = None
    positions: int = 1024
    eps: float = 1e-6
    step_sizes: int = 0
    guidance: bool = False
    fps: bool = False
    camera: int = 0
    token_types: int = 0

    def __post_init__(self) -> None:
        counts = (self.width, self.heads, self.hidden, self.channels_in, self.channels_out)
        if min(*counts, *self.patch) < 1 or self.depth < 0:
            raise ValueError(f"widths and counts must be positive, got {self}")
        if self.width % self.heads or (self.width // self.heads) % 2:
            raise ValueError(f"width {self.width} is not {self.heads} heads of an even width")
        if self.time_features % 2:
            raise ValueError(f"time_features must be even, got {self.time_features}")
        if self.image_tokens is not None and self.image_width is None:
            raise ValueError("image_tokens without image_width: there is no image branch")

    @property
    def head_width(self) -> int:
        """Width of one head."""
        return self.width // self.heads


@dataclass(frozen=True, slots=True)
class VaeConfig:
    """The architecture of one autoencoder.

    ``width`` and ``decoder_width`` are those of the finest level, ``levels`` what they are
    multiplied by on the way down. ``halves_time`` says for each level but the last whether it
    halves the frame rate. ``packed`` is the side of the square of pixels put into channels first.
    ``mean`` and ``std`` bring each latent channel to mean 0 and variance 1.

    Raises:
        ValueError: The numbers do not fit each other.
    """

    width: int = 96
    decoder_width: int = 96
    channels: int = 16
    levels: tuple[int, ...] = (1, 2, 4, 4)
    depth: int = 2
    halves_time: tuple[bool, ...] = (False, True, True)
    shortcuts: bool = False
    packed: int = 1
    mean: tuple[float, ...] = MEAN_21
    std: tuple[float, ...] = STD_21

    def __post_init__(self) -> None:
        if len(self.mean) != self.channels or len(self.std) != self.channels:
            raise ValueError(f"mean and std must have one value for each of {self.channels}")
        if len(self.halves_time) != len(self.levels) - 1:
            raise ValueError("halves_time has one entry for each level but the last")
        if 2 ** sum(self.halves_time) != RATE:
            raise ValueError(f"{RATE} frames go into one: halves_time must be true twice")

    @property
    def cell(self) -> int:
        """Pixels on one side of a latent cell."""
        return self.packed * 2 ** (len(self.levels) - 1)


@dataclass(frozen=True, slots=True)
class TextConfig:
    """The architecture of the encoder; the defaults are umT5-xxl.

    ``buckets`` and ``reach``: distances between tokens up to ``reach`` fall into so many classes,
    half for each direction; beyond it all are one.
    """

    vocabulary: int = 256_384
    width: int = 4096
    heads: int = 64
    head_width: int = 64
    hidden: int = 10_240
    depth: int = 24
    buckets: int = 32
    reach: int = 128
    eps: float = 1e-6


@dataclass(frozen=True, slots=True)
class MemoryVaeConfig:
    """The architecture of `kinema.models.autoencoder.MemoryVae`: cells of 16 x 16 x 4 pixels.

    ``encoder`` and ``decoder`` are the widths at one 2nd, 4th, 8th and 16th of the resolution,
    ``encoder_depth`` and ``decoder_depth`` the memory blocks there.

    Raises:
        ValueError: The numbers do not fit each other.
    """

    channels: int = 16
    encoder: tuple[int, int, int, int] = (32, 64, 96, 128)
    decoder: tuple[int, int, int, int] = (32, 64, 96, 128)
    encoder_depth: tuple[int, int, int, int] = (1, 1, 1, 2)
    decoder_depth: tuple[int, int, int, int] = (2, 2, 3, 3)

    def __post_init__(self) -> None:
        sides = (self.encoder, self.decoder, self.encoder_depth, self.decoder_depth)
        if any(len(side) != 4 for side in sides) or min(self.channels, *sum(sides, ())) < 1:
            raise ValueError(f"four positive widths and depths on each side, got {self}")

    @property
    def cell(self) -> int:
        """Pixels on one side of a latent cell."""
        return 16


def memory_blocks(
    widths: tuple[int, int, int, int], depths: tuple[int, int, int, int]
) -> list[tuple[int, int]]:
    """Of each memory block from the finest level on: its width, and how much coarser it is."""
    return [(widths[level], 2**level) for level in range(4) for _ in range(depths[level])]


@dataclass(frozen=True, slots=True)
class AdapterConfig:
    """The text side of our own model: what becomes of a caption's tokens.

    A trainable stream of ``vocabulary`` tokens, factorised to ``factor``, beside frozen token
    states of ``frozen`` values (0: none); ``depth`` layers of ``heads`` over both, ``width`` wide.
    """

    vocabulary: int = 30_522
    factor: int = 64
    frozen: int = 384
    width: int = 192
    heads: int = 6
    hidden: int = 384
    depth: int = 2
    tokens: int = 64

    def __post_init__(self) -> None:
        if self.width % self.heads or min(self.vocabulary, self.factor, self.tokens) < 1:
            raise ValueError(f"widths must be positive and fit the heads, got {self}")


@dataclass(frozen=True, slots=True)
class RefereeConfig:
    """The architecture of `kinema.models.referee.Referee`.

    It looks at ``frames`` frames of ``side`` x ``side`` pixels, ``fps`` of them a second, and
    tells ``classes`` apart in each slot. Each of ``widths`` halves the picture.

    Raises:
        ValueError: The numbers do not fit each other.
    """

    classes: tuple[int, ...]
    side: int = 128
    frames: int = 9
    fps: int = 6
    widths: tuple[int, ...] = (32, 64, 128, 192)
    depth: int = 2
    heads: int = 6
    layers: int = 2

    def __post_init__(self) -> None:
        if self.side % 2 ** len(self.widths) or any(width % 8 for width in self.widths):
            raise ValueError(f"sides must halve evenly and widths be multiples of 8, got {self}")
        if not self.classes or min(self.classes) < 1 or self.widths[-1] % self.heads:
            raise ValueError(f"every slot needs a class, and the width must fit, got {self}")
