"""What a project may use: asked in the transaction that accepts a job, so that none slips through.

Requests of a batch wait for their turn; only the jobs in the queue and the seconds of a day count.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Float, cast, func, select

from kinema.config import LimitsConfig
from kinema.serve.api.errors import ApiError
from kinema.serve.store import clips as store
from kinema.serve.store.clips import OPEN, ClipRow
from kinema.serve.store.projects import limits_of
from kinema.serve.store.tables import clips
from kinema.serve.store.usage import seconds_today

LIMITED: Final = "rate_limit_error"
"""The type of an answer that says to come again later."""
_MINUTE: Final = 60.0


def check_limits(connection: Connection, usual: LimitsConfig, row: ClipRow) -> None:
    """Refuse a job that its project may not have now.

    Args:
        connection: Of the transaction that accepts the job.
        usual: Limits of a project that has none of its own.
        row: The job.

    Raises:
        ApiError: 429, with the seconds after which it is worth trying again.
    """
    limits = limits_of(connection, row.project) or usual
    if limits.per_minute and row.batch is None:
        _check_minute(connection, limits.per_minute, row.project)
    if limits.queued and store.waiting(connection, row.project) >= limits.queued:
        message = f"{limits.queued} videos of this project wait or are being made, which is the"
        raise _too_much(f"{message} most at a time.", "rate_limit_exceeded", 10)
    if limits.seconds_per_day:
        _check_day(connection, limits.seconds_per_day, row)


def _check_minute(connection: Connection, most: int, project: str) -> None:
    recent = clips.c.created_at > time.time() - _MINUTE
    query = select(clips.c.created_at).where(
        clips.c.project == project, clips.c.batch.is_(None), recent
    )
    found = sorted(connection.scalars(query))
    if len(found) >= most:
        wait = found[len(found) - most] + _MINUTE - time.time()
        message = f"Rate limit reached: {most} videos a minute."
        raise _too_much(message, "rate_limit_exceeded", max(1, round(wait + 0.5)))


def _check_day(connection: Connection, most: int, row: ClipRow) -> None:
    mine = (clips.c.project == row.project, clips.c.state.in_(OPEN))
    begun = select(func.sum(cast(clips.c.seconds, Float))).where(*mine)
    promised = float(connection.execute(begun).scalar() or 0.0)
    used = seconds_today(connection, row.project)
    if used + promised + float(row.seconds) > most:
        message = f"You exceeded your current quota: {most} seconds of video a day (UTC)."
        raise _too_much(message, "insufficient_quota", _to_midnight(), again=False)


def _to_midnight() -> int:
    now = datetime.now(UTC)
    end = datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)
    return int((end - now).total_seconds()) + 1


def _too_much(message: str, code: str, wait: int, *, again: bool = True) -> ApiError:
    headers = {"retry-after": str(wait)}
    if not again:
        headers["x-should-retry"] = "false"
    return ApiError(429, message, code=code, kind=LIMITED, headers=headers)
