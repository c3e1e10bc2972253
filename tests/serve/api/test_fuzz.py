"""Forms, media and names that are broken on purpose: each is refused, and nothing breaks."""

from __future__ import annotations

import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema.serve.store.objects import upload_key
from tests.serve.api.conftest import PICTURE, SMALL, Api, User, refused

FORM = {"content-type": "multipart/form-data; boundary=B"}
PARTS = b"".join(
    b'--B\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    % (name.encode(), value.encode())
    for name, value in SMALL.items()
)
REFERENCE = (
    b'--B\r\nContent-Disposition: form-data; name="input_reference"; filename="a.png"\r\n\r\n'
    + PICTURE
    + b"\r\n--B--\r\n"
)
WHOLE = PARTS + REFERENCE
MEMORY = 64 * 1024 * 1024
"""Bytes of Python's that nothing below needs."""


@pytest.fixture(scope="module")
def fuzzer(api: Api) -> User:
    return api.user()


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def png(width: int, height: int, data: bytes) -> bytes:
    """A picture that says it is of that size, whatever it holds."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zipped(size: int) -> bytes:
    """A small file that unpacks to a large one."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", bytes(size))
    return file.getvalue()


def begun_with(user: User, data: bytes, kind: str = "image/png") -> httpx.Response:
    files = {name: (None, value) for name, value in SMALL.items()}
    files["input_reference"] = ("a.png", data, kind)  # pyright: ignore[reportArgumentType]
    return user.post("/videos", files=files)


def is_sound(answer: httpx.Response) -> None:
    """An answer is a video, or a failure in the one shape that the client can mend."""
    assert answer.status_code < 500, answer.text
    if answer.status_code != 200:
        assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


@given(cut=st.integers(0, len(WHOLE) - 1))
@settings(max_examples=40)
def test_a_form_cut_anywhere_is_refused(fuzzer: User, cut: int) -> None:
    answer = fuzzer.post("/videos", content=WHOLE[:cut], headers=FORM)
    # Only what follows the last boundary may be missing.
    assert answer.status_code == (200 if cut >= len(WHOLE) - 2 else 400), answer.text
    is_sound(answer)


@given(
    flips=st.lists(
        st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=6
    )
)
@settings(max_examples=80)
def test_a_form_with_wrong_bytes_breaks_nothing(fuzzer: User, flips: list[tuple[int, int]]) -> None:
    data = bytearray(WHOLE)
    for at, value in flips:
        data[at] = value
    is_sound(fuzzer.post("/videos", content=bytes(data), headers=FORM))


@given(
    values=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=6,
    ),
    name=st.sampled_from(
        ["prompt", "model", "seconds", "size", "input_reference", "characters", "seed", "video"]
    ),
    path=st.sampled_from(
        ["/videos", "/videos/edits", "/videos/extensions", "/kinema/generations", "/batches"]
    ),
)
@settings(max_examples=120)
def test_a_field_of_any_type_breaks_nothing(
    fuzzer: User, values: Any, name: str, path: str
) -> None:
    body = json.dumps({**SMALL, name: values})
    is_sound(fuzzer.post(path, content=body, headers={"content-type": "application/json"}))


def test_ten_thousand_fields_are_refused_before_they_fill_the_memory(user: User) -> None:
    fields = {f"f{number}": (None, "x") for number in range(10_000)}
    refused(user.post("/videos", files=fields), 400)
    nested = {f"a[{number}][b]": (None, "x") for number in range(10_000)}
    refused(user.post("/videos", files=nested), 400)
    assert user.post("/videos", json={f"f{n}": 1 for n in range(10_000)}).status_code == 400


@pytest.mark.parametrize(
    "body",
    ["[" * 100_000, '{"prompt":' * 50_000, '{"prompt": ' + "[" * 990 + "]" * 990 + "}"],
    ids=["lists", "objects", "just closed"],
)
def test_json_that_is_nested_without_end_is_refused(user: User, body: str) -> None:
    answer = user.post("/videos", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    is_sound(answer)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        PICTURE[: len(PICTURE) // 2],
        PICTURE[:-12][:40],
        png(60_000, 60_000, zlib.compress(bytes(1000))),
        png(0, 0, b""),
        png(2**31 - 1, 2**31 - 1, b""),
        zipped(50_000_000),
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"#!/bin/sh\nexit\n",
        b"\xff\xd8\xff\xe0" + bytes(200),
        b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(64),
        b"\0\0\0\x18ftypmp42" + bytes(200),
        b"\x1a\x45\xdf\xa3" + bytes(200),
    ],
    ids=[
        "empty", "head only", "half", "cut", "huge", "no size", "larger than numbers", "zip",
        "gif", "svg", "script", "jpeg", "webp", "mp4", "webm",
    ],
)  # fmt: skip
def test_pictures_that_are_none_are_refused_and_cheap(user: User, data: bytes) -> None:
    tracemalloc.start()
    try:
        answer = begun_with(user, data)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    refused(answer, 400, "input_reference")
    assert most < MEMORY


