"""Projects are walls: whatever a route takes, it gives nobody what belongs to another project.

Every route of the API has a case here; one without fails the first test. What lies beside the API
(pages, health) needs no key, and is the same for everybody.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.types import Message

from kinema.config import Config
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import lives
from kinema.serve.store.lives import LiveRow
from kinema.serve.store.objects import preview_key
from kinema.serve.store.projects import keys_of
from tests.serve.api.conftest import PICTURE, SMALL, Api, User, running

SECRET = "zebra"
"""A word that only the owner's things hold."""


@dataclass(frozen=True)
class Case:
    """How a route is asked for what is another's.

    names: the path or the body names one of the owner's things; others get the answer for a thing
    that does not exist. Where it names nothing, what is answered must not tell of the owner.
    owners: the owner may do it, and often.
    """

    names: bool = True
    json: dict[str, Any] | None = None
    form: dict[str, Any] | None = None
    query: str = ""
    owners: bool = True


_SOURCE = {"prompt": "x", "video": {"id": "{video_id}"}}
_BATCH = {"endpoint": "/v1/videos", "completion_window": "24h"}
_HOOK = "/v1/webhook_endpoints/{webhook_endpoint_id}"
_ENDPOINT = {
    "name": "mine",
    "url": "http://127.0.0.1:9/",  # which is never called, as it is inside
    "event_types": ["video.completed"],
}
_THESE = {"videos": [{"id": "{video_id}"}]}
_BOARD = "/v1/kinema/storyboards/{storyboard_id}"
_SET = {"operations": [{"op": "set", "at": "title", "now": "x"}]}
_SHOT = {"shot": "{shot_id}"}
CASES: dict[str, list[Case]] = {
    "POST /v1/videos": [
        Case(json={**SMALL, "input_reference": {"file_id": "{file_id}"}}),
        Case(json={**SMALL, "prompt": "Zebrina", "characters": [{"id": "{character_id}"}]}),
    ],
    "GET /v1/videos": [Case(names=False), Case(names=False, query="?order=asc")],
    "GET /v1/videos/{video_id}": [Case()],
    "DELETE /v1/videos/{video_id}": [Case(owners=False)],
    "GET /v1/videos/{video_id}/content": [
        Case(),
        Case(query="?variant=thumbnail"),
        Case(query="?variant=spritesheet"),
    ],
    "HEAD /v1/videos/{video_id}/content": [Case()],
    "POST /v1/videos/{video_id}/remix": [Case(json={"prompt": "x"})],
    "POST /v1/videos/edits": [Case(json=_SOURCE)],
    "POST /v1/videos/extensions": [Case(json={**_SOURCE, "seconds": "4"})],
    "POST /v1/videos/characters": [Case(json={"name": "Fox", "video": {"id": "{video_id}"}})],
    "GET /v1/videos/characters/{character_id}": [Case()],
    "POST /v1/files": [Case(names=False, form={"purpose": "vision"})],
    "GET /v1/files": [Case(names=False)],
    "GET /v1/files/{file_id}": [Case()],
    "GET /v1/files/{file_id}/content": [Case()],
    "HEAD /v1/files/{file_id}/content": [Case()],
    "DELETE /v1/files/{file_id}": [Case(owners=False)],
    "GET /v1/models": [Case(names=False)],
    "GET /v1/models/{model:path}": [Case(names=False)],
    "POST /v1/batches": [
        Case(json={"input_file_id": "{batch_file_id}", **_BATCH}),
    ],
    "GET /v1/batches": [Case(names=False)],
    "GET /v1/batches/{batch_id}": [Case()],
    "POST /v1/batches/{batch_id}/cancel": [Case(owners=False)],
    "POST /v1/webhook_endpoints": [Case(names=False, json=_ENDPOINT)],
    "GET /v1/webhook_endpoints": [Case(names=False)],
    f"GET {_HOOK}": [Case()],
    f"POST {_HOOK}": [Case(json={"name": "other"}), Case(json=_ENDPOINT)],
    f"DELETE {_HOOK}": [Case(owners=False)],
    f"POST {_HOOK}/rotate_secret": [Case(json={})],
    f"POST {_HOOK}/test": [Case(json={"event_type": "video.completed"})],
    "GET /v1/webhook_event_types": [Case(names=False)],
    "GET /v1/kinema/webhook_endpoints/{webhook_endpoint_id}/deliveries": [Case()],
    # Only for who runs the installation, and the owner is another user like any.
    "POST /v1/kinema/projects": [Case(json={"name": "mine"}, owners=False)],
    "GET /v1/kinema/projects": [Case(owners=False)],
    "PATCH /v1/kinema/projects/{project_id}": [Case(json={"name": "mine"}, owners=False)],
    "POST /v1/kinema/projects/{project_id}/keys": [Case(json={"name": "mine"}, owners=False)],
    "GET /v1/kinema/projects/{project_id}/keys": [Case(owners=False)],
    "DELETE /v1/kinema/projects/{project_id}/keys/{key_id}": [Case(owners=False)],
    "GET /v1/kinema/usage": [Case(names=False)],
    "POST /v1/kinema/generations": [
        Case(json={"task": "loop", "video": {"id": "{video_id}"}}),
        Case(json={"task": "blend", "video": {"id": "{video_id}"}, "second": {"id": "{video_id}"}}),
        Case(json={**SMALL, "guide": {"id": "{video_id}"}}),
        Case(json={**SMALL, "mask": {"file_id": "{file_id}"}}),
        Case(json={**SMALL, "images": [{"file_id": "{file_id}"}]}),
        Case(json={**SMALL, "cards": [{"prompt": "x", "file_id": "{file_id}"}]}),
        Case(json={**SMALL, "prompt": "Zebrina", "characters": [{"id": "{character_id}"}]}),
    ],
    "POST /v1/kinema/estimate": [
        Case(json={"task": "loop", "video": {"id": "{video_id}"}}),
        Case(json={**SMALL, "mask": {"file_id": "{file_id}"}}),
    ],
    "POST /v1/kinema/sketch": [
        Case(json={"task": "loop", "video": {"id": "{video_id}"}}),
        Case(json={**SMALL, "mask": {"file_id": "{file_id}"}}),
    ],
    "GET /v1/kinema/jobs": [Case(names=False)],
    "POST /v1/kinema/jobs/{video_id}/pause": [Case(owners=False)],
    "POST /v1/kinema/jobs/{video_id}/resume": [Case(owners=False)],
    "POST /v1/kinema/jobs/{video_id}/cancel": [Case(owners=False)],
    "POST /v1/kinema/jobs/{video_id}/move": [Case(json={}, owners=False)],
    "GET /v1/kinema/workers": [Case(names=False)],
    "PATCH /v1/kinema/clips/{video_id}": [Case(json={"favourite": True})],
    "POST /v1/kinema/variations": [Case(json=_THESE)],
    "POST /v1/kinema/finish": [Case(json=_THESE)],
    "GET /v1/kinema/clips/{video_id}/reading": [Case()],
    "GET /v1/kinema/clips/{video_id}/recipe": [Case()],
    "GET /v1/kinema/clips/{video_id}/family": [Case()],
    "GET /v1/kinema/search": [Case(names=False), Case(names=False, query=f"?text={SECRET}")],
    "POST /v1/kinema/jobs/{video_id}/again": [Case(json={})],
    "GET /v1/kinema/characters": [Case(names=False)],
    "PATCH /v1/kinema/characters/{character_id}": [Case(json={"looks": "x"})],
    "DELETE /v1/kinema/characters/{character_id}": [Case(owners=False)],
    "GET /v1/kinema/characters/{character_id}/content": [Case()],
    "GET /v1/kinema/looks": [Case(names=False)],
    "POST /v1/kinema/looks": [Case(names=False, json={"name": "mine"})],
    "PUT /v1/kinema/looks/{look_id}": [Case(json={"name": "mine"})],
    "DELETE /v1/kinema/looks/{look_id}": [Case(owners=False)],
    "GET /v1/kinema/storage": [Case(names=False)],
    "GET /v1/kinema/storage/disk": [Case(names=False)],
    "POST /v1/kinema/storage/clean": [Case(names=False, json={"what": "failed"})],
    "GET /v1/kinema/storyboards": [Case(names=False)],
    "POST /v1/kinema/storyboards": [Case(names=False, json={"title": "mine"})],
    "POST /v1/kinema/script/split": [Case(names=False, json={"script": "A fox runs."})],
    f"GET {_BOARD}": [Case(), Case(query="?version=0")],
    f"PUT {_BOARD}": [
        Case(json={"document": {"id": "x", "kind": "film", "title": "x"}}, owners=False)
    ],
    f"DELETE {_BOARD}": [Case(owners=False)],
    f"POST {_BOARD}/operations": [Case(json=_SET)],
    f"POST {_BOARD}/undo": [Case(json={}, owners=False)],
    f"POST {_BOARD}/redo": [Case(json={}, owners=False)],
    f"GET {_BOARD}/versions": [Case()],
    f"POST {_BOARD}/restore": [Case(json={"version": 0})],
    f"POST {_BOARD}/script": [Case(json={"script": "A fox runs."}, owners=False)],
    f"GET {_BOARD}/plan": [Case()],
    f"GET {_BOARD}/cut": [Case()],
    f"POST {_BOARD}/make": [Case(json={})],
    f"POST {_BOARD}/retake": [Case(json=_SHOT)],
    f"POST {_BOARD}/choose": [Case(json=_SHOT)],
    f"POST {_BOARD}/files": [Case(json={"file": {"file_id": "{file_id}"}})],
    f"GET {_BOARD}/files/{{board_file}}": [Case()],
    f"POST {_BOARD}/export": [Case(json={"as": "vtt"})],
    f"GET {_BOARD}/exports": [Case()],
    f"GET {_BOARD}/exports/{{export_id}}": [Case()],
    f"GET {_BOARD}/exports/{{export_id}}/content": [Case(owners=False)],
    f"POST {_BOARD}/exports/{{export_id}}/cancel": [Case(owners=False)],
    f"POST {_BOARD}/import": [Case(json={"file": {"file_id": "{file_id}"}}, owners=False)],
    "GET /v1/kinema/live": [Case(names=False)],
    "GET /v1/kinema/live/{live_id}": [Case()],
    "GET /v1/kinema/live/{live_id}/reel": [Case()],
    "DELETE /v1/kinema/live/{live_id}": [Case(owners=False)],
    # No worker is here that could draw; what they may name has its walls in generations.
    "POST /v1/kinema/live": [],
    "POST /v1/kinema/preview": [],
    "POST /v1/kinema/draft": [],
    "GET /v1/kinema/previews/{video_id}": [Case()],
    "POST /v1/kinema/explain": [Case(names=False, json={"prompt": "a fox"})],
    "GET /v1/kinema/models": [Case(names=False)],
    "GET /metrics": [Case(owners=False)],  # for keys that may make others
    "GET /v1/kinema/events": [],  # which has no end; it has a test of its own
}


