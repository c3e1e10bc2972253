"""What is thrown away, and when. One worker at a time does it; each part may be done again.

Rows say first that something is gone, then the files go: a death between leaves files that nobody
can ask for, and the next round finds them.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Final

from dbos import DBOS
from sqlalchemy import delete, select

from kinema.serve.ids import Kind, is_id, made_at
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.roster import forget
from kinema.serve.store import clips as store
from kinema.serve.store import events, exports, lives
from kinema.serve.store.clips import OPEN, State
from kinema.serve.store.database import Database
from kinema.serve.store.installation import take_turn
from kinema.serve.store.objects import export_key
from kinema.serve.store.tables import (
    characters,
    clips,
    deliveries,
    files,
    retries,
    storyboard_files,
)

OFTEN: Final = 60.0
"""Seconds between two looks for what has expired."""
SELDOM: Final = 3600.0
"""Seconds between two looks through all files."""

_DAY: Final = 86_400.0
_DELIVERIES_KEPT: Final = 30 * _DAY
_EXPORTS_KEPT: Final = 7 * _DAY
_LIVES_KEPT: Final = 30 * _DAY
_AT_ONCE: Final = 200


def keep_house(maker: Maker) -> None:
    """Do what is due, where it is this worker's turn."""
    with maker.database.write() as connection:
        often = take_turn(connection, "expiry", OFTEN)
        seldom = take_turn(connection, "sweep", SELDOM)
    if often:
        expire(maker)
        drop_records(maker.database)
        drop_exports(maker)
        drop_runs()
    if seldom:
        sweep(maker)


def expire(maker: Maker) -> None:
    """End clips and files whose time is over, and clear what ended jobs have left half done."""
    now = time.time()
    with maker.database.read() as connection:
        over = select(clips.c.id).where(clips.c.state == State.COMPLETED, clips.c.expires_at < now)
        due = set(connection.scalars(over.limit(_AT_ONCE)))
        wanted = select(clips.c.inputs).where(clips.c.state.in_(OPEN))
        inputs = [where["key"] for row in connection.scalars(wanted) for where in row.values()]
    used = {key.split("/")[1] for key in inputs if key.startswith("clips/")}
    for clip in sorted(due - used):
        with maker.database.write() as connection:
            gone = store.expire(connection, clip)
        if gone:
            maker.tidy(clip)
    with maker.database.write() as connection:
        connection.execute(delete(files).where(files.c.expires_at < now))
    for clip in {*maker.objects.folders("work"), *maker.objects.folders("previews")}:
        maker.tidy(clip)


def drop_records(database: Database) -> None:
    """Forget events, requests that could have been sent twice, deliveries and workers of old."""
    now = time.time()
    lives.end_orphans(database)
    with database.write() as connection:
        events.forget(connection, now - events.KEPT)
        connection.execute(delete(retries).where(retries.c.at < now - _DAY))
        old = (deliveries.c.state != "waiting", deliveries.c.created_at < now - _DELIVERIES_KEPT)
        connection.execute(delete(deliveries).where(*old))
        lives.forget(connection, now - _LIVES_KEPT)
        forget(connection)


def drop_runs() -> None:
    """Forget what the queue knows of runs that ended yesterday or before."""
    before = datetime.fromtimestamp(time.time() - _DAY, UTC).isoformat()
    ended = DBOS.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED"],
        completed_before=before,
        limit=_AT_ONCE,
        load_input=False,
        load_output=False,
    )
    if ended:
        DBOS.delete_workflows([run.workflow_id for run in ended])


def drop_exports(maker: Maker) -> None:
    """Forget exports of last week, which can be made again, and files of attempts that died."""
    with maker.database.write() as connection:
        exports.forget(connection, time.time() - _EXPORTS_KEPT)
        known = exports.known_ids(connection)
    for name in maker.objects.folders("exports"):
        if name not in known:
            maker.objects.remove_all(export_key(name))


def sweep(maker: Maker) -> None:
    """Delete files that no row knows: of uploads nobody uses, and of attempts that died.

    A clip that no job makes is written down when its files are there, so that files of today may
    have no row yet.
    """
    before = time.time() - _DAY
    maker.objects.remove_unnamed(before)
    for clip in maker.objects.folders("clips"):
        if not is_id(clip, Kind.CLIP) or made_at(clip) < before or maker.row(clip) is not None:
            maker.tidy(clip)
    with maker.database.read() as connection:
        known = {*connection.scalars(select(files.c.key))}
        known |= {*connection.scalars(select(characters.c.key))}
        known |= {*connection.scalars(select(storyboard_files.c.key))}
        wanted = select(clips.c.inputs).where(clips.c.state.in_(OPEN))
        for row in connection.scalars(wanted):
            known |= {where["key"] for where in row.values()}
    for key in maker.objects.older("uploads", before):
        if key not in known:
            maker.objects.remove(key)
