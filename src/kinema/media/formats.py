"""What can be written and read: formats by their ending, and by the first bytes of a file.

Writing goes by the ending of the path, because that is what a person chose. Reading goes by
content, because an ending can lie.

    clip.mp4          H.264 in MP4                clip.gif     animation, one palette a clip
    clip.webm         AV1 in WebM                 clip.webp    animation, or a still of one frame
    frames/%05d.png   PNG sequence in a folder of its own, numbered from 0
    still.png .jpg .jpeg .webp                    one picture
"""

from __future__ import annotations

import os
import re
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Final

from kinema.errors import MediaError, OutputError, RequestError
from kinema.types import Size

CARRIES_FACTS: Final = frozenset({".mp4", ".webm", ".gif", ".webp", ".png", ".jpg", ".jpeg"})
"""Endings of the formats that can carry Kinema's facts (`metadata.facts`): all that are written."""

BYTES_MAX: Final = 2 << 30
"""Larger files are not read."""
READ_SIDE_MAX: Final = 8192
"""Pictures with a longer side are not read; it keeps a small file from filling the memory."""
GIF_FPS_MAX: Final = 50
"""GIF counts in hundredths of a second, and players slow down anything shorter than two."""


class Format(StrEnum):
    """A container, as told by its content."""

    MP4 = "mp4"
    WEBM = "webm"
    MOV = "mov"
    MATROSKA = "matroska"
    GIF = "gif"
    WEBP = "webp"
    PNG = "png"
    JPEG = "jpeg"


VIDEO: Final = frozenset({Format.MP4, Format.WEBM, Format.MOV, Format.MATROSKA})
"""The formats that hold packets of a video codec."""

_BY_SUFFIX: Final = {
    ".mp4": Format.MP4,
    ".webm": Format.WEBM,
    ".gif": Format.GIF,
    ".webp": Format.WEBP,
    ".png": Format.PNG,
    ".jpg": Format.JPEG,
    ".jpeg": Format.JPEG,
}
_WRITTEN: Final = f"{', '.join(_BY_SUFFIX)}, or a numbered sequence such as frames/%05d.png"
_READ: Final = "MP4, MOV, WebM, MKV, GIF, WebP, PNG or JPEG"
_NUMBER: Final = re.compile(r"%0?\d*d")


def is_sequence(path: Path) -> bool:
    """Whether the path names a numbered sequence: PNG, with one ``%d`` or ``%05d`` in the name."""
    is_numbered = len(_NUMBER.findall(path.name)) == 1 and path.name.count("%") == 1
    return is_numbered and path.suffix.lower() == ".png"


def numbered(path: Path, number: int) -> Path:
    """The file of a sequence with that number."""
    return path.with_name(path.name % number)


def sequence_files(path: Path, field: str = "file") -> list[Path]:
    """The files of a sequence, in order; numbering starts at 0 or 1 and ends at the first gap.

    Raises:
        MediaError: There are none.
    """
    number = 0 if numbered(path, 0).is_file() else 1
    files: list[Path] = []
    while (file := numbered(path, number)).is_file():
        files.append(file)
        number += 1
    if not files:
        problem = f"there is no {numbered(path, 0).name}"
        raise MediaError(field, problem, "pictures numbered from 0 or 1")
    return files


def check_output(
    path: Path,
    *,
    size: Size | None = None,
    fps: Fraction | None = None,
    count: int | None = None,
) -> Format:
    """Refuse an output that cannot be written, before anything is made for it.

    Args:
        path: Where to write. The ending chooses the format.
        size: Size of the frames, where it is known. MP4 and WebM hold a colour sample for every
            two by two pixels, so their sides must be even.
        fps: Frames a second, where known; GIF holds at most 50.
        count: Number of frames, where known; PNG and JPEG files hold one.

    Returns:
        The format.

    Raises:
        OutputError: The ending is unknown, the folder is missing or cannot be written to, the path
            is a folder, or the format does not hold so many frames.
        RequestError: The format does not hold that size or fps.
    """
    form = _BY_SUFFIX.get(path.suffix.lower())
    if form is None:
        ending = path.suffix or "a path without ending"
        raise OutputError("output", f"{ending} is not a format that is written", _WRITTEN)
    if is_sequence(path):
        _check_sequence_folder(path)
    else:
        _check_folder(path.parent)
        if path.is_dir():
            raise OutputError("output", f"{path.name} is a folder", "the path of a file")
        if count is not None and count > 1 and form in {Format.PNG, Format.JPEG}:
            problem = f"{path.suffix} holds one picture, not {count} frames"
            raise OutputError("output", problem, _WRITTEN)
    if size is not None and form in VIDEO:
        _check_even(path.suffix, size)
    if fps is not None and form is Format.GIF and fps > GIF_FPS_MAX:
        raise RequestError("fps", f"{fps} is too many for a GIF", f"at most {GIF_FPS_MAX}")
    return form


