"""What people write on a command line, read into the values of a request."""

from __future__ import annotations

import re
import secrets
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import Final, TypeVar

from kinema import media
from kinema.errors import MediaError, OutputError, RequestError
from kinema.media import FileStore
from kinema.storybook.remix import STRENGTHS
from kinema.types import (
    Area,
    CharacterRef,
    FileId,
    ImageInput,
    ImageRole,
    LoraRef,
    Span,
    from_builtins,
    parse_seconds,
)

_WORDS_IN_NAME: Final = 8
_WEIGHT_MAX: Final = 4.0
_WEIGHTS: Final = "a number from -4 to 4"
_GIGABYTE: Final = 10**9
_EDGES: Final = ("left", "top", "right", "bottom")
_T = TypeVar("_T")


class Inputs:
    """What a command line names: files by content, the folder of the weights, bytes of memory."""

    def __init__(self) -> None:
        self.paths: dict[FileId, Path] = {}
        self.weights: Path | None = None
        self.budget: int | None = None

    def add(self, path: str | Path, field: str) -> FileId:
        """Take a file in and return its name by content; `MediaError` where there is none."""
        file = Path(path)
        if not file.is_file():
            raise MediaError(field, f"there is no file {str(path)!r}", "the path of a file")
        name = media.file_id(file, field=field)
        self.paths[name] = file
        return name

    def keep(self, path: str | Path, field: str) -> FileId:
        """Take a picture in and keep a copy.

        A clip names the pictures that it shows by content; they are wanted when it is changed.
        """
        name = self.add(path, field)
        with suppress(OutputError):  # where there is no room, the picture has to be given again
            FileStore().add(self.paths[name])
        return name

    def search(self, wanted: set[FileId], folder: Path) -> None:
        """Look for files of those contents among the kept ones, then in a folder."""
        for name in sorted(wanted - self.paths.keys()):
            with suppress(MediaError):
                self.paths[name] = FileStore().path(name)
        missing = wanted - self.paths.keys()
        for file in sorted(folder.iterdir()) if missing else ():
            if file.is_file() and (name := media.file_id(file)) in missing:
                self.paths[name] = file

    def image(self, text: str, index: int, role: ImageRole | None) -> ImageInput:
        """Read ``PATH[@SECONDS]`` or ``PATH@last``.

        A picture without a role is the clip's first frame, or the frame at the time it is given.
        """
        field = f"images[{index}]"
        path, at = text, Fraction(0)
        match = re.fullmatch(r"(?P<path>.+)@(?P<at>last|\d+(\.\d+|/\d+)?)", text)
        if match is not None and not Path(text).is_file():
            path = match["path"]
            if match["at"] == ImageRole.LAST:
                role = role or ImageRole.LAST
            else:
                at = moment(match["at"], f"{field}.at")
        role = role or (ImageRole.KEY if at else ImageRole.FIRST)
        return ImageInput(file=self.keep(path, f"{field}.file"), at=at, role=role)

    def lora(self, text: str, index: int) -> LoraRef:
        """Read ``FILE[@WEIGHT]``."""
        field = f"loras[{index}]"
        path, weight = text, 1.0
        name, at, share = text.rpartition("@")
        if at and not Path(text).is_file():
            path = name
            weight = number(share, f"{field}.weight", float, _WEIGHTS)
            if not abs(weight) <= _WEIGHT_MAX:
                raise RequestError(f"{field}.weight", f"is {share}", _WEIGHTS)
        return LoraRef(file=self.add(path, f"{field}.file"), weight=weight)


def moment(text: str, field: str) -> Fraction:
    """Read a time of a clip, which unlike a length may be 0."""
    return Fraction(0) if text and not text.strip("0./") else parse_seconds(text, field)


def fps(text: str) -> Fraction:
    """Read "24", "23.976" or "30000/1001"."""
    try:
        return parse_seconds(text, "fps")
    except RequestError as error:
        raise RequestError("fps", error.problem, "1 to 60 frames a second") from error


