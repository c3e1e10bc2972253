"""The operations on videos, field by field."""

from __future__ import annotations

import re
from json import dumps
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update

from kinema.config import Config, PolicyConfig
from kinema.engine.cards import card, cards
from kinema.serve.store.clips import fail
from kinema.serve.store.tables import cards as published
from kinema.serve.store.tables import clips
from kinema.types import Task, to_builtins
from tests.serve.api.conftest import SMALL, Api, User, refused, running

KEYS = [
    "id", "object", "model", "status", "progress", "prompt", "seconds", "size", "created_at",
    "completed_at", "expires_at", "remixed_from_video_id", "error",
]  # fmt: skip


def test_only_a_prompt_is_needed_and_the_defaults_are_those_of_the_original(user: User) -> None:
    video = user.post("/videos", json={"prompt": "a fox"}).json()
    assert [key for key in video if key != "kinema"] == KEYS
    assert re.fullmatch(r"video_[0-9a-f]{48}", video["id"])
    assert int(video["id"][6:14], 16) == video["created_at"]
    assert {**video, "id": "", "created_at": 0, "kinema": {}} == {
        "id": "",
        "object": "video",
        "model": "sora-2",
        "status": "queued",
        "progress": 0,
        "prompt": "a fox",
        "seconds": "4",
        "size": "720x1280",
        "created_at": 0,
        "completed_at": None,
        "expires_at": None,
        "remixed_from_video_id": None,
        "error": None,
        "kinema": {},
    }


def test_a_finished_video_says_so_in_the_right_types(fox: tuple[User, dict[str, Any]]) -> None:
    _, video = fox
    assert video["status"] == "completed"
    assert video["progress"] == 100
    assert video["seconds"] == "1"
    assert type(video["completed_at"]) is int
    assert video["expires_at"] - video["completed_at"] == 30 * 86_400
    assert video["error"] is None
    assert video["kinema"]["model"] == "animatic"
    assert video["kinema"]["fingerprint"].startswith("sha256:")


@pytest.mark.parametrize(
    ("model", "sizes"),
    [
        ("sora-2", ["720x1280", "1280x720"]),
        ("sora-2-2025-12-08", ["720x1280", "1280x720"]),
        (
            "sora-2-pro",
            ["720x1280", "1280x720", "1024x1792", "1792x1024", "1080x1920", "1920x1080"],
        ),
    ],
)
def test_a_name_of_the_original_takes_the_sizes_and_lengths_of_its_tier(
    user: User, model: str, sizes: list[str]
) -> None:
    for size in sizes:
        video = user.video(model=model, size=size, seconds="4")
        assert (video["model"], video["size"]) == (model, size)
    for seconds in ("4", "8", "12", "16", "20"):
        assert user.video(model=model, size=sizes[0], seconds=seconds)["seconds"] == seconds
    wrong = {**SMALL, "model": model, "seconds": "4", "size": "640x480"}
    error = refused(user.post("/videos", json=wrong), 400, "size")
    assert error["code"] == "invalid_value"
    listed = ", ".join(f"'{size}'" for size in sizes[:-1])
    comma = "," if len(sizes) > 2 else ""
    assert error["message"] == (
        f"Invalid value: '640x480'. Supported values are: {listed}{comma} and '{sizes[-1]}'."
    )


def test_the_small_model_refuses_the_large_sizes(user: User) -> None:
    body = {"prompt": "a fox", "model": "sora-2", "size": "1792x1024"}
    refused(user.post("/videos", json=body), 400, "size")


