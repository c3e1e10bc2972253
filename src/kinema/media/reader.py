"""Files into frames, and what is known of a file without decoding it all."""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Final, cast

import av
import av.container
import av.error

from kinema.errors import MediaError
from kinema.media.colour import Rgb, to_rgb
from kinema.media.formats import (
    VIDEO,
    Format,
    check_readable_size,
    is_sequence,
    sequence_files,
    sniff,
)
from kinema.media.layout import is_animation, open_bytes, parts, picture_size
from kinema.media.picture import still
from kinema.media.webp import animation_frames, durations
from kinema.types import Size

_DEMUXERS: Final = {
    Format.MP4: "mov",
    Format.MOV: "mov",
    Format.WEBM: "matroska",
    Format.MATROSKA: "matroska",
    Format.GIF: "gif",
}


class Kind(StrEnum):
    """What a file is to its reader."""

    VIDEO = "video"
    ANIMATION = "animation"
    STILL = "still"
    SEQUENCE = "sequence"


@dataclass(frozen=True, slots=True)
class Info:
    """What a file holds.

    ``size`` is in pixels, as shown (a video that is to be turned is counted turned). ``fps`` and
    ``seconds`` are exact as far as the container is, and None for stills and sequences, which have
    no clock; an animation whose frames last differently has its average. ``codec`` is
    libavformat's name.
    """

    kind: Kind
    format: Format
    size: Size
    fps: Fraction | None
    frames: int
    seconds: Fraction | None
    codec: str
    has_audio: bool


@dataclass(frozen=True, slots=True)
class _Index:
    """Presentation times of all frames in ticks, ascending, and those of the key frames."""

    times: list[int]
    keys: list[int]


