"""A worker killed at any write changes nothing about the clips."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.serve.jobs.conftest import Installation
from tests.serve.jobs.mortal import CHUNKS

JOBS = 3
LIVES = 8
WRITES = 24
"""Writes of one job, about; a life that is to end later ends in the next job."""


@pytest.mark.parametrize(
    ("place", "seed"),
    [
        ("on_sqlite", 0),
        ("on_sqlite", 1),
        pytest.param("on_postgres", 2, marks=pytest.mark.requires("postgres")),
    ],
)
def test_a_worker_that_is_killed_at_any_write_changes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, place: str, seed: int
) -> None:
    installation: Installation = request.getfixturevalue(place)
    calm = tmp_path / "calm.log"
    _mortal(installation, calm, [])
    wanted = {}
    for number in range(JOBS):
        wanted[number] = installation.accept(seed=number)
    for clip in wanted.values():
        installation.finish(clip)
    installation.processes[-1].kill()
    installation.processes[-1].wait()

    chance = random.Random(seed)
    lives = [chance.randrange(1, WRITES) for _ in range(LIVES)]
    hunted = {number: installation.accept(seed=number) for number in range(JOBS)}
    log = tmp_path / "hunted.log"
    _mortal(installation, log, lives)
    for number, clip in hunted.items():
        row = installation.finish(clip)
        assert row.facts is not None
        assert installation.fingerprint(clip) == installation.fingerprint(wanted[number]), lives
        assert row.facts["fingerprint"] == installation.fingerprint(clip)
    for clip in hunted.values():
        installation.until(lambda clip=clip: installation.left_over(clip) == [])
    made = Counter(log.read_text("utf-8").splitlines())
    assert set(made) == {f"{number} {chunk}" for number in range(JOBS) for chunk in range(CHUNKS)}
    again = made.total() - JOBS * CHUNKS
    assert again <= LIVES, made  # each death cost at most the chunk that it fell into


def _mortal(installation: Installation, log: Path, lives: list[int]) -> None:
    where = (installation.url, installation.place, "mortal", str(log))
    numbers = ",".join(str(number) for number in lives)
    installation.start(["tests.serve.jobs.mortal", *where, numbers])
