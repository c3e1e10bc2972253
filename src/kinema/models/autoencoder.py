"""The autoencoder of our own model: two-dimensional convolutions that remember the frame before.

A clip of 1 + 4 k frames becomes 1 + k latent frames of one value vector for each 16 x 16 pixels.
Frames go through ordinary convolutions of pictures, the cheapest arithmetic there is on a CPU, and
each block also sees what it saw of the frame before: causal, and a chunk can go on where the last
one stopped. Time is halved by laying two frames into the channels of one, and doubled the same
way back. There are no norms. The finest level is half the resolution, two by two pixels a cell.

The first frame of a clip stands for four: it is repeated on the way in, and three of its four
copies are dropped on the way out.

Shape legend for this file:
    B = clips, T = frames, C = channels, H, W = rows and columns, K = latent channels,
    F = B x T: the frames of all clips as one batch of pictures, clip by clip.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kinema.models.configs import RATE, MemoryVaeConfig

PACKED: Final = 2
_HALVES_TIME: Final = (False, True, True)  # from each level to the next coarser one


class Memory:
    """What the blocks remember between chunks; `started` once the first chunk has gone through."""

    def __init__(self) -> None:
        self.started = False
        self.frames: dict[str, Tensor] = {}


class MemoryBlock(nn.Module):
    """Three convolutions over a frame and the one before it, added to the frame."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.name = ""
        self.conv_in = nn.Conv2d(2 * width, width, 3, padding=1)
        self.conv_mid = nn.Conv2d(width, width, 3, padding=1)
        self.conv_out = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x_FCHW: Tensor, clips: int, memory: Memory) -> Tensor:
        """Same shape out; the last frame of each clip goes into the memory."""
        x_BTCHW = x_FCHW.unflatten(0, (clips, -1))
        last_B1CHW = memory.frames.get(self.name)
        if last_B1CHW is None:
            last_B1CHW = torch.zeros_like(x_BTCHW[:, :1])
        memory.frames[self.name] = x_BTCHW[:, -1:].clone()
        past_FCHW = torch.cat((last_B1CHW, x_BTCHW[:, :-1]), dim=1).flatten(0, 1)
        y = F.relu(self.conv_in(torch.cat((x_FCHW, past_FCHW), dim=1)))
        y = self.conv_out(F.relu(self.conv_mid(y)))
        return F.relu(x_FCHW + y)


class Down(nn.Module):
    """To half the rows and columns, and half the frames where wanted."""

    def __init__(self, width: int, width_out: int, halves_time: bool) -> None:
        super().__init__()
        self.halves_time = halves_time
        self.conv = nn.Conv2d(width * (1 + halves_time), width_out, 3, stride=2, padding=1)

    def forward(self, x_FCHW: Tensor) -> Tensor:
        """(F, C, H, W) to (F or F / 2, C', H / 2, W / 2)."""
        if self.halves_time:
            x_FCHW = x_FCHW.unflatten(0, (-1, 2)).flatten(1, 2)
        return self.conv(x_FCHW)


class Up(nn.Module):
    """To twice the rows and columns, and twice the frames where wanted."""

    def __init__(self, width: int, width_out: int, doubles_time: bool) -> None:
        super().__init__()
        self.doubles_time = doubles_time
        self.grow = nn.Conv2d(width, 2 * width, 1) if doubles_time else None
        self.conv = nn.Conv2d(width, width_out, 3, padding=1)

    def forward(self, x_FCHW: Tensor) -> Tensor:
        """(F, C, H, W) to (F or 2 F, C', 2 H, 2 W)."""
        if self.grow is not None:
            x_FCHW = self.grow(x_FCHW).unflatten(1, (2, -1)).flatten(0, 1)
        return self.conv(F.interpolate(x_FCHW, scale_factor=2.0, mode="nearest"))