def test_a_picture_that_unpacks_to_a_quarter_of_a_gigabyte_is_refused_by_its_size(
    user: User,
) -> None:
    packer = zlib.compressobj()
    row = bytes(1 + 16_000)
    data = b"".join(packer.compress(row) for _ in range(16_000)) + packer.flush()
    bomb = png(16_000, 16_000, data)
    assert len(bomb) < 500_000
    refused(begun_with(user, bomb), 400, "input_reference")


@pytest.mark.parametrize("path", ["/videos/characters", "/videos/edits", "/videos/extensions"])
@pytest.mark.parametrize("damage", ["half", "zeros", "picture", "zip", "empty", "head"])
def test_films_that_are_none_are_refused(
    user: User, foreign: bytes, path: str, damage: str
) -> None:
    data = {
        "half": foreign[: len(foreign) // 3],
        "zeros": foreign[:200] + bytes(len(foreign) - 200),
        "picture": PICTURE,
        "zip": zipped(10_000_000),
        "empty": b"",
        "head": foreign[:32],
    }[damage]
    fields = {"name": "Fox"} if path.endswith("characters") else {"prompt": "x", "seconds": "4"}
    if path.endswith("edits"):
        del fields["seconds"]
    answer = user.post(path, data=fields, files={"video": ("a.mp4", data, "video/mp4")})
    refused(answer, 400, "video")


@given(flips=st.lists(st.tuples(st.integers(0, 2**31), st.integers(0, 255)), max_size=40))
@settings(max_examples=25)
def test_films_with_wrong_bytes_break_nothing(
    fuzzer: User, foreign: bytes, flips: list[tuple[int, int]]
) -> None:
    data = bytearray(foreign)
    for at, value in flips:
        data[at % len(data)] = value
    files = {"video": ("a.mp4", bytes(data), "video/mp4")}
    is_sound(fuzzer.post("/videos/characters", data={"name": "Fox"}, files=files))


def test_a_film_packed_in_a_way_nobody_knows_is_refused(user: User, foreign: bytes) -> None:
    assert b"avc1" in foreign
    data = foreign.replace(b"avc1", b"zzzz")
    files = {"video": ("a.mp4", data, "video/mp4")}
    refused(user.post("/videos/characters", data={"name": "Fox"}, files=files), 400, "video")


def test_two_kinds_in_one_file_are_what_the_file_begins_with(user: User) -> None:
    # A picture with a script and an archive behind it is a picture, and is served as bytes only.
    both = PICTURE + b"<script>alert(1)</script>" + zipped(1000)
    files = {"file": ("a.html", both, "text/html")}
    file = user.post("/files", data={"purpose": "vision"}, files=files).json()
    served = user.get(f"/files/{file['id']}/content")
    assert served.headers["content-type"] == "application/octet-stream"
    assert served.headers["content-disposition"].startswith("attachment")
    assert served.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\a",
        "/etc/passwd",
        "C:\\a",
        "a/../../b",
        "a\x00b",
        ".",
        "..",
        "~",
    ],
)
def test_a_name_that_is_a_path_leads_nowhere(api: Api, user: User, name: str) -> None:
    before = set(Path(api.objects.place).parent.rglob("*"))
    files = {"file": (name, b"content of " + name.encode(), "text/plain")}
    answer = user.post("/files", data={"purpose": "user_data"}, files=files)
    is_sound(answer)
    if answer.status_code == 200:
        new = set(Path(api.objects.place).parent.rglob("*")) - before
        stored = [path.name for path in new if path.is_file() and "kinema.db" not in path.name]
        assert all(api.objects.size(upload_key(found)) for found in stored), stored
        assert user.get(f"/files/{answer.json()['id']}/content").status_code == 200


@pytest.mark.parametrize(
    "identity",
    [
        "../x",
        "..%2fx",
        "%2e%2e%2f%2e%2e%2fkinema.db",
        "a%00b",
        "%ff",
        "video_" + "a" * 5000,
        "*",
        "%",
    ],
)
def test_an_id_that_is_a_path_leads_nowhere(user: User, identity: str) -> None:
    for place in ("/videos/{}", "/videos/{}/content", "/files/{}/content", "/kinema/previews/{}"):
        answer = user.get(place.format(identity))
        assert answer.status_code in (400, 404), (place, answer.status_code)
        is_sound(answer)


@pytest.mark.parametrize("variant", ["../video", "video.mp4", "", "VIDEO", "x" * 5000])
def test_a_variant_that_is_none_is_refused(fox: tuple[User, dict[str, Any]], variant: str) -> None:
    somebody, video = fox
    answer = somebody.get(f"/videos/{video['id']}/content", params={"variant": variant})
    refused(answer, 400, "variant")