class Owner:
    """Somebody with one of everything."""

    def __init__(self, api: Api) -> None:
        self.user = api.user()
        made = self.user.finished(prompt=f"a {SECRET} dances")
        api.objects.put(preview_key(made["id"]), b"picture")
        file = self.user.post(
            "/files",
            data={"purpose": "vision"},
            files={"file": (f"{SECRET}.png", PICTURE)},
        ).json()
        character = self.user.post(
            "/videos/characters", json={"name": "Zebrina", "video": {"id": made["id"]}}
        ).json()
        lines = json.dumps({"custom_id": "1", "method": "POST", "url": "/v1/videos", "body": SMALL})
        requests = self.user.post(
            "/files",
            data={"purpose": "batch"},
            files={"file": ("lines.jsonl", lines.encode())},
        ).json()
        batch = self.user.post(
            "/batches", json={"input_file_id": requests["id"], **_BATCH, "metadata": {"a": SECRET}}
        ).json()
        named = {**_ENDPOINT, "name": SECRET, "event_types": ["batch.completed"]}
        endpoint = self.user.post("/webhook_endpoints", json=named).json()
        look = self.user.post("/kinema/looks", json={"name": SECRET}).json()
        script = {"script": f"A {SECRET} runs.", "title": SECRET}
        board = self.user.post("/kinema/storyboards", json=script).json()
        kept = self.user.post(
            f"/kinema/storyboards/{board['id']}/files", json={"file": {"file_id": file["id"]}}
        ).json()
        export = self.user.post(
            f"/kinema/storyboards/{board['id']}/export", json={"as": "vtt"}
        ).json()
        with api.database.read() as connection:
            key = keys_of(connection, self.user.project)[0]["id"]
        live = LiveRow(
            id=new_id(Kind.LIVE),
            project=self.user.project,
            worker="gone",
            since=time.time(),
            alias="animatic",
            model="animatic",
            prompt=SECRET,
            request={"prompt": SECRET},
        )
        with api.database.write() as connection:
            lives.add(connection, live)
        self.waiting = self.user.video(prompt=f"a {SECRET} sleeps")["id"]
        self.ids = {
            "video_id": made["id"],
            "file_id": file["id"],
            "character_id": character["id"],
            "batch_file_id": requests["id"],
            "batch_id": batch["id"],
            "webhook_endpoint_id": endpoint["id"],
            "look_id": look["id"],
            "storyboard_id": board["id"],
            "shot_id": next(iter(board["document"]["shots"])),
            "board_file": kept["file"],
            "export_id": export["id"],
            "live_id": live.id,
            "project_id": self.user.project,
            "key_id": key,
        }
        self.nobodys = {name: identity[:-8] + "0" * 8 for name, identity in self.ids.items()}

    def told_of(self, text: str) -> bool:
        """Whether a text tells of something of the owner's."""
        known = [*self.ids.values(), self.waiting, SECRET, "Zebrina", self.user.project]
        return any(word in text for word in known)


