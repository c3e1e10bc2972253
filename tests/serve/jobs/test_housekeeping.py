"""What is thrown away when its time is over, and what is kept."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sqlalchemy import insert, select, update

from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.housekeeping import drop_records, expire, sweep
from kinema.serve.store import clips as store
from kinema.serve.store import files
from kinema.serve.store.clips import State, Turn
from kinema.serve.store.files import FileRow
from kinema.serve.store.tables import clips, deliveries, endpoints, events, retries
from tests.serve.jobs.conftest import Installation


def test_an_expired_clip_loses_its_files_and_stays_in_the_list(installation: Installation) -> None:
    gone, kept = _published(installation), _published(installation)
    _set(installation, gone, expires_at=time.time() - 1)
    expire(installation.maker())
    row = installation.row(gone)
    assert (row.state, row.status, row.assets) == (State.EXPIRED, "completed", None)
    assert installation.objects.folders(f"clips/{gone}") == []
    assert installation.row(kept).state == State.COMPLETED
    assert len(installation.objects.folders(f"clips/{kept}")) == 1


def test_a_clip_stays_as_long_as_a_waiting_job_needs_it(installation: Installation) -> None:
    source = _published(installation)
    place = {"key": f"clips/{source}/attempt/video.mp4", "suffix": ".mp4"}
    job = installation.accept(inputs={"sha256:x": place})
    _set(installation, source, expires_at=time.time() - 1)
    expire(installation.maker())
    assert installation.row(source).state == State.COMPLETED
    assert installation.queue.cancel(job)
    expire(installation.maker())
    assert installation.row(source).state == State.EXPIRED


def test_what_ended_jobs_left_half_done_is_cleared(installation: Installation) -> None:
    aside, cancelled = installation.accept(), installation.accept()
    for clip in (aside, cancelled, "video_deleted"):
        installation.objects.put(f"work/{clip}/sample.npz", b"half")
        installation.objects.put(f"previews/{clip}", b"small")
        installation.objects.put(f"clips/{clip}/attempt/video.mp4", b"film")
    assert installation.queue.pause(aside)
    assert installation.queue.cancel(cancelled)
    expire(installation.maker())
    assert installation.objects.folders("work") == [aside]
    assert installation.objects.folders("previews") == [aside]
    assert installation.objects.folders("clips") == [aside]


def test_attempts_that_died_are_swept_and_the_published_one_stays(
    installation: Installation,
) -> None:
    clip = _published(installation)
    installation.objects.put(f"clips/{clip}/died/video.mp4", b"film")
    sweep(installation.maker())
    assert installation.objects.folders(f"clips/{clip}") == ["attempt"]


def test_files_of_today_may_be_written_down_later(on_sqlite: Installation) -> None:
    today = new_id(Kind.CLIP)
    yesterday = f"video_{int(time.time()) - 90_000:08x}{today[14:]}"
    for clip in (today, yesterday):
        on_sqlite.objects.put(f"clips/{clip}/attempt/video.mp4", b"film")
    sweep(on_sqlite.maker())
    assert on_sqlite.objects.folders("clips") == [today]


def test_uploads_stay_while_somebody_names_them(on_sqlite: Installation, tmp_path: Path) -> None:
    for name in ("file", "waiting", "nobody", "new", "expired"):
        on_sqlite.objects.put(f"uploads/{name}", b"x")
        old = time.time() - 2 * 86_400
        if name != "new":
            os.utime(tmp_path / "objects" / "uploads" / name, (old, old))
    half = tmp_path / "objects" / "uploads" / "never#1"
    half.write_bytes(b"half")
    os.utime(half, (old, old))
    _file(on_sqlite, "file", None)
    _file(on_sqlite, "expired", time.time() - 1)
    on_sqlite.accept(inputs={"sha256:x": {"key": "uploads/waiting", "suffix": ".png"}})
    expire(on_sqlite.maker())
    sweep(on_sqlite.maker())
    assert on_sqlite.objects.folders("uploads") == ["file", "new", "waiting"]
    assert not half.exists()


def test_records_of_old_are_forgotten(installation: Installation) -> None:
    installation.accept()
    old = time.time() - 40 * 86_400
    with installation.database.write() as connection:
        connection.execute(update(events).values(at=old))
        row = {"project": "default", "body": "b", "clip": "c", "at": old}
        connection.execute(insert(retries).values(row))
        made = {"created_at": old, "updated_at": old, "secrets": [], "event_types": []}
        place = {"id": "whe_1", "project": "default", "name": "n", "url": "u"}
        connection.execute(insert(endpoints).values(place | made))
        for state in ("waiting", "delivered"):
            line = {"id": state, "project": "default", "endpoint": "whe_1", "event": state}
            times = {"next_at": old, "created_at": old, "answers": [], "body": "", "state": state}
            connection.execute(insert(deliveries).values(line | times))
    installation.accept()
    drop_records(installation.database)
    with installation.database.read() as connection:
        assert len(connection.execute(select(events)).all()) == 1
        assert connection.execute(select(retries)).all() == []
        assert list(connection.scalars(select(deliveries.c.id))) == ["waiting"]


def _published(installation: Installation) -> str:
    """A clip that is completed without having been made."""
    clip = installation.accept()
    key = f"clips/{clip}/attempt/video.mp4"
    installation.objects.put(key, b"film")
    assets = {"video": {"key": key, "bytes": 4, "sha256": "0", "media_type": "video/mp4"}}
    turn = Turn(clip, 0, "here")
    with installation.database.write() as connection:
        assert store.start(connection, turn)
        assert store.complete(connection, turn, assets=assets, facts={}, expires_at=None)
    return clip


def _set(installation: Installation, clip: str, **values: object) -> None:
    with installation.database.write() as connection:
        connection.execute(update(clips).where(clips.c.id == clip).values(**values))


def _file(installation: Installation, name: str, expires_at: float | None) -> None:
    row = FileRow(
        id=f"file_{name}",
        project="default",
        filename=name,
        purpose="vision",
        bytes=1,
        media_type="image/png",
        sha256=name,
        key=f"uploads/{name}",
        created_at=time.time(),
        expires_at=expires_at,
    )
    with installation.database.write() as connection:
        files.add(connection, row)
