"""Bodies as the packages of the original really send them."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.config import Config, LimitsConfig, PolicyConfig
from kinema.serve.api.errors import ApiError
from kinema.serve.api.forms import nested
from kinema.serve.store.objects import upload_key
from tests.serve.api.conftest import SMALL, Api, User, refused, running

B = "boundary123"
FORM = {"content-type": f"multipart/form-data; boundary={B}"}


def picture(width: int = 160, height: int = 128, kind: str = ".png") -> bytes:
    shades = np.linspace(0, 255, width * height * 3).reshape(height, width, 3).astype(np.uint8)
    return cv2.imencode(kind, shades)[1].tobytes()


def part(name: str, value: bytes | str, *, file: str | None = None, kind: str = "") -> bytes:
    data = value.encode() if isinstance(value, str) else value
    head = f'Content-Disposition: form-data; name="{name}"'
    if file is not None:
        head += f'; filename="{file}"'
    if kind:
        head += f"\r\nContent-Type: {kind}"
    return f"--{B}\r\n{head}\r\n\r\n".encode() + data + b"\r\n"


def form(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{B}--\r\n".encode()


SMALL_PARTS = [part(name, value) for name, value in SMALL.items()]


def test_json_and_forms_mean_the_same(api: Api, user: User) -> None:
    as_json = user.post("/videos", json={**SMALL, "seed": 3}).json()
    as_form = user.post(
        "/videos", content=form(*SMALL_PARTS, part("seed", "3")), headers=FORM
    ).json()
    assert api.row(as_json["id"]).request == api.row(as_form["id"]).request


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_json_is_taken_whatever_its_type_says(user: User, kind: str | None) -> None:
    headers = {} if kind is None else {"content-type": kind}
    answer = user.post("/videos", content=json.dumps(SMALL), headers=headers)
    assert answer.status_code == 200, answer.text


def test_a_body_that_is_neither_is_refused_with_what_it_could_be(user: User) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    error = refused(user.post("/videos", content="prompt=a+fox", headers=kind), 415)
    assert "'application/json' or 'multipart/form-data'" in error["message"]
    packed = {"content-type": "application/json", "content-encoding": "gzip"}
    refused(user.post("/videos", content=b"\x1f\x8b", headers=packed), 415)


@pytest.mark.parametrize(
    "body",
    ["{", '{"prompt": NaN}', "[" * 100_000, '{"seed": ' + "9" * 5000 + "}", b"\xff\xfe\xfa"],
)
def test_broken_json_is_refused(user: User, body: str | bytes) -> None:
    kind = {"content-type": "application/json"}
    error = refused(user.post("/videos", content=body, headers=kind), 400)
    assert error["code"] == "invalid_json"


@pytest.mark.parametrize("body", ["[]", '"a fox"', "3", "null"])
def test_json_that_is_no_object_is_refused(user: User, body: str) -> None:
    error = refused(user.post("/videos", content=body), 400)
    assert error["message"] == "The JSON body must be an object."


def test_an_empty_body_lacks_a_prompt(user: User) -> None:
    refused(user.post("/videos"), 400, "prompt")
    refused(user.post("/videos", content=form(), headers=FORM), 400, "prompt")


def test_a_form_may_come_in_pieces_without_a_length(user: User) -> None:
    body = form(part("input_reference", picture(), file="a.png"), *SMALL_PARTS)

    def pieces() -> Iterator[bytes]:
        for at in range(0, len(body), 7):
            yield body[at : at + 7]

    answer = user.post("/videos", content=pieces(), headers=FORM)
    assert answer.json()["kinema"]["task"] == "image_to_video", answer.text


@pytest.mark.parametrize("cut", [1, 3, 60, 400])
def test_a_form_that_is_cut_off_is_refused(user: User, cut: int) -> None:
    body = form(*SMALL_PARTS)[: -6 - cut]
    error = refused(user.post("/videos", content=body, headers=FORM), 400)
    assert error["code"] in ("incomplete_body", "invalid_form")
    assert user.get("/videos").json()["data"] == []


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-type": "multipart/form-data"}, form(*SMALL_PARTS)),
        (FORM, b"no form at all"),
        (FORM, form(part("", "x"))),
        (FORM, form(part("a]b[", "x"))),
        (FORM, form(part("a[b][c][d][e][f][g][h][i][j]", "x"))),
        (FORM, form(part("video", "x"), part("video[id]", "x"))),
        (FORM, form(*[part(f"f{number}", "x") for number in range(201)])),
        (FORM, f"--{B}\r\nX: {'y' * 10_000}\r\n\r\n".encode()),
    ],
)
def test_a_form_that_makes_no_sense_is_refused(
    user: User, headers: dict[str, str], body: bytes
) -> None:
    refused_form = user.post("/videos/edits", content=body, headers=headers)
    assert refused_form.status_code == 400, refused_form.text
    assert refused_form.json()["error"]["code"] in ("invalid_form", "incomplete_body")


@pytest.mark.parametrize(
    "sent",
    [
        part("input_reference", picture(), file="upload", kind="application/octet-stream"),
        part("input_reference", picture(kind=".webp"), file="anonymous_file", kind="image/jpeg"),
        part("input_reference", picture(), kind="application/octet-stream"),
        part("input_reference", picture(kind=".jpg"), kind="text/plain"),
        part("input_reference", picture()),
        part("input_reference[]", picture(), file="a.png", kind="image/png"),
    ],
    ids=["raw bytes", "wrong type", "no name", "no name, a text", "nothing but bytes", "a list"],
)
def test_a_picture_is_known_by_what_it_is(user: User, sent: bytes) -> None:
    answer = user.post("/videos", content=form(sent, *SMALL_PARTS), headers=FORM)
    assert answer.json()["kinema"]["task"] == "image_to_video", answer.text


@pytest.mark.parametrize("kind", ["text/plain; charset=utf-8", "application/octet-stream"])
def test_a_text_may_say_of_what_type_it_is(user: User, kind: str) -> None:
    parts = [part(name, value, kind=kind) for name, value in SMALL.items()]
    video = user.post("/videos", content=form(*parts), headers=FORM).json()
    assert video["prompt"] == SMALL["prompt"]


def test_texts_of_every_language_arrive(user: User) -> None:
    prompt = "eine F\u00fcchsin \U0001f98a \u96ea\u306e\u4e2d"
    parts = [part(name, value) for name, value in {**SMALL, "prompt": prompt}.items()]
    assert user.post("/videos", content=form(*parts), headers=FORM).json()["prompt"] == prompt


def test_names_of_files_are_labels_in_every_language_and_never_paths(user: User) -> None:
    for said, kept in (
        ("\u732b.png", "\u732b.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\\\temp\\\\a.png", "a.png"),
        ("a\u0000b.png", "ab.png"),
        ("", "upload"),
    ):
        sent = form(part("file", "x", file=said), part("purpose", "user_data"))
        file = user.post("/files", content=sent, headers=FORM).json()
        assert file["filename"] == kept


def test_pictures_are_named_in_brackets(user: User) -> None:
    sent = form(part("file", picture(), file="a.png"), part("purpose", "vision"))
    file = user.post("/files", content=sent, headers=FORM).json()["id"]
    named = form(part("input_reference[file_id]", file), *SMALL_PARTS)
    answer = user.post("/videos", content=named, headers=FORM)
    assert answer.json()["kinema"]["task"] == "image_to_video", answer.text
    as_json = user.post("/videos", json={**SMALL, "input_reference": {"file_id": file}})
    assert as_json.status_code == 200
    gone = {**SMALL, "input_reference": {"file_id": "file_none"}}
    refused(user.post("/videos", json=gone), 404, "input_reference")


def test_a_picture_may_come_as_a_data_url(user: User) -> None:
    url = "data:image/png;base64," + base64.b64encode(picture()).decode()
    as_json = user.post("/videos", json={**SMALL, "input_reference": {"image_url": url}})
    assert as_json.json()["kinema"]["task"] == "image_to_video"
    sent = form(part("input_reference[image_url]", url), *SMALL_PARTS)
    assert user.post("/videos", content=sent, headers=FORM).status_code == 200
    long = {**SMALL, "input_reference": {"image_url": "data:" + "x" * 20_971_520}}
    refused(user.post("/videos", json=long), 400, "input_reference")


def test_a_picture_of_another_size_is_refused_with_the_words_of_the_original(user: User) -> None:
    sent = form(part("input_reference", picture(162, 128), file="a.png"), *SMALL_PARTS)
    error = refused(user.post("/videos", content=sent, headers=FORM), 400)
    assert error["code"] is None
    assert error["message"] == "Inpaint image must match the requested width and height"


def test_what_is_no_picture_is_refused(user: User, foreign: bytes) -> None:
    for data in (b"", b"GIF89a", foreign, picture()[:200], b"<svg/>"):
        sent = form(part("input_reference", data, file="a.png", kind="image/png"), *SMALL_PARTS)
        error = refused(user.post("/videos", content=sent, headers=FORM), 400, "input_reference")
        assert error["code"] == "invalid_media"


def test_a_request_with_a_mistake_leaves_nothing_behind(api: Api, user: User) -> None:
    data = picture(kind=".jpg") + b"\x00" * 9
    sent = form(part("input_reference", data, file="a.jpg"), *SMALL_PARTS, part("n", "2"))
    refused(user.post("/videos", content=sent, headers=FORM), 400, "n")
    assert api.objects.size(upload_key(hashlib.sha256(data).hexdigest())) is None


def test_a_body_that_is_too_large_is_refused(tmp_path: Path) -> None:
    config = Config(limits=LimitsConfig(upload=10_000))
    with running(tmp_path, config) as api:
        user = User(api, "default", "any")
        large = form(part("input_reference", b"x" * 20_000, file="a"), *SMALL_PARTS)
        assert refused(user.post("/videos", content=large, headers=FORM), 413)
        pieces = iter([large[:9000], large[9000:]])
        assert refused(user.post("/videos", content=pieces, headers=FORM), 413)
        error = refused(user.post("/videos", json={"prompt": "x" * 20_000}), 413)
        assert error["code"] == "request_too_large"


@given(
    st.recursive(
        st.text("xyz", min_size=1, max_size=4),
        lambda inner: st.dictionaries(st.text("abc", min_size=1), inner, min_size=1, max_size=3),
        max_leaves=8,
    ).filter(lambda value: isinstance(value, dict))
)
@settings(max_examples=60, deadline=None)
def test_objects_come_back_out_of_their_bracketed_names(value: dict[str, Any]) -> None:
    def flat(name: str, inner: Any) -> Iterator[tuple[str, str]]:
        if isinstance(inner, str):
            yield name, inner
            return
        for key, deeper in inner.items():
            yield from flat(f"{name}[{key}]" if name else key, deeper)

    pairs = list(flat("", value))
    if all(name.count("[") < 8 for name, _ in pairs):
        assert nested(list(pairs)) == value


@given(st.lists(st.tuples(st.text("a[]", max_size=12), st.just("x")), max_size=6))
@settings(max_examples=200, deadline=None)
def test_any_name_of_a_field_is_read_or_refused(parts: list[tuple[str, str]]) -> None:
    try:
        nested(list(parts))
    except ApiError as error:
        assert error.status == 400


def test_lists_of_objects_are_told_apart_by_what_repeats() -> None:
    assert nested([("c[][id]", "1"), ("c[][n]", "x"), ("c[][id]", "2"), ("l[]", "a")]) == {
        "c": [{"id": "1", "n": "x"}, {"id": "2"}],
        "l": ["a"],
    }


def test_a_picture_of_another_size_is_fitted_where_the_policy_says_so(tmp_path: Path) -> None:
    with running(tmp_path, Config(policy=PolicyConfig(fit_reference=True))) as api:
        user = User(api, "default", "any")
        sent = form(part("input_reference", picture(162, 99), file="a.png"), *SMALL_PARTS)
        video = user.post("/videos", content=sent, headers=FORM).json()["id"]
        api.make(video)
        assert user.get(f"/videos/{video}").json()["size"] == "160x128"
