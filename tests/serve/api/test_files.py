"""Files, characters and models: what belongs to the ten operations."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from kinema.config import Config, PolicyConfig
from kinema.serve.store.tables import files
from tests.serve.api.conftest import PICTURE, SMALL, Api, User, refused, running

Fox = tuple[User, dict[str, Any]]


def sent(user: User, data: bytes = b"x", extra: dict[str, str] | None = None) -> dict[str, Any]:
    form = {"purpose": "user_data", **(extra or {})}
    answer = user.post("/files", data=form, files={"file": ("a.bin", data, "image/png")})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_file_comes_back_as_it_went_in(user: User) -> None:
    file = sent(user, PICTURE)
    assert {**file, "id": "", "created_at": 0, "expires_at": 0} == {
        "id": "",
        "object": "file",
        "bytes": len(PICTURE),
        "created_at": 0,
        "expires_at": 0,
        "filename": "a.bin",
        "purpose": "user_data",
        "status": "processed",
        "status_details": None,
    }
    assert file["expires_at"] - file["created_at"] == 30 * 86_400
    assert user.get(f"/files/{file['id']}").json() == file
    content = user.get(f"/files/{file['id']}/content")
    assert content.content == PICTURE
    assert content.headers["content-type"] == "application/octet-stream"
    assert content.headers["content-disposition"] == "attachment"
    assert content.headers["x-content-type-options"] == "nosniff"
    assert user.ask("HEAD", f"/files/{file['id']}/content").headers["content-length"]
    gone = {"id": file["id"], "object": "file", "deleted": True}
    assert user.ask("DELETE", f"/files/{file['id']}").json() == gone
    for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
        refused(user.ask(method, f"/files/{file['id']}{path}"), 404)


def test_the_same_content_twice_is_two_files(user: User) -> None:
    one, two = sent(user), sent(user)
    user.ask("DELETE", f"/files/{one['id']}")
    assert user.get(f"/files/{two['id']}/content").content == b"x"


def test_a_file_may_say_when_it_goes(api: Api, user: User) -> None:
    soon = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    file = sent(user, extra=soon)
    assert file["expires_at"] - file["created_at"] == 3600
    with api.database.write() as connection:
        mine = files.c.id == file["id"]
        connection.execute(update(files).where(mine).values(expires_at=time.time() - 1))
    refused(user.get(f"/files/{file['id']}"), 404)
    assert user.get("/files").json()["data"] == []
    named = {**SMALL, "input_reference": {"file_id": file["id"]}}
    refused(user.post("/videos", json=named), 404, "input_reference")


def test_files_may_be_kept_for_ever(tmp_path: Path) -> None:
    with running(tmp_path, Config(policy=PolicyConfig(keep_files=0))) as api:
        assert sent(User(api, "default", "any"))["expires_at"] is None


@pytest.mark.parametrize(
    ("fields", "data", "param"),
    [
        ({}, b"x", "purpose"),
        ({"purpose": "fine-tune"}, b"x", "purpose"),
        ({"purpose": "batch"}, b"", "file"),
        ({"purpose": "batch", "n": "1"}, b"x", "n"),
        ({"purpose": "batch", "expires_after[seconds]": "3600"}, b"x", "expires_after"),
        (
            {
                "purpose": "batch",
                "expires_after[anchor]": "created_at",
                "expires_after[seconds]": "9",
            },
            b"x",
            "expires_after.seconds",
        ),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(
    user: User, fields: dict[str, str], data: bytes, param: str
) -> None:
    refused(user.post("/files", data=fields, files={"file": ("a", data)}), 400, param)


def test_a_file_cannot_be_json(user: User) -> None:
    refused(user.post("/files", json={"purpose": "batch"}), 400, "file")
    refused(user.post("/files", json={"purpose": "batch", "file": "x"}), 400, "file")


def character(user: User, data: bytes, name: str = "Mossy", **fields: str) -> dict[str, Any]:
    clip = {"video": ("clip.mp4", data, "video/mp4")}
    answer = user.post("/videos/characters", data={"name": name, **fields}, files=clip)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_character_is_made_of_a_clip_and_named_in_prompts(api: Api, fox: Fox) -> None:
    user, video = fox
    made = character(user, user.content(video["id"]))
    assert made["id"].startswith("char_")
    assert (made["name"], made["object"]) == ("Mossy", "character")
    assert user.get(f"/videos/characters/{made['id']}").json() == made
    named = {"prompt": "Mossy jumps on a beach", "characters": [{"id": made["id"]}]}
    new = user.finished(**named)
    assert new["status"] == "completed"
    told = api.row(new["id"]).request["characters"]
    assert told == [{"name": "Mossy", "looks": video["prompt"]}]


def test_a_character_may_be_made_of_a_video_by_its_id(api: Api, fox: Fox) -> None:
    user, video = fox
    body = {"name": "Rusty", "video": {"id": video["id"]}}
    made = user.post("/videos/characters", json=body).json()
    new = user.video(prompt="Rusty runs", characters=[{"id": made["id"]}])
    assert api.row(new["id"]).request["characters"][0]["looks"] == video["prompt"]


def test_a_character_of_a_foreign_clip_is_what_is_said_of_it(
    api: Api, user: User, foreign: bytes
) -> None:
    made = character(user, foreign, looks="a small blue robot")
    new = user.video(prompt="Mossy jumps", characters=[{"id": made["id"]}])
    looks = api.row(new["id"]).request["characters"][0]["looks"]
    assert looks == "a small blue robot"


@pytest.mark.parametrize("prompt", ["a fox jumps", "mossy jumps", "Mossyish hills"])
def test_the_prompt_must_hold_the_name_as_it_is(user: User, foreign: bytes, prompt: str) -> None:
    made = character(user, foreign)
    body = {**SMALL, "prompt": prompt, "characters": [{"id": made["id"]}]}
    error = refused(user.post("/videos", json=body), 400, "prompt")
    assert "'Mossy'" in error["message"]


def test_characters_come_in_forms_too_and_not_more_than_two(
    api: Api, user: User, foreign: bytes
) -> None:
    ids = [character(user, foreign, name)["id"] for name in ("Mossy", "Rusty", "Dusty")]
    prompt = {**SMALL, "prompt": "Mossy and Rusty and Dusty jump"}
    form = [(name, (None, value)) for name, value in prompt.items()]
    two = [("characters[][id]", (None, one)) for one in ids[:2]]
    video = user.post("/videos", files=[*form, *two])
    assert len(api.row(video.json()["id"]).request["characters"]) == 2, video.text
    numbered = [(f"characters[{at}][id]", (None, one)) for at, one in enumerate(ids[:2])]
    assert user.post("/videos", files=[*form, *numbered]).status_code == 200
    three = [*form, *two, ("characters[][id]", (None, ids[2]))]
    refused(user.post("/videos", files=three), 400, "characters")


@pytest.mark.parametrize("name", ["", " ", "x" * 81, "7up", "a\nb", "<b>", "a\x00b"])
def test_a_name_that_prompts_cannot_hold_is_refused(user: User, foreign: bytes, name: str) -> None:
    clip = {"video": ("clip.mp4", foreign, "video/mp4")}
    refused(user.post("/videos/characters", data={"name": name}, files=clip), 400, "name")


@pytest.mark.parametrize("name", ["x" * 80, "Ren\u00e9e O'Hara-Smith 2", "\u732b"])
def test_a_name_may_be_long_and_of_any_language(user: User, foreign: bytes, name: str) -> None:
    made = character(user, foreign, name)
    body = {**SMALL, "prompt": f"{name} the fox jumps", "characters": [{"id": made["id"]}]}
    answer = user.post("/videos", json=body)
    assert answer.status_code == 200, answer.text


def test_a_character_needs_a_video(user: User, foreign: bytes) -> None:
    refused(user.post("/videos/characters", json={"name": "Mossy"}), 400, "video")
    picture = {"video": ("a.mp4", PICTURE, "video/mp4")}
    refused(user.post("/videos/characters", data={"name": "M"}, files=picture), 400, "video")
    refused(user.get("/videos/characters/char_none"), 404)
    nobody = {**SMALL, "characters": [{"id": "char_none"}]}
    refused(user.post("/videos", json=nobody), 404, "characters")


def test_the_models_that_can_be_asked_for_are_listed(user: User) -> None:
    models = user.get("/models").json()
    assert models["object"] == "list"
    names = [model["id"] for model in models["data"]]
    assert names[:2] == ["sora-2", "sora-2-pro"]
    assert "animatic" in names
    assert "sora-2-2025-12-08" in names
    for model in models["data"]:
        assert user.get(f"/models/{model['id']}").json() == model
        assert sorted(model) == ["created", "id", "object", "owned_by"]
    error = refused(user.get("/models/gpt%2F5"), 404, "model")
    assert error["code"] == "model_not_found"
