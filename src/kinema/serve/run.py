"""`serve` and `work`: the two processes of an installation, set up and run."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from kinema.config import Config
from kinema.errors import RequestError
from kinema.media import cache_folder
from kinema.serve.jobs.supervisor import SUPERVISED, Supervisor
from kinema.serve.observe.logs import log_as_json
from kinema.serve.store.database import Database, is_away
from kinema.serve.store.installation import is_trusted, trust
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import first_key

TOKEN_VARIABLE: Final = "KINEMA_WORKER_TOKEN"
TOKEN_FILE: Final = "worker.token"
"""In the data folder; only workers on the same machine can read it."""
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
WORDS_MAX: Final = 1 << 18
"""Bytes of what one may say at a time over a WebSocket."""


def default_data() -> Path:
    """The data folder where none is named: ``$XDG_DATA_HOME/kinema``."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "kinema"


def serve(
    config: Config,
    data: Path,
    *,
    config_file: Path | None,
    worker: bool = True,
    on_ready: Callable[[str], None] = lambda _url: None,
    on_key: Callable[[str], None] = lambda _key: None,
) -> None:
    """Answer HTTP, with a worker beside, until interrupted.

    Args:
        config: How the installation is set up.
        data: Its folder: database, objects, logs.
        config_file: The file that ``config`` came from; the worker reads it too.
        worker: Start one; without, others take the jobs.
        on_ready: Told the address, once requests are answered.
        on_key: Told the first key of the installation, before that, where there was none.

    Raises:
        RequestError: The address is open to others while any key is good, is in use, or the data
            folder belongs to another server that runs.
    """
    import uvicorn

    from kinema.serve.api.app import create_app

    host = config.server.host
    if config.single_user and host not in LOOPBACK:
        allowed = f"{LOOPBACK[0]}, or single_user = false in the configuration and a key"
        raise RequestError("host", f"any key is good, and {host} is open to others", allowed)
    log_as_json()
    with _alone(data):
        database, objects = opened(config, data)
        _let_workers_in(database, data)
        listener = _listener(host, config.server.port)
        if not config.single_user:
            with database.write() as connection:
                key = first_key(connection)
            if key is not None:
                on_key(key)
        app = create_app(config, database, objects)
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                ws_max_size=WORDS_MAX,
                ws_per_message_deflate=False,  # films do not get smaller
                timeout_graceful_shutdown=3,
            )
        )
        arguments = ["--data", str(data)]
        if config_file is not None:
            arguments += ["--config", str(config_file)]
        supervisor = Supervisor(arguments, data / "worker.log")
        if worker:
            supervisor.start()
        app.state.on_ready = lambda: on_ready(_address(listener))
        for number in (signal.SIGTERM, signal.SIGINT):
            # uvicorn puts its own in their place while it runs, and sends itself the signal again
            # when it has ended; by default that would end the process before the worker is told.
            signal.signal(number, lambda *_: None)
        try:
            server.run(sockets=[listener])
        finally:
            listener.close()
            supervisor.stop()
            database.close()


def work(config: Config, data: Path, *, name: str) -> None:
    """Make clips for the server of a database, until interrupted.

    Args:
        config: How the installation is set up; ``database`` and ``storage`` as the server has them.
        data: The folder of a server on this machine, where ``config`` names no other place.
        name: Of this worker. It goes on with what it had begun when it was last run by this name.

    Raises:
        RequestError: No server has ever run on the database, it cannot be reached, the worker's
            token is not known there, its name is in use, or there is no model that it can run.
    """
    from kinema.serve.jobs.worker import Worker
    from kinema.serve.road.desk import open_road

    if os.environ.get(SUPERVISED) == "1":
        threading.Thread(target=_end_with_supervisor, name="leash", daemon=True).start()
    log_as_json()
    cache_folder()
    database = _database(config, data)
    _show_token(database, data, mine=not config.database)
    Worker(database, _objects(config, data), config, name, open_road).run()


def _end_with_supervisor() -> None:
    """Wait for the end of the process that started this one, and end at once.

    Else a worker whose server was killed would go on beside the one that the next server starts.
    """
    while os.read(sys.stdin.fileno(), 1024):  # a buffered read would hold up an ordinary end
        pass
    os._exit(0)


def opened(config: Config, data: Path) -> tuple[Database, Objects]:
    """The database, brought up to date, and the object store."""
    from dbos import DBOS

    data.mkdir(parents=True, exist_ok=True)
    database = _database(config, data)
    with _naming_database():
        database.migrate()
        DBOS.migrate(database.url)
    return database, _objects(config, data)


def _database(config: Config, data: Path) -> Database:
    return Database(config.database) if config.database else Database.in_folder(data)


def _objects(config: Config, data: Path) -> Objects:
    return Objects(config.storage or str(data / "objects"))


@contextlib.contextmanager
def _naming_database() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        if not is_away(error):
            raise
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        problem = f"cannot be reached or written to: {reason}"
        raise RequestError("database", problem, "a database that runs") from error


def _let_workers_in(database: Database, data: Path) -> None:
    """Trust workers that know the token of the environment, or read that of the data folder."""
    file = data / TOKEN_FILE
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(32))
    with database.write() as connection:
        trust(connection, "environment", os.environ.get(TOKEN_VARIABLE) or None)
        trust(connection, f"{socket.gethostname()}:{data}", file.read_text("utf-8").strip())


def _show_token(database: Database, data: Path, *, mine: bool) -> None:
    """Prove to the database that this worker may take jobs."""
    with _naming_database():
        if not database.is_ready():
            allowed = "the database of a server that has run: start `kinema serve` first"
            raise RequestError("database", "holds nothing of Kinema", allowed)
        token = os.environ.get(TOKEN_VARIABLE, "")
        file = data / TOKEN_FILE
        if not token and mine and file.is_file():
            token = file.read_text("utf-8").strip()
        with database.read() as connection:
            if token and is_trusted(connection, token):
                return
    problem = "is not the one that the server was started with" if token else "is not set"
    allowed = f"{TOKEN_VARIABLE} in the environment of the server and of its workers, the same"
    raise RequestError("token", problem, allowed)


def _listener(host: str, port: int) -> socket.socket:
    """A socket that others can be told of before the first request."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only of a socket that names its protocol does asyncio take Nagle's delay away, which is 40 ms
    # for each answer that is sent in two pieces.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        problem = f"cannot listen on {host}:{port}: {error.strerror}"
        raise RequestError("port", problem, "a free port of this machine; 0 takes one") from error
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the data folder, so that no second server works on it."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            problem = f"another server works on {data}"
            raise RequestError("data", problem, "a folder of its own") from error
        yield