def test_our_own_names_take_any_size_and_length_of_their_card(user: User) -> None:
    video = user.video(size="642x360", seconds="2.5")
    assert (video["model"], video["size"], video["seconds"]) == ("animatic", "642x360", "2.5")
    usual = user.post("/videos", json={"prompt": "a fox", "model": "animatic"}).json()
    assert (usual["size"], usual["seconds"]) == ("1280x720", "4")


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"prompt": None}, "prompt", "missing_required_parameter"),
        ({"prompt": ""}, "prompt", "invalid_value"),
        ({"prompt": " \n"}, "prompt", "invalid_value"),
        ({"prompt": "x" * 32_001}, "prompt", "invalid_value"),
        ({"prompt": "a\u0000fox"}, "prompt", "invalid_prompt"),
        ({"prompt": "half a pair \ud83e"}, "prompt", "invalid_prompt"),
        ({"prompt": 3}, "prompt", "invalid_type"),
        ({"prompt": ["a fox"]}, "prompt", "invalid_type"),
        ({"model": "sora-3"}, "model", "invalid_value"),
        ({"model": "\ud800"}, "model", "invalid_value"),
        ({"model": 2}, "model", "invalid_type"),
        ({"seconds": "0"}, "seconds", "invalid_value"),
        ({"seconds": "21"}, "seconds", "invalid_value"),
        ({"seconds": "1e3"}, "seconds", "invalid_request"),
        ({"seconds": True}, "seconds", "invalid_type"),
        ({"seconds": {}}, "seconds", "invalid_type"),
        ({"size": "100x100"}, "size", "invalid_request"),
        ({"size": "161x128"}, "size", "invalid_request"),
        ({"size": "4000x4000"}, "size", "invalid_request"),
        ({"size": "square"}, "size", "invalid_request"),
        ({"size": 720}, "size", "invalid_type"),
        ({"duration": 5}, "duration", "unknown_parameter"),
        ({"n": 1}, "n", "unknown_parameter"),
        ({"seed": -1}, "seed", "invalid_value"),
        ({"seed": 2**63}, "seed", "invalid_value"),
        ({"seed": "7"}, "seed", "invalid_type"),
        ({"seed": 1.5}, "seed", "invalid_type"),
        ({"quality": "best"}, "quality", "invalid_value"),
        ({"style": "cubism"}, "style", "invalid_request"),
        ({"negative_prompt": "a\u0007b"}, "negative_prompt", "invalid_prompt"),
        ({"characters": "char_1"}, "characters", "invalid_type"),
        ({"characters": [{"id": 1}]}, "characters", "invalid_value"),
        ({"characters": [{"id": "a"}, {"id": "b"}, {"id": "c"}]}, "characters", "invalid_value"),
        ({"input_reference": "a.png"}, "input_reference", "invalid_type"),
        ({"input_reference": {}}, "input_reference", "invalid_value"),
        ({"input_reference": {"file_id": 1}}, "input_reference", "invalid_value"),
        ({"input_reference": {"url": "x"}}, "input_reference", "invalid_value"),
        ({"input_reference": {"image_url": "ftp://x"}}, "input_reference", "invalid_value"),
        (
            {"input_reference": {"image_url": "data:image/png;base64,???"}},
            "input_reference",
            "invalid_value",
        ),
        (
            {"input_reference": {"image_url": "data:image/png;base64,AAAA"}},
            "input_reference",
            "invalid_media",
        ),
    ],
)
def test_a_field_that_does_not_fit_is_refused_by_its_name(
    user: User, fields: dict[str, Any], param: str, code: str
) -> None:
    error = refused(user.post("/videos", content=dumps({**SMALL, **fields})), 400, param)
    assert error["code"] == code, error
    assert user.get("/videos").json()["data"] == []


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"images": [{"image_url": "data:,", "when": 1}]}, "images[0]"),
        ({"images": [{"file_id": "file_x"}, {"at": 1}]}, "images"),
        ({"cards": [{"prompt": "a fox", "second": 2}]}, "cards[0].second"),
        ({"cards": [{"prompt": "a fox"}, {"prompt": "a cat", "style": "x"}]}, "cards[1].style"),
        ({"cards": [{"seconds": 2}]}, "cards[0].prompt"),
        ({"keep": {"start": 0, "end": 1, "middle": 2}}, "keep.middle"),
        ({"guide": {"id": "video_x", "at": 1}}, "guide"),
        ({"characters": [{"id": "char_x", "name": "y"}]}, "characters"),
    ],
)
def test_a_field_within_a_field_is_refused_by_its_path(
    user: User, fields: dict[str, Any], param: str
) -> None:
    answer = user.post("/kinema/generations", json={"prompt": "a fox", **fields})
    assert answer.status_code in (400, 404)
    assert answer.json()["error"]["param"].startswith(param)


def test_seconds_of_another_type_are_refused_with_the_words_of_the_original(user: User) -> None:
    body = {"prompt": "a fox", "seconds": 4.5}
    assert refused(user.post("/videos", json=body), 400, "seconds")["message"] == (
        "Invalid type for 'seconds': expected one of '4', '8', '12', '16', and '20', "
        "but got a number instead."
    )
    body = {"prompt": "a fox", "seconds": "10"}
    assert refused(user.post("/videos", json=body), 400, "seconds")["message"] == (
        "Invalid value: '10'. Supported values are: '4', '8', '12', '16', and '20'."
    )


def test_a_whole_number_of_seconds_is_taken_and_answered_as_text(user: User) -> None:
    assert user.post("/videos", json={"prompt": "a fox", "seconds": 8}).json()["seconds"] == "8"


def test_null_is_as_good_as_absent(user: User) -> None:
    nothing = dict.fromkeys(["size", "seconds", "model", "input_reference", "characters", "seed"])
    video = user.post("/videos", json={"prompt": "a fox", **nothing}).json()
    assert (video["size"], video["seconds"], video["model"]) == ("720x1280", "4", "sora-2")


