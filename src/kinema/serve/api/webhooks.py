"""Endpoints that are told when a video or a batch ends, and what was sent to them."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy import RowMapping
from starlette.concurrency import run_in_threadpool

from kinema.errors import RequestError
from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import ApiError, invalid, missing, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import (
    ENDPOINT,
    ENDPOINT_CHANGE,
    EVENT_TYPES,
    ROTATION,
    TRIAL,
)
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, is_id, new_id
from kinema.serve.net import check_url
from kinema.serve.store import endpoints as store

router: Final = APIRouter(prefix="/v1", tags=["webhooks"])

ENDPOINTS_MAX: Final = 50
_BODY_MAX: Final = 1 << 16


class WebhookEndpoint(wire.Wire):
    """Where webhooks of some kinds go."""

    id: str
    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    name: str
    url: str
    event_types: list[str]
    created_at: int
    updated_at: int
    signing_secret_hint: str


class WebhookEndpointWithSecret(WebhookEndpoint):
    """The same with what it signs with, which is shown once."""

    signing_secret: str


class WebhookEndpointList(wire.Wire):
    """A page of endpoints; ``last_id`` is the ``after`` of the next."""

    object: Literal["list"] = "list"
    data: list[WebhookEndpoint]
    first_id: str | None
    last_id: str | None
    has_more: bool


class WebhookEndpointDeleted(wire.Wire):
    """That an endpoint is gone."""

    id: str
    object: Literal["webhook_endpoint.deleted"] = "webhook_endpoint.deleted"
    deleted: bool = True


class Trial(wire.Wire):
    """What an endpoint answered to a sample."""

    object: Literal["webhook_endpoint.test"] = "webhook_endpoint.test"
    webhook_endpoint_id: str
    event_type: str
    status_code: int
    success: Literal[True] = True


class EventTypes(wire.Wire):
    """Kinds of events that webhooks tell of."""

    object: Literal["list"] = "list"
    data: list[str]


class Attempt(wire.Wire):
    """One attempt to deliver: the status that was answered, or why there was none."""

    at: int
    status: int | None
    problem: str | None


class WebhookDelivery(wire.Wire):
    """A webhook on its way to an endpoint, or there."""

    id: str
    object: Literal["webhook_delivery"] = "webhook_delivery"
    event_id: str
    event_type: str
    subject: str
    state: Literal["waiting", "delivered", "given_up"]
    created_at: int
    next_at: int | None
    attempts: list[Attempt]


class WebhookDeliveryList(wire.Wire):
    """What was sent to an endpoint, newest first."""

    object: Literal["list"] = "list"
    data: list[WebhookDelivery]


@router.post("/webhook_endpoints", openapi_extra=takes(ENDPOINT))
async def create(request: Request, services: Use, project: Project) -> WebhookEndpointWithSecret:
    """Let a URL be told of some kinds of events. The answer holds its secret, this once."""
    fields, body = await _fields(request)

    def work() -> RowMapping:
        try:
            name = fields.text("name", most=200, needed=True) or ""
            url, kinds = _url(fields, needed=True) or "", _kinds(fields, needed=True) or []
            fields.close()
        finally:
            body.close()
        with services.database.write() as connection:
            if len(store.all_of(connection, project)) >= ENDPOINTS_MAX:
                raise invalid(f"A project has {ENDPOINTS_MAX} endpoints at most.", None)
            return store.add(connection, project, name=name, url=url, event_types=kinds)

    return _with_secret(await run_in_threadpool(work))


@router.get("/webhook_endpoints")
async def list_endpoints(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=1, le=100, description="The most of a page.")] = 20,
    after: Annotated[str | None, Query(description="`last_id` of the page before.")] = None,
) -> WebhookEndpointList:
    """A page of the project's endpoints, newest first."""
    if after and not is_id(after, Kind.ENDPOINT):
        raise invalid(f"Invalid 'after': '{after[:80]}' is the id of no endpoint.", "after")

    def read() -> list[RowMapping]:
        with services.database.read() as connection:
            return store.all_of(connection, project)

    rows = await run_in_threadpool(read)
    left = [row for row in rows if not after or row["id"] < after]
    page = [_wired(row) for row in left[:limit]]
    return WebhookEndpointList(
        data=page,
        first_id=page[0].id if page else None,
        last_id=page[-1].id if page else None,
        has_more=len(left) > limit,
    )


@router.get("/webhook_endpoints/{webhook_endpoint_id}")
async def retrieve(services: Use, project: Project, webhook_endpoint_id: str) -> WebhookEndpoint:
    """What is known of an endpoint."""
    return _wired(await run_in_threadpool(_get, services, project, webhook_endpoint_id))


@router.post("/webhook_endpoints/{webhook_endpoint_id}", openapi_extra=takes(ENDPOINT_CHANGE))
async def update(
    request: Request, services: Use, project: Project, webhook_endpoint_id: str
) -> WebhookEndpoint:
    """Change the name, the URL or the kinds of events."""
    fields, body = await _fields(request)

    def work() -> RowMapping | None:
        try:
            given = {
                "name": fields.text("name", most=200),
                "url": _url(fields),
                "event_types": _kinds(fields),
            }
            fields.close()
        finally:
            body.close()
        values = {name: value for name, value in given.items() if value is not None}
        with services.database.write() as connection:
            return store.change(connection, project, webhook_endpoint_id, values)

    return _wired(_found(await run_in_threadpool(work), webhook_endpoint_id))


