"""How files of pictures, and MP4, are laid out: the parts, and which of them are metadata.

Metadata can so be read, replaced and left out of a fingerprint without touching a pixel. The
functions work on a view of the file and never copy more than one part.

Sources:
    W3C PNG (third edition) section 5; ITU-T T.81 annex B (JPEG); GIF89a section 15 and following;
    WebP Container Specification; ISO/IEC 14496-12 section 4 (boxes); Adobe XMP part 3.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from kinema.errors import MediaError
from kinema.media.formats import Format

XMP_JPEG: Final = b"http://ns.adobe.com/xap/1.0/\0"
XMP_JPEG_MORE: Final = b"http://ns.adobe.com/xmp/extension/\0"
XMP_PNG: Final = b"XML:com.adobe.xmp\0"
XMP_GIF: Final = b"\x21\xff\x0bXMP DataXMP"
XMP_MP4: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")

_PNG_METADATA: Final = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"})
_JPEG_METADATA: Final = frozenset({0xE1, 0xEB, 0xED, 0xFE})  # Exif and XMP, JUMBF, IPTC, comment
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class Role(Enum):
    """What a part of a file is for."""

    HEADER = auto()
    """Says what else the file holds; changes when metadata is added."""
    IMAGE = auto()
    METADATA = auto()
    XMP = auto()


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes ``start`` up to ``end`` of a file; its parts follow each other without a gap."""

    role: Role
    start: int
    end: int


@contextmanager
def open_bytes(path: Path) -> Generator[memoryview]:
    """Lend a view of the file's bytes that does not load them."""
    with (
        path.open("rb") as file,
        mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped,
        memoryview(mapped) as view,
    ):
        yield view


def parts(data: memoryview, form: Format) -> list[Part]:
    """The parts of a file; raises `ValueError` where it is broken or cut short.

    Of Matroska and WebM only the whole is told, as one part.
    """
    walk = {
        Format.PNG: _png_parts,
        Format.JPEG: _jpeg_parts,
        Format.GIF: _gif_parts,
        Format.WEBP: _webp_parts,
        Format.MP4: _mp4_parts,
        Format.MOV: _mp4_parts,
        Format.WEBM: _matroska_parts,
        Format.MATROSKA: _matroska_parts,
    }[form]
    try:
        return list(walk(data))
    except (IndexError, struct.error) as error:
        raise ValueError("the file is cut short") from error


def picture_size(data: memoryview, form: Format, name: str, field: str) -> tuple[int, int]:
    """Width and height as the header of a PNG, JPEG, GIF or WebP says, without decoding.

    Raises:
        MediaError: The header is broken; ``name`` and ``field`` are for the message.
    """
    try:
        if form is Format.PNG:
            return struct.unpack_from(">II", data, 16)
        if form is Format.GIF:
            return struct.unpack_from("<HH", data, 6)
        if form is Format.WEBP:
            return webp_size(data)
        return _jpeg_size(data)
    except (ValueError, IndexError, struct.error) as error:
        raise MediaError(field, f"{name} is broken: {error}") from error


def is_animation(data: memoryview, form: Format) -> bool:
    """Whether a WebP or PNG holds more than one picture, as its header says."""
    if form is Format.WEBP:
        return any(name == b"ANMF" for name, _, _ in riff_chunks(data))
    return form is Format.PNG and b"acTL" in bytes(data[:4096])


def riff_chunks(data: memoryview) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of the payload of each chunk of a WebP; stops where the file does."""
    at, length = 12, len(data)
    while at + 8 <= length:
        name, size = bytes(data[at : at + 4]), int.from_bytes(data[at + 4 : at + 8], "little")
        yield name, at + 8, min(at + 8 + size, length)
        at += 8 + size + size % 2


def webp_size(data: memoryview) -> tuple[int, int]:
    """Width and height of a WebP of any of its three kinds."""
    name, body, _ = next(riff_chunks(data), (b"", 0, 0))
    if name == b"VP8X":
        width, height = (int.from_bytes(data[body + at : body + at + 3], "little") for at in (4, 7))
        return width + 1, height + 1
    if name == b"VP8L":
        bits = struct.unpack_from("<I", data, body + 1)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, body + 6)
        return width & 0x3FFF, height & 0x3FFF
    raise ValueError("it holds no picture")


def webp_has_alpha(data: memoryview) -> bool:
    """Whether a WebP without extended header has alpha (only the lossless kind can)."""
    name, body, _ = next(riff_chunks(data), (b"", 0, 0))
    return name == b"VP8L" and bool(data[body + 4] & 0x10)


def _png_parts(data: memoryview) -> Iterator[Part]:
    yield Part(Role.HEADER, 0, 8)
    at, name = 8, b""
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + size
        _check_end(data, end)
        role = Role.METADATA if name in _PNG_METADATA else Role.IMAGE
        if name == b"iTXt" and _starts(data, at + 8, XMP_PNG):
            role = Role.XMP
        yield Part(role, at, end)
        at = end


def _jpeg_segments(data: memoryview) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the first scan, and of that scan's header."""
    at, marker = 2, 0
    while marker != 0xDA:
        prefix, marker, size = struct.unpack_from(">BBH", data, at)
        if prefix != 0xFF:
            raise ValueError("a marker is missing")
        _check_end(data, at + 2 + size)
        yield marker, at, at + 2 + size
        at += 2 + size