def sniff(path: Path, field: str = "file") -> Format:
    """The format of a file, by its first bytes.

    Raises:
        MediaError: The file is missing, empty, too large, or of a kind that is not read.
    """
    try:
        length = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise MediaError(field, f"{path.name} cannot be read: {error.strerror}") from error
    if not head:
        raise MediaError(field, f"{path.name} is empty")
    if length > BYTES_MAX:
        raise MediaError(field, f"{path.name} is too large", f"at most {BYTES_MAX >> 20} MiB")
    form = _format_of(head)
    if form is None:
        raise MediaError(field, f"{path.name} is not of a kind that is read", _READ)
    return form


def check_readable_size(width: int, height: int, name: str, field: str) -> None:
    """Refuse a picture with a side over 8192 pixels, or with none at all."""
    if not (0 < width <= READ_SIDE_MAX and 0 < height <= READ_SIDE_MAX):
        problem = f"{name} has {width}x{height} pixels"
        raise MediaError(field, problem, f"1 to {READ_SIDE_MAX} pixels a side")


def _format_of(head: bytes) -> Format | None:
    signatures = (
        (head.startswith(b"\x89PNG\r\n\x1a\n"), Format.PNG),
        (head.startswith(b"\xff\xd8\xff"), Format.JPEG),
        (head.startswith((b"GIF87a", b"GIF89a")), Format.GIF),
        (head.startswith(b"RIFF") and head[8:12] == b"WEBP", Format.WEBP),
        (head[4:8] == b"ftyp" and head[8:12] != b"qt  ", Format.MP4),
        (head[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}, Format.MOV),
        (head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head, Format.WEBM),
        (head.startswith(b"\x1a\x45\xdf\xa3") and b"matroska" in head, Format.MATROSKA),
    )
    return next((form for matches, form in signatures if matches), None)


def _check_folder(folder: Path) -> None:
    if not folder.exists():
        raise OutputError("output", f"there is no folder {folder.name!r}", "an existing folder")
    if not folder.is_dir():
        raise OutputError("output", f"{folder.name!r} is not a folder", "an existing folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        problem = f"the folder {folder.name!r} cannot be written to"
        raise OutputError("output", problem, "a folder that you may write to")


def _check_sequence_folder(path: Path) -> None:
    """A sequence owns its folder: it is replaced whole, so nothing else may lie in it."""
    folder = path.parent
    own = "a folder that holds this sequence and nothing else"
    if folder.resolve() == Path.cwd():
        raise OutputError("output", "a sequence cannot replace the current folder", own)
    _check_folder(folder.absolute().parent)
    if not folder.exists():
        return
    _check_folder(folder)
    before, after = _NUMBER.split(path.name)
    ours = re.compile(re.escape(before) + r"\d+" + re.escape(after))
    for entry in folder.iterdir():
        if not ours.fullmatch(entry.name):
            raise OutputError("output", f"the folder {folder.name!r} holds {entry.name!r}", own)


def _check_even(suffix: str, size: Size) -> None:
    if size.width % 2 == 0 and size.height % 2 == 0:
        return
    down = Size(width=size.width - size.width % 2, height=size.height - size.height % 2)
    up = Size(width=size.width + size.width % 2, height=size.height + size.height % 2)
    problem = f"{size} is not possible in {suffix}, whose sides are even"
    raise RequestError("size", problem, f"{down} or {up}, or an ending such as .gif or .webp")