@router.delete("/webhook_endpoints/{webhook_endpoint_id}")
async def delete(
    services: Use, project: Project, webhook_endpoint_id: str
) -> WebhookEndpointDeleted:
    """Tell an endpoint nothing any more."""

    def remove() -> None:
        with services.database.write() as connection:
            if not store.remove(connection, project, webhook_endpoint_id):
                raise not_found("Webhook endpoint", webhook_endpoint_id)

    await run_in_threadpool(remove)
    return WebhookEndpointDeleted(id=webhook_endpoint_id)


@router.post(
    "/webhook_endpoints/{webhook_endpoint_id}/rotate_secret", openapi_extra=takes(ROTATION)
)
async def rotate_secret(
    request: Request, services: Use, project: Project, webhook_endpoint_id: str
) -> WebhookEndpointWithSecret:
    """Give an endpoint another secret. Both sign for a day, where that is asked for."""
    fields, body = await _fields(request)

    def work() -> RowMapping | None:
        try:
            keep_old = fields.switch("keep_old_secret_active_for_24_hours")
            fields.close()
        finally:
            body.close()
        with services.database.write() as connection:
            return store.rotate(connection, project, webhook_endpoint_id, keep_old=keep_old)

    return _with_secret(_found(await run_in_threadpool(work), webhook_endpoint_id))


@router.post("/webhook_endpoints/{webhook_endpoint_id}/test", openapi_extra=takes(TRIAL))
async def test(
    request: Request, services: Use, project: Project, webhook_endpoint_id: str
) -> Trial:
    """Send a sample of an event, and say what is answered. It is sent once."""
    fields, body = await _fields(request)

    def work() -> Trial:
        try:
            kind = fields.one_of("event_type", EVENT_TYPES)
            fields.close()
        finally:
            body.close()
        row = _get(services, project, webhook_endpoint_id)
        sample = new_id(Kind.BATCH if kind.startswith("batch.") else Kind.CLIP)
        event = {
            "id": new_id(Kind.EVENT),
            "object": "event",
            "created_at": int(time.time()),
            "type": kind,
            "data": {"id": sample},
        }
        data = json.dumps(event, separators=(",", ":")).encode()
        try:
            status = services.delivery.send(row, event["id"], data)
        except RequestError as error:
            raise ApiError(
                400, str(error), param="url", code="webhook_endpoint_unreachable"
            ) from error
        return Trial(webhook_endpoint_id=row["id"], event_type=kind, status_code=status)

    return await run_in_threadpool(work)


@router.get("/webhook_event_types")
async def list_event_types(_project: Project) -> EventTypes:
    """The kinds of events that an endpoint can be told of."""
    return EventTypes(data=list(EVENT_TYPES))


@router.get("/kinema/webhook_endpoints/{webhook_endpoint_id}/deliveries", tags=["kinema"])
async def list_deliveries(
    services: Use,
    project: Project,
    webhook_endpoint_id: str,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> WebhookDeliveryList:
    """What was sent to an endpoint, what it answered, and what is tried again."""

    def read() -> list[RowMapping]:
        row = _get(services, project, webhook_endpoint_id)
        with services.database.read() as connection:
            return store.log_of(connection, row["id"], limit=limit)

    rows = await run_in_threadpool(read)
    return WebhookDeliveryList(data=[_delivery(row) for row in rows])


async def _fields(request: Request) -> tuple[Fields, Body]:
    body = await read_body(request, limit=_BODY_MAX)
    return Fields(body), body


def _url(fields: Fields, *, needed: bool = False) -> str | None:
    url = fields.text("url", most=2048, needed=needed)
    if url is not None:
        check_url(url, "url")
    return url


def _kinds(fields: Fields, *, needed: bool = False) -> list[str] | None:
    """Kinds of events, each once."""
    value: Any = fields.take("event_types")
    if value is None:
        if needed:
            raise missing("event_types")
        return None
    kinds: list[Any] = value if isinstance(value, list) else [value]
    if not kinds or not all(isinstance(kind, str) and kind in EVENT_TYPES for kind in kinds):
        allowed = ", ".join(f"'{kind}'" for kind in EVENT_TYPES)
        raise invalid(
            f"Invalid 'event_types': supported values are {allowed}, at least one.", "event_types"
        )
    return list(dict.fromkeys(kinds))


def _get(services: Services, project: str, endpoint: str) -> RowMapping:
    with services.database.read() as connection:
        return _found(store.get(connection, project, endpoint), endpoint)


def _found(row: RowMapping | None, endpoint: str) -> RowMapping:
    if row is None:
        raise not_found("Webhook endpoint", endpoint)
    return row


def _said(row: RowMapping) -> dict[str, Any]:
    return {
        "id": row["id"],
        "name": row["name"],
        "url": row["url"],
        "event_types": row["event_types"],
        "created_at": int(row["created_at"]),
        "updated_at": int(row["updated_at"]),
        "signing_secret_hint": f"whsec_...{row['secrets'][0]['secret'][-4:]}",
    }


def _wired(row: RowMapping) -> WebhookEndpoint:
    return WebhookEndpoint(**_said(row))


def _with_secret(row: RowMapping) -> WebhookEndpointWithSecret:
    secret = row["secrets"][0]["secret"]
    return WebhookEndpointWithSecret(**_said(row), signing_secret=secret)


def _delivery(row: RowMapping) -> WebhookDelivery:
    event = json.loads(row["body"])
    attempts = [
        Attempt(at=int(one["at"]), status=one["status"], problem=one["problem"])
        for one in row["answers"]
    ]
    return WebhookDelivery(
        id=row["id"],
        event_id=row["event"],
        event_type=event["type"],
        subject=event["data"]["id"],
        state=row["state"],
        created_at=int(row["created_at"]),
        next_at=int(row["next_at"]) if row["state"] == "waiting" else None,
        attempts=attempts,
    )
