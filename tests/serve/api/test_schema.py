"""Requests that schemathesis thinks up of the API's own description: none breaks anything."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from kinema.config import Config
from kinema.serve.store.projects import new_key
from tests.conftest import ROOT
from tests.serve.api.conftest import HERE, Api, User, running

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
ENDLESS = "/v1/kinema/events"
BY_WORKERS = ("/v1/kinema/preview", "/v1/kinema/draft", "/v1/kinema/live")
"""Answered by a worker, and none runs here: 503 is right, and is described."""
SECONDS = 2.0
"""That one operation may take; what is thought up after that is not sent."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An application that nobody else asks for anything."""
    with running(tmp_path_factory.mktemp("asked"), Config(single_user=False)) as found:
        yield found


@pytest.fixture
def somebody(asked: Api) -> User:
    """Somebody who may do everything."""
    project = asked.user().project
    with asked.database.write() as connection:
        _, key = new_key(connection, project, "admin", admin=True)
    return User(asked, project, key)


@pytest.fixture
def ids(somebody: User) -> dict[str, str]:
    """Things that are there, so that not all that is asked for is missing."""
    lines = {"file": ("a.jsonl", b"{}")}
    file = somebody.post("/files", data={"purpose": "batch"}, files=lines).json()["id"]
    batch = {"input_file_id": file, "endpoint": "/v1/videos", "completion_window": "24h"}
    hook = {"name": "a", "url": "http://127.0.0.1:9/", "event_types": ["video.completed"]}
    board = somebody.post("/kinema/storyboards", json={"script": "A fox runs."}).json()
    return {
        "storyboard_id": board["id"],
        "video_id": somebody.video()["id"],
        "file_id": file,
        "batch_id": somebody.post("/batches", json=batch).json()["id"],
        "webhook_endpoint_id": somebody.post("/webhook_endpoints", json=hook).json()["id"],
        "project_id": somebody.project,
        "model": "animatic",
    }


def operations() -> list[tuple[str, str]]:
    """Method and path of all that is described, but the stream without an end."""
    paths = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
    methods = [(method, path) for path, item in paths.items() for method in item]
    return [pair for pair in methods if pair[1] != ENDLESS]


def send(user: User, case: Any) -> httpx.Response:
    """Send a case to the application as it would go over the wire."""
    wire = requests.Request(**case.as_transport_kwargs(base_url=HERE)).prepare()
    wire.headers["authorization"] = user.headers["authorization"]
    return user.api.client.request(
        case.method,
        str(wire.url).removeprefix(HERE),
        headers=dict(wire.headers),
        content=wire.body,
    )


@pytest.mark.parametrize(("method", "path"), operations())
def test_what_the_description_allows_is_answered_as_it_says(
    asked: Api, somebody: User, ids: dict[str, str], method: str, path: str
) -> None:
    schema = schemathesis.openapi.from_dict(asked.app.openapi())
    until = time.monotonic() + SECONDS

    @given(case=schema[path][method].as_strategy(), is_there=st.booleans())
    @settings(
        max_examples=8,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        database=None,
    )
    def ask(case: Any, is_there: bool) -> None:
        if is_there and case.path_parameters:
            case.path_parameters |= {k: ids[k] for k in case.path_parameters if k in ids}
        if time.monotonic() < until:
            answer = send(somebody, case)
            away = path in BY_WORKERS and answer.status_code == 503
            case.validate_response(answer, checks=CHECKS[away:])

    ask()
