"""The Wan autoencoders: a clip to a small latent and back, in chunks of any length.

Two designs share the layers below. Version 2.1 (16 channels, 8 x 8 pixels a cell) is a plain
ladder of residual blocks; version 2.2 (48 channels, 16 x 16) packs 2 x 2 pixels into channels
first and gives every rung a shortcut without weights. Both put four pixel frames into one latent
frame, but the first latent frame holds a single one: 1 + 4 k frames are 1 + k latent frames.

Nothing looks into the future, so a clip can pass through piece by piece. What a layer must
remember of the past lies in a `Stream` that the caller holds: the length of the pieces decides
about memory and speed, never about the result, and a stream may be taken up again later.

Shape legend for this file:
    B = clips in the batch, C = channels, T = frames, H, W = rows and columns,
    K = channels of the latent; a pixel is in [-1, 1].

Source:
    Wan Team 2025, arXiv:2503.20314, section 4.1; the shortcuts after Chen et al. 2024,
    "Deep Compression Autoencoder", arXiv:2410.10733, section 3.2, here also over time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

import torch
import torch.nn.functional as F
from einops import rearrange, repeat
from torch import Tensor, nn

from kinema.ops.attention import attention

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


@dataclass(slots=True)
class Stream:
    """What one pass through an encoder or decoder remembers between two chunks.

    started: whether the first frame, which is treated apart, has passed. tails: for each layer
    that looks back, by name, the last frames it saw. It grows with the size of a frame, not with
    the length of the clip.
    """

    started: bool = False
    tails: dict[str, Tensor] = field(default_factory=dict)


class CausalConv(nn.Conv3d):
    """A convolution whose kernel ends at the present frame; before the clip there are zeros."""

    def __init__(self, width_in: int, width_out: int, kernel: tuple[int, int, int]) -> None:
        padding = (0, kernel[1] // 2, kernel[2] // 2)
        super().__init__(width_in, width_out, kernel, padding=padding)
        self.past = kernel[0] - 1
        self.name = ""

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:  # pyright: ignore[reportIncompatibleMethodOverride]
        """(B, C, T, H, W) to the same with other channels, seeing the frames before the chunk."""
        if self.past:
            tail = stream.tails.get(self.name)
            if tail is None:
                tail = torch.zeros_like(x_BCTHW[:, :, :1]).repeat(1, 1, self.past, 1, 1)
            x_BCTHW = torch.cat((tail, x_BCTHW), dim=2)
            stream.tails[self.name] = x_BCTHW[:, :, -self.past :].clone()
        if self.past and x_BCTHW.device.type == "cpu" and x_BCTHW.dtype == torch.float32:
            return self.by_frames(x_BCTHW)
        return super().forward(x_BCTHW)

    def by_frames(self, x_BCTHW: Tensor) -> Tensor:
        """The same as a sum of convolutions of pictures, one for each frame of the kernel.

        In float32 a CPU is up to eight times as fast at these: it has no good kernel for clips.
        """
        batch, frames = len(x_BCTHW), x_BCTHW.shape[2] - self.past
        total: Tensor | None = None
        for offset, weight in enumerate(self.weight.unbind(2)):
            seen = x_BCTHW[:, :, offset : offset + frames].transpose(1, 2).flatten(0, 1)
            bias = self.bias if total is None else None
            part = F.conv2d(seen, weight, bias, padding=self.padding[1:])
            total = part if total is None else total.add_(part)
        assert total is not None
        return total.unflatten(0, (batch, frames)).transpose(1, 2)


class ChannelNorm(nn.Module):
    """Scale the channels of each pixel to root mean square 1, then by learned weights."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, ...) to the same; float32 inside."""
        wide = x.movedim(1, -1).float()
        # The floor only keeps a pixel of zeros from becoming 0 / 0.
        normal = F.rms_norm(wide, self.weight.shape, self.weight.float(), eps=1e-24)
        return normal.to(x.dtype).movedim(-1, 1)


