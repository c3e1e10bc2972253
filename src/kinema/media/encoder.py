"""The encoder of MP4 and WebM, and what every encoder looks like.

Settings were measured on 720p storybook frames, one busy core of an AMD EPYC, CPU ms a frame:

    x264 crf 20  ultrafast 6 (4.1 MB for 3 s), superfast 8 (0.96 MB), veryfast 11 (0.61 MB),
                 faster 19 (0.71 MB), fast 22 (0.76 MB), medium 28 (0.75 MB)
    libvpx-vp9   good, any cpu-used from 4 up: 64 (0.48 MB); realtime 6: 16 (0.85 MB)
    SVT-AV1      preset 8: 18 (0.43 MB), preset 10: 11 (0.48 MB, 2 dB worse)

veryfast is the knee: the renderer needs the cores, and slower presets buy little. The animation
tune takes 4 % off the size for nothing. AV1 at preset 8 beats VP9 three times over.

Determinism: x264's packets depend on its number of threads but not on the cores that run them, so
the number is fixed. They must work on frames: with slices, PyAV's default, eight of twelve runs in
one process differed. Its macroblock tree is off: with B frames it reads memory that was never
written, and eight of twenty runs at 720x1280 differed. Without it, crf 22 gives the size and PSNR
that crf 18 gives with it. SVT-AV1's packets do not depend on its level of parallelism at all.
"""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol, Self, cast

import av
import av.error
from av.codec.context import ThreadType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from kinema.media.colour import Rgb, to_yuv
from kinema.media.formats import Format
from kinema.media.staging import naming_output
from kinema.types import Size

KEY_EVERY: Final = 2
"""Seconds between key frames: a player jumps, and `reader.frames` starts, at most this far off."""

_TICKS_MIN: Final = 10_000


class Encoder(Protocol):
    """Takes frames one by one. Leaving the block closes the file, finished or not."""

    def put(self, frame: Rgb) -> None:
        """Encode the next frame."""
        ...

    def finish(self) -> None:
        """Write what is still held back; no frame comes after."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Codec:
    """An encoder's name and its settings."""

    name: str
    options: dict[str, str]


H264: Final = Codec(
    "libx264",
    {"preset": "veryfast", "tune": "animation", "crf": "22", "mbtree": "0", "threads": "2"},
)
MASTER: Final = Codec("libx264", {**H264.options, "crf": "10"})
"""For what will be encoded again: four times the size, and a loss that nobody sees twice."""
AV1: Final = Codec("libsvtav1", {"preset": "8", "crf": "28", "svtav1-params": "lp=2"})

LOSSLESS: Final = Codec("libx264rgb", {"preset": "ultrafast", "qp": "0", "threads": "2"})
"""Keeps frames bit for bit at a third of their size or less; for what must be read twice."""


def track_timescale(fps: Fraction) -> int:
    """Ticks a second in which every frame of that rate begins on a whole tick."""
    ticks = fps.numerator
    while ticks < _TICKS_MIN:
        ticks *= 2
    return ticks


def mp4_options(timescale: int, *flags: str) -> dict[str, str]:
    """Muxer options: the index in front, and track and film counted in the same ticks.

    With libavformat's own film clock of 1/1000 s, the length of a track would be rounded.
    """
    return {
        "movflags": "+".join(("faststart", *flags)),
        "video_track_timescale": str(timescale),
        "movie_timescale": str(timescale),
    }


class PacketEncoder:
    """Frames into packets of a video codec in an MP4, WebM or Matroska file."""

    def __init__(self, path: Path, form: Format, codec: Codec, size: Size, fps: Fraction) -> None:
        # SVT-AV1 reports its settings on stderr unless told otherwise before its first use.
        os.environ.setdefault("SVT_LOG", "1")
        options = mp4_options(track_timescale(fps)) if form is Format.MP4 else {}
        self._tick = 1 / fps
        self._frames = 0
        self._in_rgb = codec is LOSSLESS
        with naming_output():
            self._container = av.open(f"file:{path}", "w", format=form.value, options=options)
        stream = self._container.add_stream(codec.name, rate=fps, options=dict(codec.options))
        self._stream = cast("av.VideoStream", stream)
        context = self._stream.codec_context
        context.width, context.height = size.width, size.height
        context.pix_fmt = "rgb24" if self._in_rgb else "yuv420p"
        context.time_base = self._tick
        context.thread_type = ThreadType.FRAME
        context.gop_size = round(fps * KEY_EVERY)
        if not self._in_rgb:
            context.colorspace = Colorspace.ITU709
            context.color_range = ColorRange.MPEG
            context.color_primaries = ColorPrimaries.BT709
            context.color_trc = ColorTrc.BT709

    def put(self, frame: Rgb) -> None:
        """Encode the next frame."""
        picture = (
            av.VideoFrame.from_ndarray(frame, format="rgb24") if self._in_rgb else to_yuv(frame)
        )
        picture.pts, picture.time_base = self._frames, self._tick
        self._frames += 1
        self._mux(picture)

    def finish(self) -> None:
        """Encode what the encoder held back, and close the file."""
        self._mux(None)
        with naming_output():
            self._container.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(av.error.FFmpegError):  # after an error a second one says nothing new
            self._container.close()

    def _mux(self, picture: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(picture):
            packet.duration = 1  # the encoder leaves it open, and the last frame would get none
            with naming_output():
                self._container.mux(packet)
