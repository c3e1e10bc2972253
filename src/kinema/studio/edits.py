"""Changes of a document as operations on stable ids, each of which can be taken back.

A path leads through keys and ids: ``shots/forest.fox-runs/prompt`` is a field of a shot,
``sequences/main/tracks/picture/items/i3`` an element of a list, found by its id. An operation that
was carried out holds what was there before, so its inverse needs nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, cast

from msgspec.structs import replace

from kinema.errors import RequestError
from kinema.studio.document import Project, from_document, to_document
from kinema.types import Json, Value

_REFERENCES: Final = frozenset(
    {"characters", "lines", "place", "ref", "selected", "sequence", "shots", "speaker", "parent"}
)
_ENTITIES: Final = frozenset(
    {"assets", "cast", "deliverables", "lines", "places", "sequences", "shots"}
)
"""Tables in which nothing comes to be by the way; it has to be inserted."""
_ANCHORS: Final = frozenset({"start", "end"})


class Op(StrEnum):
    """What an operation does."""

    SET = "set"
    INSERT = "insert"
    REMOVE = "remove"
    MOVE = "move"
    RENAME = "rename"


class Operation(Value, kw_only=True):
    """One change.

    ``at`` is the path of what is changed; of an inserted element, the path that it will have.
    ``now`` is the new value (of a rename the new id), ``was`` the old one. ``before`` is the
    element in front of which a list gets an inserted or moved one, None for its end;
    ``was_before`` the one in front of which it stood. ``by`` and ``why`` are for people.
    """

    op: Op
    at: str
    now: Any = None
    was: Any = None
    before: str | None = None
    was_before: str | None = None
    by: str = ""
    why: str = ""


def edit(project: Project, operations: Iterable[Operation]) -> tuple[Project, list[Operation]]:
    """Carry out operations, all or none.

    Returns:
        The changed document, and the operations with what was there before.

    Raises:
        RequestError: A path leads nowhere, a value does not fit, or the document would no longer
            hold together (`document.check`).
    """
    document = to_document(project)
    done: list[Operation] = []
    for operation in operations:
        done.append(_carry_out(document, operation))
        # Read in between, so that what became a default is left out again, as everywhere.
    return from_document(document), done


def inverse(operation: Operation) -> Operation:
    """What takes a carried-out operation back."""
    match operation.op:
        case Op.SET:
            return replace(operation, now=operation.was, was=operation.now)
        case Op.INSERT:
            return replace(
                operation,
                op=Op.REMOVE,
                now=None,
                was=operation.now,
                before=None,
                was_before=operation.before,
            )
        case Op.REMOVE:
            return replace(
                operation,
                op=Op.INSERT,
                now=operation.was,
                was=None,
                before=operation.was_before,
                was_before=None,
            )
        case Op.MOVE:
            return replace(operation, before=operation.was_before, was_before=operation.before)
        case Op.RENAME:
            parent = operation.at.rpartition("/")[0]
            old, new = operation.was, operation.now
            return replace(operation, at=f"{parent}/{new}", now=old, was=new)


@dataclass
class History:
    """A document with its edits: `do`, `undo` and `redo`, without limit.

    What is done together is undone together.
    """

    project: Project
    done: list[list[Operation]] = field(default_factory=list[list[Operation]])
    undone: list[list[Operation]] = field(default_factory=list[list[Operation]])

    def do(self, *operations: Operation) -> None:
        """Carry out operations as one step; raises as `edit`, and then nothing has changed."""
        self.project, step = edit(self.project, operations)
        self.done.append(step)
        self.undone.clear()

    def undo(self) -> bool:
        """Take the last step back; False where there is none."""
        return self._turn(self.done, self.undone)

    def redo(self) -> bool:
        """Carry out again what was taken back last; False where there is nothing."""
        return self._turn(self.undone, self.done)

    def _turn(self, source: list[list[Operation]], target: list[list[Operation]]) -> bool:
        if not source:
            return False
        backwards = [inverse(operation) for operation in reversed(source[-1])]
        self.project, step = edit(self.project, backwards)
        source.pop()
        target.append(step)
        return True


@dataclass(frozen=True, slots=True)
class Replayed:
    """A document made anew with a person's edits on top.

    ``conflicts`` are edits whose field the brief has changed as well (the edit wins), ``orphans``
    those whose target is gone; they wait for its return.
    """

    project: Project
    applied: tuple[Operation, ...]
    conflicts: tuple[Operation, ...]
    orphans: tuple[Operation, ...]


def replay(base: Project, operations: Iterable[Operation]) -> Replayed:
    """Carry out edits on a document that was compiled anew.

    No edit is lost: each is applied, or applied and listed as a conflict, or listed as an orphan.
    """
    applied: list[Operation] = []
    conflicts: list[Operation] = []
    orphans: list[Operation] = []

    def carry_out(project: Project, some: Sequence[Operation]) -> Project:
        """All at once where that works, else in halves: few edits of many lose their target."""
        try:
            project, done = edit(project, some)
        except RequestError:
            if len(some) == 1:
                orphans.extend(some)
                return project
            middle = len(some) // 2
            return carry_out(carry_out(project, some[:middle]), some[middle:])
        for operation, now in zip(some, done, strict=True):
            applied.append(operation)
            if operation.op is Op.SET and now.was != operation.was:
                conflicts.append(operation)
        return project

    every = list(operations)
    project = carry_out(base, every) if every else base
    return Replayed(project, tuple(applied), tuple(conflicts), tuple(orphans))


def set_to(at: str, now: Any) -> Operation:
    """Give a field a value; None is its default."""
    return Operation(op=Op.SET, at=at, now=now)


def insert(at: str, now: Any, before: str | None = None) -> Operation:
    """Put in what was not there."""
    return Operation(op=Op.INSERT, at=at, now=now, before=before)


def remove(at: str) -> Operation:
    """Take out an element or an entity."""
    return Operation(op=Op.REMOVE, at=at)


def move(at: str, before: str | None) -> Operation:
    """Put an element of a list in front of another one, or at the end."""
    return Operation(op=Op.MOVE, at=at, before=before)


def rename(at: str, now: str) -> Operation:
    """Give an entity another id, everywhere."""
    return Operation(op=Op.RENAME, at=at, now=now)


def removal_of_shot(project: Project, shot: str) -> list[Operation]:
    """What takes a shot out of the film: its items and those that hang on them, then itself.

    Lines that were spoken over it stay in the document; they are heard no more.
    """
    operations: list[Operation] = []
    for name, sequence in sorted(project.sequences.items()):
        own = {item.id for track in sequence.tracks for item in track.items if item.ref == shot}
        operations += removal_of_items(project, name, own)
    operations += [
        remove(f"scenes/{scene.id}/shots/{shot}") for scene in project.scenes if shot in scene.shots
    ]
    return [*operations, remove(f"shots/{shot}")]


def removal_of_items(project: Project, sequence: str, items: Iterable[str]) -> list[Operation]:
    """What takes items out of a sequence, and with them all whose anchors would lead nowhere."""
    tracks = project.sequences[sequence].tracks
    every = [item for track in tracks for item in track.items]
    gone = set(items)
    while True:
        left = {item.ref for item in every if item.id not in gone}
        refs = {item.ref for item in every if item.id in gone} - left
        lost = {f"item.{name}." for name in gone}
        lost |= {f"{kind}.{ref}{end}" for ref in refs for kind in ("shot", "line") for end in ".)"}
        more = {
            item.id
            for item in every
            if any(name in f"{item.start or ''} {item.end or ''}" for name in lost)
        }
        if more <= gone:
            break
        gone |= more
    return [
        remove(f"sequences/{sequence}/tracks/{track.id}/items/{item.id}")
        for track in tracks
        for item in track.items
        if item.id in gone
    ]


def _carry_out(document: Json, operation: Operation) -> Operation:
    """Change the document in place; returns the operation with what was there before."""
    if operation.op is Op.RENAME:
        return _rename(document, operation)
    *way, last = operation.at.split("/")
    makes = operation.op in (Op.SET, Op.INSERT)
    holder = _walk(document, way, operation, makes=makes)
    if isinstance(holder, list):
        return _change_list(cast("list[Any]", holder), last, operation)
    if not isinstance(holder, dict):
        raise _lost(operation)
    return _change_table(cast("Json", holder), last, operation)


def _change_table(table: Json, key: str, operation: Operation) -> Operation:
    match operation.op:
        case Op.SET:
            was = table.pop(key, None)
            if operation.now is not None:
                table[key] = deepcopy(operation.now)
            return replace(operation, was=was)
        case Op.INSERT:
            if key in table:
                raise RequestError(operation.at, "is there already", "another id")
            table[key] = deepcopy(operation.now)
            return replace(operation, was=None, was_before=None)
        case Op.REMOVE:
            if key not in table:
                raise _lost(operation)
            return replace(operation, was=table.pop(key), was_before=None)
        case _:
            raise RequestError(operation.at, "has no order", "an element of a list")


def _change_list(elements: list[Any], name: str, operation: Operation) -> Operation:
    where = _position(elements, name)
    if operation.op is Op.INSERT:
        if where is not None:
            raise RequestError(operation.at, "is there already", "another id")
        if _id_of(operation.now) != name:
            raise RequestError(operation.at, "is not the id of what is inserted", f"{name!r}")
        _put(elements, deepcopy(operation.now), operation)
        return operation
    if where is None:
        raise _lost(operation)
    behind = _id_of(elements[where + 1]) if where + 1 < len(elements) else None
    was = elements.pop(where)
    match operation.op:
        case Op.REMOVE:
            return replace(operation, was=was, was_before=behind)
        case Op.MOVE:
            _put(elements, was, operation)
            return replace(operation, was_before=behind)
        case _:
            if _id_of(operation.now) != name:
                raise RequestError(operation.at, "cannot get another id so", "a rename")
            elements.insert(where, deepcopy(operation.now))
            return replace(operation, was=was)


def _put(elements: list[Any], element: Any, operation: Operation) -> None:
    if operation.before is None:
        elements.append(element)
        return
    where = _position(elements, operation.before)
    if where is None:
        raise RequestError(
            "before", f"there is no {operation.before!r}", f"a part of {operation.at}"
        )
    elements.insert(where, element)


def _rename(document: Json, operation: Operation) -> Operation:
    *way, old = operation.at.split("/")
    new = operation.now
    holder = _walk(document, way, operation, makes=False)
    if not isinstance(new, str) or re.search(rf'"{re.escape(new)}"', _quoted(document)):
        raise RequestError(operation.at, f"cannot be called {new!r}", "an id that is not in use")
    if isinstance(holder, dict) and old in holder:
        holder[new] = holder.pop(old)
    elif isinstance(holder, list) and (where := _position(holder, old)) is not None:
        if not isinstance(holder[where], dict):
            raise _lost(operation)
        holder[where]["id"] = new
    else:
        raise _lost(operation)
    _refer(document, old, new)
    return replace(operation, was=old)


def _quoted(document: Json) -> str:
    """All ids and keys of the document, each in quotation marks."""
    found: list[str] = []

    def collect(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in cast("Json", value).items():
                found.append(key)
                if key == "id" or key in _REFERENCES:
                    found.append(inner if isinstance(inner, str) else "")
                collect(inner)
        elif isinstance(value, list):
            for inner in cast("list[Any]", value):
                collect(inner)

    collect(document)
    return "".join(f'"{name}"' for name in found)


def _refer(value: Any, old: str, new: str) -> None:
    """Let every reference to the old id, also in anchors, name the new one."""
    if isinstance(value, list):
        for inner in cast("list[Any]", value):
            _refer(inner, old, new)
        return
    if not isinstance(value, dict):
        return
    table = cast("Json", value)
    for key, inner in table.items():
        if key in _REFERENCES and inner == old:
            table[key] = new
        elif key in _REFERENCES and isinstance(inner, list):
            names = cast("list[Any]", inner)
            table[key] = [new if each == old else each for each in names]
        elif key in _ANCHORS and isinstance(inner, str):
            table[key] = re.sub(
                rf"\b(shot|line|item)\.{re.escape(old)}(?=\.(start|end)\b|\))", rf"\1.{new}", inner
            )
        else:
            _refer(inner, old, new)


def _walk(document: Json, way: Sequence[str], operation: Operation, *, makes: bool) -> Any:
    """Go down a path; on the way to something new, what is left out as default is put in."""
    here: Any = document
    for depth, name in enumerate(way):
        if isinstance(here, list):
            where = _position(cast("list[Any]", here), name)
            if where is None:
                raise _lost(operation)
            here = cast("list[Any]", here)[where]
            continue
        if not isinstance(here, dict):
            raise _lost(operation)
        table = cast("Json", here)
        if name not in table:
            if not makes or (depth == 1 and way[0] in _ENTITIES):
                raise _lost(operation)
            is_list = depth == len(way) - 1 and operation.op is Op.INSERT
            table[name] = [] if is_list and _id_of(operation.now) is not None else {}
        here = table[name]
    return here


def _position(elements: Sequence[Any], name: str) -> int | None:
    return next((i for i, element in enumerate(elements) if _id_of(element) == name), None)


def _id_of(element: Any) -> str | None:
    if isinstance(element, dict):
        return cast("Json", element).get("id")
    return element if isinstance(element, str) else None


def _lost(operation: Operation) -> RequestError:
    return RequestError(operation.at, "leads nowhere", "a path of the document")