class ResidualBlock(nn.Module):
    """Norm, SiLU, convolution, twice; added to what came in."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.norm_1 = ChannelNorm(width_in)
        self.conv_1 = CausalConv(width_in, width_out, (3, 3, 3))
        self.norm_2 = ChannelNorm(width_out)
        self.conv_2 = CausalConv(width_out, width_out, (3, 3, 3))
        self.skip = CausalConv(width_in, width_out, (1, 1, 1)) if width_in != width_out else None

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, width_in, T, H, W) to (B, width_out, T, H, W)."""
        y = self.conv_1(F.silu(self.norm_1(x_BCTHW)), stream)
        y = self.conv_2(F.silu(self.norm_2(y)), stream)
        return y + (x_BCTHW if self.skip is None else self.skip(x_BCTHW, stream))


class FrameAttention(nn.Module):
    """Within each frame, every pixel looks at every other; one head, no look at other frames."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = ChannelNorm(width)
        self.qkv = nn.Conv2d(width, 3 * width, 1)
        self.out = nn.Conv2d(width, width, 1)

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:  # noqa: ARG002
        """(B, C, T, H, W) to the same."""
        return x_BCTHW + _each_frame(self._frame, x_BCTHW)

    def _frame(self, x_BCHW: Tensor) -> Tensor:
        height = x_BCHW.shape[2]
        qkv = rearrange(self.qkv(self.norm(x_BCHW)), "b (n c) h w -> n b (h w) 1 c", n=3)
        y_BNC = attention(*qkv.unbind()).squeeze(2)
        return self.out(rearrange(y_BNC, "b (h w) c -> b c h w", h=height))


class Downsample(nn.Module):
    """Halve rows and columns, and the frame rate where ``halves_time``."""

    def __init__(self, width: int, *, halves_time: bool) -> None:
        super().__init__()
        self.space = nn.Conv2d(width, width, 3, stride=2)
        self.time = nn.Conv3d(width, width, (3, 1, 1), stride=(2, 1, 1)) if halves_time else None
        self.name = ""

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """The first frame of a clip stays alone; after it, two frames become one.

        Each new frame sees the two that it replaces and the last one before them.
        """
        x_BCTHW = _each_frame(lambda frame: self.space(F.pad(frame, (0, 1, 0, 1))), x_BCTHW)
        if self.time is None:
            return x_BCTHW
        alone = x_BCTHW[:, :, : 0 if stream.started else 1]
        seen = torch.cat((stream.tails[self.name], x_BCTHW), 2) if stream.started else x_BCTHW
        stream.tails[self.name] = x_BCTHW[:, :, -1:].clone()
        return torch.cat((alone, self.time(seen)), 2) if seen.shape[2] > 2 else alone


class Upsample(nn.Module):
    """Double rows and columns, and the frame rate where ``doubles_time``."""

    def __init__(self, width_in: int, width_out: int, *, doubles_time: bool) -> None:
        super().__init__()
        self.time = CausalConv(width_in, 2 * width_in, (3, 1, 1)) if doubles_time else None
        self.space = nn.Conv2d(width_in, width_out, 3, padding=1)

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """The first frame of a clip stays alone, and the others never see it (sic)."""
        if self.time is not None:
            alone, others = x_BCTHW.tensor_split([0 if stream.started else 1], dim=2)
            if others.shape[2]:
                pairs = self.time(others, stream)
                others = rearrange(pairs, "b (two c) t h w -> b c (t two) h w", two=2)
            x_BCTHW = torch.cat((alone, others), dim=2)
        return _each_frame(self._enlarge, x_BCTHW)

    def _enlarge(self, x_BCHW: Tensor) -> Tensor:
        return self.space(F.interpolate(x_BCHW, scale_factor=2.0, mode="nearest-exact"))


class Level(nn.Module):
    """One rung of the ladder: residual blocks, a change of size, and in 2.2 a shortcut.

    The shortcut is handed in as a function of the level's input, because it has no weights.
    """

    def __init__(
        self,
        widths: list[int],
        resample: Downsample | Upsample | None,
        shortcut: Callable[[Tensor, Stream], Tensor] | None,
    ) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(ResidualBlock(a, b) for a, b in pairwise(widths))
        self.resample = resample
        self.shortcut = shortcut

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, C, T, H, W) to what the next level takes."""
        y = x_BCTHW
        for block in self.blocks:
            y = block(y, stream)
        if self.resample is not None:
            y = self.resample(y, stream)
        return y if self.shortcut is None else y + self.shortcut(x_BCTHW, stream)


