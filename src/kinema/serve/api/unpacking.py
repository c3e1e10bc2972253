"""Cuts and captions that come over the wire: put where nothing but what came with them is read."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath
from typing import Final

from kinema.errors import MediaError
from kinema.studio import captions
from kinema.studio.exchange import ADAPTERS

TEXT_MAX: Final = 16 * 1024 * 1024
"""Bytes of a cut or of captions."""
UNPACKED_MAX: Final = 8 * 1024**3
FILES_MAX: Final = 5000
_DEEP: Final = 200
_ALLOWED: Final = "a cut (.otio, .xml, .edl), captions (.vtt, .srt, .ass), or a .zip with one"


def unpacked(path: Path, name: str, place: Path) -> Path:
    """Put what came into a folder of its own.

    Args:
        path: What came: a cut, captions, or an archive of a cut with its media.
        name: What it was called.
        place: The folder, which is made.

    Returns:
        The cut or the captions.

    Raises:
        MediaError: It is none of these, is too large, or is made to break who reads it.
    """
    place.mkdir()
    plain = PurePosixPath(name.replace("\\", "/")).name
    if plain.lower().endswith(".zip"):
        file = _from_archive(path, place)
    elif _suffix(plain) in (*ADAPTERS, *captions.FORMATS):
        file = place / re.sub(r"[^\w.-]", "_", plain)[-120:]
        shutil.copyfile(path, file)
    else:
        raise MediaError("file", f"{plain[:80]!r} is nothing that can be taken in", _ALLOWED)
    _check(file)
    return file


def _from_archive(path: Path, place: Path) -> Path:
    try:
        with zipfile.ZipFile(path) as archive:
            about = [each for each in archive.infolist() if not each.is_dir()]
            total = sum(each.file_size for each in about)
            if len(about) > FILES_MAX or total > min(UNPACKED_MAX, 20 * path.stat().st_size):
                raise MediaError("file", "unpacks to too much", f"{FILES_MAX} files")
            for each in about:
                _unpack(archive, each, place)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise MediaError("file", f"is no archive that can be read: {error}", _ALLOWED) from error
    found = [each for each in sorted(place.rglob("*")) if _suffix(each.name) in ADAPTERS]
    found.sort(key=lambda each: list(ADAPTERS).index(_suffix(each.name)))
    if not found:
        raise MediaError("file", "is an archive without a cut", ", ".join(ADAPTERS))
    return found[0]


def _unpack(archive: zipfile.ZipFile, about: zipfile.ZipInfo, place: Path) -> None:
    parts = PurePosixPath(about.filename.replace("\\", "/")).parts
    target = place.joinpath(*(part for part in parts if part not in ("/", "..", ".")))
    if not target.resolve().is_relative_to(place.resolve()) or target == place:
        raise MediaError("file", f"holds {about.filename[:80]!r}", "names inside of the archive")
    target.parent.mkdir(parents=True, exist_ok=True)
    left = about.file_size
    with archive.open(about) as source, target.open("wb") as out:
        while piece := source.read(1 << 20):
            left -= len(piece)
            if left < 0:
                raise MediaError("file", "unpacks to more than it says", _ALLOWED)
            out.write(piece)


def _check(file: Path) -> None:
    """Refuse what would use up the memory or the stack of those who parse it."""
    if file.stat().st_size > TEXT_MAX:
        raise MediaError("file", f"{file.name} is too large", f"at most {TEXT_MAX} bytes")
    text = file.read_bytes()
    if b"<!ENTITY" in text.upper():
        raise MediaError("file", f"{file.name} defines entities of its own", "a cut without")
    depth = deepest = 0
    for bracket in re.finditer(
        rb"[\[{}\]]|<(/?)[\w?!][^<>]*?(/?)>", re.sub(rb'"[^"\n]*"', b"", text)
    ):
        sign = bracket[0]
        opens = sign in b"[{" or (sign[:1] == b"<" and not bracket[1] and not bracket[2])
        closes = sign in b"]}" or (sign[:1] == b"<" and bool(bracket[1]))
        depth += int(opens and sign[:2] not in (b"<?", b"<!")) - int(closes)
        deepest = max(deepest, depth)
    if deepest > _DEEP:
        raise MediaError("file", f"{file.name} is nested too deeply", f"{_DEEP} levels")


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