def test_what_is_ours_reaches_the_request(api: Api, user: User) -> None:
    video = user.video(seed=9, negative_prompt="snow", quality="high", style="pencil")
    request = api.row(video["id"]).request
    wanted = {"seed": 9, "negative": "snow", "quality": "high", "style": "pencil"}
    assert {name: request[name] for name in wanted} == wanted


def test_a_policy_shortens_what_can_be_asked_for(tmp_path: Path) -> None:
    config = Config(policy=PolicyConfig(longest=8, extension=4, extended=5, keep_clips=0))
    with running(tmp_path, config) as api:
        user = User(api, "default", "any")
        body = {"prompt": "a fox", "seconds": "12"}
        error = refused(user.post("/videos", json=body), 400, "seconds")
        assert error["message"].endswith("Supported values are: '4' and '8'.")
        refused(user.post("/videos", json={**SMALL, "seconds": "9"}), 400, "seconds")
        video = user.finished()
        assert video["expires_at"] == 253_402_300_799  # never: some clients compare numbers
        more = {"prompt": "it sits", "video": {"id": video["id"]}}
        refused(user.post("/videos/extensions", json={**more, "seconds": "8"}), 400, "seconds")
        longer = user.post("/videos/extensions", json={**more, "seconds": "4"}).json()
        assert longer["seconds"] == "5"
        api.make(longer["id"])
        again = {**more, "video": {"id": longer["id"]}, "seconds": "4"}
        error = refused(user.post("/videos/extensions", json=again), 400, "seconds")
        assert error["message"] == "The whole would be 9 seconds long, and 5 are the most."


def test_a_video_is_extended_six_times_at_most(api: Api, fox: tuple[User, dict[str, Any]]) -> None:
    user, video = fox
    with api.database.write() as connection:
        mine = clips.c.id == video["id"]
        connection.execute(update(clips).where(mine).values(extensions=6))
    body = {"prompt": "it sits", "seconds": "4", "video": {"id": video["id"]}}
    try:
        error = refused(user.post("/videos/extensions", json=body), 400, "video")
        assert error["message"] == "A video can be extended 6 times at most."
    finally:
        with api.database.write() as connection:
            connection.execute(update(clips).where(mine).values(extensions=0))


def test_changes_are_new_videos_of_the_same_model_size_and_length(
    api: Api, fox: tuple[User, dict[str, Any]]
) -> None:
    user, video = fox
    named = {"video": {"id": video["id"]}}
    made = {
        "remix": user.post(f"/videos/{video['id']}/remix", json={"prompt": "at night"}),
        "edit": user.post("/videos/edits", json={"prompt": "make the fox blue", **named}),
        "extend": user.post(
            "/videos/extensions", json={"prompt": "it sits", "seconds": "4", **named}
        ),
    }
    for task, answer in made.items():
        new = answer.json()
        assert answer.status_code == 200, new
        assert new["id"] != video["id"]
        assert (new["status"], new["kinema"]["task"]) == ("queued", task)
        assert (new["model"], new["size"]) == (video["model"], video["size"])
        assert new["seconds"] == ("5" if task == "extend" else "1")
        assert new["remixed_from_video_id"] == video["id"]
        assert api.row(new["id"]).request["seed"] == 7
        api.make(new["id"])
    assert user.get(f"/videos/{video['id']}").json() == video


@pytest.mark.parametrize("route", ["edits", "extensions"])
def test_a_file_of_our_own_video_works_like_its_id(
    api: Api, fox: tuple[User, dict[str, Any]], route: str
) -> None:
    user, video = fox
    files = {"video": ("clip.mp4", user.content(video["id"]), "video/mp4")}
    fields = {"prompt": "a blue fox"} | ({"seconds": "4"} if route == "extensions" else {})
    new = user.post(f"/videos/{route}", data=fields, files=files).json()
    assert new["remixed_from_video_id"] == video["id"]
    api.make(new["id"])
    assert user.get(f"/videos/{new['id']}").json()["status"] == "completed"


def test_a_file_of_another_projects_video_is_a_foreign_one(
    user: User, fox: tuple[User, dict[str, Any]]
) -> None:
    owner, video = fox
    files = {"video": ("clip.mp4", owner.content(video["id"]), "video/mp4")}
    error = refused(user.post("/videos/edits", data={"prompt": "blue"}, files=files), 400, "video")
    assert error["code"] == "invalid_media"


def test_a_foreign_video_is_refused_at_once_where_nothing_can_change_it(
    user: User, foreign: bytes
) -> None:
    files = {"video": ("clip.mp4", foreign, "video/mp4")}
    error = refused(user.post("/videos/edits", data={"prompt": "blue"}, files=files), 400, "video")
    assert error["code"] == "invalid_media"
    assert "does not carry the scene that animatic changes" in error["message"]
    assert "any video with no model here" in error["message"]


