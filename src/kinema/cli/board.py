"""The storyboard file: strict TOML, read into a request."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from msgspec.structs import replace

from kinema.cli import asking
from kinema.cli import inputs as read
from kinema.cli.inputs import Inputs
from kinema.errors import MediaError, RequestError
from kinema.types import Card, CharacterRef, Request, Size

_BOARD: Final = (
    "size", "fps", "seed", "model", "style", "negative", "character", "card",
)  # fmt: skip
_CARD: Final = ("prompt", "seconds", "transition", "image")
_CHARACTER: Final = ("name", "looks", "image")
_SECONDS: Final = Fraction(4)

Table = Mapping[str, Any]


def board_request(file: Path, given: asking.Given, inputs: Inputs) -> Request:
    """Read a storyboard; options of the command line win over what the file says.

    Args:
        file: TOML with ``size``, ``fps``, ``seed``, ``model``, ``style``, ``negative``, any number
            of ``[[character]]`` (name, looks, image) and ``[[card]]`` (prompt, seconds, transition,
            image). Paths of images are relative to the file.
        given: Options of the command.
        inputs: Takes in the images.

    Raises:
        MediaError: The file cannot be read or is no TOML.
        RequestError: A key is unknown or a value is wrong; the message names it.
    """
    board = _table(file)
    _check_keys(board, _BOARD, "")
    model = given["model"] or _text(board, "model")
    request = asking.board_defaults({**given, "model": model}, inputs)
    size = given["size"] or _text(board, "size")
    fps = given["fps"] or _number(board, "fps", "")
    seed = given["seed"] or _number(board, "seed", "")
    style = given["style"] or _text(board, "style")
    cards = tuple(_card(row, i, file, inputs) for i, row in enumerate(_rows(board, "card")))
    rate = read.fps(fps) if fps is not None else request.fps
    return replace(
        request,
        size=Size.parse(size) if size is not None else request.size,
        fps=rate,
        frames=asking.frames_for(sum((c.seconds for c in cards), Fraction(0)), rate)
        if cards
        else 1,
        seed=read.seed(seed) if seed is not None else request.seed,
        style=asking.style(style) if style is not None else None,
        negative=given["negative"] or _text(board, "negative") or "",
        strict=given["strict"],
        cards=cards,
        characters=(
            *(_character(row, i, file, inputs) for i, row in enumerate(_rows(board, "character"))),
            *asking.characters(given["characters"]),
        ),
    )


def _table(file: Path) -> Table:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"{file.name!r} cannot be read: {error.strerror}"
        raise MediaError("storyboard", problem, "the path of a TOML file") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = f"{file.name!r} is not TOML: {error}"
        raise MediaError("storyboard", problem, "see examples/storyboard.toml") from error


def _check_keys(table: Table, known: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            problem = f"there is no such key{hint}"
            raise RequestError(f"{where}{key}", problem, ", ".join(known))


def _rows(board: Table, key: str) -> list[Table]:
    rows = board.get(key, [])
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) for row in cast("list[Any]", rows)
    ):
        raise RequestError(key, "is not a list of tables", f"[[{key}]]")
    return cast("list[Table]", rows)


def _text(table: Table, key: str, where: str = "") -> str | None:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise RequestError(f"{where}{key}", f"is {value!r}", "a text in quotes")
    return value


def _number(table: Table, key: str, where: str) -> str | None:
    """A number as text, so that 2.5 is exactly 5/2 and never a float."""
    value = table.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise RequestError(f"{where}{key}", f"is {value!r}", "a number")
    return str(value)


def _card(row: Table, index: int, file: Path, inputs: Inputs) -> Card:
    where = f"card[{index}]."
    _check_keys(row, _CARD, where)
    seconds = _number(row, "seconds", where)
    transition = _number(row, "transition", where)
    image = _text(row, "image", where)
    return Card(
        prompt=_text(row, "prompt", where) or "",
        seconds=read.moment(seconds, f"{where}seconds") if seconds is not None else _SECONDS,
        transition=read.moment(transition or "0", f"{where}transition"),
        image=inputs.keep(file.parent / image, f"{where}image") if image is not None else None,
    )


def _character(row: Table, index: int, file: Path, inputs: Inputs) -> CharacterRef:
    where = f"character[{index}]."
    _check_keys(row, _CHARACTER, where)
    name, looks = _text(row, "name", where) or "", _text(row, "looks", where) or ""
    found = read.character(f"{name}={looks}", index)
    image = _text(row, "image", where)
    if image is None:
        return found
    return replace(found, image=inputs.keep(file.parent / image, f"{where}image"))
