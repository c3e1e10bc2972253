"""Frames into a file: one function, streaming, that leaves either a whole file or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from kinema.errors import Cancelled
from kinema.media.colour import Rgb
from kinema.media.encoder import AV1, H264, MASTER, Encoder, PacketEncoder
from kinema.media.formats import Format, check_output, is_sequence
from kinema.media.gif import GifEncoder
from kinema.media.picture import SequenceEncoder, StillEncoder
from kinema.media.staging import staged
from kinema.media.webp import WebpEncoder
from kinema.types import IsCancelled, Size


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the format, and how many frames and bytes."""

    format: Format
    frames: int
    bytes: int


def write(
    path: Path,
    frames: Iterable[Rgb],
    *,
    size: Size,
    fps: Fraction,
    count: int | None = None,
    on_frame: Callable[[int], None] | None = None,
    cancelled: IsCancelled = lambda: False,
    master: bool = False,
) -> Written:
    """Encode frames into a file whose ending says the format.

    Frames are taken one at a time and each is encoded before the next is asked for, so that memory
    does not grow with the length. The same frames give the same packets, whatever the number of
    cores. Nothing but pictures is written: what the clip is, `trust.finish` adds.

    Args:
        path: Where to write; see `formats` for the endings. An older file is replaced at the end.
        frames: Pictures (size.height, size.width, 3), uint8 RGB.
        size: Size of every frame in pixels. MP4 and WebM need even sides.
        fps: Frames a second, exact. MP4 keeps it exactly; WebM rounds each time to a millisecond
            and WebP too, GIF to a hundredth of a second, without drift; PNG and JPEG have no clock.
        count: How many frames there will be, where known. 1 makes ``.webp`` a still.
        on_frame: Called after each frame with the number done, on the calling thread.
        cancelled: Asked before each frame is taken; true ends the run.
        master: Keep nearly all of the picture, because it will be encoded again (MP4 alone).

    Returns:
        Format, number of frames and size of the file (of all files of a sequence).

    Raises:
        OutputError: The place cannot be written to, or the format does not hold these frames.
        RequestError: The format does not hold this size or fps.
        Cancelled: ``cancelled()`` was true; nothing is left behind.
        ValueError: A frame has another shape or type, or there are none, or not ``count``.

    Cost:
        CPU for each frame of 1280x720 on one core: MP4 14 ms, WebM 20 ms, PNG 35 ms,
        WebP 70 ms, GIF 130 ms. WebM needs 320 MB of memory at that size, the others under 100 MB.
    """
    form = check_output(path, size=size, fps=fps, count=count)
    shape, source, done = (size.height, size.width, 3), iter(frames), 0
    with staged(path) as part:
        with _encoder(form, part, size, fps, count, master=master) as encoder:
            while True:
                if cancelled():
                    raise Cancelled(f"stopped after {done} frames")
                frame = next(source, None)
                if frame is None:
                    break
                if frame.shape != shape or frame.dtype != np.uint8:
                    raise ValueError(
                        f"frame {done} is {frame.dtype} {frame.shape}, not uint8 {shape}"
                    )
                encoder.put(frame)
                done += 1
                if on_frame is not None:
                    on_frame(done)
            if done == 0 or done != (count or done):
                raise ValueError(f"got {done} frames, not {count or 'one or more'}")
            encoder.finish()
        files = list(part.parent.iterdir()) if is_sequence(part) else [part]
        size_in_bytes = sum(file.stat().st_size for file in files)
    return Written(format=form, frames=done, bytes=size_in_bytes)


def _encoder(
    form: Format, path: Path, size: Size, fps: Fraction, count: int | None, *, master: bool
) -> Encoder:
    if is_sequence(path):
        return SequenceEncoder(path)
    if form is Format.MP4:
        return PacketEncoder(path, form, MASTER if master else H264, size, fps)
    if form is Format.WEBM:
        return PacketEncoder(path, form, AV1, size, fps)
    if form is Format.GIF:
        return GifEncoder(path, size, fps)
    if form is Format.WEBP and count != 1:
        return WebpEncoder(path, size, fps)
    return StillEncoder(path)
