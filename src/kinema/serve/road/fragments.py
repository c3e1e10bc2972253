"""Pictures as fragmented MP4, each piece ready to be played as soon as it is made.

The first bytes are the init segment (ftyp, moov); then come fragments (moof, mdat) of one picture
each. What is sent at a time is whole boxes, so that a browser's MediaSource takes them as they are.
"""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from fractions import Fraction
from typing import Final, Self, cast

import av
from av.codec.context import ThreadType
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from kinema.media.colour import Rgb, to_yuv
from kinema.media.encoder import mp4_options, track_timescale
from kinema.types import Size

_LIVE: Final = {"preset": "superfast", "tune": "zerolatency", "crf": "22", "threads": "1"}
"""No picture waits for the next one; one thread, since the renderer needs the cores."""
_FLAGS: Final = ("empty_moov", "default_base_moof", "frag_every_frame", "skip_trailer")


class Fragments:
    """Encodes pictures of one size into fragments.

    Args:
        size: Of every picture; even sides.
        fps: Pictures a second.

    Example:
        >>> import numpy as np
        >>> with Fragments(Size(width=64, height=64), Fraction(24)) as out:
        ...     out.put(np.zeros((64, 64, 3), np.uint8), key=True)
        ...     (out.init[4:8], out.finish()[4:8])
        (b'ftyp', b'moof')
    """

    def __init__(self, size: Size, fps: Fraction) -> None:
        self._sink = _Sink()
        flags = dict(mp4_options(track_timescale(fps)), movflags="+".join(_FLAGS))
        self._container = av.open(
            self._sink, "w", format="mp4", options={**flags, "flush_packets": "1"}
        )
        stream = self._container.add_stream("libx264", rate=fps, options=dict(_LIVE))
        self._stream = cast("av.VideoStream", stream)
        context = self._stream.codec_context
        context.width, context.height, context.pix_fmt = size.width, size.height, "yuv420p"
        context.time_base = self._tick = 1 / fps
        context.thread_type = ThreadType.FRAME
        context.gop_size = 10 * round(fps)  # the caller says where the key pictures are
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
        self._container.start_encoding()
        self.init = self._sink.take()
        self._count = 0

    @property
    def mime(self) -> str:
        """What a browser is asked whether it can play it."""
        at = self.init.index(b"avcC") + 5
        return f'video/mp4; codecs="avc1.{self.init[at : at + 3].hex()}"'

    def put(self, picture: Rgb, *, key: bool = False) -> None:
        """Encode the next picture (height, width, 3); ``key`` is one that a player can begin at."""
        frame = to_yuv(picture)
        frame.pts, frame.time_base = self._count, self._tick
        frame.pict_type = PictureType.I if key else PictureType.NONE
        self._count += 1
        self._mux(frame)

    def take(self) -> bytes:
        """The fragments that are whole and were not taken yet."""
        return self._sink.take()

    def finish(self) -> bytes:
        """Close the stream; the fragments that are left."""
        self._mux(None)
        self._container.close()
        return self._sink.take()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._container.close()

    def _mux(self, frame: av.VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            packet.duration = 1
            self._container.mux(packet)


class _Sink:
    """Where the muxer writes: bytes until somebody takes them."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def write(self, data: bytes) -> int:
        self._bytes += data
        return len(data)

    def take(self) -> bytes:
        taken = bytes(self._bytes)
        self._bytes.clear()
        return taken
