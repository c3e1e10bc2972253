"""How far a video is: asked often, answered from memory, and never out of date for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from kinema.config import Config
from kinema.serve.store import clips as store
from kinema.serve.store.clips import Turn
from tests.serve.api.conftest import Api, User, running


@contextmanager
def questions(api: Api) -> Iterator[list[str]]:
    """The questions that the database is asked about clips meanwhile."""
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        if "FROM clips" in arguments[2]:
            asked.append(arguments[2])

    event.listen(api.database.engine, "before_cursor_execute", note)
    yield asked
    event.remove(api.database.engine, "before_cursor_execute", note)


@contextmanager
def plain_road(api: Api) -> Iterator[list[str]]:
    """The requests that the framework sees meanwhile."""
    asked: list[str] = []
    router, handle = api.app.router, api.app.router.__class__.__call__

    async def note(self: Any, scope: Any, receive: Any, send: Any) -> None:
        asked.append(scope["path"])
        await handle(self, scope, receive, send)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(router), "__call__", note)
        yield asked


def soon(fact: Callable[[], bool]) -> None:
    """Wait for something that happens within a second, on a busy machine too."""
    until = time.monotonic() + 10
    while not fact():
        assert time.monotonic() < until
        time.sleep(0.02)


def started(api: Api, video: str) -> Turn:
    turn = Turn(video, 0, "here")
    with api.database.write() as connection:
        assert store.start(connection, turn)
    return turn


def advance(api: Api, turn: Turn, progress: int) -> None:
    with api.database.write() as connection:
        store.advance(connection, turn, progress=progress, phase="decode", remaining=1.0)


def test_asking_again_costs_no_question(api: Api, user: User) -> None:
    video = user.video()["id"]
    user.get(f"/videos/{video}")
    with questions(api) as asked:
        bodies = {user.get(f"/videos/{video}").content for _ in range(50)}
    assert len(bodies) == 1
    assert len(asked) <= 5, (
        asked
    )  # memory is not trusted while the watch is late, on a busy machine


@pytest.mark.parametrize("ended", [False, True])
def test_the_short_road_answers_as_the_plain_one(api: Api, user: User, *, ended: bool) -> None:
    video = user.video()["id"]
    turn = started(api, video)
    if ended:
        with api.database.write() as connection:
            store.fail(connection, video, turn.run, {"code": "x", "message": "y"})
    plain = user.get(f"/videos/{video}?plain")  # a question goes the plain road
    with plain_road(api) as asked:
        short = user.get(f"/videos/{video}")
    assert asked == []
    assert short.content == plain.content
    assert list(short.headers) == list(plain.headers)
    passing = ("x-request-id", "openai-processing-ms")
    same = [name for name in short.headers if name not in passing]
    assert [short.headers[name] for name in same] == [plain.headers[name] for name in same]


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer wrong"},
        {"host": "evil.example"},
        {"origin": "http://evil.example"},
    ],
)
def test_the_short_road_lets_nobody_in(user: User, headers: dict[str, str]) -> None:
    video = user.video()["id"]
    assert user.get(f"/videos/{video}").status_code == 200
    assert user.get(f"/videos/{video}", headers=headers).status_code in (401, 403)


def test_the_short_road_leads_to_nobody_elses_video(api: Api, user: User) -> None:
    video, other = user.video()["id"], api.user()
    assert user.get(f"/videos/{video}").status_code == 200
    assert other.get("/videos").status_code == 200  # their key is known by now
    assert other.get(f"/videos/{video}").status_code == 404


def test_many_who_ask_at_once_are_one_question(api: Api, user: User) -> None:
    video = user.video()["id"]
    made, watch = time.monotonic(), api.app.state.services.watch
    soon(lambda: time.monotonic() - watch.age > made)  # it has seen that there is a new one
    watch.forget(video)
    with questions(api) as asked:
        threads = [threading.Thread(target=user.get, args=(f"/videos/{video}",)) for _ in range(9)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(asked) < 9, asked  # one, unless the machine has too much to do


def test_a_change_from_elsewhere_is_seen(api: Api, user: User) -> None:
    video = user.video()["id"]
    assert user.get(f"/videos/{video}").json()["status"] == "queued"
    turn = started(api, video)
    soon(lambda: user.get(f"/videos/{video}").json()["status"] == "in_progress")
    advance(api, turn, 40)
    soon(lambda: user.get(f"/videos/{video}").json()["progress"] == 40)
    with api.database.write() as connection:
        store.delete(connection, video)
    soon(lambda: user.get(f"/videos/{video}").status_code == 404)


def test_a_change_that_races_with_a_question_is_not_missed(api: Api, user: User) -> None:
    video = user.video()["id"]
    turn, ends = started(api, video), threading.Event()

    def ask() -> None:
        while not ends.is_set():
            api.app.state.services.watch.forget(video)
            user.get(f"/videos/{video}")

    asker = threading.Thread(target=ask)
    asker.start()
    for progress in range(1, 60):
        advance(api, turn, progress)
    ends.set()
    asker.join()
    soon(lambda: user.get(f"/videos/{video}").json()["progress"] == 59)


def test_when_to_ask_again_is_said_as_long_as_something_changes(api: Api, user: User) -> None:
    video = user.video()["id"]
    said = user.get(f"/videos/{video}").headers["openai-poll-after-ms"]
    assert 500 <= int(said) <= 8000
    turn = started(api, video)
    advance(api, turn, 30)
    for _ in range(3):
        user.video()
    soon(lambda: user.get(f"/videos/{video}").json()["progress"] == 30)
    assert user.get(f"/videos/{video}").headers["openai-poll-after-ms"] == said
    with api.database.write() as connection:
        store.fail(connection, video, 0, {"code": "internal_error", "message": "No."})
    soon(lambda: user.get(f"/videos/{video}").json()["status"] == "failed")
    assert "openai-poll-after-ms" not in user.get(f"/videos/{video}").headers


def test_the_more_waits_the_later_a_new_job_is_to_be_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, Config()) as api:
        user = User(api, "default", "any")
        videos = [user.video()["id"] for _ in range(12)]
        said = [
            int(user.get(f"/videos/{video}").headers["openai-poll-after-ms"]) for video in videos
        ]
    assert said == sorted(said)
    assert said[-1] >= said[0] + 200


def test_the_more_is_asked_the_later_a_new_job_is_to_be_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, Config()) as api:
        user = User(api, "default", "any")
        video = user.video()["id"]
        watch = api.app.state.services.watch
        calm = int(user.get(f"/videos/{video}").headers["openai-poll-after-ms"])

        def busy() -> bool:
            for _ in range(40):
                user.get(f"/videos/{video}")
            return watch.asked_a_second > 30

        soon(busy)
        other = user.video()["id"]
        assert int(user.get(f"/videos/{other}").headers["openai-poll-after-ms"]) > calm + 25
