"""A folder of somebody's clips: what is in it, with which captions, and what cannot be used.

A caption lies beside its video (``fox.mp4``: ``fox.txt``, or ``fox.json`` with "caption"), or in
``metadata.jsonl``, one object a line with "file_name" and "caption". "text" and "prompt" are taken
for "caption" as well.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kinema.errors import RequestError

VIDEOS: Final = (".mp4", ".m4v", ".mov", ".webm", ".mkv", ".gif", ".webp")
STILLS: Final = (".png", ".jpg", ".jpeg")
LISTED: Final = "metadata.jsonl"
_KEYS: Final = ("caption", "text", "prompt")


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not used, and why."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Captioned:
    """A file to learn from, and what it shows."""

    path: Path
    caption: str


def captioned(folder: Path) -> tuple[list[Captioned], list[Problem]]:
    """The files of a folder and of those below it, by name; and those without a caption.

    Raises:
        RequestError: There is no such folder, or it holds no videos and no pictures.
    """
    if not folder.is_dir():
        raise RequestError("data", f"there is no folder {folder.name!r}", "a folder of clips")
    problems: list[Problem] = []
    listed = _listed(folder, problems)
    found: list[Captioned] = []
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (*VIDEOS, *STILLS))
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            caption = listed.get(name) or _beside(path)
        except ValueError as error:
            problems.append(Problem(name, f"its caption cannot be read ({error})"))
            continue
        if caption:
            found.append(Captioned(path, caption))
        else:
            problems.append(Problem(name, "has no caption"))
    known = {path.relative_to(folder).as_posix() for path in files}
    problems += [Problem(name, "is listed but not there") for name in listed if name not in known]
    if not files:
        allowed = f"clips that end in {', '.join(VIDEOS)}"
        raise RequestError("data", f"{folder.name}/ holds no clips", allowed)
    return found, problems


def _beside(path: Path) -> str:
    text, document = path.with_suffix(".txt"), path.with_suffix(".json")
    if text.is_file():
        return " ".join(text.read_text("utf-8").split())
    if document.is_file():
        return _caption_of(json.loads(document.read_text("utf-8")))
    return ""


def _caption_of(said: Any) -> str:
    if isinstance(said, str):
        return said.strip()
    if not isinstance(said, Mapping):
        raise ValueError("neither words nor an object")  # noqa: TRY004 - of a file, not of a caller
    return next((str(said[key]).strip() for key in _KEYS if said.get(key)), "")


def _listed(folder: Path, problems: list[Problem]) -> dict[str, str]:
    path = folder / LISTED
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found[str(row["file_name"])] = _caption_of(row)
        except (ValueError, KeyError, TypeError) as error:
            problems.append(Problem(f"{LISTED}, line {number}", f"cannot be read ({error})"))
    return found
