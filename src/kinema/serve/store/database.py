"""The database: opened by URL, brought up to date, written in short transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import alembic.command
import alembic.config
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    PoolProxiedConnection,
    Table,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kinema.errors import RequestError
from kinema.serve.store.tables import installation

BUSY: Final = 30.0
"""Seconds that a writer waits for another one on SQLite."""

_KINDS: Final = "sqlite:///PATH, postgresql://USER:PASSWORD@HOST/NAME"
_LOCK: Final = 0x6B696E66  # any number that nobody else locks in this database
_UNWRITABLE: Final = ("disk is full", "disk i/o error", "unable to open database", "readonly")
_NETWORK: Final = {
    "connect_timeout": 10,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""A connection to Postgres that is cut in silence is noticed in 20 seconds, not in hours."""


class Unwritable(OSError):
    """The disk of the SQLite file is full or failing; later it may work again.

    It says that the database is locked, because that is what DBOS waits for without end.
    """


def is_away(error: BaseException) -> bool:
    """Whether it says that the database cannot be reached or written to now, and may be later."""
    if isinstance(error, Unwritable | InterfaceError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    # SQLite's driver says "operational" of mistakes too: a table that is missing stays missing.
    is_sqlite = type(error.orig).__module__.startswith("sqlite3")
    return isinstance(error, OperationalError) and (not is_sqlite or "locked" in str(error.orig))


class Database:
    """One database, shared by threads.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql://...``.

    Raises:
        RequestError: ``url`` is neither.
    """

    def __init__(self, url: str) -> None:
        self.url = _address(url).render_as_string(hide_password=False)
        self.engine = _engine(self.url)

    @classmethod
    def in_folder(cls, folder: Path) -> Database:
        """The SQLite database of a data folder."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(f"sqlite:///{folder / 'kinema.db'}")

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file, and with it for one machine only."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: all of it or, where anything is raised, nothing."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with, which waits for no writer and keeps none waiting."""
        with self.engine.execution_options(reads=True).connect() as connection:
            yield connection

    def engine_of_jobs(self) -> Engine:
        """An engine for DBOS, which begins its transactions itself; a full disk makes it wait."""
        if not self.is_sqlite:
            return create_engine(self.url, pool_pre_ping=True, connect_args=_NETWORK)
        engine = create_engine(self.url, connect_args={"timeout": BUSY})

        @event.listens_for(engine, "connect")
        def prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = "IMMEDIATE"
            connection.execute("PRAGMA foreign_keys=ON")

        event.listen(engine, "handle_error", _explained, retval=True)
        return engine

    def changes(self) -> Changes:
        """Whoever wants to know, again and again, whether something was written."""
        return Changes(self)

    def migrate(self) -> None:
        """Bring the tables up to date; does nothing where they are."""
        with as_file(files("kinema.serve.store") / "migrations") as scripts:
            config = alembic.config.Config()
            config.set_main_option("script_location", str(scripts))
            with self.engine.begin() as connection:
                if not self.is_sqlite:  # two servers may start at the same time
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
                config.attributes["connection"] = connection
                alembic.command.upgrade(config, "head")

    def is_ready(self) -> bool:
        """Whether a server has made its tables in it."""
        with self.read() as connection:
            return inspect(connection).has_table(installation.name)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


class Changes:
    """Says whether anything may have been written since it was last asked. For one thread.

    On SQLite that costs some microseconds and no query; on Postgres nobody can say, so it may
    always be.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: PoolProxiedConnection | None = None
        self._version = -1

    def any(self) -> bool:
        """Whether it is worth a look."""
        if not self._database.is_sqlite:
            return True
        if self._connection is None:
            self._connection = self._database.engine.raw_connection()
        cursor = self._connection.cursor()
        cursor.execute("PRAGMA data_version")
        (version,) = cursor.fetchone() or (-1,)
        cursor.close()
        before, self._version = self._version, version
        return version != before

    def close(self) -> None:
        """Ask no more, or all anew."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._version = None, -1


def inserting(connection: Connection, table: Table) -> Any:
    """An INSERT that can say what happens on conflict, which each dialect spells for itself."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(table)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise RequestError("database", "is no URL", _KINDS) from error
    if address.drivername == "postgresql":
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "postgresql+psycopg"):
        raise RequestError("database", f"{address.drivername} is not known here", _KINDS)
    return address


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args=_NETWORK)
    engine = create_engine(url, connect_args={"timeout": BUSY})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late to be immediate
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail where another wrote between.
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    event.listen(engine, "handle_error", _explained, retval=True)
    return engine


def _explained(context: ExceptionContext) -> BaseException | None:
    text = str(context.original_exception)
    if any(sign in text.lower() for sign in _UNWRITABLE):
        return Unwritable(f"database is locked until its disk can be written to: {text}")
    return None