class MemoryVae(nn.Module):
    """The autoencoder; see the head of this file.

    Latents are normalised here, by ``mean_K`` and ``std_K``, which are saved with the weights;
    `calibrate` measures them.
    """

    mean_K: Tensor
    std_K: Tensor

    def __init__(self, config: MemoryVaeConfig) -> None:
        super().__init__()
        self.config = config
        pixel = 3 * PACKED**2
        ins, outs = config.encoder, config.decoder
        encoder: list[nn.Module] = [nn.Conv2d(pixel, ins[0], 3, padding=1)]
        for level, width in enumerate(ins):
            encoder += [MemoryBlock(width) for _ in range(config.encoder_depth[level])]
            if level < 3:
                encoder.append(Down(width, ins[level + 1], _HALVES_TIME[level]))
        self.encoder = nn.ModuleList([*encoder, nn.Conv2d(ins[3], config.channels, 1)])
        decoder: list[nn.Module] = [nn.Conv2d(config.channels, outs[3], 3, padding=1)]
        for level in (3, 2, 1, 0):
            decoder += [MemoryBlock(outs[level]) for _ in range(config.decoder_depth[level])]
            if level:
                decoder.append(Up(outs[level], outs[level - 1], _HALVES_TIME[level - 1]))
        self.decoder = nn.ModuleList([*decoder, nn.Conv2d(outs[0], pixel, 3, padding=1)])
        self.register_buffer("mean_K", torch.zeros(config.channels))
        self.register_buffer("std_K", torch.ones(config.channels))
        for name, module in self.named_modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
                nn.init.zeros_(cast("Tensor", module.bias))
            if isinstance(module, MemoryBlock):
                module.name = name
        for module in self.modules():
            if isinstance(module, MemoryBlock):
                # Without norms, blocks that begin as no change are what keeps signals in size.
                nn.init.zeros_(module.conv_out.weight)

    def encode_iter(
        self, pixels_BCTHW: Tensor, chunk: int = 1, stream: Memory | None = None
    ) -> Iterator[Tensor]:
        """Encode a clip, some latent frames at a time.

        Args:
            pixels_BCTHW: (B, 3, T, H, W) in [-1, 1]; H and W are multiples of 16. T is 1 + 4 k, or
                4 k where a stream goes on.
            chunk: Latent frames a piece: more is faster and takes more memory.
            stream: Goes on with an earlier clip; a new clip when None.

        Yields:
            Normalised latents (B, K, up to ``chunk``, H / 16, W / 16), float32.

        Raises:
            ValueError: The shape or the chunk does not fit.
        """
        memory = Memory() if stream is None else stream
        self._check_pixels(pixels_BCTHW, memory, chunk)
        if not memory.started:
            first = pixels_BCTHW[:, :, :1].expand(-1, -1, RATE - 1, -1, -1)
            pixels_BCTHW = torch.cat((first, pixels_BCTHW), dim=2)
        for piece in pixels_BCTHW.split(RATE * chunk, dim=2):
            x = F.pixel_unshuffle(self._pictures(piece), PACKED)
            raw = self._through(self.encoder, x, len(piece), memory)
            memory.started = True
            yield self._scaled(raw.float(), len(piece))

    def decode_iter(
        self, latent_BKTHW: Tensor, chunk: int = 1, stream: Memory | None = None
    ) -> Iterator[Tensor]:
        """Decode a latent, some latent frames at a time.

        Args:
            latent_BKTHW: Normalised latent (B, K, T, H, W), any float dtype.
            chunk: Latent frames a piece: more is faster and takes more memory.
            stream: Goes on with an earlier clip; a new clip when None.

        Yields:
            Pixels (B, 3, frames, 16 H, 16 W) in [-1, 1], float32. The first piece of a clip has
            ``4 * chunk - 3`` frames, the others ``4 * chunk``.

        Raises:
            ValueError: The shape or the chunk does not fit.
        """
        memory = Memory() if stream is None else stream
        if latent_BKTHW.ndim != 5 or latent_BKTHW.shape[1] != self.config.channels or chunk < 1:
            shape, wanted = tuple(latent_BKTHW.shape), f"(B, {self.config.channels}, T, H, W)"
            raise ValueError(f"latent must be {wanted}, in chunks of 1 on; got {shape}, {chunk}")
        for piece in latent_BKTHW.split(chunk, dim=2):
            raw = piece.float() * _wide(self.std_K) + _wide(self.mean_K)
            pixels = self._decoded(raw, memory)
            pixels = pixels if memory.started else pixels[:, :, RATE - 1 :]
            memory.started = True
            yield pixels.clamp(-1.0, 1.0)

    def encode(self, pixels_BCTHW: Tensor, chunk: int | None = None) -> Tensor:
        """All of `encode_iter` in one tensor; the whole clip at once when ``chunk`` is None."""
        return torch.cat([*self.encode_iter(pixels_BCTHW, chunk or pixels_BCTHW.shape[2])], dim=2)

    def decode(self, latent_BKTHW: Tensor, chunk: int | None = None) -> Tensor:
        """All of `decode_iter` in one tensor; the whole clip at once when ``chunk`` is None."""
        return torch.cat([*self.decode_iter(latent_BKTHW, chunk or latent_BKTHW.shape[2])], dim=2)

    def forward(self, pixels_BCTHW: Tensor, noise: float = 0.0) -> tuple[Tensor, Tensor]:
        """There and back, for training: pixels, not clamped, and the normalised latent.

        ``noise`` of that deviation is added to the latent on the way, so that what a transformer
        gets a little wrong still looks right.
        """
        latent = self.encode(pixels_BCTHW)
        raw = (latent + noise * torch.randn_like(latent)) * _wide(self.std_K) + _wide(self.mean_K)
        return self._decoded(raw, Memory())[:, :, RATE - 1 :], latent

    @torch.no_grad()
    def calibrate(self, latent_BKTHW: Tensor) -> None:
        """Set mean and deviation so that latents like these get mean 0 and variance 1."""
        raw = latent_BKTHW.float() * _wide(self.std_K) + _wide(self.mean_K)
        self.mean_K.copy_(raw.mean(dim=(0, 2, 3, 4)))
        self.std_K.copy_(raw.std(dim=(0, 2, 3, 4)).clamp(min=1e-4))

    def lower_precision(self, dtype: torch.dtype) -> MemoryVae:
        """Cast the weights, in place; the constants of the latent stay float32."""
        mean_K, std_K = self.mean_K, self.std_K
        self.to(dtype)
        self.mean_K, self.std_K = mean_K, std_K
        return self

    def channels_last(self) -> MemoryVae:
        """Lay the weights out channel by channel, in place: what fast convolutions want."""
        self.to(memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        return self

    def _decoded(self, raw_BKTHW: Tensor, memory: Memory) -> Tensor:
        clips = len(raw_BKTHW)
        x = self._through(self.decoder, self._pictures(raw_BKTHW), clips, memory)
        pixels_FCHW = F.pixel_shuffle(x.float(), PACKED)
        return pixels_FCHW.unflatten(0, (clips, -1)).movedim(2, 1)

    def _through(self, layers: nn.ModuleList, x: Tensor, clips: int, memory: Memory) -> Tensor:
        for layer in layers:
            x = layer(x, clips, memory) if isinstance(layer, MemoryBlock) else layer(x)
        return x

    def _pictures(self, x_BCTHW: Tensor) -> Tensor:
        """Frames as a batch of pictures, in the dtype and layout of the weights."""
        weight = cast("nn.Conv2d", self.encoder[0]).weight
        x_FCHW = x_BCTHW.movedim(1, 2).flatten(0, 1)
        return x_FCHW.to(weight.dtype).contiguous(memory_format=torch.channels_last)

    def _scaled(self, raw_FKHW: Tensor, clips: int) -> Tensor:
        raw_BKTHW = raw_FKHW.unflatten(0, (clips, -1)).movedim(2, 1)
        return (raw_BKTHW - _wide(self.mean_K)) / _wide(self.std_K)

    def _check_pixels(self, pixels_BCTHW: Tensor, memory: Memory, chunk: int) -> None:
        shape, cell = tuple(pixels_BCTHW.shape), self.config.cell
        if len(shape) != 5 or shape[1] != 3 or shape[3] % cell or shape[4] % cell:
            raise ValueError(f"pixels must be (B, 3, T, multiples of {cell}), got {shape}")
        if (shape[2] + (0 if memory.started else RATE - 1)) % RATE or not shape[2]:
            wanted = "4 k" if memory.started else "1 + 4 k"
            raise ValueError(f"pixels must have {wanted} frames, got {shape[2]}")
        if chunk < 1:
            raise ValueError(f"chunk must be at least 1, got {chunk}")


def _wide(values_K: Tensor) -> Tensor:
    return values_K[:, None, None, None]
