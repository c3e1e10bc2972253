"""Bodies of requests about storyboards, read into what they ask for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

from kinema.errors import RequestError
from kinema.serve.api import wire
from kinema.serve.api.boards import Board
from kinema.serve.api.bodies import Body
from kinema.serve.api.errors import ApiError, invalid, missing
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas_boards import NAME_MAX, OPERATIONS_MAX
from kinema.serve.api.scripts import blank_of, compiled
from kinema.serve.api.steps import Wish, kept
from kinema.studio.document import Project as Document
from kinema.studio.document import from_document
from kinema.studio.edits import Operation
from kinema.types import Json, check_text, from_builtins

VERSION_MAX: Final = 2**31 - 1


class BoardConflict(wire.Wire):
    """That others changed the same, and the storyboard as they made it."""

    error: wire.ErrorBody
    storyboard: Board


CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {"model": BoardConflict, "description": "Others have changed the same since."}
}


T = TypeVar("T")


def read_fields(body: Body, read: Callable[[Fields], T]) -> T:
    """What a body says, every field of which has to be known."""
    try:
        fields = Fields(body)
        found = read(fields)
        fields.close()
    finally:
        body.close()
    return found


def first_document(fields: Fields) -> tuple[Document, bool]:
    """The first document of a storyboard, and whether it comes from a script."""
    document = _given_document(fields)
    if document is not None:
        return document, False
    return (compiled(fields), True) if fields.has("script") else (blank_of(fields), False)


def _given_document(fields: Fields) -> Document | None:
    value = fields.take("document")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid("Invalid type for 'document': expected an object.", "document")
    try:
        document = from_document(cast("Json", value))
    except RecursionError as error:
        raise invalid("Invalid 'document': nested too deeply.", "document") from error
    kept(document)  # refuses what could not be stored
    return document


def given_document(fields: Fields) -> Document:
    """The document that a body has to hold."""
    document = _given_document(fields)
    if document is None:
        raise missing("document")
    return document


def read_script(fields: Fields) -> tuple[Document, int | None, str]:
    """What a script becomes, the version that it was written for, and by whom."""
    version, by = fields.whole("version", 0, VERSION_MAX), read_name(fields, "by")
    return compiled(fields), version, by or ""


def read_wish(fields: Fields) -> Wish:
    """A step of operations."""
    given = fields.take("operations")
    if not isinstance(given, list) or not given:
        message = "Invalid 'operations': expected a list of one operation or more."
        raise invalid(message, "operations")
    if len(given) > OPERATIONS_MAX:
        raise invalid(f"Invalid 'operations': at most {OPERATIONS_MAX}.", "operations")
    operations = [_operation(each, number) for number, each in enumerate(given)]
    return Wish(
        operations=operations,
        version=fields.whole("version", 0, VERSION_MAX),
        key=read_name(fields, "key"),
        by=read_name(fields, "by") or "",
        why=read_name(fields, "why", 200) or "",
    )


def _operation(value: Any, number: int) -> Operation:
    try:
        return from_builtins(value, Operation)
    except RequestError as error:
        problem = f"operations[{number}].{error.field}"
        raise RequestError(problem, error.problem, error.allowed) from error


def read_name(fields: Fields, name: str, most: int = NAME_MAX) -> str | None:
    """A short text for people."""
    found = fields.text(name, most=most)
    if found is not None:
        check_text(name, found)
    return found


def version_of(tag: str | None) -> int:
    """The version that an entity tag names."""
    if tag is None:
        message = "Missing required header: 'If-Match', with the version that was read."
        raise ApiError(400, message, param="if-match", code="if_match_needed")
    text = tag.strip().removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:
        raise invalid(f"Invalid 'If-Match': '{tag[:40]}' is no version.", "if-match")
    return int(text)
