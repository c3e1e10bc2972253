"""From a checked wish to an accepted job: choose the model, promise a time, write it down once."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, delete, insert, select

from kinema.config import Config
from kinema.engine.cards import card, cards
from kinema.engine.check import check
from kinema.engine.estimate import estimate
from kinema.errors import RequestError
from kinema.serve.api.errors import invalid
from kinema.serve.api.services import Services
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.queue import fair_priority
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.tables import retries
from kinema.types import FileId, Json, Request, to_builtins

RETRY_WINDOW: Final = 600.0
"""Seconds in which a request that a client sends again is known again."""

_DATED: Final = {
    "sora-2-2025-10-06": "sora-2",
    "sora-2-2025-12-08": "sora-2",
    "sora-2-pro-2025-10-06": "sora-2-pro",
}
_HERE: Final = Path(__file__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants made, before it is known which model does it.

    request: without model, fps and frames. alias: the model that was asked for. seconds: of the
    whole clip. fps: frames a second where they are given, those of the model else. inputs: file id
    -> where it lies, {key, suffix}. prefer: a model to ask first.
    """

    request: Request
    alias: str
    seconds: Fraction
    fps: Fraction | None = None
    inputs: Mapping[FileId, Json] = field(default_factory=dict[FileId, Json])
    source: str | None = None
    extensions: int = 0
    spread: str | None = None
    batch: str | None = None
    prefer: str | None = None


def candidates(config: Config, alias: str) -> tuple[str, ...]:
    """The models that may answer for a name, in order.

    Raises:
        ApiError: Nobody answers for it.
    """
    name = _DATED.get(alias, alias)
    if name in config.aliases:
        return config.aliases[name]
    known = [one.name for one in cards()]
    if name in known:
        return (name,)
    allowed = ", ".join(f"'{one}'" for one in (*config.aliases, *known))
    raise invalid(f"Invalid value: '{alias[:80]}'. Supported values are: {allowed}.", "model")


def answering(config: Config, wish: Wish) -> Request:
    """The request to the first model that can answer it.

    Raises:
        RequestError: None can; the first one's reason.
    """
    names = [name for name in (wish.prefer,) if name is not None]
    names += [name for name in candidates(config, wish.alias) if name not in names]
    files = dict.fromkeys(wish.inputs, _HERE)  # they lie in the object store
    refusal: RequestError | None = None
    for name in names:
        try:
            fps = wish.fps or card(name).default_fps
            request = replace(
                wish.request, model=name, fps=fps, frames=max(1, round(wish.seconds * fps))
            )
            check(request, files)
        except RequestError as error:
            refusal = refusal or error
            continue
        return request
    raise refusal or RequestError("model", "no model answers", "a model of the configuration")


def accept(services: Services, project: str, wish: Wish, *, digest: str, is_retry: bool) -> ClipRow:
    """Write the job down, enqueue it, and return what was written.

    A client that lost the answer sends its request again and says so; it gets the job that its
    first request made.
    """
    request = answering(services.config, wish)
    row = ClipRow(
        id=new_id(Kind.CLIP),
        project=project,
        kind=request.task,
        alias=wish.alias,
        model=request.model,
        prompt=request.prompt,
        seconds=spelt(wish.seconds),
        size=str(request.size),
        request=to_builtins(request),
        inputs=dict(wish.inputs),
        source=wish.source,
        spread=wish.spread,
        extensions=wish.extensions,
        batch=wish.batch,
        created_at=time.time(),
        promised=estimate(request).seconds,
    )
    with services.database.write() as connection:
        if is_retry:
            earlier = _earlier(connection, project, digest)
            if earlier is not None:
                return earlier
        priority = fair_priority(connection, project)
        row = dataclasses.replace(row, priority=priority, poll_after=_poll_after(connection))
        services.queue.accept(connection, row)
        _remember(connection, project, digest, row.id)
    return row


def spelt(seconds: Fraction) -> str:
    """Seconds as the API writes them: ``"4"``, ``"2.5"``."""
    return f"{float(seconds):g}"


def _earlier(connection: Connection, project: str, digest: str) -> ClipRow | None:
    same = (retries.c.project == project, retries.c.body == digest)
    recent = retries.c.at > time.time() - RETRY_WINDOW
    clip = connection.execute(select(retries.c.clip).where(*same, recent)).scalar()
    return None if clip is None else store.get(connection, clip, project)


def _remember(connection: Connection, project: str, digest: str, clip: str) -> None:
    now = time.time()
    old = (retries.c.at < now - RETRY_WINDOW) | (
        (retries.c.project == project) & (retries.c.body == digest)
    )
    connection.execute(delete(retries).where(old))
    row = {"project": project, "body": digest, "clip": clip, "at": now}
    connection.execute(insert(retries).values(row))


def _poll_after(connection: Connection) -> int:
    """Milliseconds after which to ask again: more when many ask, the same for a job's whole life.

    Clients freeze the first value that they see, and some take none above 8000.
    """
    return min(8000, 500 + 25 * store.waiting(connection))
