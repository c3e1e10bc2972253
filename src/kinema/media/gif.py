"""Frames into a GIF that loops for ever, with one palette for the whole clip."""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self, cast

import av
import av.filter

from kinema.media.colour import Rgb
from kinema.media.encoder import LOSSLESS, PacketEncoder
from kinema.media.formats import Format
from kinema.media.staging import naming_output
from kinema.types import Size

_TICK: Final = Fraction(1, 100)
# Bayer's pattern stands still where the picture does: no crawling in the sky, and a fifth less to
# store than with error diffusion. At scale 4 the eye no longer finds the pattern.
_DITHER: Final = "dither=bayer:bayer_scale=4:diff_mode=rectangle"


class GifEncoder:
    """Frames into a GIF.

    The palette is known when the last frame is, so frames wait, lossless, in a file beside the
    output: memory stays bounded.
    """

    def __init__(self, path: Path, size: Size, fps: Fraction) -> None:
        self._path, self._size, self._fps = path, size, fps
        self._waiting = path.with_name(f"{path.name}.waiting")
        self._spool = PacketEncoder(self._waiting, Format.MATROSKA, LOSSLESS, size, fps)
        self._palette = av.filter.Graph()
        source = _buffer(self._palette, size)
        chosen = self._palette.add("palettegen", "stats_mode=full")
        self._palette.link_nodes(source, chosen, self._palette.add("buffersink")).configure()

    def put(self, frame: Rgb) -> None:
        """Keep the frame and count its colours."""
        self._spool.put(frame)
        self._palette.push(av.VideoFrame.from_ndarray(frame, format="rgb24"))
        with suppress(BlockingIOError):  # nothing comes out yet, but asking empties the queue
            self._palette.pull()

    def finish(self) -> None:
        """Choose the palette and write the file."""
        self._spool.finish()
        self._palette.push(None)
        palette = cast("av.VideoFrame", self._palette.pull())
        with (
            naming_output(),
            av.open(f"file:{self._waiting}", format="matroska") as spooled,
            av.open(f"file:{self._path}", "w", format="gif", options={"loop": "0"}) as out,
        ):
            stream = out.add_stream("gif", rate=1 / _TICK)
            stream.width, stream.height = self._size.width, self._size.height
            stream.pix_fmt = "pal8"
            stream.codec_context.time_base = _TICK
            painter = _Painter(self._size, palette)
            for index, frame in enumerate(spooled.decode(video=0)):
                start, end = (round(k / self._fps / _TICK) for k in (index, index + 1))
                painted = painter.paint(frame)
                painted.pts, painted.time_base = start, _TICK
                for packet in stream.encode(painted):
                    packet.duration = end - start
                    out.mux(packet)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.__exit__(kind, error, trace)
        self._waiting.unlink(missing_ok=True)


class _Painter:
    """Paints frames with the colours of a palette."""

    def __init__(self, size: Size, palette: av.VideoFrame) -> None:
        self._graph = av.filter.Graph()
        self._frames = _buffer(self._graph, size)
        colours = self._graph.add_buffer(
            width=palette.width,
            height=palette.height,
            format=av.VideoFormat("bgra"),
            time_base=_TICK,
        )
        paint = self._graph.add("paletteuse", _DITHER)
        self._sink = self._graph.add("buffersink")
        self._frames.link_to(paint, 0, 0)
        colours.link_to(paint, 0, 1)
        paint.link_to(self._sink)
        self._graph.configure()
        colours.push(palette)
        colours.push(None)
        self._count = 0

    def paint(self, frame: av.VideoFrame) -> av.VideoFrame:
        frame.pts, frame.time_base = self._count, _TICK
        self._count += 1
        self._frames.push(frame)
        return cast("av.VideoFrame", self._sink.pull())


def _buffer(graph: av.filter.Graph, size: Size) -> av.filter.context.FilterContext:
    return graph.add_buffer(
        width=size.width, height=size.height, format=av.VideoFormat("rgb24"), time_base=_TICK
    )
