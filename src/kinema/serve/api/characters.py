"""Characters: made of a clip, then named in prompts."""

from __future__ import annotations

import re
import time
from typing import Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from kinema import media
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import invalid, missing, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.forms import Upload
from kinema.serve.api.given import film, finished, recognised
from kinema.serve.api.schemas import CHARACTER, takes
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import characters as store
from kinema.serve.store.characters import CharacterRow
from kinema.types import CharacterRef

router: Final = APIRouter(prefix="/v1/videos/characters", tags=["videos"])

NAME_MAX: Final = 80
LOOKS_MAX: Final = 2000
_NAME: Final = re.compile(r"[^\W\d_][\w' -]*")


@router.post("", openapi_extra=takes(CHARACTER))
async def create(request: Request, services: Use, project: Project) -> wire.Character:
    """Make a character of a video, to be named in prompts from now on."""
    body = await read_body(request, limit=services.config.limits.upload)
    row = await run_in_threadpool(_create, services, project, body)
    return _wired(row)


@router.get("/{character_id}")
async def retrieve(services: Use, project: Project, character_id: str) -> wire.Character:
    """A character."""

    def read() -> CharacterRow | None:
        with services.database.read() as connection:
            return store.get(connection, project, character_id)

    row = await run_in_threadpool(read)
    if row is None:
        raise not_found("Character", character_id)
    return _wired(row)


def named(
    services: Services, project: str, ids: list[str], prompt: str
) -> tuple[CharacterRef, ...]:
    """The characters of these ids, each of which the prompt must name.

    Raises:
        ApiError: There is no such character, or the prompt does not hold its name.
    """
    found: list[CharacterRef] = []
    with services.database.read() as connection:
        for identity in dict.fromkeys(ids):
            row = store.get(connection, project, identity)
            if row is None:
                raise not_found("Character", identity, "characters")
            if not re.search(rf"(?<!\w){re.escape(row.name)}(?!\w)", prompt):
                message = f"The prompt must contain the character's name '{row.name}' verbatim."
                raise invalid(message, "prompt")
            found.append(CharacterRef(name=row.name, looks=row.looks))
    return tuple(found)


def _create(services: Services, project: str, body: Body) -> CharacterRow:
    try:
        fields = Fields(body)
        name = (fields.text("name", most=NAME_MAX, needed=True) or "").strip()
        video = fields.upload_or("video", ("id",))
        looks = fields.text("looks", most=LOOKS_MAX)
        fields.close()
        if video is None:
            raise missing("video")
        if not _NAME.fullmatch(name):
            message = "Invalid 'name': expected a letter, then letters, digits, spaces, ' and -."
            raise invalid(message, "name")
        if isinstance(video, Upload):
            kept, _ = film(services, video, "video")
            key, seen = kept.place["key"], _seen(services, project, video)
            sha256 = video.sha256
        else:
            source = finished(services, project, video["id"], "video")
            asset = (source.assets or {})["video"]
            key, sha256, seen = asset["key"], asset["sha256"], source.prompt
    finally:
        body.close()
    row = CharacterRow(
        id=new_id(Kind.CHARACTER),
        project=project,
        name=name,
        looks=looks or seen or name,
        key=key,
        sha256=sha256,
        created_at=time.time(),
    )
    with services.database.write() as connection:
        store.add(connection, row)
    return row


def _seen(services: Services, project: str, video: Upload) -> str:
    """What is to be seen in a clip, in words, where it is one of ours: what it was made from."""
    source = recognised(services, project, video)
    if source is not None:
        return source.prompt
    facts = media.facts(video.path, field="video") or {}
    request = facts.get("request")
    return str(request.get("prompt", "")) if isinstance(request, dict) else ""


def _wired(row: CharacterRow) -> wire.Character:
    return wire.Character(id=row.id, name=row.name, created_at=int(row.created_at))
