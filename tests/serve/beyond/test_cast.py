"""The cast and the looks of a project, and the room that its videos take."""

from __future__ import annotations

from tests.serve.api.conftest import SMALL, Api, User, refused


def test_characters_are_listed_described_anew_and_forgotten(user: User) -> None:
    video = user.finished()["id"]
    body = {"name": "Rusty", "video": {"id": video}, "looks": "a red fox"}
    made = user.post("/videos/characters", json=body).json()["id"]
    listed = user.get("/kinema/characters").json()["data"]
    assert [(one["id"], one["name"], one["looks"]) for one in listed] == [
        (made, "Rusty", "a red fox")
    ]
    clip = user.get(f"/kinema/characters/{made}/content", headers={"range": "bytes=0-9"})
    assert (clip.status_code, clip.content) == (206, user.content(video)[:10])
    path = f"/kinema/characters/{made}"
    assert user.ask("PATCH", path, json={"looks": "a white fox"}).json()["looks"] == "a white fox"
    wanted = {**SMALL, "prompt": "Rusty runs", "characters": [{"id": made}]}
    video = user.post("/videos", json=wanted).json()["id"]
    assert user.api.row(video).request["characters"][0]["looks"] == "a white fox"
    assert user.ask("DELETE", path).json()["deleted"]
    assert user.get("/kinema/characters").json()["data"] == []
    for method in ("DELETE", "PATCH"):
        refused(user.ask(method, path, json={"looks": "x"}), 404)


def test_a_character_outlives_the_clip_it_was_made_from(user: User) -> None:
    video = user.finished()["id"]
    body = {"name": "Rusty", "video": {"id": video}}
    made = user.post("/videos/characters", json=body).json()["id"]
    user.ask("DELETE", f"/videos/{video}")
    assert len(user.get("/kinema/characters").json()["data"]) == 1
    refused(user.get(f"/kinema/characters/{made}/content"), 404)


def test_looks_are_kept_changed_and_forgotten(user: User) -> None:
    look = {"name": "Winter", "words": "soft snow", "style": "comic", "negative_prompt": "rain"}
    made = user.post("/kinema/looks", json=look).json()
    assert {name: made[name] for name in look} == look
    changed = user.ask("PUT", f"/kinema/looks/{made['id']}", json={"name": "Frost"}).json()
    assert (changed["id"], changed["name"], changed["words"]) == (made["id"], "Frost", "")
    assert [one["name"] for one in user.get("/kinema/looks").json()["data"]] == ["Frost"]
    assert user.ask("DELETE", f"/kinema/looks/{made['id']}").json()["deleted"]
    refused(user.ask("PUT", f"/kinema/looks/{made['id']}", json=look), 404)
    refused(user.ask("DELETE", f"/kinema/looks/{made['id']}"), 404)
    refused(user.post("/kinema/looks", json={"words": "x"}), 400, "name")


def test_a_project_has_so_many_looks_and_no_more(user: User) -> None:
    for number in range(100):
        user.post("/kinema/looks", json={"name": f"look {number}"})
    refused(user.post("/kinema/looks", json={"name": "one more"}), 400)
    listed = user.get("/kinema/looks").json()["data"]
    assert len(listed) == 100
    path = f"/kinema/looks/{listed[0]['id']}"
    assert user.ask("PUT", path, json={"name": "another"}).status_code == 200


def test_drafts_are_cleaned_up_but_no_favourites_and_nothing_of_others(
    api: Api, user: User
) -> None:
    draft, kept = user.finished(quality="draft")["id"], user.finished(quality="draft")["id"]
    final, theirs = user.finished()["id"], api.user().finished(quality="draft")["id"]
    user.ask("PATCH", f"/kinema/clips/{kept}", json={"favourite": True})
    room = user.get("/kinema/storage").json()
    assert (room["all"]["videos"], room["drafts"]["videos"], room["failed"]["videos"]) == (3, 1, 0)
    assets = api.row(draft).assets
    assert assets is not None
    size = sum(asset["bytes"] for asset in assets.values())
    assert room["drafts"]["bytes"] == size
    disk = user.get("/kinema/storage/disk").json()
    assert 0 < disk["free"] < disk["total"]
    path = "/kinema/storage/clean"
    assert user.post(path, json={"what": "drafts", "days": 1}).json()["videos"] == 0
    said = user.post(path, json={"what": "drafts"}).json()
    assert (said["videos"], said["bytes"], said["more"]) == (1, size, False)
    left = {one["id"] for one in user.get("/videos").json()["data"]}
    assert left == {kept, final}
    refused(user.get(f"/videos/{draft}/content"), 404)
    assert api.row(theirs).state == "completed"


def test_what_failed_is_cleaned_up(user: User) -> None:
    video, waits = user.video()["id"], user.video()["id"]
    user.post(f"/kinema/jobs/{video}/cancel")
    assert user.post("/kinema/storage/clean", json={"what": "failed"}).json()["videos"] == 1
    assert [one["id"] for one in user.get("/videos").json()["data"]] == [waits]
    refused(user.post("/kinema/storage/clean", json={"what": "all"}), 400, "what")
    refused(user.post("/kinema/storage/clean", json={}), 400, "what")
