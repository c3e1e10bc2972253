"""`kinema serve` as a process: starts, keeps its worker, is alone on its folder, ends when told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kinema.serve.jobs.supervisor import Supervisor, pause_after
from tests.serve.conftest import PATIENCE, RunningServer, finished


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_end_takes_its_worker_along(
    own_server: RunningServer, number: signal.Signals
) -> None:
    _until(lambda: own_server.worker_pids() != [])
    process = own_server._process
    assert process is not None
    process.send_signal(number)
    assert process.wait(PATIENCE) == 0
    assert own_server.worker_pids() == []
    assert "Traceback" not in (own_server.data / "server.log").read_text()


def test_a_second_server_on_the_folder_is_refused(server: RunningServer) -> None:
    refused = _serve("--port", "0", "--data", str(server.data))
    assert refused.returncode == 2
    assert "another server works on" in refused.stderr


def test_a_port_in_use_is_refused(server: RunningServer, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    refused = _serve("--port", port, "--data", str(tmp_path))
    assert refused.returncode == 2
    assert f"port: cannot listen on 127.0.0.1:{port}" in refused.stderr


def test_an_address_open_to_others_needs_keys(tmp_path: Path) -> None:
    refused = _serve("--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path))
    assert refused.returncode == 2
    assert "single_user" in refused.stderr


def test_only_the_owner_can_read_the_token_of_local_workers(server: RunningServer) -> None:
    assert (server.data / "worker.token").stat().st_mode & 0o077 == 0


def test_the_server_starts_its_worker_again_and_the_job_goes_on(server: RunningServer) -> None:
    with server.client() as client:
        wish = {"prompt": "a red fox runs through snow", "size": "1280x720"}
        video = client.post("/v1/videos", json=wish).json()["id"]
        while client.get(f"/v1/videos/{video}").json()["progress"] < 10:
            time.sleep(0.02)
        server.kill_worker()
        assert finished(client, video)["status"] == "completed"


def test_the_process_that_answers_loads_neither_torch_nor_a_model() -> None:
    program = (
        "import sys, kinema.serve.run, kinema.serve.api.app\n"
        "heavy = {'torch', 'diffusers', 'kinema.engine.animatic', 'kinema.engine.latent.adapter',"
        " 'kinema.models.dit'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout.strip() == "[]"


def test_a_worker_that_dies_again_and_again_is_started_less_and_less_often() -> None:
    pauses = [pause_after(deaths) for deaths in range(1, 30)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= 1.0
    assert pauses[-1] == 30.0


def test_a_supervisor_that_is_stopped_starts_nothing_more(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    supervisor = Supervisor(["--no-such-option"], log)
    supervisor.start()
    _until(lambda: log.exists() and b"no-such-option" in log.read_bytes())
    supervisor.stop()
    size = log.stat().st_size
    time.sleep(1.0)
    assert log.stat().st_size == size
    supervisor = Supervisor([], tmp_path / "never.log")
    supervisor.stop()
    assert not (tmp_path / "never.log").exists()


def _serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kinema", "serve", *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )


def _until(happened: object) -> None:
    until = time.monotonic() + PATIENCE
    assert callable(happened)
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)
