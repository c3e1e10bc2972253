"""Every failure has the one shape, whoever finds it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from starlette.types import Message

from kinema.config import Config
from kinema.errors import LatentError, MissingPart, RequestError
from kinema.serve.api.auth import Doors, Gate
from tests.serve.api.conftest import HERE, Api, User, refused, running


def test_a_place_that_is_none_is_named(api: Api, user: User) -> None:
    for path in ("/v2/videos", "/v1", "/v1/video", "/v1/videos/", "/v1/videos/a/b/c"):
        answer = api.client.request("GET", path, headers=user.headers)
        error = refused(answer, 404)
        assert error["message"] == f"Invalid URL (GET {path})."
        assert error["code"] == "unknown_url"


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/videos"), ("POST", "/models"), ("PATCH", "/videos/x"), ("POST", "/videos/x")],
)
def test_what_cannot_be_done_there_is_named(user: User, method: str, path: str) -> None:
    answer = user.ask(method, path)
    error = refused(answer, 405)
    assert error["message"] == f"Not allowed to {method} on /v1{path}."
    assert answer.headers["allow"]


def test_no_key_opens_nothing(api: Api) -> None:
    wrong: list[dict[str, str]] = [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic abc"},
        {"authorization": "Bearer sk-wrong"},
    ]
    for headers in wrong:
        for method, path in (("GET", "/v1/videos"), ("POST", "/v1/videos"), ("GET", "/v1/models")):
            answer = api.client.request(method, path, headers=headers)
            assert refused(answer, 401)["code"] == "invalid_api_key"


def test_a_key_is_asked_for_before_the_body_is_looked_at(api: Api) -> None:
    refused(api.client.request("POST", "/v1/videos", content=b"{"), 401)
    refused(api.client.request("POST", "/v1/files", content=b"{"), 401)


def test_one_user_alone_may_show_any_key(tmp_path: Path) -> None:
    with running(tmp_path, Config()) as one:
        assert User(one, "default", "whatever").get("/videos").status_code == 200
        assert refused(one.client.request("GET", "/v1/videos"), 401)


def test_what_breaks_is_an_answer_with_an_id_and_a_line_in_the_log(
    api: Api, user: User, caplog: pytest.LogCaptureFixture
) -> None:
    answer = user.get("/test/broken")
    error = refused(answer, 500)
    assert error == {
        "message": "The server had an error while processing your request.",
        "type": "server_error",
        "param": None,
        "code": "internal_error",
    }
    assert answer.headers["x-request-id"] in caplog.text
    assert "a secret" in caplog.text
    assert "x-should-retry" not in answer.headers


def test_what_will_break_again_says_so(user: User) -> None:
    missing = user.get("/test/missing")
    assert refused(missing, 501)["code"] == "missing_part"
    assert missing.headers["x-should-retry"] == "false"
    latent = user.get("/test/latent")
    assert refused(latent, 500)["code"] == "broken_latent"
    assert latent.headers["x-should-retry"] == "false"


def test_a_request_that_can_be_mended_says_how(user: User) -> None:
    error = refused(user.get("/test/wrong"), 400, "size")
    assert error["message"] == "size: is odd; allowed: even"
    assert error["code"] == "invalid_request"


def test_every_answer_has_an_id_of_its_own(user: User) -> None:
    answers = [user.get("/videos"), user.get("/models"), user.get("/nothing")]
    assert len({answer.headers["x-request-id"] for answer in answers}) == 3
    for answer in answers:
        assert answer.headers["openai-processing-ms"].isdecimal()
        assert answer.headers["openai-version"] == "2020-10-01"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8000"},
        {"host": ""},
        {"host": "[::1"},
        {"host": "127.0.0.1.evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9000"},
        {"origin": "https://studio.example.evil.example"},
    ],
)
def test_pages_elsewhere_and_other_names_are_refused(user: User, headers: dict[str, str]) -> None:
    answer = user.get("/videos", headers=headers)
    assert refused(answer, 403)["code"] == "forbidden_host"


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "localhost"},
        {"host": "LOCALHOST:1234"},
        {"host": "[::1]:8000"},
        {"origin": HERE},
        {"host": "localhost:1", "origin": "http://localhost:1"},
        {"origin": "https://studio.example"},
    ],
)
def test_this_machine_and_its_friends_are_let_in(user: User, headers: dict[str, str]) -> None:
    assert user.get("/videos", headers=headers).status_code == 200


def test_a_page_elsewhere_opens_no_socket_either(api: Api) -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"https://evil.example")]
    scope = {"type": "websocket", "path": "/v1/kinema/live/x", "headers": headers}
    asyncio.run(Gate(api.app, Doors(api.config))(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]
    assert sent[0]["code"] == 1008


def test_a_page_that_is_a_friend_may_ask_across_origins(api: Api, user: User) -> None:
    asked = {
        "origin": "https://studio.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    before = api.client.request("OPTIONS", "/v1/videos", headers=asked)
    assert before.status_code == 200
    assert before.headers["access-control-allow-origin"] == "https://studio.example"
    answer = user.get("/videos", headers={"origin": "https://studio.example"})
    assert answer.headers["access-control-allow-origin"] == "https://studio.example"
    assert "openai-poll-after-ms" in answer.headers["access-control-expose-headers"]


@pytest.fixture(scope="module", autouse=True)
def breaking(api: Api) -> None:
    """Routes that fail in every way that a route can."""
    failures: dict[str, Exception] = {
        "broken": RuntimeError("a secret"),
        "missing": MissingPart("torch", "pip install torch"),
        "latent": LatentError(1, 2),
        "wrong": RequestError("size", "is odd", "even"),
    }

    async def break_down(how: str) -> None:
        raise failures[how]

    api.app.add_api_route("/v1/test/{how}", break_down, include_in_schema=False)