def _average_down(width_out: int, time: int, space: int) -> Callable[[Tensor, Stream], Tensor]:
    """The mean over cells of time x space x space, channels regrouped to ``width_out``."""

    def shortcut(x_BCTHW: Tensor, stream: Stream) -> Tensor:  # noqa: ARG001
        missing = -x_BCTHW.shape[2] % time
        cells = rearrange(
            F.pad(x_BCTHW, (0, 0, 0, 0, missing, 0)),
            "b c (t i) (h j) (w k) -> b (c i j k) t h w", i=time, j=space, k=space,
        )  # fmt: skip
        return cells.unflatten(1, (width_out, -1)).mean(2)

    return shortcut


def _repeat_up(width_out: int, time: int, space: int) -> Callable[[Tensor, Stream], Tensor]:
    """Channels repeated and dealt out over cells of time x space x space."""

    def shortcut(x_BCTHW: Tensor, stream: Stream) -> Tensor:
        times = width_out * time * space * space // x_BCTHW.shape[1]
        cells = rearrange(
            repeat(x_BCTHW, "b c t h w -> b (c r) t h w", r=times),
            "b (c i j k) t h w -> b c (t i) (h j) (w k)", i=time, j=space, k=space,
        )  # fmt: skip
        # The first latent frame is one frame, not ``time`` of them.
        return cells if stream.started else cells[:, :, time - 1 :]

    return shortcut


class Middle(nn.Module):
    """The coarsest level: a residual block, attention within frames, a residual block."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.block_1 = ResidualBlock(width, width)
        self.attention = FrameAttention(width)
        self.block_2 = ResidualBlock(width, width)

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, C, T, H, W) to the same."""
        x_BCTHW = self.attention(self.block_1(x_BCTHW, stream), stream)
        return self.block_2(x_BCTHW, stream)


class Encoder(nn.Module):
    """Frames down the ladder to mean and log-variance of the latent."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        widths = [config.width * level for level in (1, *config.levels)]
        self.conv_in = CausalConv(3 * config.packed**2, widths[0], (3, 3, 3))
        self.levels = nn.ModuleList()
        for index, (before, width) in enumerate(pairwise(widths)):
            last = index == len(config.levels) - 1
            halves_time = not last and config.halves_time[index]
            shrink = None if last else Downsample(width, halves_time=halves_time)
            shortcut = _average_down(width, 1 + halves_time, 1 if last else 2)
            ladder = [before] + config.depth * [width]
            self.levels.append(Level(ladder, shrink, shortcut if config.shortcuts else None))
        self.middle = Middle(widths[-1])
        self.norm_out = ChannelNorm(widths[-1])
        self.conv_out = CausalConv(widths[-1], 2 * config.channels, (3, 3, 3))

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, 3 packed^2, T, H, W) to (B, 2 K, T', H', W')."""
        x_BCTHW = self.conv_in(x_BCTHW, stream)
        for level in self.levels:
            x_BCTHW = level(x_BCTHW, stream)
        x_BCTHW = self.middle(x_BCTHW, stream)
        return self.conv_out(F.silu(self.norm_out(x_BCTHW)), stream)


