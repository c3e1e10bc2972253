"""The database: opened by URL, brought up to date, written in short transactions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final

import alembic.command
import alembic.config
from sqlalchemy import Connection, Engine, create_engine, event, make_url

BUSY: Final = 30.0
"""Seconds that a writer waits for another one on SQLite."""


class Database:
    """One database, shared by threads.

    Args:
        url: ``sqlite:///PATH`` or ``postgresql+psycopg://...``.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

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

    def migrate(self) -> None:
        """Bring the tables up to date; does nothing where they are."""
        with as_file(files("kinema.serve.store") / "migrations") as scripts:
            config = alembic.config.Config()
            config.set_main_option("script_location", str(scripts))
            with self.engine.begin() as connection:
                config.attributes["connection"] = connection
                alembic.command.upgrade(config, "head")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
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

    return engine
