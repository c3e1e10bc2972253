"""Steps of a storyboard: what is done together, by several people at once, and taken back again.

A step says which version it was made on. Where others changed the storyboard since, it is carried
out on what they made of it, unless it changes the same things: then it is refused, and whoever made
it sees both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from kinema.errors import RequestError
from kinema.serve.api.boards import board_of, found_board, turns
from kinema.serve.api.errors import ApiError, invalid, not_found
from kinema.serve.api.services import Services
from kinema.serve.store import storyboards as store
from kinema.serve.store.storyboards import BoardRow, Step
from kinema.studio.difference import clash
from kinema.studio.document import Project, canonical, from_document, to_document
from kinema.studio.edits import Operation, edit, inverse
from kinema.studio.shots import check_solves
from kinema.types import Json, from_builtins, to_builtins

DOCUMENT_MAX: Final = 4 * 1024 * 1024
"""Bytes of a document as JSON."""
SHOTS_MAX: Final = 1000
"""Shots of one storyboard: an hour and more of film."""
_TRIES: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A step that somebody wants done.

    version: that it was made on; None for the newest. key: so that it is done once although it
    comes twice.
    """

    operations: Sequence[Operation]
    version: int | None = None
    origin: str = "edit"
    key: str | None = None
    by: str = ""
    why: str = ""
    undoes: int | None = None
    base: Json | None = None


Wanting = Callable[[Connection, BoardRow, Project], Wish | None]
"""Says what is to be done to a storyboard as it is now; None for nothing."""


def do(services: Services, project: str, board: str, want: Wanting) -> BoardRow:
    """Carry a step out.

    Returns:
        The storyboard as it is then.

    Raises:
        ApiError: There is no such storyboard (404), or others changed the same (409; the answer
            holds the storyboard as it is).
        RequestError: The step cannot be carried out, or leaves a document that does not hold.
    """
    for _ in range(_TRIES):
        with services.database.write() as connection:
            row = found_board(connection, project, board)
            wish = want(connection, row, from_document(row.document))
            if wish is None or (wish.key and store.is_done(connection, row.id, wish.key)):
                return row
            if _carried_out(connection, row, wish):
                return found_board(connection, project, board)
    raise ApiError(500, "Too many change this storyboard at once.", kind="server_error")


def undo(services: Services, project: str, board: str, by: str | None, *, again: bool) -> BoardRow:
    """Take the last step back, or carry out again what was taken back last.

    Args:
        services: Those of the app.
        project: Whose storyboard.
        board: Which.
        by: Only steps of that author; None for everybody's.
        again: Redo instead of undo.

    Raises:
        ApiError: There is nothing to take back (400), or others changed the same since (409).
    """

    def want(connection: Connection, row: BoardRow, _document: Project) -> Wish:
        target = turns(store.marks(connection, row.id), by)[again]
        if target is None:
            word = "redo" if again else "undo"
            raise invalid(f"There is nothing to {word}.", None, f"nothing_to_{word}")
        (step,) = store.steps(connection, row.id, after=target - 1, before=target + 1)
        return Wish(
            operations=[inverse(each) for each in reversed(_operations(step))],
            version=target,
            origin="redo" if again else "undo",
            by=by or "",
            undoes=target,
        )

    return do(services, project, board, want)


def document_of(connection: Connection, row: BoardRow, version: int) -> Project:
    """The document as it was; 404 for a version that there never was."""
    if not 0 <= version <= row.version:
        raise not_found("Version", str(version), "version")
    document = from_document(row.document)
    for step in store.steps(connection, row.id, after=version):
        back = [inverse(each) for each in reversed(_operations(step))]
        document, _ = edit(document, back)
    return document


def kept(project: Project) -> Json:
    """The document as it is stored.

    Raises:
        RequestError: It is too large, holds what no text may hold, or its films have no times.
    """
    if len(project.shots) > SHOTS_MAX:
        raise RequestError("shots", f"there are {len(project.shots)}", f"at most {SHOTS_MAX}")
    check_solves(project)
    try:
        document = to_document(project)
        text = canonical(document)
    except (UnicodeEncodeError, RecursionError) as error:
        raise RequestError("document", "holds half a letter", "texts in Unicode") from error
    if b"\\u0000" in text:
        raise RequestError("document", "holds a zero byte", "texts without")
    if len(text) > DOCUMENT_MAX:
        raise RequestError("document", f"has {len(text)} bytes", f"at most {DOCUMENT_MAX}")
    return document


def _carried_out(connection: Connection, row: BoardRow, wish: Wish) -> bool:
    """Do a step in this transaction; False where somebody else was faster."""
    document = from_document(row.document)
    others: list[Operation] = []
    if wish.version is not None:
        if not 0 <= wish.version <= row.version:
            raise not_found("Version", str(wish.version), "version")
        others = list(_since(connection, row, wish))
    at = clash(wish.operations, others)
    if at is not None:
        raise conflict(connection, row, at, "Somebody else has changed the same.")
    try:
        changed, done = edit(document, wish.operations)
        stored = kept(changed)
    except RequestError as error:
        if others:
            raise conflict(connection, row, error.field, str(error)) from error
        raise
    except RecursionError as error:
        raise invalid("Invalid 'operations': nested too deeply.", "operations") from error
    step = Step(
        board=row.id,
        version=row.version + 1,
        origin=wish.origin,
        operations=[to_builtins(operation) for operation in done],
        key=wish.key,
        by=wish.by,
        why=wish.why,
        undoes=wish.undoes,
    )
    return store.change(connection, row, stored, step, base=wish.base)


def conflict(connection: Connection, row: BoardRow, param: str | None, message: str) -> ApiError:
    """The failure that says that others were faster, with what they made of the storyboard."""
    board = board_of(connection, row).model_dump()
    return ApiError(
        409,
        message,
        param=param,
        code="version_conflict",
        headers={"etag": f'"{row.version}"'},
        beside={"storyboard": board},
    )


def _since(connection: Connection, row: BoardRow, wish: Wish) -> Iterable[Operation]:
    """What others did since the version that a step was made on, and what was not taken back."""
    after = wish.version or 0
    dead = set[int]()
    for step in store.steps(connection, row.id, after=after):
        if step.version in dead:
            continue
        if step.undoes is not None and step.undoes > after:
            dead.add(step.undoes)
        elif not (wish.by and step.by == wish.by):
            yield from _operations(step)


def _operations(step: Step) -> list[Operation]:
    return [from_builtins(operation, Operation) for operation in step.operations]
