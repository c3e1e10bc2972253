"""Films, cuts and captions out of a storyboard, and back in from other programs."""

from __future__ import annotations

import io
import json
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pysubs2
import pytest

from kinema import media
from kinema.serve.api.exporting import advance_exports
from kinema.serve.jobs.films import FilmMaker
from kinema.types import Size
from tests.serve.api.conftest import Api, refused
from tests.serve.storyboards.conftest import BOARD, Board

FILM = "film.two-friends.en"
LENGTH = 29 + 46
"""Frames: a title that is read in 1.2 seconds, and a line of as many with silence around it."""


@pytest.fixture(scope="module")
def made(api: Api) -> Board:
    """A storyboard whose clips are there."""
    found = Board(api.user())
    found.made()
    return found


def unpack(data: bytes, folder: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
        return archive.namelist()


def send(board: Board, name: str, data: bytes, **more: str) -> Any:
    return board.user.post(f"{board.path}/import", files={"file": (name, data)}, data=more)


def test_a_film_is_joined_of_the_clips_that_are_there(made: Board, tmp_path: Path) -> None:
    export, film = made.exported("mp4")
    assert (export["deliverable"], export["filename"]) == (FILM, "two-friends.en.mp4")
    (tmp_path / "film.mp4").write_bytes(film)
    info = media.probe(tmp_path / "film.mp4")
    assert (info.frames, info.fps, str(info.size)) == (LENGTH, 24, "160x128")
    assert made.do("/make")["started"] == []


def test_the_same_film_is_not_made_twice(made: Board) -> None:
    first, _ = made.exported("mp4")
    again = made.ask("/export", **{"as": "mp4"}).json()
    assert (again["id"], again["state"]) == (first["id"], "completed")
    other = made.ask("/export", **{"as": "mp4"}, deliverable="film.two-friends.de").json()
    assert other["id"] != first["id"]


@pytest.mark.parametrize(
    ("kind", "ending", "adapter"),
    [("otio", ".otio", None), ("fcp7xml", ".xml", "fcp_xml"), ("edl", ".edl", "cmx_3600")],
)
def test_the_library_reads_the_cut_and_finds_its_files(
    made: Board, tmp_path: Path, kind: str, ending: str, adapter: str | None
) -> None:
    export, data = made.exported(kind)
    assert export["filename"] == f"two-friends.en.{kind}.zip"
    names = unpack(data, tmp_path)
    (name,) = [name for name in names if name.endswith(ending)]
    more: dict[str, Any] = {"rate": 24} if kind == "edl" else {}
    timeline: Any = otio.adapters.read_from_file(str(tmp_path / name), adapter, **more)
    (track, *_) = timeline.video_tracks()
    found = list(track.find_clips())
    assert [clip.name for clip in found] == made.shots
    assert sum(clip.trimmed_range().duration.value for clip in found) == LENGTH
    if kind == "edl":
        return  # names its media in comments
    for clip in found:
        url = clip.media_reference.target_url
        assert (tmp_path / url.removeprefix("file://")).is_file(), url


@pytest.mark.parametrize("kind", ["otio", "fcp7xml", "edl"])
def test_a_cut_that_comes_back_as_it_went_changes_nothing(made: Board, kind: str) -> None:
    export, data = made.exported(kind)
    answer = send(made, export["filename"], data)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["version"], answer.json()["notes"]) == (0, [])


@pytest.mark.parametrize("kind", ["vtt", "srt", "ass"])
def test_captions_come_without_any_clip(board: Board, tmp_path: Path, kind: str) -> None:
    export, data = board.exported(kind, deliverable="film.two-friends.de")
    path = tmp_path / export["filename"]
    path.write_bytes(data)
    assert [event.plaintext for event in pysubs2.load(str(path)).events] == ["Hallo."]
    assert board.read()["missing"] == 2


