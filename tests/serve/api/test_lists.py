"""Pages of videos and files, as clients walk through them."""

from __future__ import annotations

import pytest

from kinema.serve.ids import Kind, is_id, made_at, new_id
from tests.serve.api.conftest import User, refused


@pytest.fixture
def five(user: User) -> list[str]:
    """Ids of five videos, oldest first."""
    return [user.video()["id"] for _ in range(5)]


def walked(user: User, **query: str) -> list[str]:
    """What the pages show until there are no more, by way of ``last_id``."""
    found: list[str] = []
    while True:
        page = user.get("/videos", params=query).json()
        ids = [video["id"] for video in page["data"]]
        assert (page["first_id"], page["last_id"]) == (ids[0], ids[-1])
        found += ids
        if not page["has_more"]:
            return found
        query["after"] = page["last_id"]


def test_an_empty_list_says_so(user: User) -> None:
    assert user.get("/videos").json() == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


def test_the_newest_come_first_unless_asked_otherwise(user: User, five: list[str]) -> None:
    assert walked(user) == five[::-1]
    assert walked(user, limit="2") == five[::-1]
    assert walked(user, limit="2", order="asc") == five
    assert walked(user, limit="5", order="desc") == five[::-1]


def test_a_list_stays_in_order_while_videos_come_and_go(user: User, five: list[str]) -> None:
    first = user.get("/videos?limit=2").json()
    user.video()
    user.ask("DELETE", f"/videos/{five[1]}")
    second = user.get(f"/videos?limit=2&after={first['last_id']}").json()
    assert [video["id"] for video in second["data"]] == [five[2], five[0]]


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_who_deletes_each_video_of_a_list_gets_to_its_end(
    user: User, five: list[str], order: str
) -> None:
    query, seen = {"limit": "2", "order": order}, list[str]()
    while True:
        page = user.get("/videos", params=query).json()
        for video in page["data"]:
            assert user.ask("DELETE", f"/videos/{video['id']}").status_code == 200
            seen.append(video["id"])
        if not page["has_more"]:
            break
        query["after"] = page["last_id"]
    assert seen == (five if order == "asc" else five[::-1])


def test_a_limit_of_none_shows_none_and_says_whether_there_are_any(
    user: User, five: list[str]
) -> None:
    page = user.get("/videos?limit=0").json()
    assert page == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": True,
    }


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ("limit=-1", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("order=up", "order"),
        ("after=video_none", "after"),
        ("after=%00", "after"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(user: User, query: str, param: str) -> None:
    refused(user.get(f"/videos?{query}"), 400, param)


def test_nobody_sees_where_the_videos_of_others_are(user: User, five: list[str]) -> None:
    stranger = user.api.user()
    mine = stranger.video()["id"]
    assert stranger.get(f"/videos?after={five[0]}&order=asc").json()["data"][0]["id"] == mine
    assert stranger.get(f"/videos?after={five[0]}").json()["data"] == []


def test_an_empty_after_is_the_beginning(user: User, five: list[str]) -> None:
    assert walked(user, after="") == five[::-1]


def test_files_have_pages_too(user: User) -> None:
    files = [
        user.post("/files", data={"purpose": purpose}, files={"file": ("a", b"x")}).json()["id"]
        for purpose in ("batch", "vision", "batch")
    ]
    page = user.get("/files?limit=2").json()
    assert [file["id"] for file in page["data"]] == files[:0:-1]
    assert page["has_more"] is True
    rest = user.get(f"/files?limit=2&after={page['last_id']}").json()
    assert [file["id"] for file in rest["data"]] == files[:1]
    batch = user.get("/files?purpose=batch&order=asc").json()
    assert [file["id"] for file in batch["data"]] == [files[0], files[2]]
    refused(user.get("/files?after=video_1"), 400, "after")


def test_ids_sort_by_time_and_say_when_they_were_made() -> None:
    ids = [new_id(Kind.FILE) for _ in range(50)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 50
    assert all(is_id(one, Kind.FILE) and not is_id(one, Kind.CLIP) for one in ids)
    times = [made_at(one) for one in ids]
    assert times == sorted(times)
    assert times[-1] - times[0] < 5
