"""From a checked wish to an accepted job: choose the model, promise a time, write it down once."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from sqlalchemy import Connection, select

from kinema.engine.check import check_with
from kinema.errors import MediaError, RequestError
from kinema.serve.api.installed import Installed
from kinema.serve.api.limits import check_limits
from kinema.serve.api.services import Services
from kinema.serve.ids import Kind, made_at, new_id
from kinema.serve.jobs.queue import fair_priority
from kinema.serve.observe import traces
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.database import inserting
from kinema.serve.store.events import one_at_a_time
from kinema.serve.store.tables import retries
from kinema.types import FileId, Grounding, Json, ModelCard, Request, to_builtins

RETRY_WINDOW: Final = 600.0
"""Seconds in which a request that a client sends again is known again."""
POLL_MIN: Final = 500
POLL_MAX: Final = 8000
"""Milliseconds between two questions about a job: some clients take no larger number."""

_NAMES: Final = {"negative": "negative_prompt", "clip": "video", "frames": "seconds"}
_HERE: Final = Path(__file__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants made, before it is known which model does it.

    request: without model, fps and frames. alias: the model that was asked for. seconds: of the
    whole clip. fps: frames a second where they are given, those of the model else. inputs: file id
    -> where it lies, {key, suffix}. prefer: a model to ask first. bare: the field that gives a
    video which carries no scene, so that a model that draws scenes can do nothing with it. names:
    field of the request -> field that the client knows, where the two differ.
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
    bare: str | None = None
    names: Mapping[str, str] = field(default_factory=dict[str, str])


def answering(installed: Installed, wish: Wish) -> Request:
    """The request to the first model that can answer it.

    Raises:
        ApiError: Nobody answers for the name.
        RequestError: None of those that do can; the reason of the first, in the client's words.
    """
    known = installed.cards()
    models = [known[name] for name in (wish.prefer,) if name in known]
    models += [model for model in installed.behind(wish.alias) if model not in models]
    files = dict.fromkeys(wish.inputs, _HERE)  # they lie in the object store
    refusals: list[RequestError] = []
    for model in models:
        fps = wish.fps or model.default_fps
        request = replace(
            wish.request, model=model.name, fps=fps, frames=max(1, round(wish.seconds * fps))
        )
        try:
            _check_scene(model, request, wish.bare, known)
            check_with(model, request, files)
        except RequestError as error:
            refusals.append(error)
        else:
            return request
    raise _renamed(refusals[0], {**_NAMES, **wish.names})


def accept(
    services: Services,
    project: str,
    wish: Wish,
    *,
    digest: str,
    is_retry: bool,
    came: float | None = None,
    note: Callable[[Connection, ClipRow], None] = lambda _connection, _row: None,
) -> ClipRow:
    """Write the job down, enqueue it, and return what was written.

    A client that lost the answer sends its request again and says so; it gets the job that its
    first request made.

    Args:
        services: Those of the app.
        project: Whose job.
        wish: What is wanted.
        digest: 64 characters, the same for the same request.
        is_retry: The client says that it has sent this before.
        came: When the request began to arrive, now where it is not said: its repetition may have
            overtaken it.
        note: Writes down more in the transaction that accepts the job.

    Raises:
        ApiError: The project has reached one of its limits, or nobody answers for the name.
        RequestError: No model can do it.
    """
    request = answering(services.installed, wish)
    identity = new_id(Kind.CLIP)
    row = ClipRow(
        id=identity,
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
        created_at=made_at(identity),
        promised=services.installed.promised(request),
    )
    with services.database.write() as connection:
        one_at_a_time(connection)  # the request and its repetition may come at the same time
        since = time.time() - RETRY_WINDOW
        known = (digest, since) if is_retry else (_overtaken(digest), came or math.inf)
        earlier = _earlier(connection, project, *known)
        if earlier is not None:
            return earlier
        check_limits(connection, services.config.limits, row)
        priority = fair_priority(connection, project, batch=wish.batch is not None)
        poll_after = _poll_after(store.waiting(connection), services.watch.asked_a_second)
        row = dataclasses.replace(row, priority=priority, poll_after=poll_after)
        row = services.queue.accept(connection, row)
        note(connection, row)
        for one in (digest, _overtaken(digest)) if is_retry else (digest,):
            _remember(connection, project, one, row.id)
    traces.note(row.id)
    return row


def spelt(seconds: Fraction) -> str:
    """Seconds as the API writes them: ``"4"``, ``"2.5"``."""
    return f"{float(seconds):g}"


def _check_scene(
    model: ModelCard, request: Request, bare: str | None, known: Mapping[str, ModelCard]
) -> None:
    """Refuse a foreign video where the model has nothing but the scene to change it by."""
    if bare is None or model.tasks.get(request.task) is not Grounding.EXACT:
        return
    others = [
        other.name
        for other in known.values()
        if other.tasks.get(request.task, Grounding.EXACT) is not Grounding.EXACT
    ]
    problem = f"does not carry the scene that {model.name} changes"
    own = f"a video that {model.name} made"
    raise MediaError(
        bare, problem, f"{own}, or any video with {', '.join(others) or 'no model here'}"
    )


def _renamed(error: RequestError, names: Mapping[str, str]) -> RequestError:
    """The same about the field that the client knows."""
    root = re.split(r"[.\[]", error.field)[0]
    name = names.get(root, error.field)
    return error if name == error.field else type(error)(name, error.problem, error.allowed)


def _overtaken(digest: str) -> str:
    """Under which a repetition is remembered that came before the request that it repeats."""
    return hashlib.sha256(f"overtaken {digest}".encode()).hexdigest()


def _earlier(connection: Connection, project: str, digest: str, since: float) -> ClipRow | None:
    same = (retries.c.project == project, retries.c.body == digest)
    recent = retries.c.at > since
    clip = connection.execute(select(retries.c.clip).where(*same, recent)).scalar()
    return None if clip is None else store.get(connection, clip, project)


def _remember(connection: Connection, project: str, digest: str, clip: str) -> None:
    new = {"clip": clip, "at": time.time()}
    row = inserting(connection, retries).values(project=project, body=digest, **new)
    same = [retries.c.project, retries.c.body]
    connection.execute(row.on_conflict_do_update(index_elements=same, set_=new))


def _poll_after(waiting: int, asked_a_second: float) -> int:
    """Milliseconds after which to ask again: more where much waits or many ask.

    Said once for a job's whole life: clients freeze the first value that they see.
    """
    return min(POLL_MAX, POLL_MIN + 25 * waiting + round(asked_a_second))