class Decoder(nn.Module):
    """The latent up the ladder to frames."""

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        widths = [
            config.decoder_width * level for level in (config.levels[-1], *config.levels[::-1])
        ]
        self.conv_in = CausalConv(config.channels, widths[0], (3, 3, 3))
        self.middle = Middle(widths[0])
        self.levels = nn.ModuleList()
        before = widths[0]
        for index, width in enumerate(widths[1:]):
            last = index == len(config.levels) - 1
            doubles_time = not last and config.halves_time[::-1][index]
            # Without shortcuts the enlarging convolution also halves the width.
            after = width if config.shortcuts or last else width // 2
            grow = None if last else Upsample(width, after, doubles_time=doubles_time)
            shortcut = _repeat_up(width, 1 + doubles_time, 2)
            ladder = [before] + (config.depth + 1) * [width]
            has_shortcut = config.shortcuts and not last
            self.levels.append(Level(ladder, grow, shortcut if has_shortcut else None))
            before = after
        self.norm_out = ChannelNorm(widths[-1])
        self.conv_out = CausalConv(widths[-1], 3 * config.packed**2, (3, 3, 3))

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, K, T, H, W) to (B, 3 packed^2, T', H', W')."""
        x_BCTHW = self.middle(self.conv_in(x_BCTHW, stream), stream)
        for level in self.levels:
            x_BCTHW = level(x_BCTHW, stream)
        return self.conv_out(F.silu(self.norm_out(x_BCTHW)), stream)


class WanVae(nn.Module):
    """The autoencoder; see the head of this file.

    Latents are normalised here, on the way out and on the way in: mean 0 and variance 1 for each
    channel is what the transformers work on.
    """

    mean_K: Tensor
    std_K: Tensor

    def __init__(self, config: VaeConfig) -> None:
        super().__init__()
        self.config = config
        channels = config.channels
        self.encoder = Encoder(config)
        self.to_latent = CausalConv(2 * channels, 2 * channels, (1, 1, 1))
        self.from_latent = CausalConv(channels, channels, (1, 1, 1))
        self.decoder = Decoder(config)
        self.register_buffer("mean_K", torch.tensor(config.mean), persistent=False)
        self.register_buffer("std_K", torch.tensor(config.std), persistent=False)
        for name, module in self.named_modules():
            if isinstance(module, CausalConv | Downsample):
                module.name = name

    def encode_iter(
        self, pixels_BCTHW: Tensor, chunk: int = 1, stream: Stream | None = None
    ) -> Iterator[Tensor]:
        """Encode a clip, some latent frames at a time.

        Args:
            pixels_BCTHW: (B, 3, T, H, W) in [-1, 1]; H and W are multiples of `VaeConfig.cell`.
                T is 1 + 4 k, or 4 k where a stream goes on.
            chunk: Latent frames a piece: more is faster and takes more memory.
            stream: Goes on with an earlier clip, and can be taken up again afterwards; a new clip
                when None.

        Yields:
            Normalised means (B, K, up to ``chunk``, H / cell, W / cell), float32.

        Raises:
            ValueError: The shape or the chunk does not fit.
        """
        stream = Stream() if stream is None else stream
        self._check_pixels(pixels_BCTHW, stream)
        if chunk < 1:
            raise ValueError(f"chunk must be at least 1, got {chunk}")
        mean_K111, std_K111 = (x[:, None, None, None] for x in (self.mean_K, self.std_K))
        start, frames = 0, pixels_BCTHW.shape[2]
        while start < frames:
            end = start + RATE * chunk - (0 if stream.started else RATE - 1)
            x = self._taken(_pack(pixels_BCTHW[:, :, start:end], self.config.packed))
            moments = self.to_latent(self.encoder(x, stream), stream)
            stream.started, start = True, end
            yield (moments.chunk(2, dim=1)[0].float() - mean_K111) / std_K111

    def decode_iter(
        self, latent_BKTHW: Tensor, chunk: int = 1, stream: Stream | None = None
    ) -> Iterator[Tensor]:
        """Decode a latent, some latent frames at a time.

        Args:
            latent_BKTHW: Normalised latent (B, K, T, H, W), any float dtype.
            chunk: Latent frames a piece: more is faster and takes more memory.
            stream: Goes on with an earlier clip, and can be taken up again afterwards; a new clip
                when None.

        Yields:
            Pixels (B, 3, frames, H cell, W cell) in [-1, 1], float32. The first piece of a clip
            has ``4 * chunk - 3`` frames, the others ``4 * chunk``.

        Raises:
            ValueError: The shape or the chunk does not fit.
        """
        stream = Stream() if stream is None else stream
        if latent_BKTHW.ndim != 5 or latent_BKTHW.shape[1] != self.config.channels:
            shape = tuple(latent_BKTHW.shape)
            raise ValueError(f"latent must be (B, {self.config.channels}, T, H, W), got {shape}")
        if chunk < 1:
            raise ValueError(f"chunk must be at least 1, got {chunk}")
        mean_K111, std_K111 = (x[:, None, None, None] for x in (self.mean_K, self.std_K))
        for piece in latent_BKTHW.split(chunk, dim=2):
            x = self.from_latent(self._taken(piece.float() * std_K111 + mean_K111), stream)
            pixels = self.decoder(x, stream)
            stream.started = True
            yield _unpack(pixels.float(), self.config.packed).clamp(-1.0, 1.0)

    def encode(self, pixels_BCTHW: Tensor, chunk: int | None = None) -> Tensor:
        """All of `encode_iter` in one tensor; the whole clip at once when ``chunk`` is None."""
        return torch.cat([*self.encode_iter(pixels_BCTHW, chunk or pixels_BCTHW.shape[2])], dim=2)

    def decode(self, latent_BKTHW: Tensor, chunk: int | None = None) -> Tensor:
        """All of `decode_iter` in one tensor; the whole clip at once when ``chunk`` is None."""
        return torch.cat([*self.decode_iter(latent_BKTHW, chunk or latent_BKTHW.shape[2])], dim=2)

    def lower_precision(self, dtype: torch.dtype) -> WanVae:
        """Cast the weights, in place; the constants of the latent stay float32."""
        mean_K, std_K = self.mean_K, self.std_K
        self.to(dtype)
        self.mean_K, self.std_K = mean_K, std_K
        return self

    def channels_last(self) -> WanVae:
        """Lay the weights out channel by channel, in place: what fast convolutions want.

        Inputs are laid out likewise on the way in; mixed layouts have given wrong pictures.
        """
        layouts = {4: torch.channels_last, 5: torch.channels_last_3d}
        for weight in self.parameters():
            if weight.ndim in layouts:
                weight.data = weight.data.contiguous(memory_format=layouts[weight.ndim])
        return self

    def _taken(self, x_BCTHW: Tensor) -> Tensor:
        """The chunk in the dtype and layout of the weights."""
        weight = self.encoder.conv_in.weight
        layout = (
            torch.channels_last_3d
            if weight.is_contiguous(memory_format=torch.channels_last_3d)
            else torch.contiguous_format
        )
        return x_BCTHW.to(weight.dtype).contiguous(memory_format=layout)

    def _check_pixels(self, pixels_BCTHW: Tensor, stream: Stream) -> None:
        shape, cell = tuple(pixels_BCTHW.shape), self.config.cell
        if len(shape) != 5 or shape[1] != 3 or shape[3] % cell or shape[4] % cell:
            raise ValueError(f"pixels must be (B, 3, T, multiples of {cell}), got {shape}")
        if (shape[2] + (RATE - 1 if not stream.started else 0)) % RATE or not shape[2]:
            wanted = "4 k" if stream.started else "1 + 4 k"
            raise ValueError(f"pixels must have {wanted} frames, got {shape[2]}")


def _each_frame(function: Callable[[Tensor], Tensor], x_BCTHW: Tensor) -> Tensor:
    """Apply a function of pictures to every frame of every clip at once."""
    frames = function(x_BCTHW.transpose(1, 2).flatten(0, 1))
    return frames.unflatten(0, (len(x_BCTHW), -1)).transpose(1, 2)


def _pack(pixels: Tensor, side: int) -> Tensor:
    """Squares of pixels into channels: channel, then column, then row within the square."""
    return rearrange(pixels, "b c t (h y) (w x) -> b (c x y) t h w", y=side, x=side)


def _unpack(packed: Tensor, side: int) -> Tensor:
    """The inverse of `_pack`."""
    return rearrange(packed, "b (c x y) t h w -> b c t (h y) (w x)", y=side, x=side)