@pytest.fixture(scope="module")
def walls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running(tmp_path_factory.mktemp("walls"), Config(single_user=False)) as api:
        yield api


@pytest.fixture(scope="module")
def owner(walls: Api) -> Owner:
    return Owner(walls)


def routes(api: Api) -> set[str]:
    """Every method and path that the application answers."""
    return {
        f"{method} {route.path}"
        for route in _flat(api.app.routes)
        for method in route.methods or ()
    }


def _flat(found: Any) -> Iterator[APIRoute]:
    for route in found:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from _flat(route.original_router.routes)


def filled(value: Any, ids: dict[str, str]) -> Any:
    """A body or path with ids in their places."""
    if isinstance(value, str):
        for name, identity in ids.items():
            value = value.replace(f"{{{name}}}", identity)
        return value.replace("{model:path}", "sora-2")
    if isinstance(value, list):
        return [filled(element, ids) for element in value]
    if isinstance(value, dict):
        return {name: filled(element, ids) for name, element in value.items()}
    return value


def ask(user: User, route: str, case: Case, ids: dict[str, str]) -> tuple[int, str]:
    """The status and body of what a route answers to a case."""
    method, path = route.split(" ")
    more: dict[str, Any] = {}
    if case.json is not None:
        more["json"] = filled(case.json, ids)
    if case.form is not None:
        more["data"], more["files"] = case.form, {"file": ("a.png", PICTURE)}
    place = filled(path, ids) + case.query
    answer = user.api.client.request(method, place, headers=user.headers, **more)
    text = answer.text
    for name, identity in ids.items():
        text = text.replace(identity, name)
    return answer.status_code, text