def _jpeg_parts(data: memoryview) -> Iterator[Part]:
    yield Part(Role.HEADER, 0, 2)
    for marker, start, end in _jpeg_segments(data):
        if marker == 0xDA:
            yield Part(Role.IMAGE, start, len(data))
            return
        role = Role.METADATA if marker in _JPEG_METADATA else Role.IMAGE
        body = bytes(data[start + 4 : start + 4 + len(XMP_JPEG_MORE)])
        if marker == 0xE1 and body.startswith((XMP_JPEG, XMP_JPEG_MORE)):
            role = Role.XMP
        yield Part(role, start, end)


def _jpeg_size(data: memoryview) -> tuple[int, int]:
    for marker, start, _ in _jpeg_segments(data):
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, start + 5)
            return width, height
    raise ValueError("it holds no picture")


def _gif_parts(data: memoryview) -> Iterator[Part]:
    at = 13 + _gif_table(data[10])
    yield Part(Role.IMAGE, 0, at)
    while data[at] != 0x3B:
        start, role = at, Role.IMAGE
        if data[at] == 0x21:
            role = Role.METADATA if data[at + 1] == 0xFE else Role.IMAGE
            if _starts(data, at, XMP_GIF):
                role = Role.XMP
            at = _gif_blocks_end(data, at + 2)
        elif data[at] == 0x2C:
            at = _gif_blocks_end(data, at + 11 + _gif_table(data[at + 9]))
        else:
            raise ValueError("a block is of no known kind")
        yield Part(role, start, at)
    yield Part(Role.IMAGE, at, at + 1)


def _gif_table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _gif_blocks_end(data: memoryview, at: int) -> int:
    while data[at]:
        at += data[at] + 1
    return at + 1


def _webp_parts(data: memoryview) -> Iterator[Part]:
    yield Part(Role.HEADER, 0, 12)
    _check_end(data, 8 + int.from_bytes(data[4:8], "little"))
    roles = {b"VP8X": Role.HEADER, b"EXIF": Role.METADATA, b"XMP ": Role.XMP}
    for name, body, end in riff_chunks(data):
        padded = min(end + (end - body) % 2, len(data))
        yield Part(roles.get(name, Role.IMAGE), body - 8, padded)


def _mp4_parts(data: memoryview) -> Iterator[Part]:
    at = 0
    while at < len(data):
        size, name = struct.unpack_from(">I4s", data, at)
        if size == 1:
            size = struct.unpack_from(">Q", data, at + 8)[0]
        end = at + size if size else len(data)
        _check_end(data, end)
        if end < at + 8:
            raise ValueError("a box is too short")
        is_xmp = name == b"uuid" and _starts(data, at + 8, XMP_MP4)
        yield Part(Role.XMP if is_xmp else Role.IMAGE, at, end)
        at = end


def _matroska_parts(data: memoryview) -> Iterator[Part]:
    head, at = _ebml_number(data, 4)
    length, body = _ebml_number(data, at + (head or 0) + 4)
    if length is not None:
        _check_end(data, body + length)
    yield Part(Role.IMAGE, 0, len(data))


def _ebml_number(data: memoryview, at: int) -> tuple[int | None, int]:
    """A number of variable length, None for "not known", and where it ends."""
    octets = 9 - data[at].bit_length()
    if octets > 8:
        raise ValueError("a length cannot be read")
    bits = int.from_bytes(data[at : at + octets], "big") & (1 << 7 * octets) - 1
    return (None if bits + 1 == 1 << 7 * octets else bits), at + octets


def _starts(data: memoryview, at: int, text: bytes) -> bool:
    return bytes(data[at : at + len(text)]) == text


def _check_end(data: memoryview, end: int) -> None:
    if end > len(data):
        raise ValueError("the file is cut short")