def test_a_foreign_video_is_taken_by_a_model_that_takes_any(tmp_path: Path, foreign: bytes) -> None:
    wan = next(one for one in cards() if Task.EDIT in one.tasks and one.name != "animatic")
    config = Config(aliases={"sora-2": ("animatic", wan.name)})
    with running(tmp_path, config) as api:
        with api.database.write() as connection:
            for one in (card("animatic"), wan):
                row = {"name": one.name, "card": to_builtins(one), "worker": "there", "at": 0.0}
                connection.execute(insert(published).values(row))
        user = User(api, "default", "any")
        files = {"video": ("clip.mp4", foreign, "video/mp4")}
        answer = user.post("/videos/edits", data={"prompt": "blue"}, files=files)
        assert answer.json()["kinema"]["model"] == wan.name, answer.text
        assert answer.json()["model"] == "sora-2"
        own = {"prompt": "blue", "model": "animatic"}
        error = refused(user.post("/videos/edits", data=own, files=files), 400, "video")
        assert f"any video with {wan.name}" in error["message"]


def test_an_edit_by_id_takes_no_other_model(fox: tuple[User, dict[str, Any]]) -> None:
    user, video = fox
    body = {"prompt": "blue", "video": {"id": video["id"]}, "model": "sora-2-pro"}
    refused(user.post("/videos/edits", json=body), 400, "model")
    assert user.post("/videos/edits", json={**body, "model": "animatic"}).status_code == 200


def test_only_a_finished_video_can_be_changed(user: User) -> None:
    queued = user.video()["id"]
    path = f"/videos/{queued}/remix"
    error = refused(user.post(path, json={"prompt": "at night"}), 400, "video_id")
    assert error["message"] == f"Video '{queued}' is not completed, its status is queued."
    body = {"prompt": "at night", "video": {"id": queued}}
    refused(user.post("/videos/edits", json=body), 400, "video")
    body["video"] = {"id": "video_nothing"}
    error = refused(user.post("/videos/edits", json=body), 404, "video")
    assert error["message"] == "Video with id 'video_nothing' not found."


def test_changes_need_what_they_change(user: User) -> None:
    body = {"prompt": "blue"}
    refused(user.post("/videos/edits", json=body), 400, "video")
    refused(user.post("/videos/extensions", json=body), 400, "seconds")
    refused(user.post("/videos/extensions", json={**body, "seconds": "4"}), 400, "video")
    assert refused(user.post("/videos/none/remix", json={}), 400, "prompt")
    refused(user.post("/videos/none/remix", json=body), 404, "video_id")


def test_a_deleted_video_is_gone_with_its_files(api: Api, user: User) -> None:
    video = user.finished()["id"]
    keys = [asset["key"] for asset in (api.row(video).assets or {}).values()]
    assert len(keys) == 3
    assert all(api.objects.size(key) for key in keys)
    assert user.ask("DELETE", f"/videos/{video}").json() == {
        "id": video,
        "object": "video.deleted",
        "deleted": True,
    }
    assert not any(api.objects.size(key) for key in keys)
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        error = refused(user.ask(method, f"/videos/{video}{path}"), 404)
        assert error["message"] == f"Video with id '{video}' not found."


def test_a_delete_may_claim_to_carry_json(user: User) -> None:
    video = user.video()["id"]
    kind = {"content-type": "application/json"}
    assert user.ask("DELETE", f"/videos/{video}", headers=kind).json()["deleted"] is True


def test_a_failed_video_is_no_http_failure(api: Api, user: User) -> None:
    video = user.video()["id"]
    with api.database.write() as connection:
        fail(connection, video, 0, {"code": "moderation_blocked", "message": "No."})
    answer = user.get(f"/videos/{video}")
    assert answer.status_code == 200
    assert answer.json()["status"] == "failed"
    assert answer.json()["error"] == {"code": "moderation_blocked", "message": "No."}
    assert "openai-poll-after-ms" not in answer.headers


def test_ids_may_come_percent_encoded(user: User) -> None:
    video = user.video()["id"]
    assert user.get(f"/videos/{video.replace('_', '%5F')}").json()["id"] == video
    for odd in ("a%2Fb%20c", "%00", "..%2F..", "x" * 300, "%FF", "video_%27--"):
        assert refused(user.get(f"/videos/{odd}"), 404)


def test_the_operations_are_not_taken_for_ids(user: User) -> None:
    for word in ("edits", "extensions", "characters"):
        refused(user.get(f"/videos/{word}"), 404)
        refused(user.post(f"/videos/{word}", json={}), 400, "name" if word[0] == "c" else "prompt")
