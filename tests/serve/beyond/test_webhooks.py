"""Webhooks: who is told, how it is signed, and what happens when nobody listens."""

from __future__ import annotations

import time
from typing import Any

import pytest
from openai import InvalidWebhookSignatureError, OpenAI
from sqlalchemy import update
from standardwebhooks import Webhook

from kinema.serve.jobs.delivery import GIVEN_UP, LAST_PAUSE, pause_after
from kinema.serve.store.deliveries import announce
from kinema.serve.store.tables import deliveries
from tests.serve.api.conftest import Api, User, refused
from tests.serve.beyond.conftest import Hook, until

KINDS = ["video.completed", "video.failed"]


def endpoint(user: User, url: str, **more: Any) -> dict[str, Any]:
    body = {"name": "here", "url": url, "event_types": KINDS, **more}
    answer = user.post("/webhook_endpoints", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def log(user: User, made: dict[str, Any]) -> list[dict[str, Any]]:
    return user.get(f"/kinema/webhook_endpoints/{made['id']}/deliveries").json()["data"]


def tell(user: User, kind: str = "video.completed", subject: str = "video_1") -> None:
    with user.api.database.write() as connection:
        announce(connection, user.project, kind, subject)


def hurry(user: User, made: dict[str, Any], **values: Any) -> None:
    with user.api.database.write() as connection:
        mine = deliveries.c.endpoint == made["id"]
        new = {"next_at": time.time(), **values}
        connection.execute(update(deliveries).where(mine).values(**new))


def test_a_finished_video_is_told_of_and_the_clients_believe_it(user: User, hook: Hook) -> None:
    made = endpoint(user, hook.url)
    assert made["signing_secret"].startswith("whsec_")
    video = user.finished()
    headers, body = until(lambda: hook.calls)[0]
    client = OpenAI(api_key="none", webhook_secret=made["signing_secret"])
    event: Any = client.webhooks.unwrap(body, headers)
    assert (event.type, event.data.id) == ("video.completed", video["id"])
    said = Webhook(made["signing_secret"]).verify(body, headers)
    assert said["id"] == headers["webhook-id"] == event.id
    assert said["object"] == "event"
    delivery = until(lambda: [one for one in log(user, made) if one["state"] == "delivered"])[0]
    assert delivery["event_id"] == event.id
    assert delivery["subject"] == video["id"]
    assert [one["status"] for one in delivery["attempts"]] == [200]
    assert delivery["next_at"] is None


def test_a_changed_body_is_not_believed(user: User, hook: Hook) -> None:
    made = endpoint(user, hook.url)
    tell(user)
    headers, body = until(lambda: hook.calls)[0]
    client = OpenAI(api_key="none", webhook_secret=made["signing_secret"])
    with pytest.raises(InvalidWebhookSignatureError):
        client.webhooks.unwrap(body.replace(b"video_1", b"video_2"), headers)


def test_what_is_refused_or_redirected_is_sent_again_under_the_same_name(
    user: User, hook: Hook
) -> None:
    hook.statuses = [500, 307]
    made = endpoint(user, hook.url)
    tell(user)
    for attempts in (1, 2):
        until(lambda n=attempts: len(log(user, made)[0]["attempts"]) == n)
        assert log(user, made)[0]["state"] == "waiting"
        assert log(user, made)[0]["next_at"] > time.time()
        hurry(user, made)
    until(lambda: log(user, made)[0]["state"] == "delivered")
    assert [one["status"] for one in log(user, made)[0]["attempts"]] == [500, 307, 200]
    assert len({headers["webhook-id"] for headers, _ in hook.calls}) == 1
    assert len({body for _, body in hook.calls}) == 1


def test_after_three_days_nobody_tries_any_more(user: User, hook: Hook) -> None:
    hook.statuses = [500]
    made = endpoint(user, hook.url)
    hook.close()
    tell(user)
    hurry(user, made, created_at=time.time() - GIVEN_UP)
    until(lambda: log(user, made)[0]["state"] == "given_up")
    assert log(user, made)[0]["attempts"][-1]["problem"]


def test_pauses_double_up_to_six_hours() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, 40)]
    assert pauses[:4] == [5.0, 10.0, 20.0, 40.0]
    assert pauses[-1] == LAST_PAUSE
    assert sum(pauses[:13]) < GIVEN_UP < sum(pauses)


def test_only_the_kinds_that_were_asked_for_are_told(user: User, hook: Hook) -> None:
    endpoint(user, hook.url, event_types=["video.failed"])
    tell(user, "video.completed")
    tell(user, "video.failed", "video_2")
    until(lambda: hook.calls)
    assert [b"video_2" in body for _, body in hook.calls] == [True]


