"""Documents compared: what makes one of the other, and which edits of two people meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, cast

from kinema.studio.document import Project, to_document
from kinema.studio.edits import Op, Operation, insert, remove, set_to
from kinema.types import Json

_TABLES: Final = ("cast", "places", "assets", "lines", "shots", "sequences", "deliverables")


def difference(old: Project, new: Project) -> list[Operation]:
    """Operations that make the new document of the old one.

    Entities are told by their ids; of one that both have, each field that differs is set, so that
    what somebody else does to another field at the same time does not meet it.
    """
    before, after = to_document(old), to_document(new)
    found: list[Operation] = []
    for key in sorted({*before, *after}):
        was, now = before.get(key), after.get(key)
        if was == now:
            continue
        if key in _TABLES:
            found += _of_tables(key, cast("Json", was or {}), cast("Json", now or {}))
        else:
            found.append(set_to(key, now))
    return found


def clash(mine: Sequence[Operation], others: Iterable[Operation]) -> str | None:
    """The path at which edits meet that somebody else made in the meantime, None where none do.

    Two edits meet where one changes what the other changes too, or a part of it, or takes it away.
    Two that only put elements into the same list do not, nor two that do the same.
    """
    theirs = list(others)
    for operation in mine:
        for other in theirs:
            if _meet(operation, other):
                return operation.at
    return None


def _of_tables(key: str, was: Json, now: Json) -> Iterator[Operation]:
    for name in sorted({*was, *now}):
        at = f"{key}/{name}"
        if name not in now:
            yield remove(at)
        elif name not in was:
            yield insert(at, now[name])
        elif was[name] != now[name]:
            old, new = cast("Json", was[name]), cast("Json", now[name])
            for field in sorted({*old, *new}):
                if old.get(field) != new.get(field):
                    yield set_to(f"{at}/{field}", new.get(field))


def _meet(mine: Operation, other: Operation) -> bool:
    if not any(_covers(one, two) for one in _places(mine) for two in _places(other)):
        return False
    same = mine.op is Op.SET and other.op is Op.SET and mine.at == other.at
    return not (same and mine.now == other.now)


def _places(operation: Operation) -> tuple[str, ...]:
    """The paths that an operation changes; a rename changes two."""
    if operation.op is Op.RENAME:
        return operation.at, f"{operation.at.rpartition('/')[0]}/{operation.now}"
    return (operation.at,)


def _covers(one: str, two: str) -> bool:
    return one == two or one.startswith(f"{two}/") or two.startswith(f"{one}/")
