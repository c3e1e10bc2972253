"""One worker for each GPU of a Ray cluster, on whichever machine it is.

Ray finds the GPUs, starts a worker on each and starts it anew wherever one ends; which job goes to
which worker the queue decides, as always.
"""

from __future__ import annotations

import importlib
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from typing import Any, Final

from kinema.errors import MissingPart, RequestError
from kinema.serve.jobs.supervisor import SUPERVISED

_PASSED_ON: Final = ("KINEMA_", "AWS_")
"""How the names of what a worker's environment has to say begin."""


def place(arguments: Sequence[str], address: str) -> None:
    """Keep a worker running on every GPU of a cluster, until interrupted.

    Args:
        arguments: Of ``kinema work``, without a name; they have to be good on every machine.
        address: Of the cluster; ``auto`` for the one that this machine belongs to.

    Raises:
        MissingPart: Ray is not installed.
        RequestError: There is no such cluster, or it has no GPU.
    """
    ray = _ray()
    try:
        ray.init(address=address, log_to_driver=True)
    except (ConnectionError, ValueError) as error:
        problem = f"no cluster answers at {address}"
        raise RequestError("ray", problem, "auto, or the address that `ray start` said") from error
    count = int(ray.cluster_resources().get("GPU", 0))
    if count == 0:
        raise RequestError("ray", "the cluster has no GPU", "a cluster with GPUs")
    known = {name: value for name, value in os.environ.items() if name.startswith(_PASSED_ON)}
    task: Any = ray.remote(num_gpus=1, max_retries=-1, retry_exceptions=True)(_work)
    ray.get([task.remote(list(arguments), known) for _ in range(count)])


def _ray() -> Any:
    try:
        return importlib.import_module("ray")
    except ImportError as error:
        raise MissingPart("ray", "pip install 'kinema[ray]'") from error


def _work(arguments: list[str], environment: dict[str, str]) -> None:
    """Be the worker of the GPU that Ray has chosen: one that ends is an error, and begun anew."""
    ray = _ray()
    number = "-".join(str(one) for one in ray.get_gpu_ids())
    command = [sys.executable, "-m", "kinema", "work", *arguments]
    command += ["--name", f"{socket.gethostname()}-gpu{number}"]
    # Its standard input ends with this process: a task that is killed takes its worker along.
    leashed = {**os.environ, **environment, SUPERVISED: "1"}
    with subprocess.Popen(command, stdin=subprocess.PIPE, env=leashed) as process:
        code = process.wait()
    raise RuntimeError(f"the worker ended with {code}")
