"""Labels in and out of finished files, without touching a packet or a pixel.

Where they lie:
    MP4          keys `title`, `kinema` and `AIGC` in the metadata box, and an XMP box
    WebM         tags of the same names, and `DIGITAL_SOURCE_TYPE`
    PNG          an XMP text chunk         WebP   an XMP chunk
    JPEG         XMP segments              GIF    an XMP extension
    sequence     as PNG; the facts in the first picture alone, which is all that a reader needs
"""

# PyAV's stubs leave the type parameter of Packet, and a few keyword arguments, open.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, Final, cast

import av

from kinema.errors import MediaError
from kinema.media.encoder import mp4_options
from kinema.media.formats import Format, is_sequence, sequence_files, sniff
from kinema.media.layout import (
    XMP_GIF,
    XMP_JPEG,
    XMP_JPEG_MORE,
    XMP_MP4,
    XMP_PNG,
    Part,
    Role,
    open_bytes,
    parts,
    webp_has_alpha,
    webp_size,
)
from kinema.media.reader import opened, reading
from kinema.media.staging import naming_output, staged
from kinema.media.webp import chunk, extended_header
from kinema.media.xmp import Labels, labels_of, packet
from kinema.types import Json

_KEYS: Final = {
    "title": "title",
    "source_type": "DIGITAL_SOURCE_TYPE",
    "aigc": "AIGC",
    "facts": "kinema",
}
_JPEG_SEGMENT_MAX: Final = 65_533
_JPEG_PIECE: Final = 65_000
_JPEG_MORE_HEAD: Final = len(XMP_JPEG_MORE) + 32 + 8
_PNG_PLAIN: Final = b"\0\0\0\0"  # not compressed, in no language
_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10
_GIF_END: Final = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
_LABELLED: Final = frozenset(Format) - {Format.MOV, Format.MATROSKA}
_WITH_XMP: Final = _LABELLED - {Format.WEBM}


def embed(path: Path, labels: Labels) -> None:
    """Write labels into a finished file, in place of any that it has.

    The fingerprint stays as it is: packets and pixels are copied, not made anew. Either the whole
    file is replaced or it stays untouched.

    Args:
        path: A file that `video.write` made (or a sequence).
        labels: What to write. There is no limit to the length of the facts.

    Raises:
        MediaError: The file is broken or of a format that is not written.
        OutputError: The folder cannot be written to.

    Cost:
        Copies the file once.
    """
    if is_sequence(path):
        for index, file in enumerate(sequence_files(path)):
            embed(file, labels if index == 0 else replace(labels, facts=""))
        return
    form = sniff(path)
    if form not in _LABELLED:
        raise MediaError("file", f"{path.name} is {form.upper()}, which cannot carry labels")
    with staged(path) as part, reading(path, "file"):
        if form in {Format.MP4, Format.WEBM}:
            _remux(path, part, form, labels)
        else:
            _replace_xmp(path, part, form, labels)


def labels(path: Path, *, field: str = "file") -> Labels:
    """The labels that a file carries, empty where there are none.

    Raises:
        MediaError: The file cannot be read; ``field`` is named in the message.
    """
    if is_sequence(path):
        path = sequence_files(path, field)[0]
    form = sniff(path, field)
    with reading(path, field):
        found = _from_xmp(path, form)
        if form in {Format.MP4, Format.WEBM}:
            with opened(path, form, field) as container:
                found = _joined(_from_tags(container.metadata), found)
    return found


def facts(path: Path, *, field: str = "file") -> Json | None:
    """Kinema's document in a file: its request, scene, seed, model and versions.

    Returns:
        The JSON object, or None where the file carries none (a file that Kinema did not make, or
        of a format that cannot: see `formats.CARRIES_FACTS`).

    Raises:
        MediaError: The file cannot be read; ``field`` is named in the message.
    """
    text = labels(path, field=field).facts
    try:
        document = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return cast("Json", document) if isinstance(document, dict) else None


def _remux(path: Path, part: Path, form: Format, new: Labels) -> None:
    with opened(path, form, "file") as source:
        kept = source.streams.video[0]
        ticks = (kept.time_base or 1).denominator
        options = mp4_options(ticks, "use_metadata_tags") if form is Format.MP4 else {}
        with (
            naming_output(),
            av.open(f"file:{part}", "w", format=form.value, options=options) as target,
        ):
            streams = {}
            for stream in source.streams:
                copy = target.add_stream_from_template(stream, opaque=True)
                copy.time_base = stream.time_base
                streams[stream.index] = copy
            video = cast("av.VideoStream", streams[kept.index])
            # Matroska keeps the length of a frame from this, and it is not copied by itself.
            if kept.average_rate is not None:
                video.codec_context.framerate = kept.average_rate
            for name, key in _KEYS.items():
                if text := getattr(new, name):
                    target.metadata[key] = text
            for packet_ in source.demux():
                if packet_.size:
                    packet_.stream = streams[packet_.stream.index]
                    target.mux(packet_)
    if form is Format.MP4:
        box = packet(replace(new, facts=""))
        with naming_output(), part.open("ab") as file:
            file.write(struct.pack(">I4s", 24 + len(box), b"uuid") + XMP_MP4 + box)


