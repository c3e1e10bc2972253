"""What a viewer may say to a stream: JSON objects, told apart by ``do``."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from kinema.errors import RequestError
from kinema.types import Value, from_json

Seconds = Annotated[float, Meta(ge=0.0, le=1e9)]


class Steer(Value, tag_field="do", tag="steer"):
    """Let another prompt rule from the next chunk on."""

    prompt: str


class Hold(Value, tag_field="do", tag="hold"):
    """Stand still."""


class Play(Value, tag_field="do", tag="play"):
    """Go on."""


class Keep(Value, tag_field="do", tag="keep"):
    """Make a clip of the last ``seconds``, or of the stretch from ``start`` to ``end``."""

    seconds: Seconds | None = None
    start: Seconds | None = None
    end: Seconds | None = None


class Restart(Value, tag_field="do", tag="restart"):
    """Begin a new first scene, under the newest prompt where none is said."""

    prompt: str = ""
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] | None = None


class Here(Value, tag_field="do", tag="here"):
    """Somebody is still watching."""


class End(Value, tag_field="do", tag="end"):
    """End the stream."""


Word = Steer | Hold | Play | Keep | Restart | Here | End


class _Said(Value):
    """One word; a union alone is no type that can be asked for."""

    word: Word


def understood(text: str) -> Word:
    """What was said.

    Raises:
        RequestError: It is none of these; the message says what is wrong.
    """
    if len(text) > 1 << 16:
        raise RequestError("do", "is too long", "at most 65,536 bytes")
    try:
        return from_json(b'{"word":%b}' % text.encode("utf-8", "replace"), _Said).word
    except RequestError as error:
        field = error.field.removeprefix("word.")
        raise RequestError(field, error.problem, error.allowed) from error
