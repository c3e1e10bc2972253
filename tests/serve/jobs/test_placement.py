"""Workers on the GPUs of a Ray cluster."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kinema.errors import MissingPart
from kinema.serve.jobs.placement import place
from tests.serve.conftest import free_port
from tests.serve.jobs.conftest import Installation

HAS_RAY = importlib.util.find_spec("ray") is not None


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A cluster of this machine alone that says it has two GPUs; its address."""
    monkeypatch.setenv("RAY_AUTH_MODE", "disabled")  # no token of this user is to be made
    port = free_port()
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    command = [*ray, "start", "--head", f"--port={port}", "--num-gpus=2", "--num-cpus=2"]
    command += ["--include-dashboard=false", "--disable-usage-stats", "--block"]
    with (
        (tmp_path / "ray.log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True) as process,
    ):
        yield f"127.0.0.1:{port}"
        os.killpg(process.pid, signal.SIGTERM)


@pytest.mark.skipif(not HAS_RAY, reason="needs ray: pip install 'kinema[ray]'")
def test_every_gpu_of_a_cluster_gets_a_worker_and_one_that_dies_another(
    on_sqlite: Installation, cluster: str
) -> None:
    on_sqlite.worker_on(cluster)
    on_sqlite.until(lambda: len(on_sqlite.pids()) == 2)
    first = on_sqlite.pids()
    assert all(name.rpartition("-gpu")[2] in ("0", "1") for name in first)
    clips = [on_sqlite.accept(seed=seed) for seed in range(4)]
    for clip in clips:
        on_sqlite.finish(clip)
    name, pid = next(iter(first.items()))
    os.kill(pid, signal.SIGKILL)
    on_sqlite.until(lambda: on_sqlite.pids().get(name, pid) != pid)
    on_sqlite.finish(on_sqlite.accept())


@pytest.mark.skipif(HAS_RAY, reason="ray is here")
def test_without_ray_it_is_said_how_to_get_it() -> None:
    with pytest.raises(MissingPart, match=r"kinema\[ray\]"):
        place([], "auto")
