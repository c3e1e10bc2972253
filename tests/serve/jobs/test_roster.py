"""Who may work, and under which name."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from kinema.config import WorkerConfig
from kinema.errors import RequestError
from kinema.serve.jobs.models import runnable
from kinema.serve.jobs.roster import Seat, bury, forget, gone
from kinema.serve.store.installation import is_trusted, take_turn, trust
from kinema.serve.store.tables import cards, workers
from tests.serve.jobs.conftest import PATIENCE, TOKEN, Installation

MODELS = runnable(WorkerConfig())


@pytest.mark.parametrize("token", ["", "another"])
def test_a_worker_without_the_token_is_told_so(on_sqlite: Installation, token: str) -> None:
    refused = on_sqlite.worker("stranger", KINEMA_WORKER_TOKEN=token)
    assert refused.wait(PATIENCE) == 2
    assert "KINEMA_WORKER_TOKEN" in on_sqlite.log()


def test_tokens_are_kept_as_hashes_and_can_be_taken_back(installation: Installation) -> None:
    with installation.database.write() as connection:
        rows = connection.execute(text("SELECT * FROM installation")).all()
        assert TOKEN not in str(rows)
        assert is_trusted(connection, TOKEN)
        trust(connection, "elsewhere", "second")
        assert is_trusted(connection, "second")
        trust(connection, "environment", None)
        assert not is_trusted(connection, TOKEN)
        assert is_trusted(connection, "second")


def test_a_database_without_a_server_is_refused(tmp_path: Path, on_sqlite: Installation) -> None:
    place = f"sqlite:///{tmp_path / 'other.db'}"
    command = ["kinema", "work", "--database", place, "--storage", str(tmp_path / "other")]
    assert on_sqlite.start(command).wait(PATIENCE) == 2
    assert "kinema serve" in on_sqlite.log()


def test_a_name_in_use_is_refused_until_its_worker_is_silent(installation: Installation) -> None:
    first = Seat(installation.database, "one", host="here", since=1.0)
    second = Seat(installation.database, "one", host="there", since=2.0)
    first.take(MODELS)
    with pytest.raises(RequestError, match="--name"):
        second.take(MODELS)
    _silence(installation, "one")
    second.take(MODELS)
    assert not first.beat()
    assert second.beat()


def test_a_worker_that_left_frees_its_name_and_its_jobs_at_once(
    installation: Installation,
) -> None:
    Seat(installation.database, "one", host="here", since=1.0).take(MODELS)
    seat = Seat(installation.database, "one", host="here", since=1.0)
    with installation.database.write() as connection:
        assert gone(connection, but="other") == []
    seat.beat("offline")
    with installation.database.write() as connection:
        assert gone(connection, but="one") == []
        assert gone(connection, but="other") == ["one"]
        bury(connection, "one")
        assert gone(connection, but="other") == []
    Seat(installation.database, "one", host="there", since=2.0).take(MODELS)


def test_a_worker_from_before_the_clock_was_set_back_is_gone(installation: Installation) -> None:
    Seat(installation.database, "one", host="here", since=1.0).take(MODELS)
    with installation.database.write() as connection:
        ahead = update(workers).where(workers.c.id == "one").values(seen_at=time.time() + 3600)
        connection.execute(ahead)
        assert gone(connection, but="other") == ["one"]
        bury(connection, "one")
        assert gone(connection, but="other") == []
    Seat(installation.database, "one", host="there", since=2.0).take(MODELS)


def test_two_workers_of_one_name_on_one_machine_do_not_work_at_once(
    on_sqlite: Installation,
) -> None:
    first = on_sqlite.worker("one")
    on_sqlite.until(lambda: _online(on_sqlite, "one"))
    second = on_sqlite.worker("one")
    assert second.wait(PATIENCE) == 2
    assert "at work already" in on_sqlite.log()
    assert first.poll() is None
    first.send_signal(signal.SIGKILL)
    first.wait()
    on_sqlite.worker("one")
    on_sqlite.finish(on_sqlite.accept())


def test_workers_long_gone_are_forgotten_with_cards_that_nobody_has(
    installation: Installation,
) -> None:
    Seat(installation.database, "old", host="here").take(MODELS)
    with installation.database.write() as connection:
        connection.execute(update(workers).values(seen_at=time.time() - 1e6, state="gone"))
        forget(connection)
        assert connection.execute(select(workers)).all() == []
        assert connection.execute(select(cards)).all() == []


def test_a_turn_is_given_once_in_its_time(installation: Installation) -> None:
    with installation.database.write() as connection:
        assert take_turn(connection, "work", 60.0)
        assert not take_turn(connection, "work", 60.0)
        assert take_turn(connection, "other", 60.0)
        assert take_turn(connection, "work", 0.0)


def test_a_worker_lists_only_models_that_it_can_run(tmp_path: Path) -> None:
    assert list(runnable(WorkerConfig())) == ["animatic"]
    with pytest.raises(RequestError, match=r"worker\.models.*weights"):
        runnable(WorkerConfig(models=("wan2.1-t2v-1.3b",)))
    nowhere = {"wan2.1-t2v-1.3b": str(tmp_path / "nowhere")}
    assert list(runnable(WorkerConfig(weights=nowhere))) == ["animatic"]
    with pytest.raises(RequestError, match="there is no model"):
        runnable(WorkerConfig(weights={"animatik": "x"}))


def _online(installation: Installation, name: str) -> bool:
    with installation.database.read() as connection:
        found = select(workers.c.id).where(workers.c.id == name, workers.c.state == "online")
        return connection.execute(found).first() is not None


def _silence(installation: Installation, name: str) -> None:
    with installation.database.write() as connection:
        long_ago = time.time() - 60
        connection.execute(update(workers).where(workers.c.id == name).values(seen_at=long_ago))