def test_every_route_has_a_case_or_is_the_same_for_everybody(walls: Api, owner: Owner) -> None:
    found = routes(walls)
    assert set(CASES) <= found
    for route in found - set(CASES):
        method, path = route.split(" ")
        assert not path.startswith("/v1"), f"{route} has no case"
        place = path.partition("{")[0] + owner.ids["video_id"] if "{" in path else path
        seen = [
            walls.client.request(method, place, headers=headers)
            for headers in ({}, owner.user.headers, walls.user().headers)
        ]
        assert len({(answer.status_code, answer.content) for answer in seen}) == 1, route
        assert not owner.told_of(seen[1].text.replace(owner.ids["video_id"], "")), route


def test_every_route_with_a_case_needs_a_key(walls: Api, owner: Owner) -> None:
    nobody = User(walls, "", "sk-wrong")
    for route, cases in CASES.items():
        for case in cases or [Case()]:
            status, _ = ask(nobody, route, case, owner.ids)
            assert status == 401, route


@pytest.mark.parametrize(
    ("route", "case"),
    [(route, case) for route, cases in CASES.items() for case in cases],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_reaches_what_belongs_to_others(
    walls: Api, owner: Owner, route: str, case: Case
) -> None:
    other = walls.user()
    before = owner.user.get(f"/videos/{owner.ids['video_id']}").json()
    status, text = ask(other, route, case, owner.ids)
    if case.names:
        assert (status, text) == ask(other, route, case, owner.nobodys)
        assert 400 <= status < 500, text
    else:
        assert status == 200, text
    assert not owner.told_of(text)
    assert owner.user.get(f"/videos/{owner.ids['video_id']}").json() == before
    if case.owners:
        # It is the thing that others do not find, and no mistake in the request that is refused.
        assert ask(owner.user, route, case, owner.ids)[0] in (200, 400)
        assert status in (200, 404)


def test_jobs_of_another_project_are_not_steered(walls: Api, owner: Owner) -> None:
    other, video = walls.user(), f"/videos/{owner.waiting}"
    for path in ("pause", "resume", "cancel"):
        assert other.post(f"/kinema/jobs/{owner.waiting}/{path}").status_code == 404
    assert other.ask("DELETE", video).status_code == 404
    assert owner.user.get(video).json()["status"] == "queued"


def test_an_equal_file_of_another_project_stays_when_one_is_deleted(walls: Api) -> None:
    one, other = walls.user(), walls.user()

    def upload(user: User) -> str:
        files = {"file": ("same.png", PICTURE + b"same")}
        return user.post("/files", data={"purpose": "vision"}, files=files).json()["id"]

    first, second = upload(one), upload(other)
    assert first != second
    assert one.ask("DELETE", f"/files/{first}").status_code == 200
    assert other.get(f"/files/{second}/content").content == PICTURE + b"same"


def test_a_repetition_by_another_project_is_no_repetition(walls: Api) -> None:
    one, other = walls.user(), walls.user()
    again = {"x-stainless-retry-count": "1"}
    first = one.post("/videos", json=SMALL).json()["id"]
    assert one.post("/videos", json=SMALL, headers=again).json()["id"] == first
    assert other.post("/videos", json=SMALL, headers=again).json()["id"] != first


def heard(api: Api, user: User, work: Any) -> str:
    """What the stream of events says from its beginning on and while something is done."""
    said: list[bytes] = []

    async def listen() -> None:
        asked, over = asyncio.Event(), asyncio.Event()

        async def receive() -> Message:
            if not asked.is_set():
                asked.set()
                return {"type": "http.request", "body": b"", "more_body": False}
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            said.append(message.get("body", b""))

        key = user.headers["authorization"].encode()
        headers = [(b"host", b"127.0.0.1"), (b"authorization", key), (b"last-event-id", b"0")]
        path = "/v1/kinema/events"
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": headers,
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 1),
        }
        stream = asyncio.create_task(api.app(scope, receive, send))
        await asyncio.sleep(0.3)
        await asyncio.to_thread(work)
        await asyncio.sleep(0.6)
        over.set()
        await stream

    api.client.call(listen)
    return b"".join(said).decode()


def test_events_are_told_to_their_project_only(walls: Api, owner: Owner) -> None:
    other, made = walls.user(), list[str]()

    def work() -> None:
        made.append(owner.user.video(prompt=f"another {SECRET}")["id"])

    own = heard(walls, owner.user, work)
    assert owner.ids["video_id"] in own
    assert made[0] in own
    theirs = heard(walls, other, work)
    assert not owner.told_of(theirs)
    assert made[1] not in theirs


def test_keys_are_kept_as_hashes_and_nowhere_else(tmp_path: Path) -> None:
    with running(tmp_path, Config(single_user=False)) as api:
        user = api.user()
        key = user.headers["authorization"].removeprefix("Bearer ")
        user.video()
        user.get("/videos")
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert tmp_path / "kinema.db" in found
    for path in found:
        assert key.encode() not in path.read_bytes(), path
