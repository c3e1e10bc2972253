"""A sound track of silence, for players and programs that expect every film to have one."""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# pyright: reportMissingTypeArgument=false

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np

from kinema.media.encoder import mp4_options
from kinema.media.formats import Format
from kinema.media.reader import opened, reading
from kinema.media.staging import naming_output, staged

RATE: Final = 48_000
"""Samples a second."""
_BLOCK: Final = 1024  # samples of an AAC frame


def add_silence(path: Path) -> None:
    """Give an MP4 without sound a stereo track of silence as long as its pictures.

    The packets of the pictures stay as they are. The same file gives the same packets.

    Raises:
        MediaError: It cannot be read.
        OutputError: It cannot be written again.

    Cost:
        Copies the file once and adds about 700 bytes a second.
    """
    with (
        staged(path) as part,
        reading(path, "file"),
        opened(path, Format.MP4, "file") as source,
    ):
        pictures = source.streams.video[0]
        base = pictures.time_base or Fraction(1)
        options = mp4_options(base.denominator)
        with (
            naming_output(),
            av.open(f"file:{part}", "w", format="mp4", options=options) as film,
        ):
            shown = film.add_stream_from_template(pictures)
            shown.time_base = base
            sound = film.add_stream("aac", rate=RATE, layout="stereo")
            quiet = _quiet(sound, Fraction(pictures.duration or 0) * base)
            due = next(quiet, None)
            for packet in source.demux(pictures):
                if packet.dts is None:
                    continue
                while due is not None and _begins(due) < _begins(packet):
                    film.mux(due)
                    due = next(quiet, None)
                packet.stream = shown
                film.mux(packet)
            for late in () if due is None else (due, *quiet):
                film.mux(late)


def _begins(packet: av.Packet) -> Fraction:
    return Fraction(packet.dts or 0) * packet.time_base


def _quiet(sound: av.AudioStream, seconds: Fraction) -> Iterator[av.Packet]:
    """Encoded silence of that length; the last block may be shorter."""
    total = round(seconds * RATE)
    for start in range(0, total, _BLOCK):
        zeros = np.zeros((2, min(_BLOCK, total - start)), np.float32)
        frame = av.AudioFrame.from_ndarray(zeros, format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, Fraction(1, RATE)
        yield from sound.encode(frame)
    yield from sound.encode(None)
