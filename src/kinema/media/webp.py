"""Animated WebP, written and read frame by frame.

libavformat does not read animations, and its writer merges equal frames and holds the whole file in
memory; the container is simple enough to do right. Only the box that changed is stored of a frame.

Source:
    Google, "WebP Container Specification", sections "Animation" and "Extended File Format".
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from kinema.media.colour import Rgb
from kinema.media.layout import riff_chunks
from kinema.media.picture import decode, encode
from kinema.media.staging import naming_output
from kinema.types import Size

QUALITY: Final = 80
_TICKS: Final = 1000
_ANIMATED, _ALPHA = 0x02, 0x10
_DISPOSE, _REPLACE = 0x01, 0x02


def chunk(name: bytes, payload: bytes) -> bytes:
    """A RIFF chunk, padded to an even length."""
    return name + struct.pack("<I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def extended_header(flags: int, width: int, height: int) -> bytes:
    """The chunk that says what else the file holds."""
    payload = struct.pack("<I", flags) + _u24(width - 1) + _u24(height - 1)
    return chunk(b"VP8X", payload)


class WebpEncoder:
    """Frames into an animated WebP that loops for ever."""

    def __init__(self, path: Path, size: Size, fps: Fraction) -> None:
        self._size, self._fps = size, fps
        self._frames = 0
        self._shown: Rgb | None = None
        with naming_output():
            self._file = path.open("wb")
        head = extended_header(_ANIMATED, size.width, size.height)
        head += chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, 0))
        with naming_output():
            self._file.write(b"RIFF" + b"\0" * 4 + b"WEBP" + head)

    def put(self, frame: Rgb) -> None:
        """Encode what changed since the frame before."""
        left, top, right, bottom = _changed(frame, self._shown)
        picture = encode(np.ascontiguousarray(frame[top:bottom, left:right]), ".webp", QUALITY)
        start, end = (round(k / self._fps * _TICKS) for k in (self._frames, self._frames + 1))
        box = _u24(left // 2) + _u24(top // 2) + _u24(right - left - 1) + _u24(bottom - top - 1)
        payload = box + _u24(end - start) + bytes([_REPLACE]) + picture[12:]
        self._frames += 1
        self._shown = frame.copy()
        with naming_output():
            self._file.write(chunk(b"ANMF", payload))

    def finish(self) -> None:
        """Write the length of the file into its head, and close it."""
        with naming_output():
            length = self._file.tell() - 8
            self._file.seek(4)
            self._file.write(struct.pack("<I", length))
            self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


def durations(data: memoryview) -> list[Fraction]:
    """Seconds that each frame of an animation is shown."""
    return [
        Fraction(_from_u24(data, body + 12), _TICKS)
        for name, body, _ in riff_chunks(data)
        if name == b"ANMF"
    ]


def animation_frames(data: memoryview) -> Iterator[Rgb]:
    """Decode an animation frame by frame, alpha over black; raises `ValueError` where broken."""
    canvas: NDArray[np.uint8] | None = None
    for name, body, end in riff_chunks(data):
        if name == b"VP8X":
            width, height = (_from_u24(data, body + at) + 1 for at in (4, 7))
            canvas = np.zeros((height, width, 4), np.uint8)
        elif name == b"ANMF" and canvas is not None:
            box, flags = _draw(canvas, data, body, end)
            yield np.ascontiguousarray(canvas[..., :3])
            if flags & _DISPOSE:
                canvas[box] = 0


def _draw(
    canvas: NDArray[np.uint8], data: memoryview, body: int, end: int
) -> tuple[tuple[slice, slice], int]:
    left, top = 2 * _from_u24(data, body), 2 * _from_u24(data, body + 3)
    width, height = _from_u24(data, body + 6) + 1, _from_u24(data, body + 9) + 1
    flags = data[body + 15]
    inner = bytes(data[body + 16 : end])
    still = extended_header(_ALPHA, width, height) + inner if inner[:4] == b"ALPH" else inner
    picture = decode(chunk(b"RIFF", b"WEBP" + still), alpha=True)
    box = (slice(top, top + height), slice(left, left + width))
    target = canvas[box]
    if picture is None or picture.shape[:2] != target.shape[:2]:
        raise ValueError("a frame of the animation is broken")
    if picture.shape[2] == 3:
        target[..., :3], target[..., 3] = picture, 255
    elif flags & _REPLACE:
        target[:] = picture
    else:
        share = picture[..., 3:].astype(np.float32) / 255
        mixed = picture[..., :3] * share + target[..., :3] * (1 - share)
        target[..., :3] = np.rint(mixed).astype(np.uint8)
        target[..., 3] = np.maximum(target[..., 3], picture[..., 3])
    return box, flags


def _changed(frame: Rgb, before: Rgb | None) -> tuple[int, int, int, int]:
    """The box (left, top, right, bottom) that differs; left and top are even, as they must be."""
    height, width = frame.shape[:2]
    if before is None:
        return 0, 0, width, height
    different = (frame != before).any(axis=2)
    columns, rows = np.flatnonzero(different.any(axis=0)), np.flatnonzero(different.any(axis=1))
    if not len(rows):
        return 0, 0, 1, 1
    left, top = int(columns[0]) & ~1, int(rows[0]) & ~1
    return left, top, int(columns[-1]) + 1, int(rows[-1]) + 1


def _u24(value: int) -> bytes:
    return value.to_bytes(3, "little")


def _from_u24(data: memoryview, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")
