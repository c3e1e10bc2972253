"""What is written down of a stream, on a thread that the stream does not wait for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sqlalchemy import Connection

from kinema.serve.store import lives as store
from kinema.serve.store.database import Database
from kinema.serve.store.events import append
from kinema.serve.store.lives import LiveRow, Reason
from kinema.types import Json

_LOG: Final = logging.getLogger(__name__)


class Record:
    """Writes one stream down. What cannot be written is lost: the stream is worth more."""

    def __init__(self, database: Database, row: LiveRow) -> None:
        self._database, self._row = database, row
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="record")

    def note(self, **values: Any) -> None:
        """Change columns of its row."""
        self._write(lambda connection: store.note(connection, self._row.id, **values))

    def reel(self, reel: list[Json]) -> None:
        """What was said in it and kept of it."""
        self._write(lambda connection: store.note_reel(connection, self._row.id, reel))

    def stats(self, stats: Json) -> None:
        """Tell other windows how it goes."""
        row = self._row
        self._write(
            lambda connection: append(connection, row.project, "stream.stats", stats, clip=row.id)
        )

    def end(self, reason: Reason) -> None:
        """It is over."""
        self._write(lambda connection: store.end(connection, self._row.id, reason))

    def close(self) -> None:
        """Wait until all is written."""
        self._writer.shutdown(wait=True)

    def _write(self, write: Callable[[Connection], object]) -> None:
        def work() -> None:
            try:
                with self._database.write() as connection:
                    write(connection)
            except Exception as error:  # noqa: BLE001 - the next line says more
                _LOG.warning("a stream cannot be written down: %s", error)

        try:
            self._writer.submit(work)
        except RuntimeError:  # it is over, and so is what there was to say
            _LOG.debug("the stream %s is over", self._row.id)
