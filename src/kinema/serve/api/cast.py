"""The project's cast and looks: its characters as a list, and styles of its own."""

from __future__ import annotations

from typing import Final, Literal

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.characters import LOOKS_MAX
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.ranges import Served, ranged
from kinema.serve.api.schemas import binary, takes
from kinema.serve.api.schemas_beyond import CHARACTER_CHANGE, LOOK
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import characters, looks
from kinema.serve.store.characters import CharacterRow
from kinema.serve.store.looks import LookRow

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

LOOKS_OF_A_PROJECT: Final = 100
_BODY_MAX: Final = 1 << 16


class Played(wire.Wire):
    """A character with what it looks like in words."""

    id: str
    object: Literal["character"] = "character"
    name: str
    looks: str
    created_at: int


class CastList(wire.Wire):
    """The project's characters, newest first."""

    object: Literal["list"] = "list"
    data: list[Played]


class CharacterDeleted(wire.Wire):
    """That a character is gone."""

    id: str
    object: Literal["character.deleted"] = "character.deleted"
    deleted: bool = True


class Look(wire.Wire):
    """A style of the project's own.

    ``words`` are added to a prompt, ``negative_prompt`` to what is not to be seen; ``style`` is one
    of the model's card, or null.
    """

    id: str
    object: Literal["look"] = "look"
    name: str
    words: str
    negative_prompt: str
    style: str | None
    created_at: int


class LookList(wire.Wire):
    """The project's looks by name."""

    object: Literal["list"] = "list"
    data: list[Look]


class LookDeleted(wire.Wire):
    """That a look is gone."""

    id: str
    object: Literal["look.deleted"] = "look.deleted"
    deleted: bool = True


@router.get("/characters")
async def list_characters(services: Use, project: Project) -> CastList:
    """All characters of the project."""

    def read() -> list[Played]:
        with services.database.read() as connection:
            return [_played(row) for row in characters.of_project(connection, project)]

    return CastList(data=await run_in_threadpool(read))


@router.patch("/characters/{character_id}", openapi_extra=takes(CHARACTER_CHANGE))
async def change_character(
    request: Request, services: Use, project: Project, character_id: str
) -> Played:
    """Say anew what a character looks like; videos that are made already stay as they are."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Played:
        try:
            fields = Fields(body)
            said = fields.text("looks", most=LOOKS_MAX, needed=True) or ""
            fields.close()
        finally:
            body.close()
        with services.database.write() as connection:
            characters.change(connection, project, character_id, said)
            return _played(_known(characters.get(connection, project, character_id), character_id))

    return await run_in_threadpool(work)


@router.delete("/characters/{character_id}")
async def delete_character(services: Use, project: Project, character_id: str) -> CharacterDeleted:
    """Forget a character. Videos that show it stay."""

    def work() -> None:
        with services.database.write() as connection:
            if not characters.forget(connection, project, character_id):
                raise not_found("Character", character_id)

    await run_in_threadpool(work)
    return CharacterDeleted(id=character_id)


@router.get(
    "/characters/{character_id}/content",
    response_class=Response,
    responses=binary("video/mp4"),
)
async def character_content(
    request: Request, services: Use, project: Project, character_id: str
) -> Response:
    """The clip that a character was made from. 404 once that clip is deleted."""

    def read() -> tuple[CharacterRow, int | None]:
        with services.database.read() as connection:
            row = _known(characters.get(connection, project, character_id), character_id)
        return row, services.objects.size(row.key)

    row, size = await run_in_threadpool(read)
    if size is None:
        raise not_found("Clip of character", character_id)
    served = Served(row.key, size, row.sha256, "video/mp4", "inline")
    try:
        return await ranged(request, services.objects, served)
    except FileNotFoundError as error:
        raise not_found("Clip of character", character_id) from error


@router.get("/looks")
async def list_looks(services: Use, project: Project) -> LookList:
    """All looks of the project."""

    def read() -> list[Look]:
        with services.database.read() as connection:
            return [_look(row) for row in looks.of_project(connection, project)]

    return LookList(data=await run_in_threadpool(read))


@router.post("/looks", openapi_extra=takes(LOOK))
async def create_look(request: Request, services: Use, project: Project) -> Look:
    """Keep a look."""
    body = await read_body(request, limit=_BODY_MAX)
    return await run_in_threadpool(_keep, services, project, body, new_id(Kind.LOOK))


@router.put("/looks/{look_id}", openapi_extra=takes(LOOK))
async def change_look(request: Request, services: Use, project: Project, look_id: str) -> Look:
    """Keep another in place of a look."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> Look:
        with services.database.read() as connection:
            if looks.get(connection, project, look_id) is None:
                body.close()
                raise not_found("Look", look_id)
        return _keep(services, project, body, look_id)

    return await run_in_threadpool(work)


@router.delete("/looks/{look_id}")
async def delete_look(services: Use, project: Project, look_id: str) -> LookDeleted:
    """Forget a look."""

    def work() -> None:
        with services.database.write() as connection:
            if not looks.forget(connection, project, look_id):
                raise not_found("Look", look_id)

    await run_in_threadpool(work)
    return LookDeleted(id=look_id)


def _keep(services: Services, project: str, body: Body, identity: str) -> Look:
    try:
        fields = Fields(body)
        row = LookRow(
            id=identity,
            project=project,
            name=(fields.text("name", most=200, needed=True) or "").strip(),
            words=fields.text("words", most=2000) or "",
            negative=fields.text("negative_prompt", most=2000) or "",
            style=fields.text("style", most=80),
        )
        fields.close()
    finally:
        body.close()
    with services.database.write() as connection:
        others = {one.id for one in looks.of_project(connection, project)} - {identity}
        if len(others) >= LOOKS_OF_A_PROJECT:
            raise invalid(f"A project has at most {LOOKS_OF_A_PROJECT} looks.", None)
        looks.put(connection, row)
        return _look(looks.get(connection, project, identity) or row)


def _known(row: CharacterRow | None, identity: str) -> CharacterRow:
    if row is None:
        raise not_found("Character", identity)
    return row


def _played(row: CharacterRow) -> Played:
    return Played(id=row.id, name=row.name, looks=row.looks, created_at=int(row.created_at))


def _look(row: LookRow) -> Look:
    return Look(
        id=row.id,
        name=row.name,
        words=row.words,
        negative_prompt=row.negative,
        style=row.style,
        created_at=int(row.created_at),
    )