def test_private_addresses_are_not_called(user: User) -> None:
    made = endpoint(user, "http://10.0.0.1/hook")
    answer = user.post(f"/webhook_endpoints/{made['id']}/test", json={"event_type": KINDS[0]})
    assert refused(answer, 400, "url")["code"] == "webhook_endpoint_unreachable"


def test_both_secrets_sign_for_a_day_where_that_is_asked_for(user: User, hook: Hook) -> None:
    made = endpoint(user, hook.url)
    path = f"/webhook_endpoints/{made['id']}"
    body = {"keep_old_secret_active_for_24_hours": True}
    fresh = user.post(f"{path}/rotate_secret", json=body).json()
    assert fresh["signing_secret"] != made["signing_secret"]
    user.post(f"{path}/test", json={"event_type": KINDS[0]})
    headers, data = hook.calls[-1]
    for secret in (fresh["signing_secret"], made["signing_secret"]):
        Webhook(secret).verify(data, headers)
    last = user.post(f"{path}/rotate_secret", json={}).json()
    user.post(f"{path}/test", json={"event_type": KINDS[0]})
    headers, data = hook.calls[-1]
    assert len(headers["webhook-signature"].split()) == 1
    Webhook(last["signing_secret"]).verify(data, headers)


def test_the_clients_own_resource_does_all_of_it(user: User, hook: Hook) -> None:
    made = endpoint(user, hook.url)
    listed = user.get("/webhook_endpoints").json()
    assert [one["id"] for one in listed["data"]] == [made["id"]]
    assert "signing_secret" not in listed["data"][0]
    assert listed["data"][0]["signing_secret_hint"].endswith(made["signing_secret"][-4:])
    path = f"/webhook_endpoints/{made['id']}"
    changed = user.post(path, json={"name": "there", "event_types": ["batch.completed"]}).json()
    assert (changed["name"], changed["event_types"]) == ("there", ["batch.completed"])
    assert user.get(path).json() == changed
    trial = user.post(f"{path}/test", json={"event_type": "batch.completed"}).json()
    assert (trial["status_code"], trial["success"]) == (200, True)
    assert user.get("/webhook_event_types").json()["data"][:2] == KINDS
    assert user.ask("DELETE", path).json() == {
        "id": made["id"],
        "object": "webhook_endpoint.deleted",
        "deleted": True,
    }
    refused(user.get(path), 404)


def test_an_endpoint_with_deliveries_can_be_deleted(user: User, hook: Hook) -> None:
    made = endpoint(user, hook.url)
    tell(user)
    until(lambda: hook.calls)
    assert user.ask("DELETE", f"/webhook_endpoints/{made['id']}").status_code == 200


def test_pages_of_endpoints_go_on_behind_each_other(user: User, hook: Hook) -> None:
    made = [endpoint(user, hook.url)["id"] for _ in range(3)]
    first = user.get("/webhook_endpoints?limit=2").json()
    assert first["has_more"]
    rest = user.get(f"/webhook_endpoints?limit=2&after={first['last_id']}").json()
    assert [one["id"] for one in first["data"] + rest["data"]] == made[::-1]
    assert not rest["has_more"]


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "https://me:secret@example.com"}, "url"),
        ({"event_types": []}, "event_types"),
        ({"event_types": ["response.completed"]}, "event_types"),
        ({"name": ""}, "name"),
        ({"more": 1}, "more"),
    ],
)
def test_what_cannot_be_is_refused_by_name(user: User, change: dict[str, Any], param: str) -> None:
    body = {"name": "a", "url": "https://example.com", "event_types": KINDS, **change}
    refused(user.post("/webhook_endpoints", json=body), 400, param)


def test_endpoints_of_others_are_not_seen(api: Api, user: User, hook: Hook) -> None:
    path = f"/webhook_endpoints/{endpoint(user, hook.url)['id']}"
    stranger = api.user()
    assert stranger.get("/webhook_endpoints").json()["data"] == []
    refused(stranger.get(path), 404)
    refused(stranger.post(path, json={"name": "mine"}), 404)
    refused(stranger.post(f"{path}/rotate_secret", json={}), 404)
    refused(stranger.post(f"{path}/test", json={"event_type": KINDS[0]}), 404)
    refused(stranger.ask("DELETE", path), 404)
    refused(stranger.get(f"/kinema{path}/deliveries"), 404)
