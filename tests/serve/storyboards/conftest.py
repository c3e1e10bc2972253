"""Storyboards on an application in this process, and on a real server with its worker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kinema.config import Config
from kinema.serve.jobs.films import FilmMaker
from tests.serve.api.conftest import Api, User, foreign, running
from tests.serve.conftest import PATIENCE, RunningServer, own_server, server

__all__ = ["foreign", "own_server", "server"]

BOARD = """
title = "Two friends"
size = "160x128"
fps = 24
language = "en"
languages = ["en", "de"]

[[card]]
prompt = "a red fox runs"
seconds = 1
title = { en = "Fox", de = "Fuchs" }

[[card]]
prompt = "a blue cat sits"
seconds = 1
transition = 0.5
narration = { en = "Hi.", de = "Hallo." }
"""


class Board:
    """A storyboard of somebody, asked for as a browser does."""

    def __init__(self, user: User, **fields: Any) -> None:
        self.user = user
        answer = user.post("/kinema/storyboards", json=fields or {"script": BOARD})
        assert answer.status_code == 200, answer.text
        self.now: dict[str, Any] = answer.json()
        self.path = f"/kinema/storyboards/{self.now['id']}"

    @property
    def shots(self) -> list[str]:
        """The ids of its shots as they are seen."""
        (picture, *_) = self.now["document"]["sequences"]["main"]["tracks"]
        return [item["ref"] for item in picture["items"]]

    def ask(self, path: str, method: str = "POST", **body: Any) -> httpx.Response:
        """The answer to a request about it."""
        more = {"json": body} if method != "GET" else {}
        return self.user.ask(method, f"{self.path}{path}", **more)

    def do(self, path: str, **body: Any) -> dict[str, Any]:
        """What it is after a request that is answered well."""
        answer = self.ask(path, **body)
        assert answer.status_code == 200, answer.text
        self.now = answer.json()
        return self.now

    def read(self) -> dict[str, Any]:
        """What it is now."""
        self.now = self.user.get(self.path).json()
        return self.now

    def set_to(
        self, at: str, now: Any, *, version: int | None = None, by: str = "", **more: Any
    ) -> httpx.Response:
        """The answer to a step that gives a field a value."""
        operations = [{"op": "set", "at": at, "now": now}]
        body = {"operations": operations, **({"by": by} if by else {}), **more}
        version = self.now["version"] if version is None else version
        return self.ask("/operations", version=version, **body)

    def made(self) -> list[str]:
        """Make what is missing, as a worker would; the clips that were begun."""
        started = self.do("/make")["started"]
        for clip in started:
            self.user.api.make(clip)
        self.read()
        return started

    def exported(self, kind: str, **more: str) -> tuple[dict[str, Any], bytes]:
        """An export, made as a worker would, and its file."""
        answer = self.ask("/export", **{"as": kind}, **more)
        assert answer.status_code == 200, answer.text
        export = answer.json()
        api = self.user.api
        FilmMaker(api.database, api.objects, 60).make(export["id"])
        found = self.user.get(f"{self.path}/exports/{export['id']}").json()
        assert found["state"] == "completed", found
        return found, self.user.get(found["url"].removeprefix("/v1")).content


@pytest.fixture(scope="package")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application for all tests of this folder."""
    with running(tmp_path_factory.mktemp("boards"), Config(single_user=False)) as found:
        yield found


@pytest.fixture
def board(api: Api) -> Board:
    """A storyboard of two shots that nobody has made yet."""
    return Board(api.user())


def wait_for(client: httpx.Client, path: str, *states: str) -> dict[str, Any]:
    """What the server says once it is in one of these states."""
    until = time.monotonic() + 2 * PATIENCE
    while (found := client.get(path).json())["state"] not in states:
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def folder_of(running: RunningServer) -> Path:
    """Where a server keeps its files."""
    return running.data / "objects"
