"""Batches: lines in, videos and result lines out."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import update

from kinema.serve.api import batching
from kinema.serve.jobs.make import KEPT_FOR_BATCH
from kinema.serve.store.tables import batches
from tests.serve.api.conftest import SMALL, Api, User, refused
from tests.serve.beyond.conftest import Hook, until

ENDED = {"completed", "failed", "expired", "cancelled"}


def line(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "custom_id": name,
        "method": "POST",
        "url": "/v1/videos",
        "body": {**SMALL, **fields},
    }


def uploaded(user: User, lines: list[Any], purpose: str = "batch") -> str:
    texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
    files = {"file": ("in.jsonl", "\n".join(texts).encode())}
    return user.post("/files", data={"purpose": purpose}, files=files).json()["id"]


def begun(user: User, lines: list[Any], **fields: Any) -> dict[str, Any]:
    body = {
        "input_file_id": uploaded(user, lines),
        "endpoint": "/v1/videos",
        "completion_window": "24h",
        **fields,
    }
    answer = user.post("/batches", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ended(user: User, batch: dict[str, Any]) -> dict[str, Any]:
    path = f"/batches/{batch['id']}"
    return until(lambda: (now := user.get(path).json())["status"] in ENDED and now)


def videos(user: User, batch: dict[str, Any], count: int) -> list[str]:
    def found() -> list[str]:
        every = user.get("/videos?limit=100&order=asc").json()["data"]
        return [one["id"] for one in every if one["kinema"]["batch"] == batch["id"]]

    return until(lambda: len(found()) == count and found())


def results(user: User, file: str) -> dict[str, dict[str, Any]]:
    text = user.get(f"/files/{file}/content").text
    return {one["custom_id"]: one for one in map(json.loads, text.splitlines())}


def test_every_line_becomes_a_video_and_a_line_of_a_result_file(user: User, hook: Hook) -> None:
    body = {"name": "a", "url": hook.url, "event_types": ["batch.completed"]}
    user.post("/webhook_endpoints", json=body)
    lines = [line("good"), "", line("other", seed=3), line("bad", size="1x1")]
    batch = begun(user, lines, metadata={"film": "fox"})
    assert (batch["object"], batch["status"]) == ("batch", "validating")
    assert (batch["output_file_id"], batch["metadata"]) == (None, {"film": "fox"})
    made = videos(user, batch, 2)

    def counted() -> dict[str, Any]:
        now = user.get(f"/batches/{batch['id']}").json()
        assert now["status"] == "in_progress"
        return now["request_counts"]

    until(lambda: counted() == {"total": 3, "completed": 0, "failed": 1})
    for video in made:
        user.api.make(video)
    done = ended(user, batch)
    assert done["status"] == "completed"
    assert done["request_counts"] == {"total": 3, "completed": 2, "failed": 1}
    times = [done[f"{name}_at"] for name in ("created", "in_progress", "finalizing", "completed")]
    assert times == sorted(times)
    assert done["failed_at"] is done["cancelled_at"] is done["expired_at"] is None
    good = results(user, done["output_file_id"])
    assert set(good) == {"good", "other"}
    assert good["good"]["error"] is None
    assert good["good"]["response"]["status_code"] == 200
    assert {one["response"]["body"]["id"] for one in good.values()} == set(made)
    assert {one["response"]["body"]["status"] for one in good.values()} == {"completed"}
    bad = results(user, done["error_file_id"])
    assert set(bad) == {"bad"}
    assert bad["bad"]["response"]["status_code"] == 400
    assert bad["bad"]["response"]["body"]["error"]["param"] == "size"
    assert user.get(f"/files/{done['output_file_id']}").json()["purpose"] == "batch_output"
    assert json.loads(until(lambda: hook.calls)[0][1])["data"]["id"] == batch["id"]


def test_videos_of_a_batch_stay_a_day_after_its_end(user: User) -> None:
    batch = begun(user, [line("a")])
    video = videos(user, batch, 1)[0]
    user.api.make(video)
    expires = user.get(f"/videos/{video}").json()["expires_at"]
    assert expires >= time.time() + KEPT_FOR_BATCH - 60
    assert KEPT_FOR_BATCH >= 48 * 3600
    assert ended(user, batch)["status"] == "completed"


@pytest.mark.parametrize(
    ("wrong", "code", "param"),
    [
        ("{", "invalid_json_line", None),
        ("[1]", "invalid_json_line", None),
        ({**line("a"), "custom_id": ""}, "invalid_value", "custom_id"),
        (line("first"), "duplicate_custom_id", "custom_id"),
        ({**line("a"), "method": "GET"}, "invalid_method", "method"),
        ({**line("a"), "url": "/v1/videos/edits"}, "mismatched_endpoint", "url"),
        ({**line("a"), "body": "text"}, "invalid_type", "body"),
    ],
)
def test_a_line_that_cannot_be_read_fails_the_batch_by_its_number(
    user: User, wrong: Any, code: str, param: str | None
) -> None:
    batch = ended(user, begun(user, [line("first"), "", wrong]))
    assert batch["status"] == "failed"
    assert batch["failed_at"] is not None
    assert batch["errors"]["object"] == "list"
    error = batch["errors"]["data"][0]
    assert (error["code"], error["param"], error["line"]) == (code, param, 3)
    assert user.get("/videos").json()["data"] == []


def test_a_file_without_lines_fails(user: User) -> None:
    batch = ended(user, begun(user, ["", " "]))
    assert batch["errors"]["data"][0]["code"] == "empty_file"


def test_a_cancelled_batch_keeps_what_is_finished(user: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(batching, "_AHEAD", 2)
    batch = begun(user, [line(str(number)) for number in range(4)])
    made = videos(user, batch, 2)
    user.api.make(made[0])
    videos(user, batch, 3)
    said = user.post(f"/batches/{batch['id']}/cancel").json()
    assert said["status"] == "cancelling"
    done = ended(user, batch)
    assert done["status"] == "cancelled"
    assert done["request_counts"] == {"total": 4, "completed": 1, "failed": 3}
    assert set(results(user, done["output_file_id"])) == {"0"}
    bad = results(user, done["error_file_id"])
    assert {bad["1"]["error"]["code"], bad["2"]["error"]["code"]} == {"cancelled"}
    assert bad["3"] == {
        "id": bad["3"]["id"],
        "custom_id": "3",
        "response": None,
        "error": {"code": "batch_cancelled", "message": "The batch was cancelled."},
    }
    assert user.post(f"/batches/{batch['id']}/cancel").json()["status"] == "cancelled"


def test_a_batch_that_takes_a_day_expires(user: User) -> None:
    batch = begun(user, [line("a")])
    videos(user, batch, 1)
    with user.api.database.write() as connection:
        mine = batches.c.id == batch["id"]
        connection.execute(update(batches).where(mine).values(expires_at=time.time()))
    done = ended(user, batch)
    assert done["status"] == "expired"
    assert done["output_file_id"] is None
    assert set(results(user, done["error_file_id"])) == {"a"}
    refused(user.post(f"/batches/{batch['id']}/cancel"), 400, "batch_id")


def test_several_processes_make_each_line_once(user: User) -> None:
    batch = begun(user, [line(str(number)) for number in range(6)])
    services = user.api.app.state.services
    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            list(pool.map(batching.go_on, [services] * 4))
    assert len(videos(user, batch, 6)) == 6
    user.post(f"/batches/{batch['id']}/cancel")
    done = ended(user, batch)
    assert done["request_counts"] == {"total": 6, "completed": 0, "failed": 6}


def test_a_video_that_was_deleted_is_an_error_of_its_line(user: User) -> None:
    batch = begun(user, [line("a")])
    video = videos(user, batch, 1)[0]
    user.ask("DELETE", f"/videos/{video}")
    done = ended(user, batch)
    assert done["request_counts"] == {"total": 1, "completed": 0, "failed": 1}
    assert results(user, done["error_file_id"])["a"]["error"]["code"] == "deleted"


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"endpoint": "/v1/responses"}, "endpoint"),
        ({"completion_window": "1h"}, "completion_window"),
        ({"metadata": {"a": 1}}, "metadata"),
        ({"metadata": {"a" * 65: "b"}}, "metadata"),
        ({"output_expires_after": {"anchor": "created_at"}}, "output_expires_after"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_is_refused_by_name(user: User, change: dict[str, Any], param: str) -> None:
    body = {
        "input_file_id": uploaded(user, [line("a")]),
        "endpoint": "/v1/videos",
        "completion_window": "24h",
        **change,
    }
    refused(user.post("/batches", json=body), 400, param)


def test_the_input_is_a_file_of_the_project_for_batches(api: Api, user: User) -> None:
    body = {"endpoint": "/v1/videos", "completion_window": "24h"}
    file = uploaded(user, [line("a")])
    stranger = api.user()
    refused(stranger.post("/batches", json={**body, "input_file_id": file}), 404, "input_file_id")
    other = uploaded(user, [line("a")], "user_data")
    refused(user.post("/batches", json={**body, "input_file_id": other}), 400, "input_file_id")


def test_batches_of_others_are_not_seen(api: Api, user: User) -> None:
    batch = begun(user, [line("a")])
    stranger = api.user()
    refused(stranger.get(f"/batches/{batch['id']}"), 404)
    refused(stranger.post(f"/batches/{batch['id']}/cancel"), 404)
    assert stranger.get("/batches").json()["data"] == []
    listed = user.get("/batches?limit=1").json()
    assert [one["id"] for one in listed["data"]] == [batch["id"]]
    assert not listed["has_more"]
    assert user.get(f"/batches?after={batch['id']}").json()["data"] == []
