"""The worker that `kinema serve` keeps running beside itself: started anew whenever it dies."""

from __future__ import annotations

import logging
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
_LOG_MAX: Final = 16 << 20  # bytes after which a worker's log is put aside when it starts
_LOG: Final = logging.getLogger(__name__)


class Supervisor:
    """Keeps one worker process alive.

    Args:
        arguments: Of the command ``kinema work``.
        log: Where its output goes.
    """

    def __init__(self, arguments: list[str], log: Path) -> None:
        self._command = [sys.executable, "-m", "kinema", "work", *arguments]
        self._log = log
        self._ends, self._lock = threading.Event(), threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)

    def start(self) -> None:
        """Start the worker, and go on doing so."""
        self._thread.start()

    def stop(self, patience: float = 10.0) -> None:
        """Ask the worker to end, and end it when it does not."""
        with self._lock:  # from here on none is started
            self._ends.set()
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _keep(self) -> None:
        deaths = 0
        while (process := self._begin()) is not None:
            began = time.monotonic()
            with process:
                code = process.wait()
            if self._ends.is_set():
                return
            deaths = 1 if time.monotonic() - began > CALM else deaths + 1
            pause = pause_after(deaths)
            message = "the worker ended with %d; it is started again in %.1f s (see %s)"
            _LOG.warning(message, code, pause, self._log)
            self._ends.wait(pause)

    def _begin(self) -> subprocess.Popen[bytes] | None:
        with self._lock:
            if self._ends.is_set():
                return None
            if self._log.exists() and self._log.stat().st_size > _LOG_MAX:
                self._log.replace(self._log.with_suffix(".log.1"))
            environment = {**os.environ, SUPERVISED: "1"}
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment
                )
            return self._process


def pause_after(deaths: int) -> float:
    """Seconds to wait after so many deaths, one soon after the other."""
    return min(_PAUSE_MAX, 0.25 * 2 ** min(deaths, 10))
