"""The queue: one transaction in, fair between projects, and steered while it runs."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select

from kinema.serve.jobs.queue import clip_of, run_id
from kinema.serve.store import clips as store
from kinema.serve.store.clips import State, Turn
from kinema.serve.store.tables import clips
from tests.serve.jobs.conftest import Installation


class Simulation:
    """Jobs that take no time: the next one by place is started, then completed."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self.made: list[tuple[str, bool]] = []

    def step(self) -> None:
        """Make the job that comes next."""
        database = self._installation.database
        with database.write() as connection:
            order = select(clips.c.id, clips.c.project, clips.c.batch, clips.c.run).where(
                clips.c.state == State.QUEUED
            )
            row = connection.execute(order.order_by(clips.c.priority, clips.c.number)).first()
            if row is None:
                return
            turn = Turn(row.id, row.run, "simulated")
            assert store.start(connection, turn)
            self.made.append((row.project, row.batch is not None))
            assert store.complete(connection, turn, assets={}, facts={}, expires_at=None)


def test_an_accepted_job_is_there_whole_or_not_at_all(installation: Installation) -> None:
    there = installation.accept()
    never = replace(installation.row(there), id="video_never", number=None)
    with pytest.raises(RuntimeError), installation.database.write() as connection:
        installation.queue.accept(connection, never)
        raise RuntimeError
    runs = installation.queue._client.list_workflows()
    assert [run.workflow_id for run in runs] == [run_id(there, 0)]
    with installation.database.read() as connection:
        assert store.get(connection, "video_never") is None


def test_projects_share_by_their_weights(on_sqlite: Installation) -> None:
    shares = {"small": 1.0, "large": 3.0, "late": 1.0}
    for name, share in shares.items():
        on_sqlite.project(name, share)
    simulation = Simulation(on_sqlite)
    for _ in range(24):
        on_sqlite.accept(project="small")
    for _ in range(24):
        on_sqlite.accept(project="large")
    for _ in range(16):
        simulation.step()
    first = Counter(project for project, _ in simulation.made)
    assert first["large"] == pytest.approx(12, abs=1)
    assert first["small"] == pytest.approx(4, abs=1)
    for _ in range(5):
        on_sqlite.accept(project="late")
    simulation.made.clear()
    for _ in range(15):
        simulation.step()
    then = Counter(project for project, _ in simulation.made)
    assert then["late"] == pytest.approx(3, abs=1)  # its share, and nothing for having been away


def test_many_projects_that_come_and_go_get_the_same(on_sqlite: Installation) -> None:
    names = [f"p{number}" for number in range(8)]
    for name in names:
        on_sqlite.project(name)
    simulation, chance = Simulation(on_sqlite), random.Random(4)
    waiting = Counter[str]()
    for _ in range(160):
        for name in names:
            while waiting[name] < chance.randrange(1, 6):
                on_sqlite.accept(project=name)
                waiting[name] += 1
        simulation.step()
        waiting[simulation.made[-1][0]] -= 1
    got = Counter(project for project, _ in simulation.made)
    assert min(got.values()) >= 18, got  # of 20
    assert max(got.values()) <= 22, got


def test_a_single_wish_passes_the_batch_of_its_project(on_sqlite: Installation) -> None:
    simulation = Simulation(on_sqlite)
    for _ in range(10):
        on_sqlite.accept(batch="batch_1")
    simulation.step()
    on_sqlite.accept()
    simulation.made.clear()
    for _ in range(2):
        simulation.step()
    assert ("default", False) in simulation.made


def test_a_job_that_was_put_aside_does_not_hold_the_clock_back(on_sqlite: Installation) -> None:
    on_sqlite.project("other")
    simulation = Simulation(on_sqlite)
    aside = on_sqlite.accept()
    assert on_sqlite.queue.pause(aside)
    for _ in range(20):
        on_sqlite.accept()
    for _ in range(10):
        simulation.step()
    assert on_sqlite.queue.resume(aside)
    for _ in range(10):
        on_sqlite.accept(project="other")
    simulation.made.clear()
    for _ in range(10):
        simulation.step()
    assert Counter(project for project, _ in simulation.made)["default"] >= 4


def test_moving_a_job_changes_the_order_of_its_project_alone(installation: Installation) -> None:
    installation.project("other")
    mine = [installation.accept() for _ in range(4)]
    others = [installation.accept(project="other") for _ in range(4)]
    places = [installation.row(clip).priority for clip in mine]
    assert installation.queue.move(mine[3])
    assert installation.queue.move(mine[2], before=mine[0])
    with installation.database.read() as connection:
        order = [row.id for row in store.lined_up(connection, "default")]
        untouched = [row.id for row in store.lined_up(connection, "other")]
    assert order == [mine[3], mine[2], mine[0], mine[1]]
    assert untouched == others
    assert sorted(installation.row(clip).priority for clip in mine) == sorted(places)
    waiting = installation.queue._client.list_workflows(status="ENQUEUED")
    assert {clip_of(run.workflow_id)[0] for run in waiting} == {*mine, *others}
    assert len(waiting) == 8
    assert not installation.queue.move(mine[0], before=others[0])
    assert not installation.queue.move("video_unknown")


def test_of_two_that_steer_one_job_one_comes_too_late(installation: Installation) -> None:
    for _ in range(4):
        clip = installation.accept()
        steer = [installation.queue.cancel, installation.queue.pause, installation.queue.move] * 2
        with ThreadPoolExecutor(len(steer)) as pool:
            list(pool.map(lambda how, clip=clip: how(clip), steer))
        row = installation.row(clip)
        assert row.state == State.CANCELLED
        assert not installation.queue.resume(clip)
        runs = installation.queue._client.list_workflows(workflow_id_prefix=clip)
        assert {run.status for run in runs} == {"CANCELLED"}


def test_who_lost_a_job_changes_nothing_about_it(installation: Installation) -> None:
    clip = installation.accept()
    late, now = Turn(clip, 0, "late"), Turn(clip, 1, "now")
    with installation.database.write() as connection:
        assert store.start(connection, late)
    assert installation.queue.pause(clip)
    assert installation.queue.resume(clip)
    with installation.database.write() as connection:
        assert not store.is_held(connection, late)
        assert not store.start(connection, late)
        assert store.start(connection, now)
        assert not store.advance(connection, late, progress=50, phase="sample", remaining=1.0)
        assert not store.complete(connection, late, assets={}, facts={}, expires_at=None)
        assert not store.fail(connection, clip, 0, {"code": "x"})
        taken = Turn(clip, 1, "taken over")
        assert store.start(connection, taken)
        assert not store.is_held(connection, now)
        assert store.complete(connection, taken, assets={}, facts={}, expires_at=None)


def test_run_ids_say_clip_and_run() -> None:
    assert clip_of(run_id("video_1", 3)) == ("video_1", 3)