@contextmanager
def reading(path: Path, field: str) -> Generator[None]:
    """Turn what a decoder or the file system says about an input into a `MediaError`."""
    try:
        yield
    except (av.error.FFmpegError, OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        problem = f"{path.name} is broken or cut short ({reason.rstrip('.')})"
        raise MediaError(field, problem, "a file that plays from beginning to end") from error


@contextmanager
def opened(path: Path, form: Format, field: str) -> Generator[av.container.InputContainer]:
    """Open a video for libavformat, as exactly this format; it must hold a picture stream.

    Naming protocol and format keeps a hostile file from being taken for a play list that opens
    other files or addresses.
    """
    with open_bytes(path) as data:
        parts(data, form)  # libavformat would play what is there of a file that was cut short
    with av.open(f"file:{path}", format=_DEMUXERS[form], metadata_errors="replace") as container:
        if not container.streams.video:
            raise MediaError(field, f"{path.name} holds no picture")
        stream = container.streams.video[0]
        # There is none, whatever the types say, where nobody knows how it is packed.
        if getattr(stream, "codec_context", None) is None:  # pyright: ignore[reportUnnecessaryComparison]
            problem = f"{path.name} is packed in a way that is not known here"
            raise MediaError(field, problem, "H.264, AV1, VP9 or the like")
        check_readable_size(stream.width, stream.height, path.name, field)
        stream.thread_type = "AUTO"
        yield container


def probe(path: Path, *, field: str = "file") -> Info:
    """Say what a file holds.

    Args:
        path: A video, animation or picture, told by its content; or a sequence such as
            ``frames/%05d.png``.
        field: The field of the request that names the file, for the message.

    Raises:
        MediaError: The file is missing, empty, broken, cut short, too large or of a kind that is
            not read.

    Cost:
        Reads a video's packets once (a second for a gigabyte) and decodes its first frame.
    """
    if is_sequence(path):
        return _probe_sequence(path, field)
    form = sniff(path, field)
    with reading(path, field):
        if form in _DEMUXERS:
            return _probe_packets(path, form, field)
        with open_bytes(path) as data:
            parts(data, form)
            width, height = picture_size(data, form, path.name, field)
            check_readable_size(width, height, path.name, field)
            animated = form is Format.WEBP and is_animation(data, form)
            shown = durations(data) if animated else []
        if not animated:
            height, width = still(path, field=field).shape[:2]
        size, seconds = Size(width=width, height=height), sum(shown, Fraction(0)) or None
        return Info(
            kind=Kind.ANIMATION if animated else Kind.STILL,
            format=form,
            size=size,
            fps=len(shown) / seconds if seconds else None,
            frames=max(1, len(shown)),
            seconds=seconds,
            codec=form.value,
            has_audio=False,
        )


def frames(
    path: Path, *, start: int = 0, count: int | None = None, field: str = "file"
) -> Iterator[Rgb]:
    """Decode frames ``start`` up to ``start + count``, exactly, one at a time.

    Args:
        path: As for `probe`.
        start: The first frame, counted from 0 in the order they are shown.
        count: How many; None for all that follow. Fewer come where the file ends.
        field: The field of the request that names the file, for the message.

    Yields:
        (height, width, 3) uint8 RGB, upright; alpha is dropped.

    Raises:
        MediaError: As `probe`, when the first frame is taken or where the break is met.

    Cost:
        Bounded memory. A start within a video jumps to the key frame before it.
    """
    stop = None if count is None else start + count
    if is_sequence(path):
        for file in sequence_files(path, field)[start:stop]:
            yield still(file, field=field)[..., :3]
        return
    form = sniff(path, field)
    with reading(path, field):
        if form in _DEMUXERS:
            yield from _decoded(path, form, field, start, stop)
            return
        with open_bytes(path) as data:
            parts(data, form)
            if form is Format.WEBP and is_animation(data, form):
                check_readable_size(*picture_size(data, form, path.name, field), path.name, field)
                yield from itertools.islice(animation_frames(data), start, stop)
                return
    if start == 0 and stop != 0:
        yield still(path, field=field)[..., :3]


def picked(path: Path, indices: Sequence[int], *, field: str = "file") -> Iterator[Rgb]:
    """Decode only the frames with these numbers (ascending), jumping where that is shorter."""
    if is_sequence(path):
        files = sequence_files(path, field)
        yield from (still(files[number], field=field)[..., :3] for number in indices)
        return
    form = sniff(path, field)
    if form not in VIDEO:
        wanted = set(indices)
        for number, frame in enumerate(frames(path, count=indices[-1] + 1, field=field)):
            if number in wanted:
                yield frame
        return
    with reading(path, field), opened(path, form, field) as container:
        stream = container.streams.video[0]
        index = _index(container, stream)
        decoder, at = None, -1
        for time in (index.times[number] for number in indices):
            key = index.keys[max(0, bisect_right(index.keys, time) - 1)]
            if decoder is None or key > at:
                container.seek(key, stream=stream)
                decoder = container.decode(stream)
            for frame in decoder:
                at = frame.pts if frame.pts is not None else at
                if at >= time:
                    yield to_rgb(frame)
                    break


def _decoded(path: Path, form: Format, field: str, start: int, stop: int | None) -> Iterator[Rgb]:
    first = 0
    with opened(path, form, field) as container:
        stream = container.streams.video[0]
        skip = start
        if start and form in VIDEO:
            times = _index(container, stream).times
            if start >= len(times):
                return
            first, skip = times[start], 0
            container.seek(first, stream=stream)
        source = (
            frame
            for frame in container.decode(stream)
            if not start or form not in VIDEO or (frame.pts or 0) >= first
        )
        length = None if stop is None else skip + stop - start
        for frame in itertools.islice(source, skip, length):
            yield to_rgb(frame)


def _index(container: av.container.InputContainer, stream: av.VideoStream) -> _Index:
    """Read all packets once, and go back to the beginning."""
    times: list[int] = []
    keys: list[int] = []
    for packet in container.demux(stream):
        if packet.size and packet.pts is not None and not packet.is_discard:
            times.append(packet.pts)
            if packet.is_keyframe:
                keys.append(packet.pts)
    container.seek(0, stream=stream)
    return _Index(sorted(times), sorted(keys))


def _probe_packets(path: Path, form: Format, field: str) -> Info:
    with opened(path, form, field) as container:
        stream = container.streams.video[0]
        index = _index(container, stream)
        count = len(index.times)
        if count == 0 or count < stream.frames:
            raise ValueError(f"{count} of {stream.frames or 'no'} frames are there")
        shown = next(iter(container.decode(stream)), None)
        if shown is None:
            raise ValueError("its first frame cannot be decoded")
        height, width = to_rgb(shown).shape[:2]
        if form is Format.GIF:
            fps = count / _gif_seconds(container, stream)
        else:
            fps = stream.average_rate or stream.guessed_rate
        if not fps:
            raise ValueError("it does not say how fast it plays")
        return Info(
            kind=Kind.VIDEO if form in VIDEO else Kind.ANIMATION,
            format=form,
            size=Size(width=width, height=height),
            fps=fps,
            frames=count,
            seconds=count / fps,
            codec=stream.codec_context.codec.canonical_name,
            has_audio=bool(container.streams.audio),
        )


def _gif_seconds(container: av.container.InputContainer, stream: av.VideoStream) -> Fraction:
    container.seek(0, stream=stream)
    base = cast("Fraction", stream.time_base)
    ticks = sum(packet.duration or 0 for packet in container.demux(stream) if packet.size)
    if not ticks:
        raise ValueError("it does not say how long its frames are shown")
    return ticks * base


def _probe_sequence(path: Path, field: str) -> Info:
    files = sequence_files(path, field)
    first = probe(files[0], field=field)
    return Info(
        kind=Kind.SEQUENCE,
        format=first.format,
        size=first.size,
        fps=None,
        frames=len(files),
        seconds=None,
        codec=first.codec,
        has_audio=False,
    )
