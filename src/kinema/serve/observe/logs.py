"""Logs for machines: one JSON object a line, with the request and the job that it is about."""

from __future__ import annotations

import contextlib
import datetime
import json
import logging
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

REQUEST: Final[ContextVar[str | None]] = ContextVar("request", default=None)
"""The request that is being answered; a line that is written meanwhile names it."""
JOB: Final[ContextVar[str | None]] = ContextVar("job", default=None)
"""Likewise the job that is being made: the id of its clip."""

_OURS: Final = "kinema"


class JsonLines(logging.Formatter):
    """Writes ``at`` (UTC), ``level``, ``logger``, ``message``, and what else is known.

    That is ``request`` and ``job``, the fields that were given as ``extra={"fields": {...}}``, and
    ``exception`` with the traceback.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in (("request", REQUEST.get()), ("job", JOB.get())):
            if value is not None:
                line[name] = value
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_as_json() -> None:
    """Write the logs of this process to its standard error: ours from INFO on, others' warnings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(logging.INFO)


@contextlib.contextmanager
def about(variable: ContextVar[str | None], name: str) -> Iterator[None]:
    """Name a request or a job in the lines that are written until the block ends."""
    token = variable.set(name)
    try:
        yield
    finally:
        variable.reset(token)