def test_an_archive_has_all_films_with_what_lies_beside(made: Board, tmp_path: Path) -> None:
    export, data = made.exported("zip")
    names = unpack(data, tmp_path)
    assert export["media_type"] == "application/zip"
    assert {"two-friends.de.mp4", "two-friends.en.mp4", "project.json"} <= set(names)
    assert {"cut/two-friends.en.otio", "captions/two-friends.de.vtt"} <= set(names)
    document = json.loads((tmp_path / "project.json").read_text("utf-8"))
    assert document == made.read()["document"]


def test_a_trim_of_another_program_becomes_an_edit_that_can_be_undone(
    board: Board, tmp_path: Path
) -> None:
    board.made()
    export, data = board.exported("otio")
    unpack(data, tmp_path)
    (cut,) = tmp_path.glob("*.otio")
    timeline: Any = otio.adapters.read_from_file(str(cut))
    clip = next(iter(timeline.find_clips()))
    whole = clip.source_range
    clip.source_range = otio.opentime.TimeRange(
        whole.start_time, whole.duration - otio.opentime.RationalTime(6, 24)
    )
    otio.adapters.write_to_file(timeline, str(cut))
    answer = send(board, cut.name, cut.read_bytes())
    assert answer.status_code == 200, answer.text
    (item, *_) = answer.json()["document"]["sequences"]["main"]["tracks"][0]["items"]
    assert item["trim"] == {"start": 0, "frames": 23}
    assert board.do("/make")["started"] == []
    assert (
        board.do("/undo")["document"]["sequences"]["main"]["tracks"][0]["items"][0].get("trim")
        is None
    )
    assert export["version"] == 0


def test_a_clip_that_is_new_comes_with_the_archive(board: Board, tmp_path: Path) -> None:
    board.made()
    _, data = board.exported("otio")
    unpack(data, tmp_path)
    new = tmp_path / "media" / "new.mp4"
    pictures = (np.full((128, 160, 3), shade, np.uint8) for shade in range(24))
    media.write(new, pictures, size=Size(width=160, height=128), fps=Fraction(24))
    (cut,) = tmp_path.glob("*.otio")
    timeline: Any = otio.adapters.read_from_file(str(cut))
    span = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 24), otio.opentime.RationalTime(24, 24)
    )
    schema: Any = otio.schema
    reference = schema.ExternalReference(target_url="media/new.mp4", available_range=span)
    timeline.video_tracks()[0].append(schema.Clip("new", reference, span))
    otio.adapters.write_to_file(timeline, str(cut))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in tmp_path.rglob("*"):
            if file.is_file():
                archive.write(file, file.relative_to(tmp_path))
    answer = send(board, "cut.zip", packed.getvalue())
    assert answer.status_code == 200, answer.text
    assert answer.json()["notes"] == ["new is new: its clip became shot new"]
    card = answer.json()["cards"]["new"]
    assert card["state"] == "ready"
    content = board.user.get(card["url"].removeprefix("/v1")).content
    assert content == new.read_bytes()
    assert board.do("/make")["started"] == []


def test_a_translation_comes_back_as_a_draft(board: Board) -> None:
    _, data = board.exported("srt", deliverable="film.two-friends.de")
    changed = data.decode().replace("Hallo.", "Servus.").encode()
    answer = send(board, "two-friends.de.srt", changed)
    assert answer.status_code == 200, answer.text
    (line,) = [
        line for line in answer.json()["document"]["lines"].values() if line["kind"] != "title"
    ]
    assert (line["text"]["de"]["value"], line["text"]["de"]["state"]) == ("Servus.", "draft")


