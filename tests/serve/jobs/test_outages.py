"""Jobs wait while the disk is full or the network is cut, and go on after it."""

from __future__ import annotations

import contextlib
import resource
import socket
import threading
import time

import pytest
from sqlalchemy import make_url

from kinema.serve.store.clips import State
from tests.serve.jobs.conftest import Installation


class Wire:
    """A stretch of network between a worker and a server on this machine, which can be cut."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._behind = port
        self._open: set[socket.socket] = set()
        self._whole = True
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections, and let none through."""
        self._whole = False
        for end in list(self._open):
            self._break(end)

    def mend(self) -> None:
        """Let connections through again."""
        self._whole = True

    def close(self) -> None:
        """Cut for good."""
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if not self._whole:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self._behind))
            self._open |= {near, far}
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(1 << 16):
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            self._break(end)

    def _break(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@pytest.mark.requires("postgres")
def test_a_cut_between_worker_and_database_costs_nothing_but_time(
    on_postgres: Installation,
) -> None:
    url = make_url(on_postgres.url)
    assert url.port is not None
    wire = Wire(url.port)
    try:
        far = url.set(port=wire.port).render_as_string(hide_password=False)
        command = ["kinema", "work", "--database", far, "--storage", on_postgres.place]
        on_postgres.start([*command, "--name", "far"])
        calm = on_postgres.accept_slow()
        on_postgres.finish(calm)
        for progress in (5, 60):
            clip = on_postgres.accept_slow()
            on_postgres.reach(clip, State.RUNNING, progress=progress)
            wire.cut()
            time.sleep(1.0)
            assert on_postgres.row(clip).state == State.RUNNING
            wire.mend()
            assert on_postgres.finish(clip).worker == "far"
            assert on_postgres.fingerprint(clip) == on_postgres.fingerprint(calm)
    finally:
        wire.close()


def test_a_job_waits_while_the_disk_is_full(on_sqlite: Installation) -> None:
    worker = on_sqlite.worker("one")
    calm = on_sqlite.accept_slow()
    on_sqlite.finish(calm)
    clip = on_sqlite.accept_slow()
    on_sqlite.reach(clip, State.RUNNING, progress=5)
    full, free = (0, resource.RLIM_INFINITY), (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    # What a process may write ends here: the same errors as on a full disk, for it alone.
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, full)
    time.sleep(3.0)
    assert worker.poll() is None, on_sqlite.log()
    assert on_sqlite.row(clip).state == State.RUNNING
    resource.prlimit(worker.pid, resource.RLIMIT_FSIZE, free)
    on_sqlite.finish(clip)
    assert on_sqlite.fingerprint(clip) == on_sqlite.fingerprint(calm)
    on_sqlite.until(lambda: on_sqlite.left_over(clip) == [])
    on_sqlite.finish(on_sqlite.accept())


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_clock_that_is_set_meanwhile_ends_no_job(
    on_sqlite: Installation, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    maker, clip = on_sqlite.maker(), on_sqlite.accept()
    assert maker.claim(clip, 0)
    assert maker.condition(clip, 0) is None
    true = time.time
    monkeypatch.setattr(time, "time", lambda: true() + 3600 * hours)
    for step in (maker.sample, maker.render, maker.publish):
        assert step(clip, 0) is None
    row = on_sqlite.row(clip)
    assert row.state == State.COMPLETED
    assert on_sqlite.fingerprint(clip) == (row.facts or {})["fingerprint"]
