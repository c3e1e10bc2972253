"""Bytes of finished videos, whole and in ranges."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from kinema.serve.api.errors import ApiError
from kinema.serve.api.ranges import span_of
from kinema.serve.store.clips import expire, fail
from kinema.serve.store.tables import clips
from tests.serve.api.conftest import Api, User, refused

KINDS = {
    "video": ("video/mp4", ".mp4", b"ftyp"),
    "thumbnail": ("image/webp", ".webp", b"WEBP"),
    "spritesheet": ("image/jpeg", ".jpg", b"\xff\xd8\xff"),
}

Fox = tuple[User, dict[str, Any]]


@pytest.mark.parametrize("variant", list(KINDS))
def test_every_video_has_three_files(fox: Fox, variant: str) -> None:
    user, video = fox
    media_type, suffix, magic = KINDS[variant]
    answer = user.get(
        f"/videos/{video['id']}/content?variant={variant}",
        headers={"accept": "application/binary"},
    )
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert answer.headers["content-disposition"].endswith(f'{suffix}"')
    assert magic in answer.content[:16]


def test_the_video_is_what_is_sent_where_nothing_is_said(fox: Fox) -> None:
    user, video = fox
    assert b"ftyp" in user.content(video["id"])[:16]


def test_head_says_what_get_would_send(fox: Fox) -> None:
    user, video = fox
    path = f"/videos/{video['id']}/content"
    get, head = user.get(path), user.ask("HEAD", path)
    assert head.status_code == 200
    assert head.content == b""
    same = ("content-length", "content-type", "etag", "accept-ranges")
    assert [head.headers[name] for name in same] == [get.headers[name] for name in same]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, None),
        ("bytes=-50", -50, None),
        ("bytes=-99999999", 0, None),
        ("bytes=5-99999999", 5, None),
        ("Bytes=1-2", 1, 3),
    ],
)
def test_a_range_is_cut_out_of_the_whole(fox: Fox, asked: str, start: int, end: int | None) -> None:
    user, video = fox
    whole = user.content(video["id"])
    answer = user.get(f"/videos/{video['id']}/content", headers={"range": asked})
    assert answer.status_code == 206
    assert answer.content == whole[start:end]
    at = start if start >= 0 else len(whole) + start
    last = at + len(answer.content) - 1
    assert answer.headers["content-range"] == f"bytes {at}-{last}/{len(whole)}"


@pytest.mark.parametrize("asked", ["bytes=9-5", "bytes=-", "bytes=0-1,4-5", "pages=1-2", "x"])
def test_a_range_that_is_not_understood_is_ignored(fox: Fox, asked: str) -> None:
    user, video = fox
    answer = user.get(f"/videos/{video['id']}/content", headers={"range": asked})
    assert (answer.status_code, answer.content) == (200, user.content(video["id"]))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_outside_is_refused(fox: Fox, asked: str) -> None:
    user, video = fox
    size = len(user.content(video["id"]))
    answer = user.get(f"/videos/{video['id']}/content", headers={"range": asked})
    refused(answer, 416)
    assert answer.headers["content-range"] == f"bytes */{size}"


def test_who_has_it_already_gets_nothing(fox: Fox) -> None:
    user, video = fox
    path = f"/videos/{video['id']}/content"
    tag = user.get(path).headers["etag"]
    for said in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = user.get(path, headers={"if-none-match": said})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == tag
    assert user.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_a_range_of_another_file_gives_the_whole(fox: Fox) -> None:
    user, video = fox
    path = f"/videos/{video['id']}/content"
    tag = user.get(path).headers["etag"]
    some = {"range": "bytes=0-9"}
    assert user.get(path, headers={**some, "if-range": tag}).status_code == 206
    assert user.get(path, headers={**some, "if-range": '"other"'}).status_code == 200
    date = "Wed, 25 Nov 2026 12:00:00 GMT"
    assert user.get(path, headers={**some, "if-range": date}).status_code == 200


def test_there_is_nothing_before_the_video_is_finished(user: User) -> None:
    video = user.video()["id"]
    answer = user.get(f"/videos/{video}/content")
    assert refused(answer, 404)["message"] == (
        "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
    )
    assert user.ask("HEAD", f"/videos/{video}/content").status_code == 404


def test_there_is_nothing_of_a_video_that_failed(api: Api, user: User) -> None:
    video = user.video()["id"]
    with api.database.write() as connection:
        fail(connection, video, 0, {"code": "internal_error", "message": "No."})
    api.app.state.services.watch.forget(video)
    error = refused(user.get(f"/videos/{video}/content"), 404)
    assert error["code"] == "video_not_completed"


def test_an_unknown_variant_is_refused(fox: Fox) -> None:
    user, video = fox
    error = refused(user.get(f"/videos/{video['id']}/content?variant=gif"), 400, "variant")
    assert "'video', 'thumbnail' or 'spritesheet'" in error["message"]


@pytest.mark.parametrize("swept", [False, True])
def test_an_expired_video_has_no_content_and_cannot_be_changed(
    api: Api, user: User, swept: bool
) -> None:
    video = user.finished()
    with api.database.write() as connection:
        mine = clips.c.id == video["id"]
        connection.execute(update(clips).where(mine).values(expires_at=1.0))
        assert not swept or expire(connection, video["id"])
    api.app.state.services.watch.forget(video["id"])
    error = refused(user.get(f"/videos/{video['id']}/content"), 404)
    assert error["code"] == "expired"
    answer = user.post(f"/videos/{video['id']}/remix", json={"prompt": "blue"})
    assert refused(answer, 400, "video_id")["code"] == "expired"
    later = user.get(f"/videos/{video['id']}").json()
    assert (later["status"], later["expires_at"], later["error"]) == ("completed", 1, None)


def test_files_that_have_just_gone_are_no_failure_of_the_server(api: Api, user: User) -> None:
    video = user.finished()["id"]
    api.objects.remove(*[asset["key"] for asset in (api.row(video).assets or {}).values()])
    refused(user.get(f"/videos/{video}/content"), 404)


@given(st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True), st.integers(1, 200))
@settings(max_examples=200, deadline=None)
def test_a_span_lies_within_the_file(asked: str, size: int) -> None:
    try:
        span = span_of(asked, size)
    except ApiError as error:
        assert error.status == 416
        return
    if span is not None:
        assert 0 <= span[0] < span[1] <= size
