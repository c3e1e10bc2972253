"""Jobs that are being made are stopped, put aside and given up within a step."""

from __future__ import annotations

from pathlib import Path

from kinema.serve.store.clips import State
from tests.serve.jobs.conftest import Installation


def test_a_job_stops_goes_on_and_is_given_up_as_it_is_told(
    on_sqlite: Installation, tmp_path: Path
) -> None:
    patient = on_sqlite.worker("one")
    calm = on_sqlite.accept_slow()
    on_sqlite.finish(calm)

    cancelled = on_sqlite.accept_slow(frames=600)
    on_sqlite.reach(cancelled, State.RUNNING, progress=5)
    assert on_sqlite.queue.cancel(cancelled)
    on_sqlite.until(lambda: on_sqlite.left_over(cancelled) == [])
    assert on_sqlite.objects.folders(f"clips/{cancelled}") == []

    aside = on_sqlite.accept_slow()
    on_sqlite.reach(aside, State.RUNNING, progress=5)
    assert on_sqlite.queue.pause(aside)
    between = on_sqlite.accept()
    on_sqlite.finish(between)
    assert on_sqlite.row(aside).state == State.PAUSED
    assert "work/sample.npz" in on_sqlite.left_over(aside)
    assert on_sqlite.queue.resume(aside)
    assert on_sqlite.finish(aside).run == 1
    assert on_sqlite.fingerprint(aside) == on_sqlite.fingerprint(calm)

    patient.terminate()
    patient.wait()
    config = tmp_path / "kinema.toml"
    config.write_text("[worker]\ntimeout = 1\n")
    on_sqlite.worker("one", "--config", str(config))
    late = on_sqlite.accept_slow(frames=1200)
    on_sqlite.until(lambda: on_sqlite.row(late).state == State.FAILED)
    error = on_sqlite.row(late).error
    assert error is not None
    assert error["code"] == "timeout"
    on_sqlite.until(lambda: on_sqlite.left_over(late) == [])


def test_a_job_whose_input_is_gone_fails_with_the_reason(on_sqlite: Installation) -> None:
    digest = "sha256:" + "0" * 64
    place = {"key": f"uploads/{'0' * 64}", "suffix": ".png"}
    clip = on_sqlite.accept(inputs={digest: place})
    on_sqlite.worker("one")
    on_sqlite.until(lambda: on_sqlite.row(clip).state == State.FAILED)
    error = on_sqlite.row(clip).error
    assert error is not None
    assert error["param"] == "inputs"
    on_sqlite.finish(on_sqlite.accept())
