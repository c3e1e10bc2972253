"""Projects and their keys, for who runs the installation. A key is shown once, when it is made."""

from __future__ import annotations

import time
from typing import Any, Final, Literal

from fastapi import APIRouter, Request
from sqlalchemy import RowMapping, insert
from starlette.concurrency import run_in_threadpool

from kinema.config import LimitsConfig
from kinema.serve.api import wire
from kinema.serve.api.auth import Admin, Keyring
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import KEY, PROJECT, PROJECT_CHANGE
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import projects as store
from kinema.serve.store.tables import projects
from kinema.types import Json, from_builtins, to_builtins

router: Final = APIRouter(prefix="/v1/kinema/projects", tags=["kinema"])

_BODY_MAX: Final = 1 << 16
_HUGE: Final = 2**53


class Limits(wire.Wire):
    """What a project may use; 0 is no limit."""

    upload: int
    per_minute: int
    queued: int
    seconds_per_day: int


class ProjectSaid(wire.Wire):
    """A project. ``limits`` are null where it has those of the installation."""

    id: str
    object: Literal["project"] = "project"
    name: str
    created_at: int
    limits: Limits | None
    share: float


class ProjectList(wire.Wire):
    """All of them, oldest first."""

    object: Literal["list"] = "list"
    data: list[ProjectSaid]


class Key(wire.Wire):
    """What is known of a key."""

    id: str
    object: Literal["api_key"] = "api_key"
    name: str
    hint: str
    admin: bool
    created_at: int
    used_at: int | None
    revoked_at: int | None


class NewKey(Key):
    """The same with the key itself."""

    key: str


class KeyList(wire.Wire):
    """The keys of a project, newest first."""

    object: Literal["list"] = "list"
    data: list[Key]


class KeyRevoked(wire.Wire):
    """That a key opens nothing any more."""

    id: str
    object: Literal["api_key.deleted"] = "api_key.deleted"
    deleted: bool = True


def limits_said(limits: LimitsConfig) -> Limits:
    """Limits as the API says them."""
    return Limits(**{name: getattr(limits, name) for name in Limits.model_fields})


@router.post("", openapi_extra=takes(PROJECT))
async def create_project(request: Request, services: Use, _admin: Admin) -> ProjectSaid:
    """Make a project."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> ProjectSaid:
        values = _given(body, needed=True)
        identity = new_id(Kind.PROJECT)
        with services.database.write() as connection:
            row = {"id": identity, "created_at": time.time(), **values}
            connection.execute(insert(projects).values(row))
            return _said(_known(store.get_project(connection, identity), identity))

    return await run_in_threadpool(work)


@router.get("")
async def list_projects(services: Use, _admin: Admin) -> ProjectList:
    """All projects."""

    def read() -> list[ProjectSaid]:
        with services.database.read() as connection:
            return [_said(row) for row in store.all_projects(connection)]

    return ProjectList(data=await run_in_threadpool(read))


@router.patch("/{project_id}", openapi_extra=takes(PROJECT_CHANGE))
async def update_project(
    request: Request, services: Use, _admin: Admin, project_id: str
) -> ProjectSaid:
    """Change the name, the limits or the share of a project."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> ProjectSaid:
        values = _given(body)
        with services.database.write() as connection:
            _known(store.get_project(connection, project_id), project_id)
            store.change_project(connection, project_id, values)
            return _said(_known(store.get_project(connection, project_id), project_id))

    return await run_in_threadpool(work)


@router.post("/{project_id}/keys", openapi_extra=takes(KEY))
async def create_key(request: Request, services: Use, _admin: Admin, project_id: str) -> NewKey:
    """Make a key for a project. The answer holds it, this once."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> NewKey:
        try:
            fields = Fields(body)
            name = fields.text("name", most=200, needed=True) or ""
            admin = fields.switch("admin")
            fields.close()
        finally:
            body.close()
        with services.database.write() as connection:
            _known(store.get_project(connection, project_id), project_id)
            identity, key = store.new_key(connection, project_id, name, admin=admin)
            found = store.keys_of(connection, project_id)
        row = next(row for row in found if row["id"] == identity)
        return NewKey(**_key(row).model_dump(), key=key)

    return await run_in_threadpool(work)


@router.get("/{project_id}/keys")
async def list_keys(services: Use, _admin: Admin, project_id: str) -> KeyList:
    """The keys of a project, without the keys themselves."""

    def read() -> list[Key]:
        with services.database.read() as connection:
            _known(store.get_project(connection, project_id), project_id)
            return [_key(row) for row in store.keys_of(connection, project_id)]

    return KeyList(data=await run_in_threadpool(read))


@router.delete("/{project_id}/keys/{key_id}")
async def revoke_key(
    request: Request, services: Use, _admin: Admin, project_id: str, key_id: str
) -> KeyRevoked:
    """Let a key open nothing any more; other processes notice within five seconds."""
    await run_in_threadpool(_revoke, services, project_id, key_id)
    keyring: Keyring = request.app.state.keyring
    keyring.forget()
    return KeyRevoked(id=key_id)


def _revoke(services: Services, project: str, key: str) -> None:
    with services.database.write() as connection:
        if not store.revoke(connection, project, key):
            raise not_found("Key", key)


def _given(body: Body, *, needed: bool = False) -> Json:
    """The fields of a project that were given."""
    try:
        fields = Fields(body)
        values: dict[str, Any] = {
            "name": fields.text("name", most=200, needed=needed),
            "share": fields.number("share", 0.01, 100.0),
        }
        if "limits" in body.values:
            inner = fields.inner("limits")
            names = LimitsConfig.__struct_fields__
            limits = {name: inner.whole(name, name == "upload", _HUGE) for name in names}
            inner.close()
            chosen = {name: value for name, value in limits.items() if value is not None}
            values["limits"] = to_builtins(from_builtins(chosen, LimitsConfig))
        fields.close()
    finally:
        body.close()
    return {name: value for name, value in values.items() if value is not None}


def _known(row: RowMapping | None, project: str) -> RowMapping:
    if row is None:
        raise not_found("Project", project)
    return row


def _said(row: RowMapping) -> ProjectSaid:
    limits = row["limits"]
    return ProjectSaid(
        id=row["id"],
        name=row["name"],
        created_at=int(row["created_at"]),
        limits=None if limits is None else limits_said(from_builtins(limits, LimitsConfig)),
        share=row["share"],
    )


def _key(row: RowMapping) -> Key:
    return Key(
        id=row["id"],
        name=row["name"],
        hint=row["hint"],
        admin=row["admin"],
        created_at=int(row["created_at"]),
        used_at=row["used_at"] and int(row["used_at"]),
        revoked_at=row["revoked_at"] and int(row["revoked_at"]),
    )
