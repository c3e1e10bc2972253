"""TOML boards into scripts: the storyboard's cards, with scenes, titles and words beside them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from kinema.errors import RequestError
from kinema.studio.document import LineKind
from kinema.studio.script import SECONDS, Beat, Music, Part, Said, Script
from kinema.types import parse_seconds

SETTINGS: Final = (
    "title", "size", "fps", "seed", "model", "style", "negative", "quality", "language",
    "languages", "captions", "formats", "side",
)  # fmt: skip
"""What a brief of any form may set."""
_CARD: Final = (
    "id", "prompt", "seconds", "transition", "image", "scene", "title", "narration", "say", "seed",
)  # fmt: skip
_CHARACTER: Final = ("name", "looks", "image")
_SAY: Final = ("who", "text", "how")
_MUSIC: Final = ("file", "start", "gain", "licence", "credit")

Table = Mapping[str, Any]


def read_board(text: str, file: str, folder: Path) -> Script:
    """Read a board.

    Args:
        text: TOML with the `SETTINGS`, any number of ``[[character]]`` (name, looks, image),
            ``[[music]]`` (file, start, gain, licence, credit) and ``[[card]]`` (prompt, seconds,
            transition, image, scene, title, narration, say). Words are one text, or a table of
            languages; ``say`` is a list of {who, text, how}.
        file: Its name, for messages.
        folder: Where the paths of images begin.

    Raises:
        RequestError: It is no TOML, a key is unknown, or a value is wrong; the message names it.
    """
    try:
        board = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RequestError(file, f"is not TOML: {error}", "see examples/film.toml") from error
    _check_keys(board, (*SETTINGS, "character", "card", "music"), "")
    script = Script(title=_text(board, "title", "") or file.partition(".")[0])
    for key in SETTINGS:
        value = board.get(key)
        if value is not None and key != "title":
            script.settings[key] = (
                ", ".join(map(str, cast("list[Any]", value)))
                if isinstance(value, list)
                else str(value)
            )
    for index, row in enumerate(_rows(board, "character", "")):
        where = f"character[{index}]."
        _check_keys(row, _CHARACTER, where)
        image = _text(row, "image", where)
        name = _text(row, "name", where) or f"character {index + 1}"
        looks = _text(row, "looks", where) or ""
        script.cast[name] = (looks, folder / image if image else None)
    for index, row in enumerate(_rows(board, "music", "")):
        script.music.append(_music(row, f"music[{index}].", folder))
    for index, row in enumerate(_rows(board, "card", "")):
        _card(script, row, f"card[{index}].", folder)
    if not script.parts:
        raise RequestError("card", "there is none", "one [[card]] or more")
    return script


def _card(script: Script, row: Table, where: str, folder: Path) -> None:
    _check_keys(row, _CARD, where)
    heading = _text(row, "scene", where)
    if not script.parts or (heading is not None and heading != script.parts[-1].heading):
        script.parts.append(Part(heading=heading or script.title))
    image = _text(row, "image", where)
    seed = row.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int) or seed < 0):
        raise RequestError(f"{where}seed", f"is {seed!r}", "a whole number from 0")
    beat = Beat(
        _text(row, "prompt", where) or "",
        _seconds(row, "seconds", where, SECONDS),
        _seconds(row, "transition", where, Fraction(0)),
        image=folder / image if image else None,
        name=_text(row, "id", where) or "",
        seed=seed,
    )
    for key, kind in (("title", LineKind.TITLE), ("narration", LineKind.NARRATION)):
        if key in row:
            beat.said.append(Said(kind, _words(row[key], f"{where}{key}"), at=f"{where}{key}"))
    for index, said in enumerate(_rows(row, "say", where)):
        at = f"{where}say[{index}]."
        _check_keys(said, _SAY, at)
        beat.said.append(
            Said(
                LineKind.SPEECH,
                _words(said.get("text"), f"{at}text"),
                _text(said, "who", at) or "",
                _text(said, "how", at) or "",
                f"{at}text",
            )
        )
    script.parts[-1].beats.append(beat)


def _music(row: Table, where: str, folder: Path) -> Music:
    _check_keys(row, _MUSIC, where)
    file = _text(row, "file", where)
    if not file:
        raise RequestError(f"{where}file", "is missing", "the path of a piece of music")
    gain = row.get("gain", 0)
    if isinstance(gain, bool) or not isinstance(gain, int) or not -60 <= gain <= 12:
        raise RequestError(f"{where}gain", f"is {gain!r}", "decibels from -60 to 12")
    return Music(
        folder / file,
        _text(row, "start", where) or "",
        gain,
        _text(row, "licence", where) or "",
        _text(row, "credit", where) or "",
    )


def _words(value: Any, where: str) -> dict[str, str]:
    """Words by language; those of the base language under "" where only they are given."""
    if isinstance(value, str) and value.strip():
        return {"": value}
    if isinstance(value, dict):
        table = cast("dict[str, Any]", value)
        if table and all(isinstance(text, str) and text.strip() for text in table.values()):
            return dict(table)
    raise RequestError(where, f"is {value!r}", 'a text, or a table such as {en = "..", de = ".."}')


def _check_keys(table: Table, known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise RequestError(f"{where}{key}", f"there is no such key{hint}", ", ".join(known))


def _rows(table: Table, key: str, where: str) -> list[Table]:
    rows = table.get(key, [])
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) for row in cast("list[Any]", rows)
    ):
        raise RequestError(f"{where}{key}", "is not a list of tables", f"[[{key}]]")
    return cast("list[Table]", rows)


def _text(table: Table, key: str, where: str) -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise RequestError(f"{where}{key}", f"is {value!r}", "a text in quotes")
    return value


def _seconds(table: Table, key: str, where: str, default: Fraction) -> Fraction:
    value = table.get(key)
    if value is None or value == 0:
        return default if value is None else Fraction(0)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise RequestError(f"{where}{key}", f"is {value!r}", "a number of seconds")
    return parse_seconds(str(value), f"{where}{key}")
