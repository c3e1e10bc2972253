"""The soak of the benchmarks, small: no job is lost, none is made twice."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT


@pytest.mark.slow
def test_jobs_survive_a_kill_in_every_block() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "serve_soak.py")]
    ended = subprocess.run(
        [*command, "--jobs", "20", "--every", "10"],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "lost, made twice or different: none" in ended.stdout
