"""The application in this process, over a real database, object store and queue.

No worker runs beside it: `Api.make` does the steps of a job here, where a test needs a finished
clip.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from dbos import DBOS
from fastapi import FastAPI

from kinema import media
from kinema.config import Config, ServerConfig
from kinema.serve.api.app import create_app
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.models import runnable
from kinema.serve.store import clips
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects
from kinema.serve.store.projects import ensure_project, new_key
from kinema.types import Size

HERE = "http://127.0.0.1:8000"
SMALL: dict[str, Any] = {
    "prompt": "a red fox runs through a snowy forest",
    "model": "animatic",
    "size": "160x128",
    "seconds": "1",
}
PICTURE = cv2.imencode(".png", np.full((128, 160, 3), 90, np.uint8))[1].tobytes()
"""A picture of that size."""


class Client:
    """Sends requests to an application without a network, from any thread."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._portal: BlockingPortal | None = None

    @contextmanager
    def up(self) -> Iterator[None]:
        """The application as it is between its start and its end."""
        with start_blocking_portal() as portal:
            lifespan = self._app.router.lifespan_context(self._app)
            with portal.wrap_async_context_manager(lifespan):
                self._portal = portal
                yield

    def call(self, work: Callable[[], Awaitable[Any]]) -> Any:
        """What the work returns that is done beside the application."""
        assert self._portal is not None
        return self._portal.call(work)

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to a request; a body in pieces has no length."""
        content = more.get("content")
        if isinstance(content, Iterator):
            more["content"] = _pieces(content)

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(transport=self._transport, base_url=HERE) as client:
                return await client.request(method, path, **more)

        return self.call(ask)


async def _pieces(data: Iterator[bytes]) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


class Api:
    """One application, and what it works with."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.config = config
        self.database = Database(config.database) if config.database else Database.in_folder(folder)
        self.database.migrate()
        DBOS.migrate(self.database.url)
        self.objects = Objects(config.storage or str(folder / "objects"))
        self.app = create_app(config, self.database, self.objects)
        self.client = Client(self.app)

    def user(self) -> User:
        """Somebody with a project and a key of their own."""
        with self.database.write() as connection:
            project = new_id(Kind.PROJECT)
            ensure_project(connection, project, "Test")
            _, key = new_key(connection, project, "test")
        return User(self, project, key)

    def row(self, video: str) -> ClipRow:
        """What is written down of a clip."""
        with self.database.read() as connection:
            found = clips.get(connection, video)
        assert found is not None
        return found

    def make(self, video: str) -> None:
        """Do the job of a video, as a worker would."""
        maker = Maker(
            self.database, self.objects, self.config, runnable(self.config.worker), "here"
        )
        run = self.row(video).run
        assert maker.claim(video, run)
        for step in (maker.condition, maker.sample, maker.render, maker.publish):
            assert step(video, run) is None
        self.app.state.services.watch.forget(video)


class User:
    """Sends requests with a key, as JSON or as a form."""

    def __init__(self, api: Api, project: str, key: str) -> None:
        self.api, self.project = api, project
        self.headers = {"authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The answer to a request."""
        headers = {**self.headers, **more.pop("headers", {})}
        return self.api.client.request(method, f"/v1{path}", headers=headers, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more: Any) -> httpx.Response:
        return self.ask("POST", path, **more)

    def video(self, **fields: Any) -> dict[str, Any]:
        """A small video that is queued."""
        answer = self.post("/videos", json={**SMALL, **fields})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def finished(self, **fields: Any) -> dict[str, Any]:
        """A small video that is made."""
        video = self.video(**fields)
        self.api.make(video["id"])
        return self.get(f"/videos/{video['id']}").json()

    def content(self, video: str) -> bytes:
        """The bytes of a finished video."""
        answer = self.get(f"/videos/{video}/content")
        assert answer.status_code == 200, answer.text
        return answer.content


@contextmanager
def running(folder: Path, config: Config) -> Iterator[Api]:
    """An application that is up."""
    api = Api(folder, config)
    with api.client.up():
        yield api
    api.database.close()


def refused(answer: httpx.Response, status: int, param: str | None = None) -> dict[str, Any]:
    """Check that an answer is a failure in the one shape; return what it says."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-request-id"].startswith("req_")
    assert list(answer.json()) == ["error"]
    error = answer.json()["error"]
    assert sorted(error) == ["code", "message", "param", "type"]
    assert error["message"]
    assert error["type"] == ("server_error" if status >= 500 else "invalid_request_error")
    assert error["param"] == param, error
    return error


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application for all tests of this folder that do not set it up otherwise."""
    config = Config(single_user=False, server=ServerConfig(origins=("https://studio.example",)))
    with running(tmp_path_factory.mktemp("api"), config) as found:
        yield found


@pytest.fixture
def user(api: Api) -> User:
    """Somebody who has made nothing yet."""
    return api.user()


@pytest.fixture(scope="session")
def fox(api: Api) -> tuple[User, dict[str, Any]]:
    """Somebody with one finished video."""
    somebody = api.user()
    return somebody, somebody.finished(seed=7)


@pytest.fixture(scope="session")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A video that nobody here has made."""
    path = tmp_path_factory.mktemp("foreign") / "film.mp4"
    pictures = (np.full((128, 160, 3), shade, np.uint8) for shade in range(0, 120, 10))
    media.write(path, pictures, size=Size(width=160, height=128), fps=Fraction(12))
    return path.read_bytes()
