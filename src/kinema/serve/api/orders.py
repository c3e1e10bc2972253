"""From what a video was made from back to the body that makes it again."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from sqlalchemy import Connection

from kinema.serve.store import characters, files
from kinema.serve.store.clips import ClipRow
from kinema.types import (
    Card,
    CharacterRef,
    Curve,
    Direction,
    FileId,
    ImageInput,
    Json,
    Quality,
    Request,
    Task,
    from_builtins,
)

_CLIPS: Final = "clips"


class _NoIdError(Exception):
    """Something that a video was made from has no id that a body could name."""


class _Names:
    """The ids of what a request names by content."""

    def __init__(self, connection: Connection, row: ClipRow) -> None:
        self._connection, self._row = connection, row

    def video(self, file: FileId) -> Json:
        """A finished video: its files lie in a folder of its name."""
        folder, _, rest = self._row.inputs.get(file, {}).get("key", "").partition("/")
        if folder != _CLIPS:
            raise _NoIdError
        return {"id": rest.partition("/")[0]}

    def picture(self, file: FileId) -> Json:
        """An uploaded file."""
        digest = file.removeprefix("sha256:")
        found = files.of_content(self._connection, self._row.project, digest)
        if found is None:
            raise _NoIdError
        return {"file_id": found.id}

    def character(self, known: CharacterRef) -> Json:
        """A character that still looks as it did."""
        for one in characters.of_project(self._connection, self._row.project):
            if (one.name, one.looks) == (known.name, known.looks):
                return {"id": one.id}
        raise _NoIdError


def order_of(connection: Connection, row: ClipRow) -> Json | None:
    """The body of ``POST /v1/kinema/generations`` that makes the same video, of a row.

    None where something it was made from has no id (any more): a film or a picture that came with
    the request, a character that was forgotten.
    """
    request = from_builtins(row.request, Request)
    names = _Names(connection, row)
    try:
        order = {name: say(request, names) for name, say in _FIELDS.items()}
    except _NoIdError:
        return None
    return {name: value for name, value in order.items() if value not in (None, "", [])}


def _number(value: Fraction) -> int | float | str:
    """A number where it says the same, else the fraction in letters."""
    if value.denominator == 1:
        return int(value)
    return float(value) if Fraction(str(float(value))) == value else str(value)


def _image(image: ImageInput, names: _Names) -> Json:
    return {**names.picture(image.file), "role": image.role.value, "at": _number(image.at)}


def _card(card: Card, names: _Names) -> Json:
    said: Json = {"prompt": card.prompt, "seconds": _number(card.seconds)}
    if card.transition:
        said["transition"] = _number(card.transition)
    return said if card.image is None else {**said, **names.picture(card.image)}


def _guide(request: Request, names: _Names) -> Any:
    guide = request.guide
    return guide if guide is None or guide == "animatic" else names.video(guide)


def _unless(value: str, usual: str) -> str | None:
    return None if value == usual else str(value)


_FIELDS: Final[dict[str, Callable[[Request, _Names], Any]]] = {
    "task": lambda r, _: _unless(r.task, Task.TEXT_TO_VIDEO),
    "prompt": lambda r, _: r.prompt,
    "model": lambda r, _: r.model,
    "negative_prompt": lambda r, _: r.negative,
    "size": lambda r, _: str(r.size),
    "seconds": lambda r, _: _number(r.seconds),
    "fps": lambda r, _: float(r.fps) if r.fps.denominator > 1 else int(r.fps),
    "seed": lambda r, _: r.seed,
    "quality": lambda r, _: _unless(r.quality, Quality.STANDARD),
    "steps": lambda r, _: r.sampling.steps,
    "guidance": lambda r, _: r.sampling.guidance,
    "style": lambda r, _: r.style,
    "video": lambda r, names: None if r.clip is None else names.video(r.clip),
    "second": lambda r, names: None if r.second is None else names.video(r.second),
    "images": lambda r, names: [_image(one, names) for one in r.images],
    "cards": lambda r, names: [_card(one, names) for one in r.cards],
    "characters": lambda r, names: [names.character(one) for one in r.characters],
    "mask": lambda r, names: None if r.mask is None else names.picture(r.mask),
    "strength": lambda r, _: r.strength,
    "keep": lambda r, _: (
        None if r.keep is None else {"start": _number(r.keep.start), "end": _number(r.keep.end)}
    ),
    "direction": lambda r, _: _unless(r.direction, Direction.FORWARD),
    "curve": lambda r, _: _unless(r.curve, Curve.TRANSITION),
    "guide": _guide,
    "strict": lambda r, _: r.strict or None,
}
"""field -> what it says of a request; nothing where it is as usual."""
