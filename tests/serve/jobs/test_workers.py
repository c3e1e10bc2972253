"""Workers take jobs, share them, lose them and give them back."""

from __future__ import annotations

import signal

from sqlalchemy import text

from kinema.serve.store.clips import State
from tests.serve.jobs.conftest import PATIENCE, Installation


def test_a_job_is_made_and_its_files_are_what_the_row_says(installation: Installation) -> None:
    clip = installation.accept()
    installation.worker("one")
    row = installation.finish(clip)
    assert row.worker == "one"
    assert row.facts is not None
    assert row.facts["fingerprint"] == installation.fingerprint(clip)
    for asset in (row.assets or {}).values():
        assert installation.objects.size(asset["key"]) == asset["bytes"]
    installation.until(lambda: installation.left_over(clip) == [])


def test_a_job_of_a_worker_that_does_not_come_back_is_made_by_another(
    installation: Installation,
) -> None:
    calm = installation.accept_slow()
    first = installation.worker("first")
    installation.finish(calm)
    clip = installation.accept_slow()
    installation.reach(clip, State.RUNNING, progress=20)
    first.kill()
    first.wait()
    _let_time_pass(installation, "first")
    installation.worker("second")
    row = installation.finish(clip)
    assert row.worker == "second"
    assert installation.fingerprint(clip) == installation.fingerprint(calm)
    installation.until(lambda: installation.left_over(clip) == [])


def test_a_worker_that_is_told_to_end_leaves_its_job_to_others_at_once(
    on_sqlite: Installation,
) -> None:
    clip = on_sqlite.accept_slow()
    first = on_sqlite.worker("first")
    on_sqlite.reach(clip, State.RUNNING, progress=10)
    first.send_signal(signal.SIGTERM)
    assert first.wait(PATIENCE) == 0
    on_sqlite.worker("second")
    assert on_sqlite.finish(clip).worker == "second"


def _let_time_pass(installation: Installation, worker: str) -> None:
    with installation.database.write() as connection:
        connection.execute(
            text("UPDATE workers SET seen_at = seen_at - 60 WHERE id = :id"), {"id": worker}
        )
