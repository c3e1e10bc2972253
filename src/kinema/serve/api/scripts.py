"""Scripts that come over the wire: into documents, without reading any file of this machine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kinema.errors import RequestError
from kinema.serve.api.errors import invalid
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas_boards import FORMATS, SCRIPT_MAX
from kinema.studio.board import read_board
from kinema.studio.compile import KINDS, blank, check_brief, compile_script
from kinema.studio.document import Project
from kinema.studio.fountain import read_fountain
from kinema.studio.script import Script
from kinema.types import check_text

_BOARD: Final = re.compile(r"^\s*\[\[\s*card\s*\]\]", re.MULTILINE)
_NAME: Final = "script"
_SETTINGS: Final = ("title", "size", "fps", "language", "model")


def compiled(fields: Fields) -> Project:
    """The document that a script becomes.

    Raises:
        ApiError: A field does not fit.
        RequestError: The script is wrong; the field is "script:LINE".
    """
    text = fields.text("script", most=SCRIPT_MAX, needed=True) or ""
    kind = fields.one_of("kind", tuple(KINDS), "film")
    formats = fields.take("formats")
    title = fields.text("title", most=200)
    check_brief(text)
    script = read_board(text, _NAME, Path()) if _BOARD.search(text) else read_fountain(text, _NAME)
    _check_files(script)
    if title is not None:
        check_text("title", title)
        script.title = title
    elif script.title == _NAME:
        script.title = _first_words(script)
    if formats is not None:
        if not isinstance(formats, list) or not all(each in FORMATS for each in formats):
            raise invalid(f"Invalid 'formats': expected some of {', '.join(FORMATS)}.", "formats")
        if kind == "social":
            script.settings["formats"] = ", ".join(formats)
    return compile_script(kind, script).project


def blank_of(fields: Fields) -> Project:
    """An empty document with the settings that are given."""
    kind = fields.one_of("kind", tuple(KINDS), "film")
    fields.take("formats")
    settings = {name: text for name in _SETTINGS if (text := fields.text(name, most=200))}
    for name, text in settings.items():
        check_text(name, text)
    return blank(kind, settings)


def _check_files(script: Script) -> None:
    """Refuse paths, which would be read on this machine."""
    given = [beat.image for part in script.parts for beat in part.beats]
    given += [image for _, image in script.cast.values()]
    given += [piece.file for piece in script.music]
    for path in given:
        if path is not None:
            allowed = "a board without files, which are given to it later"
            raise RequestError("image", f"{path.name!r} is not here", allowed)


def _first_words(script: Script) -> str:
    first = next((beat.prompt for part in script.parts for beat in part.beats if beat.prompt), "")
    return " ".join(first.split()[:6]) or "Untitled"
