"""What windows do with the queue and the library beyond the Videos API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serve.api.conftest import SMALL, Api, User, refused


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["data"]]


def queue(user: User) -> list[str]:
    jobs = user.get("/kinema/jobs").json()["data"]
    return [one["video"]["id"] for one in jobs]


def test_a_waiting_video_is_moved_before_another(user: User) -> None:
    first, second, third = (user.video()["id"] for _ in range(3))
    assert queue(user) == [first, second, third]
    user.post(f"/kinema/jobs/{third}/move", json={"before": second})
    assert queue(user) == [first, third, second]
    user.post(f"/kinema/jobs/{second}/move", json={})
    assert queue(user) == [second, first, third]


def test_only_what_waits_is_moved_and_only_before_ones_own(api: Api, user: User) -> None:
    video, other = user.video()["id"], api.user().video()["id"]
    refused(user.post(f"/kinema/jobs/{video}/move", json={"before": other}), 404, "before")
    refused(user.post(f"/kinema/jobs/{other}/move", json={}), 404)
    user.post(f"/kinema/jobs/{video}/cancel")
    refused(user.post(f"/kinema/jobs/{video}/move", json={}), 400, "video_id")


def test_a_video_gets_a_title_and_tags_and_is_found_by_them(user: User) -> None:
    video, other = user.video()["id"], user.video()["id"]
    marks = {"title": "Der Fuchs im Schnee", "tags": [" winter ", "käse", "winter"]}
    changed = user.ask("PATCH", f"/kinema/clips/{video}", json=marks).json()["kinema"]
    assert (changed["title"], changed["tags"]) == ("Der Fuchs im Schnee", ["winter", "käse"])
    assert user.get(f"/videos/{video}").json()["kinema"]["tags"] == ["winter", "käse"]
    search = "/kinema/search"
    assert ids(user.get(search, params={"tag": "käse"})) == [video]
    assert ids(user.get(search, params={"tag": ["winter", "käse"]})) == [video]
    assert ids(user.get(search, params={"tag": "wint"})) == []
    assert ids(user.get(search, params={"text": "fuchs"})) == [video]
    assert ids(user.get(search, params={"model": "animatic"})) == [other, video]
    assert ids(user.get(search, params={"task": "remix"})) == []
    assert ids(user.get(search, params={"favourite": True})) == []


def test_a_search_goes_on_where_its_last_page_ended(user: User) -> None:
    made = [user.video(quality="draft", style="neon")["id"] for _ in range(5)]
    other = user.video()["id"]
    seen, last, more = list[str](), None, True
    while more:
        params = {"quality": "draft", "limit": 2, **({"after": last} if last else {})}
        answer = user.get("/kinema/search", params=params)
        seen += ids(answer)
        last, more = answer.json()["last_id"], answer.json()["has_more"]
    assert seen == made[::-1]
    assert ids(user.get("/kinema/search", params={"style": "neon"})) == made[::-1]
    assert ids(user.get("/kinema/search", params={"quality": "standard"})) == [other]


def test_a_video_says_its_number_seed_quality_and_style_from_the_start(user: User) -> None:
    first = user.video(seed=9, quality="high", style="comic")
    second = user.video()
    kinema = first["kinema"]
    assert (kinema["seed"], kinema["quality"], kinema["style"]) == (9, "high", "comic")
    assert second["kinema"]["number"] > kinema["number"]
    assert user.get(f"/videos/{first['id']}").json()["kinema"]["number"] == kinema["number"]
    assert ids(user.get("/kinema/search", params={"number": kinema["number"]})) == [first["id"]]


def test_marks_that_are_not_given_stay_as_they_are(user: User) -> None:
    path = f"/kinema/clips/{user.video()['id']}"
    user.ask("PATCH", path, json={"favourite": True, "title": "one"})
    said = user.ask("PATCH", path, json={"tags": ["a"]}).json()["kinema"]
    assert (said["favourite"], said["title"], said["tags"]) == (True, "one", ["a"])
    said = user.ask("PATCH", path, json={"title": "", "tags": []}).json()["kinema"]
    assert (said["favourite"], said["title"], said["tags"]) == (True, "", [])


@pytest.mark.parametrize(
    ("change", "param"),
    [({"tags": [""]}, "tags"), ({"tags": ["a"] * 33}, "tags"), ({"title": "a" * 201}, "title")],
)
def test_marks_that_cannot_be_are_refused(user: User, change: dict[str, Any], param: str) -> None:
    refused(user.ask("PATCH", f"/kinema/clips/{user.video()['id']}", json=change), 400, param)


def test_variations_differ_in_nothing_but_the_seed(user: User) -> None:
    video = user.video(seed=3)["id"]
    body = {"videos": [{"id": video}], "variations": 3}
    made = ids(user.post("/kinema/variations", json=body))
    assert len(set(made)) == 3
    old = user.api.row(video).request
    seeds = set[int]()
    for one in made:
        new = user.api.row(one).request
        seeds.add(new["seed"])
        assert {**new, "seed": old["seed"]} == old
        assert user.api.row(one).source == video
    assert len(seeds) == 3
    assert len({user.api.row(one).spread for one in made}) == 1
    assert set(made) < set(ids(user.get(f"/kinema/clips/{video}/family")))


def test_a_finish_has_the_same_seed_and_scene_at_another_size(user: User) -> None:
    video = user.finished(seed=5, quality="draft")["id"]
    body = {"videos": [{"id": video}], "size": "320x256"}
    made = user.post("/kinema/finish", json=body).json()["data"][0]
    assert made["size"] == "320x256"
    user.api.make(made["id"])
    old, new = user.api.row(video), user.api.row(made["id"])
    assert new.request["seed"] == 5
    assert new.request["quality"] == "high"
    assert old.facts is not None
    assert new.facts is not None
    assert new.facts["reading"] == old.facts["reading"]


def test_what_was_cancelled_is_made_again_with_the_same_seed_and_parent(user: User) -> None:
    parent = user.finished()["id"]
    video = user.post(f"/videos/{parent}/remix", json={"prompt": "at night", "seed": 4}).json()
    path = f"/kinema/jobs/{video['id']}/again"
    refused(user.post(path, json={}), 400, "video_id")
    user.post(f"/kinema/jobs/{video['id']}/cancel")
    again = user.post(path, json={"quality": "draft"}).json()
    assert again["id"] != video["id"]
    assert again["kinema"]["source"] == parent
    old, new = user.api.row(video["id"]).request, user.api.row(again["id"]).request
    assert new == {**old, "quality": "draft"}
    refused(user.post(path, json={"size": "7x7"}), 400, "size")
    refused(user.post("/kinema/jobs/video_0/again", json={}), 404)


def test_takes_of_what_is_not_there_are_refused(api: Api, user: User) -> None:
    theirs = api.user().video()["id"]
    for path in ("/kinema/variations", "/kinema/finish"):
        refused(user.post(path, json={"videos": [{"id": theirs}]}), 404, "videos")
        refused(user.post(path, json={}), 400, "videos")


def test_a_reading_is_the_same_before_and_after_the_video_is_made(user: User) -> None:
    video = user.video(seed=3)["id"]
    path = f"/kinema/clips/{video}/reading"
    before = user.get(path).json()
    assert before["prompt"] == SMALL["prompt"]
    assert "red fox" in [word["text"] for word in before["words"]]
    user.api.make(video)
    assert user.get(path).json()["words"] == before["words"]
