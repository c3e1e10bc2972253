"""The Wan autoencoders behind the engine's protocol: pictures in and out, a few at a time.

Shape legend for this file:
    C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any, Final

import numpy as np
import torch
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.latent.memory import CHUNKS, Cut
from kinema.engine.latent.pace import Clock
from kinema.engine.latent.rough import Rough
from kinema.engine.latent.tiles import Tile, tiles
from kinema.engine.latent.work import Shape, decode_operations
from kinema.media import cache_folder
from kinema.models.autoencoder import MemoryVae
from kinema.models.configs import RATE, VaeConfig
from kinema.models.vae import Stream, WanVae
from kinema.sample.arrays import Array

_SPOOLED: Final = np.float16
"""What pixels lie on disk in: exact for those of pictures, within 0.0005 for the network's."""

_PIXEL: Final = 127.5  # of a picture's value, for one unit of the network's

MakeRoom = Callable[[Shape], Cut]
"""Says how a latent of a shape is to be cut, and makes the room that the cut needs."""


def in_one_piece(_: Shape) -> Cut:
    """No tiles, and chunks as long as they are of use: for those who have the memory."""
    return Cut(CHUNKS[0], None, 0)


class WanCodec:
    """The autoencoder, in chunks of time, and where memory is short in tiles.

    What layers remember between chunks is most of what a clip needs. So tiles come one after the
    other, each over the whole clip, and meet in a file.

    Args:
        vae: The network.
        device: Where it is.
        room: Says how clips are cut.
        clock: Told how long real chunks take.
        stream: Makes what the network remembers between chunks.
    """

    rate = RATE

    def __init__(
        self,
        vae: WanVae | MemoryVae,
        device: torch.device,
        room: MakeRoom = in_one_piece,
        clock: Clock | None = None,
        stream: Callable[[], Any] = Stream,
    ) -> None:
        self.channels = vae.config.channels
        self.cell = vae.config.cell
        self._vae, self._device, self._room = vae, device, room
        self._clock, self._stream = clock, stream
        self._rough: Rough | None = None

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """Pictures to a latent, chunk by chunk.

        Values may be float32 in [0, 255] as well: 127.5 is the grey that stands for nothing.
        """
        source = iter(pictures)
        first = next(source, None)
        if first is None:
            raise ValueError("there is no picture to encode")
        rows, columns = (side // self.cell for side in first.shape[:2])
        cut = self._room((RATE, rows, columns))
        pictures = chain([first], source)
        if cut.side is None:
            return torch.cat([*self._encoded(pictures, cut.chunk)], dim=2)
        parts = tiles(rows, columns, cut.side)
        return self._encoded_in_tiles(pictures, first.shape, cut.chunk, parts)

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """Pictures (H, W, 3), uint8, rounded."""
        for pixels_13THW in self.decoded(latent_1CTHW):
            bright = (pixels_13THW[0] + 1.0).mul_(_PIXEL).round_().clamp_(0.0, 255.0)
            yield from bright.to(torch.uint8).permute(1, 2, 3, 0).cpu().numpy()

    def decoded(self, latent_1CTHW: Array) -> Iterator[Tensor]:
        """The same as the network gives it: (1, 3, frames, H, W) in [-1, 1], float32."""
        frames, rows, columns = latent_1CTHW.shape[2:]
        cut = self._room((frames, rows, columns))
        if cut.side is None:
            return self._decoded(latent_1CTHW, cut.chunk)
        return self._decoded_in_tiles(latent_1CTHW, cut.chunk, tiles(rows, columns, cut.side))

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """One small picture a latent frame."""
        if self._rough is None:
            self._rough = Rough.fitted(self.encode, self.cell, 1 + RATE)
        return self._rough.pictures(latent_1CTHW)

    def _encoded(self, pictures: Iterable[Picture], chunk: int) -> Iterator[Tensor]:
        """The latent of whole pictures, chunk by chunk."""
        source, stream = iter(pictures), self._stream()
        while taken := list(islice(source, RATE * chunk - (0 if stream.started else RATE - 1))):
            pixels_T3HW = torch.as_tensor(np.stack(taken)).movedim(-1, 1).to(self._device)
            pixels_13THW = (pixels_T3HW.float() / _PIXEL - 1.0).transpose(0, 1)[None]
            with torch.inference_mode():
                latent = next(self._vae.encode_iter(pixels_13THW, chunk, stream))
            yield latent

    def _encoded_in_tiles(
        self,
        pictures: Iterable[Picture],
        shape: tuple[int, ...],
        chunk: int,
        parts: Sequence[Tile],
    ) -> Tensor:
        """The latent of pictures that lie on disk while each tile of them is encoded."""
        whole: Tensor | None = None
        with _on_disk() as file:
            for shown in pictures:
                file.write(shown.astype(_SPOOLED).tobytes())
            file.flush()
            kept = np.memmap(file, _SPOOLED, "r").reshape(-1, *shape).transpose(0, 3, 1, 2)
            for part in parts:
                piece = part.of(kept, self.cell).transpose(0, 2, 3, 1)
                latent = torch.cat([*self._encoded(piece, chunk)], dim=2)
                if whole is None:
                    sides = [side // self.cell for side in shape[:2]]
                    whole = latent.new_zeros(*latent.shape[:3], *sides)
                weights = torch.as_tensor(part.weights(1)).to(latent.device)
                part.of(whole, 1).add_(latent * weights)
        assert whole is not None
        return whole

    def _decoded(self, latent_1CTHW: Tensor, chunk: int) -> Iterator[Tensor]:
        """The pixels of a whole latent, chunk by chunk."""
        stream = self._stream()
        pieces: tuple[Tensor, ...] = torch.split(latent_1CTHW, chunk, dim=2)
        for piece in pieces:
            with torch.inference_mode(), self._timed(piece, first=not stream.started):
                pixels_13THW = next(self._vae.decode_iter(piece, chunk, stream))
            yield pixels_13THW

    def _decoded_in_tiles(
        self, latent_1CTHW: Tensor, chunk: int, parts: Sequence[Tile]
    ) -> Iterator[Tensor]:
        """The pixels of a latent, laid together on disk: each tile is decoded to its end first."""
        frames, rows, columns = latent_1CTHW.shape[2:]
        shape = 1 + (frames - 1) * RATE, 3, rows * self.cell, columns * self.cell
        with _on_disk() as file:
            kept = np.memmap(file, _SPOOLED, "w+", shape=shape)
            for part in parts:
                weights, start = torch.as_tensor(part.weights(self.cell)), 0
                for pixels_13THW in self._decoded(part.of(latent_1CTHW, 1), chunk):
                    stop = start + pixels_13THW.shape[2]
                    counted = pixels_13THW[0].transpose(0, 1).cpu() * weights
                    part.of(kept[start:stop], self.cell)[...] += counted.numpy()
                    start = stop
            for start in range(0, shape[0], RATE):
                pixels_T3HW = torch.as_tensor(np.array(kept[start : start + RATE], np.float32))
                yield pixels_T3HW.transpose(0, 1)[None]

    def _timed(self, piece: Tensor, *, first: bool) -> AbstractContextManager[None]:
        """Take the time of a chunk, but not of the first, of which one frame stays alone."""
        config = self._vae.config
        if self._clock is None or first or not isinstance(config, VaeConfig):
            return nullcontext()
        frames, rows, columns = piece.shape[2:]
        two, one = (decode_operations(config, (n, rows, columns)) for n in (2, 1))
        return self._clock.decoding((frames, rows, columns), (two + one * -1.0) * frames)


def _on_disk() -> IO[bytes]:
    """A file without a name in the cache folder: the usual place for such files may be memory."""
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return TemporaryFile(dir=folder)
