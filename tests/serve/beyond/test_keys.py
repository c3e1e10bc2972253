"""Projects, keys, limits and usage."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from kinema.serve.store.projects import first_key, new_key
from tests.serve.api.conftest import SMALL, Api, User, refused


@pytest.fixture(scope="module")
def admin(api: Api) -> User:
    """Somebody whose key may make others."""
    with api.database.write() as connection:
        key = first_key(connection)
        if key is None:
            _, key = new_key(connection, "default", "again", admin=True)
    return User(api, "default", key)


def project(admin: User, **fields: Any) -> tuple[dict[str, Any], User, dict[str, Any]]:
    made = admin.post("/kinema/projects", json={"name": "studio", **fields}).json()
    key = admin.post(f"/kinema/projects/{made['id']}/keys", json={"name": "one"}).json()
    return made, User(admin.api, made["id"], key["key"]), key


def test_the_first_key_is_given_once(api: Api, admin: User) -> None:
    with api.database.write() as connection:
        assert first_key(connection) is None


def test_a_new_key_opens_its_project_until_it_is_revoked(admin: User) -> None:
    made, somebody, key = project(admin)
    assert made["object"] == "project"
    assert key["key"].startswith("sk-kinema-")
    assert somebody.get("/videos").status_code == 200
    path = f"/kinema/projects/{made['id']}/keys"
    listed = admin.get(path).json()["data"]
    assert [one["id"] for one in listed] == [key["id"]]
    assert "key" not in listed[0]
    assert listed[0]["used_at"] is not None
    assert listed[0]["revoked_at"] is None
    assert admin.ask("DELETE", f"{path}/{key['id']}").json()["deleted"]
    refused(somebody.get("/videos"), 401)
    assert admin.get(path).json()["data"][0]["revoked_at"] is not None
    refused(admin.ask("DELETE", f"{path}/{key['id']}"), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/kinema/projects"),
        ("POST", "/kinema/projects"),
        ("PATCH", "/kinema/projects/default"),
        ("GET", "/kinema/projects/default/keys"),
        ("POST", "/kinema/projects/default/keys"),
        ("DELETE", "/kinema/projects/default/keys/key_1"),
    ],
)
def test_other_keys_may_not_change_projects(user: User, method: str, path: str) -> None:
    body = {"json": {"name": "mine"}} if method in ("POST", "PATCH") else {}
    assert refused(user.ask(method, path, **body), 403)["code"] == "admin_key_needed"


def limited(answer: httpx.Response, code: str) -> httpx.Response:
    assert answer.status_code == 429, answer.text
    error = answer.json()["error"]
    assert (error["type"], error["code"]) == ("rate_limit_error", code)
    assert int(answer.headers["retry-after"]) > 0
    return answer


def test_jobs_a_minute_are_counted(admin: User) -> None:
    _, somebody, _ = project(admin, limits={"per_minute": 2})
    somebody.video()
    somebody.video()
    answer = limited(somebody.post("/videos", json=SMALL), "rate_limit_exceeded")
    assert int(answer.headers["retry-after"]) <= 61


def test_jobs_in_the_queue_are_counted(admin: User) -> None:
    _, somebody, _ = project(admin, limits={"queued": 1})
    first = somebody.video()
    limited(somebody.post("/videos", json=SMALL), "rate_limit_exceeded")
    somebody.post(f"/kinema/jobs/{first['id']}/cancel")
    assert somebody.post("/videos", json=SMALL).status_code == 200


def test_seconds_of_a_day_are_a_quota_and_trying_again_is_of_no_use(admin: User) -> None:
    made, somebody, _ = project(admin, limits={"seconds_per_day": 2})
    somebody.finished()
    somebody.video()
    answer = limited(somebody.post("/videos", json=SMALL), "insufficient_quota")
    assert answer.headers["x-should-retry"] == "false"
    path = f"/kinema/projects/{made['id']}"
    changed = admin.ask("PATCH", path, json={"limits": {"seconds_per_day": 3}}).json()
    assert changed["limits"]["seconds_per_day"] == 3
    assert somebody.post("/videos", json=SMALL).status_code == 200


def test_a_repetition_of_an_accepted_request_is_no_second_one(admin: User) -> None:
    _, somebody, _ = project(admin, limits={"per_minute": 1})
    first = somebody.video()
    again = somebody.post("/videos", json=SMALL, headers={"x-stainless-retry-count": "1"})
    assert again.json()["id"] == first["id"]


def test_usage_says_what_was_made_and_what_is_left(admin: User) -> None:
    _, somebody, _ = project(admin, limits={"seconds_per_day": 100})
    somebody.finished()
    said = somebody.get("/kinema/usage").json()
    assert said["object"] == "usage"
    assert (said["data"][0]["videos"], said["data"][0]["seconds"]) == (1, 1.0)
    assert said["data"][0]["bytes"] > 0
    assert (said["seconds_today"], said["queued"]) == (1.0, 0)
    assert said["limits"]["seconds_per_day"] == 100


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"limits": {"per_minute": -1}}, "limits.per_minute"),
        ({"limits": {"more": 1}}, "limits.more"),
        ({"share": 0}, "share"),
        ({"name": None}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_name(admin: User, change: dict[str, Any], param: str) -> None:
    refused(admin.post("/kinema/projects", json={"name": "a", **change}), 400, param)
