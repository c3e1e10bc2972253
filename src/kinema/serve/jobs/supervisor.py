"""The worker that `kinema serve` keeps running beside itself: started anew whenever it dies."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

SUPERVISED: Final = "KINEMA_SUPERVISED"
"""Set to 1 in the environment of a worker whose standard input ends when its server does."""

CALM: Final = 60.0
"""Seconds of life after which a death is a first death again."""
_PAUSE_MAX: Final = 30.0


class Supervisor:
    """Keeps one worker process alive.

    Args:
        arguments: Of the command ``kinema work``.
        log: Where its output goes.
    """

    def __init__(self, arguments: list[str], log: Path) -> None:
        self._command = [sys.executable, "-m", "kinema", "work", *arguments]
        self._log = log
        self._ends = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the worker, and go on doing so."""
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Ask the worker to end, and end it when it does not."""
        self._ends.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(patience)

    def _keep(self) -> None:
        deaths = 0
        while not self._ends.is_set():
            began = time.monotonic()
            with self._log.open("ab") as log:
                environment = {**os.environ, SUPERVISED: "1"}
                with subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
                ) as self._process:
                    self._process.wait()
            deaths = 1 if time.monotonic() - began > CALM else deaths + 1
            self._ends.wait(min(_PAUSE_MAX, 0.25 * 2**deaths))