def _replace_xmp(path: Path, part: Path, form: Format, new: Labels) -> None:
    with open_bytes(path) as data, naming_output(), part.open("wb") as file:
        kept = [piece for piece in parts(data, form) if piece.role is not Role.XMP]
        if form is Format.WEBP:
            _write_webp(file, data, kept, packet(new))
            return
        # Behind the first header; in a GIF behind the extension that makes it loop, which players
        # look for first.
        wrapped, before = {
            Format.PNG: (_png_chunk, 2),
            Format.JPEG: (_jpeg_segments, 2),
            Format.GIF: (_gif_extension, 2),
        }[form]
        for index, piece in enumerate(kept):
            if index == before:
                file.write(wrapped(new))
            file.write(data[piece.start : piece.end])


def _png_chunk(new: Labels) -> bytes:
    body = b"iTXt" + XMP_PNG + _PNG_PLAIN + packet(new)
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))


def _gif_extension(new: Labels) -> bytes:
    return XMP_GIF + packet(new) + _GIF_END


def _jpeg_segments(new: Labels) -> bytes:
    """One segment; where that is too short for all, the facts in as many more as it takes."""
    xmp = packet(new)
    if len(XMP_JPEG) + len(xmp) <= _JPEG_SEGMENT_MAX:
        return _jpeg_segment(XMP_JPEG + xmp)
    more = packet(Labels(facts=new.facts))
    digest = hashlib.md5(more, usedforsecurity=False).hexdigest().upper()
    segments = [_jpeg_segment(XMP_JPEG + packet(replace(new, facts=""), digest))]
    for offset in range(0, len(more), _JPEG_PIECE):
        head = XMP_JPEG_MORE + digest.encode() + struct.pack(">II", len(more), offset)
        segments.append(_jpeg_segment(head + more[offset : offset + _JPEG_PIECE]))
    return b"".join(segments)


def _jpeg_segment(body: bytes) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _write_webp(file: BinaryIO, data: memoryview, kept: list[Part], xmp: bytes) -> None:
    pieces = [bytes(data[p.start : p.end]) for p in kept if p.role is Role.HEADER][1:]
    if pieces:
        head = bytearray(pieces[0])
        head[8] |= _XMP_FLAG
    else:
        alpha = _ALPHA_FLAG if webp_has_alpha(data) else 0
        head = extended_header(_XMP_FLAG | alpha, *webp_size(data))
    tail = chunk(b"XMP ", xmp)
    body = [p for p in kept if p.role is not Role.HEADER]
    length = 4 + len(head) + sum(p.end - p.start for p in body) + len(tail)
    file.write(b"RIFF" + struct.pack("<I", length) + b"WEBP" + head)
    for piece in body:
        file.write(data[piece.start : piece.end])
    file.write(tail)


def _from_xmp(path: Path, form: Format) -> Labels:
    if form not in _WITH_XMP:
        return Labels()
    with open_bytes(path) as data:
        found = [bytes(data[p.start : p.end]) for p in parts(data, form) if p.role is Role.XMP]
    if form is not Format.JPEG:
        return labels_of(_unwrap(found[0], form)) if found else Labels()
    bodies = [segment[4:] for segment in found]
    first = b"".join(b.removeprefix(XMP_JPEG) for b in bodies if b.startswith(XMP_JPEG))
    more = b"".join(b[_JPEG_MORE_HEAD:] for b in bodies if b.startswith(XMP_JPEG_MORE))
    return _joined(labels_of(first), labels_of(more))


def _unwrap(part: bytes, form: Format) -> bytes:
    """The packet inside the part of a file that carries it."""
    if form is Format.PNG:
        return part[8 + len(XMP_PNG) + len(_PNG_PLAIN) : -4]
    if form is Format.GIF:
        return part[len(XMP_GIF) : -len(_GIF_END)]
    if form is Format.WEBP:
        return part[8:].rstrip(b"\0")
    return part[8 + len(XMP_MP4) :]


def _from_tags(tags: Mapping[str, str]) -> Labels:
    lower = {key.lower(): text for key, text in tags.items()}
    return Labels(**{name: lower.get(key.lower(), "") for name, key in _KEYS.items()})


def _joined(first: Labels, second: Labels) -> Labels:
    return Labels(**{name: getattr(first, name) or getattr(second, name) for name in _KEYS})
