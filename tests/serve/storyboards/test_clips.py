"""Clips of shots: made once for what is seen, chosen among takes, noticed when damaged."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.serve.api.conftest import PICTURE, Api, refused
from tests.serve.storyboards.conftest import BOARD, Board


def states(board: Board) -> list[str]:
    return [board.now["cards"][shot]["state"] for shot in board.shots]


def test_only_what_is_missing_is_made(board: Board) -> None:
    assert board.now["missing"] == 2
    first = board.do("/make")
    assert len(first["started"]) == 2
    assert states(board) == ["making", "making"]
    assert board.do("/make")["started"] == []
    for clip in first["started"]:
        board.user.api.make(clip)
    board.read()
    assert (states(board), board.now["missing"]) == (["ready", "ready"], 0)
    card = board.now["cards"][board.shots[0]]
    assert (card["first"], card["frames"], card["fps"]) == (12, 53, "24")
    assert board.user.get(card["url"].removeprefix("/v1")).headers["content-type"] == "video/mp4"
    listed = board.user.get("/kinema/storyboards").json()["data"]
    assert listed[0]["clips"] == first["started"]


def test_a_change_of_one_card_makes_one_clip_and_a_change_back_none(board: Board) -> None:
    first, second = board.shots
    board.made()
    board.set_to(f"shots/{first}/prompt", "a red dog runs")
    board.read()
    card = board.now["cards"][first]
    assert (states(board), card["stale"]) == (["stale", "ready"], True)
    plan = board.ask("/plan", "GET").json()
    assert plan["to_make"] == 1
    assert {one["shot"]: (one["state"], one["why"]) for one in plan["shots"]} == {
        first: ("missing", "changed: prompt"),
        second: ("ready", None),
    }
    assert len(board.made()) == 1
    board.do("/undo")
    assert (states(board), board.do("/make")["started"]) == (["ready", "ready"], [])


@pytest.mark.parametrize(
    ("at", "now"),
    [
        ("title", "Two foes"),
        ("shots/{shot}/notes", "ask Mia"),
        ("lines/fox/text/en", {"value": "A fox"}),
        ("sequences/main/tracks/picture/items/cut.{shot}/trim", {"start": 0, "frames": 12}),
    ],
)
def test_what_no_clip_shows_makes_none(board: Board, at: str, now: Any) -> None:
    board.made()
    answer = board.set_to(at.format(shot=board.shots[0]), now)
    assert answer.status_code == 200, answer.text
    assert board.do("/make")["started"] == []


def test_what_another_storyboard_has_made_is_taken_from_there(board: Board, api: Api) -> None:
    made = board.made()
    other = Board(board.user, script=BOARD)
    assert (states(other), other.do("/make")["started"]) == (["ready", "ready"], [])
    assert [other.now["cards"][shot]["clip"] for shot in other.shots] == made
    stranger = Board(api.user(), script=BOARD)
    assert states(stranger) == ["missing", "missing"]


def test_two_who_make_at_once_begin_each_clip_once(board: Board) -> None:
    started: list[str] = []

    def make() -> None:
        started.extend(board.ask("/make").json()["started"])

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 2


def test_a_retake_is_chosen_and_stays_when_its_video_is_deleted(board: Board) -> None:
    shot = board.shots[0]
    board.made()
    started = board.do("/retake", shot=shot, count=2, seed=7)["started"]
    assert states(board) == ["ready", "ready"]
    for clip in started:
        board.user.api.make(clip)
    takes = board.read()["cards"][shot]["takes"]
    assert [take["seed"] for take in takes[1:]] == [7, 8]
    now = board.do("/choose", shot=shot, take=started[1])
    assert [take["chosen"] for take in now["cards"][shot]["takes"]] == [False, False, True]
    assert now["cards"][shot]["clip"] == started[1]
    assert board.user.ask("DELETE", f"/videos/{started[1]}").status_code == 200
    card = board.read()["cards"][shot]
    assert (card["state"], card["clip"], card["frames"]) == ("ready", None, 53)
    assert board.user.get(card["url"].removeprefix("/v1")).status_code == 200
    assert board.do("/choose", shot=shot)["cards"][shot]["state"] == "ready"
    refused(board.ask("/choose", shot=shot, take="video_none"), 404, "take")


def test_a_chosen_take_whose_words_changed_is_stale_until_it_is_made_anew(board: Board) -> None:
    shot = board.shots[0]
    (first, _) = board.made()
    board.do("/choose", shot=shot, take=first)
    board.set_to(f"shots/{shot}/prompt", "a red dog runs")
    assert (board.read()["cards"][shot]["state"], board.now["missing"]) == ("stale", 0)
    assert board.do("/make")["started"] == []
    assert len(board.do("/make", shots=[shot])["started"]) == 1
    assert "selected" not in board.now["document"]["shots"][shot]


def test_a_damaged_clip_is_noticed_and_made_again(board: Board, api: Api) -> None:
    (first, _) = board.made()
    key = (api.row(first).assets or {})["video"]["key"]
    file = Path(api.objects.place) / key
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    found = board.do("/make")
    assert len(found["started"]) == 1
    assert board.shots[0] in found["warnings"][0]
    api.make(found["started"][0])
    again = board.do("/make")
    assert (again["started"], again["warnings"], states(board)) == ([], [], ["ready", "ready"])


def test_a_film_and_a_picture_are_given_to_a_card(board: Board, foreign: bytes) -> None:
    first, second = board.shots
    path = f"{board.path}/files"
    film = board.user.post(path, data={"shot": first}, files={"file": ("a.mp4", foreign)})
    assert film.status_code == 200, film.text
    picture = board.user.post(path, data={"shot": second}, files={"file": ("a.png", PICTURE)})
    board.read()
    card = board.now["cards"][first]
    assert (card["state"], card["clip"], card["stale"]) == ("ready", None, False)
    assert card["takes"][0]["origin"] == "uploaded"
    assert card["url"] == film.json()["url"]
    assert board.user.get(card["url"].removeprefix("/v1")).content == foreign
    assert board.now["document"]["shots"][second]["image"] == picture.json()["file"]
    (started,) = board.made()
    assert api_inputs(board, started) == [picture.json()["file"]]


def api_inputs(board: Board, clip: str) -> list[str]:
    return list(board.user.api.row(clip).inputs)


def test_a_card_that_cannot_be_made_says_which_and_nothing_is_begun(board: Board) -> None:
    shot = board.shots[1]
    board.set_to(f"shots/{shot}/style", "no such style")
    answer = board.ask("/make")
    refused(answer, 400, f"shots/{shot}/style")
    assert board.read()["missing"] == 2


def test_a_job_that_failed_is_said_and_can_be_begun_again(board: Board) -> None:
    started = board.do("/make")["started"]
    board.user.post(f"/kinema/jobs/{started[0]}/cancel")
    board.read()
    card = board.now["cards"][board.shots[0]]
    assert (card["state"], bool(card["error"])) == ("failed", True)
    assert len(board.do("/make")["started"]) == 1
