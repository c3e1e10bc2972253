"""Steps of a storyboard by several people: none loses what another does."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.serve.api.conftest import Api, refused
from tests.serve.storyboards.conftest import BOARD, Board


def prompt_of(board: dict[str, Any], shot: str) -> str:
    return board["document"]["shots"][shot]["prompt"]


def test_a_script_becomes_a_storyboard_that_a_list_shows(board: Board) -> None:
    assert board.now["title"] == "Two friends"
    assert board.now["version"] == 0
    assert [board.now["cards"][shot]["state"] for shot in board.shots] == ["missing", "missing"]
    listed = board.user.get("/kinema/storyboards").json()["data"]
    assert [(one["id"], one["cards"], one["clips"]) for one in listed] == [(board.now["id"], 2, [])]


@pytest.mark.parametrize(
    ("fields", "cards"),
    [
        ({"title": "Nothing yet"}, 0),
        ({"script": "A fox runs.\n\nA cat sits."}, 2),
        ({"script": "EXT. FOREST - DAWN\n\nA fox runs.\n\nMIA\nHello."}, 1),
        ({"script": "A fox runs.", "kind": "social", "formats": ["1:1", "9:16"]}, 1),
    ],
)
def test_a_storyboard_begins_empty_or_with_a_script(
    api: Api, fields: dict[str, Any], cards: int
) -> None:
    made = Board(api.user(), **fields)
    assert len(made.now["cards"]) == cards
    again = Board(made.user, document=made.now["document"])
    assert again.now["document"] == made.now["document"]


def test_a_split_keeps_nothing(board: Board) -> None:
    answer = board.user.post("/kinema/script/split", json={"script": BOARD})
    assert answer.json()["document"] == board.now["document"]
    assert len(board.user.get("/kinema/storyboards").json()["data"]) == 1


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"script": '[[card]]\nprompt = "x"\nimage = "/etc/passwd"'}, "image"),
        ({"script": '[[card]]\nprompt = "x"\nsecond = 1'}, "card[0].second"),
        ({"script": "A fox.", "kind": "opera"}, "kind"),
        ({"script": "A fox.", "formats": ["2:1"]}, "formats"),
        ({"document": {"id": "x", "kind": "film"}}, "document"),
        ({"title": "x", "size": "huge"}, "size"),
    ],
)
def test_a_wrong_beginning_is_refused(api: Api, fields: dict[str, Any], param: str) -> None:
    refused(api.user().post("/kinema/storyboards", json=fields), 400, param)


def test_two_who_change_different_things_both_keep_them(board: Board) -> None:
    first, second = board.shots
    assert board.set_to(f"shots/{first}/prompt", "a dog runs", version=0, by="a").is_success
    answer = board.set_to(f"shots/{second}/prompt", "a hen sits", version=0, by="b")
    now = answer.json()
    assert (prompt_of(now, first), prompt_of(now, second)) == ("a dog runs", "a hen sits")
    assert answer.headers["etag"] == '"2"'


def test_two_who_change_the_same_are_told_and_see_what_is_there(board: Board) -> None:
    shot = board.shots[0]
    board.set_to(f"shots/{shot}/prompt", "a dog runs", version=0, by="a")
    answer = board.set_to(f"shots/{shot}/prompt", "a hen runs", version=0, by="b")
    assert answer.status_code == 409
    said = answer.json()
    assert said["error"]["code"] == "version_conflict"
    assert said["error"]["param"] == f"shots/{shot}/prompt"
    assert prompt_of(said["storyboard"], shot) == "a dog runs"
    assert board.set_to(f"shots/{shot}/prompt", "a hen runs", version=1, by="b").is_success


def test_who_changes_what_another_took_away_is_told(board: Board) -> None:
    shot = board.shots[0]
    gone = [
        {"op": "remove", "at": f"sequences/main/tracks/picture/items/cut.{shot}"},
        {"op": "remove", "at": "sequences/main/tracks/titles/items/at.fox"},
        {"op": "remove", "at": f"scenes/two-friends/shots/{shot}"},
        {"op": "remove", "at": f"shots/{shot}"},
    ]
    assert board.ask("/operations", version=0, operations=gone, by="a").is_success
    answer = board.set_to(f"shots/{shot}/prompt", "a hen runs", version=0, by="b")
    assert answer.status_code == 409


def test_many_writers_at_once_lose_nothing(board: Board) -> None:
    shot = board.shots[0]
    fields = ["camera", "framing", "notes", "style", "model", "quality"]
    values = ["pan", "wide", "ask Mia", None, "animatic", "draft"]
    answers: list[int] = []

    def write(field: str, value: Any, who: str) -> None:
        answer = board.set_to(f"shots/{shot}/{field}", value, version=0, by=who)
        answers.append(answer.status_code)

    threads = [
        threading.Thread(target=write, args=(field, value, f"w{number}"))
        for number, (field, value) in enumerate(zip(fields, values, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * len(fields)
    now = board.read()
    assert now["version"] == len(fields)
    seen = now["document"]["shots"][shot]
    wanted = {f: v for f, v in zip(fields, values, strict=True) if v is not None}
    assert {field: seen.get(field) for field in wanted} == wanted


def test_a_step_that_is_sent_again_is_done_once(board: Board) -> None:
    shot = board.shots[0]
    for _ in range(2):
        answer = board.set_to(f"shots/{shot}/prompt", "a dog runs", version=0, key="k1")
        assert answer.json()["version"] == 1


def test_undo_takes_back_ones_own_and_leaves_what_others_did(board: Board) -> None:
    first, second = board.shots
    board.set_to(f"shots/{first}/prompt", "a dog runs", version=0, by="a")
    board.set_to(f"shots/{second}/prompt", "a hen sits", version=1, by="b")
    now = board.do("/undo", by="a")
    assert prompt_of(now, first) == "a red fox runs"
    assert prompt_of(now, second) == "a hen sits"
    refused(board.ask("/undo", by="a"), 400)
    assert prompt_of(board.do("/redo", by="a"), first) == "a dog runs"
    refused(board.ask("/redo", by="a"), 400)


def test_an_undo_of_what_another_has_changed_since_is_told(board: Board) -> None:
    shot = board.shots[0]
    board.set_to(f"shots/{shot}/prompt", "a dog runs", version=0, by="a")
    board.set_to(f"shots/{shot}/prompt", "a hen runs", version=1, by="b")
    answer = board.ask("/undo", by="a")
    assert answer.status_code == 409
    assert prompt_of(answer.json()["storyboard"], shot) == "a hen runs"


def test_everything_undone_is_what_it_was_and_redone_what_it_became(board: Board) -> None:
    start, shot = board.now["document"], board.shots[0]
    for number in range(6):
        assert board.set_to(f"shots/{shot}/prompt", f"fox {number}", version=number).is_success
    end = board.read()["document"]
    assert end != start
    for _ in range(6):
        board.do("/undo")
    assert board.now["document"] == start
    assert not board.now["can_undo"]
    for _ in range(6):
        board.do("/redo")
    assert board.now["document"] == end
    assert not board.now["can_redo"]


def test_every_version_can_be_read_and_restored(board: Board) -> None:
    shot, seen = board.shots[0], [board.now["document"]]
    for number in range(3):
        answer = board.set_to(f"shots/{shot}/prompt", f"fox {number}", version=number, by="a")
        seen.append(answer.json()["document"])
    for version, document in enumerate(seen):
        found = board.user.get(f"{board.path}?version={version}").json()
        assert found["document"] == document
        assert found["version"] == version
    restored = board.do("/restore", version=1)
    assert restored["document"] == seen[1]
    assert restored["version"] == 4
    listed = board.user.get(f"{board.path}/versions?limit=2").json()
    assert [step["origin"] for step in listed["data"]] == ["restore", "edit"]
    assert listed["has_more"]
    refused(board.user.get(f"{board.path}?version=9"), 404, "version")


def test_a_document_is_replaced_by_who_read_the_newest(board: Board) -> None:
    shot = board.shots[0]
    document = {**board.now["document"], "title": "Three friends"}
    put = {"json": {"document": document}}
    refused(board.user.ask("PUT", board.path, **put), 400, "if-match")
    done = board.user.ask("PUT", board.path, **put, headers={"if-match": '"0"'})
    assert done.json()["title"] == "Three friends"
    late = board.user.ask("PUT", board.path, **put, headers={"if-match": '"0"'})
    assert late.status_code == 409
    assert late.headers["etag"] == '"1"'
    assert board.set_to(f"shots/{shot}/prompt", "a dog", version=0, by="b").is_success


def test_a_new_script_keeps_what_was_done_by_hand(board: Board) -> None:
    first, second = board.shots
    board.set_to(f"shots/{first}/camera", "pan", version=0)
    script = BOARD.replace("a blue cat sits", "a blue cat sits down")
    script += '\n[[card]]\nprompt = "a bear sleeps"\n'
    now = board.do("/script", script=script)
    assert now["document"]["shots"][first]["camera"] == "pan"
    assert prompt_of(now, second) == "a blue cat sits down"
    assert len(now["cards"]) == 3
    assert (now["conflicts"], now["orphans"]) == ([], [])
    board.set_to(f"shots/{first}/prompt", "a dog runs", version=now["version"])
    now = board.do("/script", script=script.replace("a red fox runs", "a red fox jumps"))
    assert prompt_of(now, first) == "a dog runs"
    assert [each["at"] for each in now["conflicts"]] == [f"shots/{first}/prompt"]


@pytest.mark.parametrize(
    ("operation", "param"),
    [
        ({"op": "set", "at": "shots/none/prompt", "now": "x"}, "shots/none/prompt"),
        ({"op": "fly", "at": "title"}, "operations[0].op"),
        ({"op": "set", "at": "title", "now": 7}, "title"),
        ({"op": "set", "at": "title", "now": "a\0b"}, "document"),
        ({"op": "set", "at": "look/fps", "now": "0"}, "look.fps"),
        (
            {"op": "set", "at": "sequences/main/tracks/titles/items/at.fox/start", "now": "soon"},
            "sequences/main/items/at.fox/start",
        ),
    ],
)
def test_a_step_that_leads_nowhere_is_refused_and_changes_nothing(
    board: Board, operation: dict[str, Any], param: str
) -> None:
    refused(board.ask("/operations", version=0, operations=[operation]), 400, param)
    assert board.read()["version"] == 0


def test_half_a_letter_is_refused(board: Board) -> None:
    text = '{"operations": [{"op": "set", "at": "title", "now": "\\ud800"}]}'
    answer = board.user.ask("POST", f"{board.path}/operations", content=text.encode())
    refused(answer, 400, "document")
    text = '{"document": {"id": "x", "kind": "film", "title": "\\ud800"}}'
    refused(board.user.ask("POST", "/kinema/storyboards", content=text.encode()), 400, "document")


def test_what_is_nested_without_end_is_refused(board: Board) -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = {"a": deep}
    at = f"shots/{board.shots[0]}/notes"
    answer = board.ask("/operations", operations=[{"op": "set", "at": at, "now": deep}])
    assert answer.status_code == 400


def test_a_storyboard_that_is_deleted_is_gone(board: Board) -> None:
    assert board.user.ask("DELETE", board.path).json()["deleted"]
    refused(board.user.get(board.path), 404)
    assert board.user.get("/kinema/storyboards").json()["data"] == []


def test_the_cut_says_when_everything_is_seen_and_read(board: Board) -> None:
    first, second = board.shots
    cut = board.ask("/cut", "GET").json()
    (picture, *_) = cut["tracks"]
    spans = [(item["ref"], item["start"], item["end"], item["lead"]) for item in picture["items"]]
    assert spans == [(first, 0, 29, 0), (second, 29, 75, 6)]
    assert (cut["fps"], cut["frames"]) == ("24", 75)
    assert [(cue["text"], cue["is_title"]) for cue in cut["cues"]] == [
        ("Fox", True),
        ("Hi.", False),
    ]
    german = board.user.get(f"{board.path}/cut?language=de").json()
    assert [cue["text"] for cue in german["cues"]] == ["Fuchs", "Hallo."]
    refused(board.user.get(f"{board.path}/cut?language=fr"), 400, "language")
    assert Board(board.user, title="x").ask("/cut", "GET").json()["frames"] == 0


def test_a_script_without_end_is_refused_before_it_costs_anything(api: Api) -> None:
    user = api.user()
    many = "\n\n".join(f"Fox {number} runs." for number in range(1001))
    refused(user.post("/kinema/storyboards", json={"script": many}), 400, "shots")
    most = many.rpartition("\n\n")[0]
    board = Board(user, script=most)
    assert len(board.now["cards"]) == 1000
    other = "\n\n".join(f"The owl named {number} sleeps." for number in range(1000))
    now = board.do("/script", script=other)
    assert len(now["cards"]) == 1000
