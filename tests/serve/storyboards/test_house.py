"""What is thrown away of storyboards, and what stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sqlalchemy import update

from kinema.serve.jobs.housekeeping import drop_exports, sweep
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.models import runnable
from kinema.serve.store.tables import exports
from tests.serve.api.conftest import PICTURE, Api, refused
from tests.serve.storyboards.conftest import Board

LONG_AGO = 8 * 86_400.0


def maker(api: Api) -> Maker:
    config = api.config
    return Maker(api.database, api.objects, config, runnable(config.worker), "here")


def age(api: Api) -> None:
    """Let every file of the store be of last week."""
    then = time.time() - LONG_AGO
    for path in Path(api.objects.place).rglob("*"):
        if path.is_file():
            os.utime(path, (then, then))


def test_files_of_a_storyboard_stay_as_long_as_it_does(board: Board) -> None:
    api, shot = board.user.api, board.shots[0]
    (first, _) = board.made()
    files = {"file": ("a.png", PICTURE + b"house")}
    picture = board.user.post(f"{board.path}/files", files=files).json()
    url = board.do("/choose", shot=shot, take=first)["cards"][shot]["takes"][0]["url"]
    assert board.user.ask("DELETE", f"/videos/{first}").status_code == 200
    take = board.read()["cards"][shot]["url"]
    assert take != url
    age(api)
    sweep(maker(api))
    for each in (picture["url"], take):
        assert board.user.get(each.removeprefix("/v1")).status_code == 200
    board.user.ask("DELETE", board.path)
    sweep(maker(api))
    key = f"uploads/{picture['file'].removeprefix('sha256:')}"
    assert api.objects.size(key) is None


def test_an_export_of_last_week_is_forgotten_and_one_of_today_stays(board: Board) -> None:
    api = board.user.api
    old, _ = board.exported("vtt")
    new, data = board.exported("srt")
    with api.database.write() as connection:
        then = {"completed_at": time.time() - LONG_AGO}
        connection.execute(update(exports).where(exports.c.id == old["id"]).values(then))
    api.objects.put("exports/export_gone/a/film.mp4", b"left by a worker that died")
    drop_exports(maker(api))
    refused(board.user.get(f"{board.path}/exports/{old['id']}"), 404)
    kept = api.objects.folders("exports")
    assert old["id"] not in kept
    assert "export_gone" not in kept
    assert board.user.get(new["url"].removeprefix("/v1")).content == data


def test_what_is_exported_goes_with_its_storyboard(board: Board) -> None:
    export, _ = board.exported("vtt")
    board.user.ask("DELETE", board.path)
    assert export["id"] not in board.user.api.objects.folders("exports")
