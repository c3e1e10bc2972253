"""What a recipe says, and what a request would look like before it is made."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from tests.serve.api.conftest import SMALL, Api, User, refused

GENERATIONS = "/kinema/generations"
MASK = cv2.imencode(".png", np.full((128, 160), 255, np.uint8))[1].tobytes()
"""Everything may change."""


@pytest.fixture(scope="session")
def fox(api: Api) -> tuple[User, dict[str, Any]]:
    """Somebody with one finished video."""
    somebody = api.user()
    return somebody, somebody.finished(seed=7)


def made(user: User, **order: Any) -> dict[str, Any]:
    """What comes of an order, finished."""
    answer = user.post(GENERATIONS, json=order)
    assert answer.status_code == 200, answer.text
    video = answer.json()["data"][0]["id"]
    user.api.make(video)
    return user.get(f"/videos/{video}").json()


def order_of(user: User, video: str) -> Any:
    answer = user.get(f"/kinema/clips/{video}/recipe")
    assert answer.status_code == 200, answer.text
    return answer.json()["order"]


def uploaded(user: User) -> str:
    files = {"file": ("mask.png", MASK, "image/png")}
    return user.post("/files", files=files, data={"purpose": "vision"}).json()["id"]


def seen(user: User, at: float, **order: Any) -> Any:
    """The frame that a sketch shows."""
    answer = user.post("/kinema/sketch", json=order, params={"at": at})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/webp"
    return cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)


@pytest.mark.parametrize(
    "more",
    [
        {"task": "remix", "prompt": "at night", "strength": 0.25, "seed": 7, "style": "neon"},
        {"task": "edit", "prompt": "the fox is blue", "seed": 7, "quality": "draft"},
        {"task": "extend", "prompt": "it sits down", "seconds": 1.5, "direction": "backward"},
        {"task": "outpaint", "size": "128x160"},
        {"task": "loop", "seconds": 0.5},
        {"task": "recut", "prompt": "in the rain", "keep": {"start": 0.25, "end": 0.75}},
    ],
    ids=lambda more: more["task"],
)
def test_the_order_of_a_recipe_makes_the_same_video_again(
    fox: tuple[User, dict[str, Any]], more: dict[str, Any]
) -> None:
    user, source = fox
    first = made(user, video={"id": source["id"]}, **more)
    order = order_of(user, first["id"])
    assert order["video"] == {"id": source["id"]}
    assert {name: order[name] for name in more} == more
    again = made(user, **order)
    assert again["kinema"]["fingerprint"] == first["kinema"]["fingerprint"]
    assert order_of(user, again["id"]) == order


def test_the_order_names_masks_pictures_characters_and_second_videos(user: User) -> None:
    first, second = user.finished(seed=7), user.finished(seed=8)
    mask = uploaded(user)
    video = {"id": first["id"]}
    edited = made(
        user, task="region_edit", video=video, mask={"file_id": mask}, prompt="a cat sits"
    )
    assert order_of(user, edited["id"])["mask"] == {"file_id": mask}
    blended = made(user, task="blend", video=video, second={"id": second["id"]}, curve="dip")
    order = order_of(user, blended["id"])
    assert (order["second"], order["curve"]) == ({"id": second["id"]}, "dip")
    body = {"name": "Mia", "video": {"id": first["id"]}, "looks": "a small red fox"}
    mia = user.post("/videos/characters", json=body).json()["id"]
    shape = {"model": "animatic", "size": "160x128", "seconds": 0.5}
    named = user.post(
        GENERATIONS, json={"prompt": "Mia runs", "characters": [{"id": mia}], **shape}
    )
    assert order_of(user, named.json()["data"][0]["id"])["characters"] == [{"id": mia}]
    cards = [{"prompt": "a fox runs", "seconds": 1}, {"prompt": "it sleeps", "seconds": 0.5}]
    board = user.post(GENERATIONS, json={"task": "storyboard", "cards": cards, **shape}).json()
    assert order_of(user, board["data"][0]["id"])["cards"] == cards


def test_there_is_no_order_where_something_has_no_id(user: User) -> None:
    first = user.finished(seed=7)
    body = {"name": "Mia", "video": {"id": first["id"]}, "looks": "a small red fox"}
    mia = user.post("/videos/characters", json=body).json()["id"]
    named = user.post("/videos", json={**SMALL, "prompt": "Mia runs", "characters": [{"id": mia}]})
    assert order_of(user, named.json()["id"]) is not None
    user.ask("DELETE", f"/kinema/characters/{mia}")
    assert order_of(user, named.json()["id"]) is None


def test_a_sketch_shows_the_frame_that_the_video_will_have(
    fox: tuple[User, dict[str, Any]],
) -> None:
    user, source = fox
    order = {"task": "remix", "video": {"id": source["id"]}, "prompt": "at night", "seed": 7}
    early, late = seen(user, 0.0, **order), seen(user, 0.75, **order)
    assert early.shape == (128, 160, 3)
    assert not np.array_equal(early, late)
    assert seen(user, 0.0, **{**order, "prompt": "at noon"}).mean() > early.mean() + 10
    assert np.array_equal(seen(user, 500.0, **order), seen(user, 0.99, **order))
    assert user.get("/kinema/jobs").json()["data"] == []


def test_a_sketch_is_refused_like_the_order(fox: tuple[User, dict[str, Any]], api: Api) -> None:
    user, source = fox
    order = {"task": "remix", "video": {"id": source["id"]}}
    refused(user.post("/kinema/sketch", json=order), 400, "prompt")
    refused(api.user().post("/kinema/sketch", json={**order, "prompt": "x"}), 404, "video")
    refused(user.post("/kinema/sketch", json=order, params={"at": -1}), 400, "at")


def test_variations_of_one_wish_are_found_by_their_spread(user: User) -> None:
    other = user.video()["id"]
    answer = user.post(GENERATIONS, json={**SMALL, "variations": 2}).json()["data"]
    spread = answer[0]["kinema"]["spread"]
    found = user.get("/kinema/search", params={"spread": spread}).json()["data"]
    assert {one["id"] for one in found} == {one["id"] for one in answer}
    assert other not in {one["id"] for one in found}