def seed(text: str | None) -> int:
    """Read a seed, or draw one that is short enough to type again."""
    if text is None:
        return secrets.randbelow(2**31)
    if not re.fullmatch(r"\d{1,19}", text) or int(text) >= 2**63:
        raise RequestError("seed", f"cannot read {text!r}", "a whole number from 0 to 2^63 - 1")
    return int(text)


def strength(text: str) -> float:
    """Read "subtle", "mild", "strong" or a number from 0 to 1."""
    if text in STRENGTHS:
        return STRENGTHS[text]
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        allowed = f"{', '.join(STRENGTHS)} or a number from 0 to 1"
        raise RequestError("strength", f"cannot read {text!r}", allowed)
    return value


def span(text: str, field: str) -> Span:
    """Read "A-B", two times in seconds."""
    match = re.fullmatch(r"(?P<start>[\d./]+)-(?P<end>[\d./]+)", text)
    if match is None:
        raise RequestError(field, f"cannot read {text!r}", "START-END in seconds, such as 1-3.5")
    return Span(start=moment(match["start"], field), end=parse_seconds(match["end"], field))


def character(text: str, index: int) -> CharacterRef:
    """Read "NAME=LOOKS"."""
    name, equals, looks = text.partition("=")
    if not equals or not looks.strip():
        allowed = "NAME=LOOKS, such as 'Mia=a small red fox'"
        raise RequestError(f"characters[{index}]", f"cannot read {text!r}", allowed)
    try:
        return from_builtins({"name": name.strip(), "looks": looks.strip()}, CharacterRef)
    except RequestError as error:
        allowed = "a name that begins with a letter, at most 40 characters"
        raise RequestError(f"characters[{index}].name", f"cannot be {name!r}", allowed) from error


def area(text: str, index: int) -> Area:
    """Read "LEFT,TOP,RIGHT,BOTTOM=WORDS", the edges as shares of the picture."""
    field, (box, equals, words) = f"areas[{index}]", text.partition("=")
    edges = box.split(",")
    if not equals or len(edges) != len(_EDGES):
        allowed = "LEFT,TOP,RIGHT,BOTTOM=WORDS, such as '0,0,0.5,1=a red fox'"
        raise RequestError(field, f"cannot read {text!r}", allowed)
    allowed = "a share of the picture, 0 to 1"
    read = (
        number(edge, f"{field}.{name}", float, allowed)
        for name, edge in zip(_EDGES, edges, strict=True)
    )
    shares = dict(zip(_EDGES, read, strict=True))
    for name, share in shares.items():
        if not 0 <= share <= 1:
            raise RequestError(f"{field}.{name}", f"is {share:g}", allowed)
    return Area(prompt=words.strip(), **shares)


def memory(text: str | None) -> int | None:
    """Read gigabytes as bytes."""
    if text is None:
        return None
    allowed = "a number of gigabytes, more than 0"
    value = number(text, "memory", float, allowed)
    if not 0 < value < 1e6:
        raise RequestError("memory", f"is {text}", allowed)
    return round(value * _GIGABYTE)


def number(text: str, field: str, kind: type[_T], allowed: str) -> _T:
    """Read a plain number of that kind (int or float)."""
    try:
        return kind(text)  # type: ignore[call-arg]
    except ValueError as error:
        raise RequestError(field, f"cannot read {text!r}", allowed) from error


def slug(prompt: str) -> str:
    """A file name out of a prompt's first words: "A fox, walking!" becomes "a-fox-walking"."""
    words = re.findall(r"[^\W_]+", prompt.lower())[:_WORDS_IN_NAME]
    return "-".join(words)[:60].rstrip("-") or "clip"


def free_name(stem: str, suffix: str = ".mp4") -> Path:
    """A name in the current folder that no file has yet: STEM.mp4, STEM-2.mp4, ..."""
    path, count = Path(stem + suffix), 1
    while path.exists():
        count += 1
        path = Path(f"{stem}-{count}{suffix}")
    return path
