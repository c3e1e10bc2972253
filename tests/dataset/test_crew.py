"""The processes that draw: killed ones are replaced, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kinema.data.crew import DEATHS, Crew
from kinema.errors import KinemaError


def doubled(number: int) -> int:
    return 2 * number


def doubled_but_dies_once(number: int, mark: str) -> int:
    path = Path(mark)
    if not path.exists():
        path.write_text("died", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number


def dies(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def fails(number: int) -> int:
    raise LookupError(str(number))


def test_jobs_of_a_killed_process_are_begun_anew(tmp_path: Path):
    with Crew(2) as crew:
        jobs = [crew.begin(doubled_but_dies_once, n, str(tmp_path / "mark")) for n in range(6)]
        assert [crew.answer(job) for job in jobs] == [0, 2, 4, 6, 8, 10]
        assert crew.answer(crew.begin(doubled, 7)) == 14


def test_a_job_that_kills_every_process_ends_the_run_with_a_reason():
    with Crew(1) as crew, pytest.raises(KinemaError, match="die again and again"):
        crew.answer(crew.begin(dies, 1))
    assert DEATHS == 3


@pytest.mark.parametrize("processes", [0, 1])
def test_an_error_of_a_job_is_the_errors_own(processes: int):
    with Crew(processes) as crew, pytest.raises(LookupError, match="5"):
        crew.answer(crew.begin(fails, 5))


def test_processes_end_with_a_parent_that_was_killed(tmp_path: Path):
    program = tmp_path / "parent.py"
    program.write_text(
        "import os, time\n"
        "from kinema.data.crew import Crew\n"
        "if __name__ == '__main__':\n"
        "    with Crew(1) as crew:\n"
        "        print(crew.answer(crew.begin(os.getpid)), flush=True)\n"
        "        time.sleep(60)\n",
        "utf-8",
    )
    parent = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 20
    while _runs(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(worker)
    parent.stdout.close()


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