def hostile(kind: str, tmp_path: Path) -> tuple[str, bytes]:
    """Something that is made to break who takes it in."""
    secret = tmp_path / "secret.mp4"
    pictures = (np.full((128, 160, 3), shade, np.uint8) for shade in range(24))
    media.write(secret, pictures, size=Size(width=160, height=128), fps=Fraction(24))
    if kind == "reads a file of this machine":
        start, length = ({"OTIO_SCHEMA": "RationalTime.1", "rate": 24, "value": n} for n in (0, 24))
        span = {"OTIO_SCHEMA": "TimeRange.1", "start_time": start, "duration": length}
        file = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": secret.as_uri()}
        clip = {"OTIO_SCHEMA": "Clip.1", "name": "x", "media_reference": file}
        clip |= {"source_range": span}
        track = {"OTIO_SCHEMA": "Track.1", "kind": "Video", "name": "v", "children": [clip]}
        stack = {"OTIO_SCHEMA": "Stack.1", "name": "s", "children": [track]}
        timeline = {"OTIO_SCHEMA": "Timeline.1", "name": "t", "tracks": stack}
        return "a.otio", json.dumps(timeline).encode()
    if kind == "nests without end":
        return "a.otio", b"[" * 100_000 + b"]" * 100_000
    if kind == "grows without end":
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><xmeml>&a;</xmeml>'
        return "a.xml", bomb
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        if kind == "leads out of its folder":
            archive.writestr("../../../../tmp/kinema-was-here.otio", "{}")
        if kind == "unpacks to gigabytes":
            archive.writestr("a.otio", b"\0" * 40_000_000)
        if kind == "holds no cut":
            archive.writestr("a.txt", "x")
    return "a.zip", packed.getvalue()


@pytest.mark.parametrize(
    "kind",
    [
        "reads a file of this machine",
        "nests without end",
        "grows without end",
        "leads out of its folder",
        "unpacks to gigabytes",
        "holds no cut",
        "is no archive",
    ],
)
def test_what_is_made_to_break_us_is_refused(board: Board, tmp_path: Path, kind: str) -> None:
    name, data = hostile(kind, tmp_path) if kind != "is no archive" else ("a.zip", b"PK\3\4x")
    answer = send(board, name, data)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["param"] in ("file", "cut")
    assert board.read()["version"] == 0
    assert not Path("/tmp/kinema-was-here.otio").exists()


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"as": "gif"}, "as"),
        ({"as": "mp4", "deliverable": "film.none"}, "deliverable"),
    ],
)
def test_a_wish_for_what_is_not_there_is_refused(
    board: Board, body: dict[str, str], param: str
) -> None:
    refused(board.ask("/export", **body), 400, param)


def test_an_empty_storyboard_and_a_rate_without_timecode_are_refused(api: Api) -> None:
    user = api.user()
    refused(Board(user, title="x").ask("/export"), 400, "deliverable")
    odd = Board(user, script=BOARD.replace("fps = 24", "fps = 7"))
    refused(odd.ask("/export", **{"as": "edl"}), 400, "as")
    assert odd.read()["missing"] == 2


def test_an_export_whose_clip_failed_says_so(board: Board) -> None:
    export = board.ask("/export").json()
    assert (export["state"], len(export["waits_for"])) == ("waiting", 2)
    board.user.post(f"/kinema/jobs/{export['waits_for'][0]}/cancel")
    advance_exports(board.user.api.app.state.services)
    found = board.user.get(f"{board.path}/exports/{export['id']}").json()
    assert (found["state"], found["error"]["code"]) == ("failed", "clip_failed")
    again = board.ask("/export").json()
    assert (again["id"] != export["id"], again["state"]) == (True, "waiting")


def test_an_export_that_is_cancelled_leaves_nothing(board: Board) -> None:
    board.made()
    export = board.ask("/export").json()
    done = board.user.post(f"{board.path}/exports/{export['id']}/cancel").json()
    assert done["state"] == "cancelled"
    api = board.user.api
    assert FilmMaker(api.database, api.objects, 60).make(export["id"]) == ""
    assert export["id"] not in api.objects.folders("exports")
    refused(board.user.get(f"{board.path}/exports/{export['id']}/content"), 404)


def test_a_damaged_clip_does_not_get_into_a_film(board: Board) -> None:
    made = board.made()
    export = board.ask("/export").json()
    api = board.user.api
    key = (api.row(made[0]).assets or {})["video"]["key"]
    file = Path(api.objects.place) / key
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert FilmMaker(api.database, api.objects, 60).make(export["id"]) == "failed"
    found = board.user.get(f"{board.path}/exports/{export['id']}").json()
    assert "damaged" in found["error"]["message"]
