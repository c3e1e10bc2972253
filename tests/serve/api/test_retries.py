"""Requests that a client sends again because it did not get the answer."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from kinema.serve.store.tables import retries
from tests.serve.api.conftest import PICTURE, SMALL, Api, User

AGAIN = {"x-stainless-retry-count": "1"}
FIRST = {"x-stainless-retry-count": "0"}


def count(user: User) -> int:
    return len(user.get("/videos?limit=100").json()["data"])


def test_a_repetition_gets_the_job_of_the_first_request(user: User) -> None:
    first = user.post("/videos", json=SMALL, headers=FIRST).json()
    again = user.post("/videos", json=SMALL, headers=AGAIN).json()
    assert again["id"] == first["id"]
    assert user.post("/videos", json=SMALL, headers={**AGAIN, "x-stainless-retry-count": "2"})
    assert count(user) == 1


def test_a_form_is_the_same_whatever_its_boundary(user: User) -> None:
    files = {"input_reference": ("a.png", PICTURE, "image/png")}
    first = user.post("/videos", data=SMALL, files=files, headers=FIRST).json()
    again = user.post("/videos", data=SMALL, files=files, headers=AGAIN).json()
    assert again["id"] == first["id"]
    other = {"input_reference": ("a.png", PICTURE + b"\x00", "image/png")}
    assert user.post("/videos", data=SMALL, files=other, headers=AGAIN).json()["id"] != first["id"]


def test_the_same_wish_twice_makes_two_videos(user: User) -> None:
    ids = {user.post("/videos", json=SMALL, headers=FIRST).json()["id"] for _ in range(2)}
    assert len(ids) == 2


def test_a_repetition_of_what_never_arrived_makes_the_video(user: User) -> None:
    assert user.post("/videos", json=SMALL, headers=AGAIN).status_code == 200
    assert count(user) == 1


def test_another_wish_or_another_source_is_no_repetition(user: User) -> None:
    one, two = user.finished()["id"], user.finished()["id"]
    body = {"prompt": "at night"}
    first = user.post(f"/videos/{one}/remix", json=body, headers=FIRST).json()
    other = user.post(f"/videos/{two}/remix", json=body, headers=AGAIN).json()
    assert other["remixed_from_video_id"] == two
    again = user.post(f"/videos/{one}/remix", json=body, headers=AGAIN).json()
    assert again["id"] == first["id"]


def test_nobody_gets_the_job_of_another_project(user: User) -> None:
    first = user.post("/videos", json=SMALL, headers=FIRST).json()
    stranger = user.api.user()
    assert stranger.post("/videos", json=SMALL, headers=AGAIN).json()["id"] != first["id"]


def test_after_ten_minutes_it_is_a_new_wish(api: Api, user: User) -> None:
    first = user.post("/videos", json=SMALL, headers=FIRST).json()
    with api.database.write() as connection:
        mine = retries.c.project == user.project
        connection.execute(update(retries).where(mine).values(at=time.time() - 601))
    assert user.post("/videos", json=SMALL, headers=AGAIN).json()["id"] != first["id"]


def test_repetitions_at_the_same_time_make_one_video(user: User) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda _: user.post("/videos", json=SMALL, headers=AGAIN).json()["id"], range(8)
        )
    assert len(set(answers)) == 1
    assert count(user) == 1


@pytest.mark.parametrize("said", ["", "0", " 0 "])
def test_only_a_count_above_none_says_that_it_is_a_repetition(user: User, said: str) -> None:
    headers = {"x-stainless-retry-count": said}
    assert user.post("/videos", json=SMALL, headers=headers).status_code == 200
    assert user.post("/videos", json=SMALL, headers=headers).status_code == 200
    assert count(user) == 2
