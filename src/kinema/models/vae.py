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

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import torch
import torch.nn.functional as F
from einops import rearrange, repeat
from torch import Tensor, nn

from kinema.models.configs import RATE, VaeConfig
from kinema.ops.attention import attention
from kinema.ops.conv import clips_are_right
from kinema.ops.norm import channel_norm


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

    def forward(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, x_BCTHW: Tensor, stream: Stream, norm: ChannelNorm | None = None
    ) -> Tensor:
        """(B, C, T, H, W) to the same with other channels, seeing the frames before the chunk.

        The ``norm`` of what comes in is written right behind those frames: one copy less.
        """
        if self.past:
            x_BCTHW = _behind(stream.tails.get(self.name), x_BCTHW, self.past, norm)
            stream.tails[self.name] = x_BCTHW[:, :, -self.past :].clone()
        if self.past and _prefers_pictures(x_BCTHW.device, x_BCTHW.dtype):
            return self.by_frames(x_BCTHW)
        return super().forward(x_BCTHW)

    def by_frames(self, x_BCTHW: Tensor) -> Tensor:
        """The same as a sum of convolutions of pictures, one for each frame of the kernel."""
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

    def __init__(self, width: int, *, silu: bool = False) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.silu = silu

    def forward(self, x: Tensor, out: Tensor | None = None) -> Tensor:
        """(B, C, ...) to the same, with SiLU behind it where the norm was made with it."""
        # The floor only keeps a pixel of zeros from becoming 0 / 0.
        return channel_norm(x, self.weight, 1e-24, silu=self.silu, out=out)


class ResidualBlock(nn.Module):
    """Norm, SiLU, convolution, twice; added to what came in."""

    def __init__(self, width_in: int, width_out: int) -> None:
        super().__init__()
        self.norm_1 = ChannelNorm(width_in, silu=True)
        self.conv_1 = CausalConv(width_in, width_out, (3, 3, 3))
        self.norm_2 = ChannelNorm(width_out, silu=True)
        self.conv_2 = CausalConv(width_out, width_out, (3, 3, 3))
        self.skip = CausalConv(width_in, width_out, (1, 1, 1)) if width_in != width_out else None

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, width_in, T, H, W) to (B, width_out, T, H, W)."""
        y = self.conv_2(self.conv_1(x_BCTHW, stream, self.norm_1), stream, self.norm_2)
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
        return _joined(alone, self.time(seen)) if seen.shape[2] > 2 else alone


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
                others = _moved(pairs, "(two c) t h w", "c (t two) h w", two=2)
            x_BCTHW = _joined(alone, others)
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
        padded = F.pad(x_BCTHW, (0, 0, 0, 0, missing, 0))
        cells = _moved(padded, "c (t i) (h j) (w k)", "(c i j k) t h w", i=time, j=space, k=space)
        return cells.unflatten(1, (width_out, -1)).mean(2)

    return shortcut


def _repeat_up(width_out: int, time: int, space: int) -> Callable[[Tensor, Stream], Tensor]:
    """Channels repeated and dealt out over cells of time x space x space."""

    def shortcut(x_BCTHW: Tensor, stream: Stream) -> Tensor:
        times = width_out * time * space * space // x_BCTHW.shape[1]
        copies = repeat(x_BCTHW, "b c t h w -> b (c r) t h w", r=times)
        cells = _moved(copies, "(c i j k) t h w", "c (t i) (h j) (w k)", i=time, j=space, k=space)
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
        self.norm_out = ChannelNorm(widths[-1], silu=True)
        self.conv_out = CausalConv(widths[-1], 2 * config.channels, (3, 3, 3))

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, 3 packed^2, T, H, W) to (B, 2 K, T', H', W')."""
        x_BCTHW = self.conv_in(x_BCTHW, stream)
        for level in self.levels:
            x_BCTHW = level(x_BCTHW, stream)
        x_BCTHW = self.middle(x_BCTHW, stream)
        return self.conv_out(x_BCTHW, stream, self.norm_out)


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
        self.norm_out = ChannelNorm(widths[-1], silu=True)
        self.conv_out = CausalConv(widths[-1], 3 * config.packed**2, (3, 3, 3))

    def forward(self, x_BCTHW: Tensor, stream: Stream) -> Tensor:
        """(B, K, T, H, W) to (B, 3 packed^2, T', H', W')."""
        x_BCTHW = self.middle(self.conv_in(x_BCTHW, stream), stream)
        for level in self.levels:
            x_BCTHW = level(x_BCTHW, stream)
        return self.conv_out(x_BCTHW, stream, self.norm_out)


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


def _moved(x: Tensor, source: str, target: str, **lengths: int) -> Tensor:
    """`rearrange` of the axes behind the batch, whose answer lies in memory channel by channel.

    So do the answers of norms and convolutions, and a sum of two tensors is fast where both lie
    alike. The channels are the first axis of ``target``.
    """
    channels, *rest = re.findall(r"\(.+?\)|\w+", target)
    last = rearrange(x, f"b {source} -> b {' '.join(rest)} {channels}", **lengths)
    return last.movedim(-1, 1)


def _joined(*clips_BCTHW: Tensor) -> Tensor:
    """Frames after frames, in memory channel by channel like the answers of `_moved`."""
    return torch.cat([clip.movedim(1, -1) for clip in clips_BCTHW], dim=1).movedim(-1, 1)


def _prefers_pictures(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether convolutions of pictures are better here than those of clips.

    In float32 a CPU is up to eight times as fast at them: it has no good kernel for clips. On a
    GPU they are the way out where its library's convolutions of clips are wrong.
    """
    if device.type == "cpu":
        return dtype is torch.float32
    return device.type == "cuda" and not clips_are_right(device, dtype)


def _behind(
    tail_BCPHW: Tensor | None, x_BCTHW: Tensor, past: int, norm: ChannelNorm | None
) -> Tensor:
    """A chunk, or its norm, behind what came before; zeros where nothing did; the chunk's layout.

    `torch.cat` would choose a layout itself, and every convolution would copy its input into
    another one.
    """
    batch, channels, frames, *sides = x_BCTHW.shape
    last = torch.channels_last_3d
    layout = last if x_BCTHW.is_contiguous(memory_format=last) else torch.contiguous_format
    shape = (batch, channels, past + frames, *sides)
    both = torch.empty(shape, dtype=x_BCTHW.dtype, device=x_BCTHW.device, memory_format=layout)
    both[:, :, :past] = 0.0 if tail_BCPHW is None else tail_BCPHW
    if norm is None:
        both[:, :, past:] = x_BCTHW
    else:
        norm(x_BCTHW, out=both[:, :, past:])
    return both


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
