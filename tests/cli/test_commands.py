"""Every command from end to end, at 128 x 128 on the real renderer."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest
from command_line import SMALL, Ran

from kinema import media
from kinema.engine.facts import read_facts

Kinema = Callable[..., Ran]
ROOT = Path(__file__).resolve().parents[2]


def test_generate_prints_one_line_and_names_the_file_after_the_prompt(kinema: Kinema):
    ran = kinema("generate", "A red fox, walking in a meadow!", *SMALL, "--seed", "7")
    assert ran.status == 0
    assert ran.out.startswith("a-red-fox-walking-in-a-meadow.mp4  128x128  1.0 s  seed 7  (")
    assert ran.out.count("\n") == 1
    again = kinema("generate", "A red fox, walking in a meadow!", *SMALL, "--seed", "7")
    assert again.out.startswith("a-red-fox-walking-in-a-meadow-2.mp4")


def test_a_random_seed_is_printed_and_makes_the_same_clip_again(kinema: Kinema):
    first = kinema("generate", "a fox", *SMALL, "--json").json["clips"][0]
    seed = str(first["request"]["seed"])
    second = kinema("generate", "a fox", *SMALL, "--seed", seed, "--json").json["clips"][0]
    assert first["fingerprint"] == second["fingerprint"]
    assert first["path"] != second["path"]


def test_what_was_replaced_is_said_in_plain_words(kinema: Kinema):
    ran = kinema("generate", "a wolfhound walks in a meadow", *SMALL)
    assert "note: 'wolfhound' is not in the storybook world; a dog stands in\n" in ran.err


def test_json_is_one_object_and_nothing_else(kinema: Kinema):
    ran = kinema("generate", "a wolfhound", *SMALL, "-o", "dog.mp4", "--json")
    (clip,) = ran.json["clips"]
    assert ran.err == ""
    assert clip["path"] == "dog.mp4"
    assert clip["fingerprint"] == media.fingerprint(Path("dog.mp4"))
    assert clip["reading"]["notes"]
    assert clip["scene"]["shots"][0]["scene"]["actors"][0]["subject"] == "dog"


def test_from_makes_the_same_clip_again(kinema: Kinema, fox: Path):
    ran = kinema("generate", "--from", str(fox), "-o", "again.mp4")
    assert ran.status == 0, ran.err
    assert media.fingerprint(Path("again.mp4")) == media.fingerprint(fox)


def test_from_with_other_options_changes_only_those(kinema: Kinema, fox: Path):
    assert kinema("generate", "--from", str(fox), "--size", "256x128").status == 0
    was, now = read_facts(fox).request, read_facts(Path("fox-again.mp4")).request
    assert (str(now.size), now.prompt, now.seed) == ("256x128", was.prompt, was.seed)


def test_from_says_when_the_clip_was_made_by_other_versions(kinema: Kinema, fox: Path, monkeypatch):
    assert "note: made with" not in kinema("generate", "--from", str(fox)).err
    monkeypatch.setattr("kinema.__version__", "9.9.9")
    ran = kinema("generate", "--from", str(fox))
    assert "note: made with kinema 0.1.0; with other versions it may differ" in ran.err


def test_from_finds_the_inputs_of_a_changed_clip_beside_it(kinema: Kinema, fox: Path):
    assert kinema("remix", str(fox), "make it night").status == 0
    assert kinema("generate", "--from", "fox-remix.mp4", "-o", "again.mp4").status == 0
    assert media.fingerprint(Path("again.mp4")) == media.fingerprint(Path("fox-remix.mp4"))
    fox.unlink()
    ran = kinema("generate", "--from", "fox-remix.mp4", "-o", "third.mp4")
    assert (ran.status, Path("third.mp4").exists()) == (2, False)
    assert "clip: the file" in ran.err and "was not given" in ran.err


def test_variations_are_numbered_and_differ(kinema: Kinema):
    args = ("generate", "a fox", *SMALL, "--seed", "5", "--variations", "3", "-o", "fox.mp4")
    clips = kinema(*args, "--json").json["clips"]
    assert [clip["path"] for clip in clips] == ["fox-1.mp4", "fox-2.mp4", "fox-3.mp4"]
    assert [clip["request"]["seed"] for clip in clips] == [5, 6, 7]
    assert len({clip["fingerprint"] for clip in clips}) == 3


@pytest.mark.parametrize("name", ["fox.png", "fox.jpg"])
def test_an_output_that_is_a_picture_makes_one_frame(kinema: Kinema, name: str):
    ran = kinema("generate", "a fox", "--size", "128x128", "--seed", "1", "-o", name)
    assert ran.out.startswith(f"{name}  128x128  still  seed 1  (")
    assert media.still(Path(name)).shape == (128, 128, 3)


@pytest.mark.parametrize("name", ["fox.webm", "fox.gif", "fox.webp", "frames/%04d.png"])
def test_the_ending_says_the_format(kinema: Kinema, name: str):
    assert kinema("generate", "a fox", *SMALL, "-o", name).status == 0
    assert media.probe(Path(name)).frames == 6


def test_a_picture_becomes_a_part_of_the_scene_and_its_role_is_told(kinema: Kinema):
    cv2.imwrite("sky.png", np.full((90, 160, 3), 200, np.uint8))
    ran = kinema("generate", "a fox", *SMALL, "--image", "sky.png@0.5", "-o", "fox.mp4")
    assert ran.status == 0
    assert "the key picture stands in the scene as a backdrop" in ran.err
    assert "not only at 1/2 s" in ran.err
    Path("sky.png").unlink()  # a copy is kept, so the clip can still be changed
    assert kinema("remix", "fox.mp4", "the fox is blue").status == 0


def test_a_character_keeps_its_looks(kinema: Kinema):
    args = ("generate", "Mia dances", *SMALL, "--character", "Mia=a small blue fox", "--json")
    (actor,) = kinema(*args).json["clips"][0]["scene"]["shots"][0]["scene"]["actors"]
    assert (actor["name"], actor["subject"], actor["colour"]) == ("Mia", "fox", "blue")


def test_styles_may_be_written_as_people_do(kinema: Kinema):
    ran = kinema("generate", "a fox", *SMALL, "--style", "Pixel-Art", "--json")
    assert ran.json["clips"][0]["request"]["style"] == "pixel_art"


CHANGES = {
    "remix": (["remix", "fox.mp4", "make it night", "--strength", "subtle"], "fox-remix.mp4", 6),
    "edit": (["edit", "fox.mp4", "the fox is blue"], "fox-edit.mp4", 6),
    "region": (["edit", "fox.mp4", "a beach", "--mask", "mask.png"], "fox-edit.mp4", 6),
    "outpaint": (["edit", "fox.mp4", "--size", "256x128"], "fox-edit.mp4", 6),
    "extend": (["extend", "fox.mp4", "it rains", "--seconds", "0.5"], "fox-extended.mp4", 9),
    "backward": (["extend", "fox.mp4", "--seconds", "1", "--backward"], "fox-extended.mp4", 12),
    "loop": (["loop", "fox.mp4"], "fox-loop.mp4", 6),
    "blend": (["blend", "fox.mp4", "long.mp4", "--curve", "dip"], "fox-blend.mp4", 12),
    "recut": (["recut", "fox.mp4", "a panda", "--keep", "0.5-1"], "fox-recut.mp4", 6),
    "longer recut": (
        ["recut", "fox.mp4", "--keep", "0-0.5", "--seconds", "2"], "fox-recut.mp4", 12
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_of_a_clip_works_from_the_command_line(kinema: Kinema, fox: Path, name: str):
    args, out, frames = CHANGES[name]
    if name == "region":
        cv2.imwrite("mask.png", np.full((32, 32), 255, np.uint8))
    if name == "blend":
        kinema("generate", "a duck", *SMALL[:2], "--seconds", "2", "--fps", "6", "-o", "long.mp4")
    before = fox.read_bytes()
    ran = kinema(*args)
    assert ran.status == 0, ran.err
    assert ran.out.startswith(f"{out}  ")
    assert media.probe(Path(out)).frames == frames
    assert read_facts(Path(out)).request.seed == 7
    assert fox.read_bytes() == before


def test_the_example_storyboard_becomes_one_film(kinema: Kinema):
    board = str(ROOT / "examples" / "storyboard.toml")
    ran = kinema("storyboard", board, "--size", "128x128", "--fps", "2", "--json")
    (clip,) = ran.json["clips"]
    assert clip["path"] == "storyboard.mp4"
    assert media.probe(Path("storyboard.mp4")).frames == 24
    assert clip["request"]["seed"] == 7
    names = {
        actor.get("name")
        for shot in clip["scene"]["shots"]
        for actor in shot["scene"]["actors"]
        if actor["subject"] == "fox"
    }
    assert names == {"Mia"}


def test_a_stream_is_recorded_and_hears_new_lines(kinema: Kinema, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("it is night\n"))
    ran = kinema("stream", "a fox in a meadow at noon", *SMALL[:2], "--fps", "6", "--seconds", "3")
    assert ran.status == 0, ran.err
    out = Path("a-fox-in-a-meadow-at-noon.mp4")
    assert media.probe(out).frames == 18
    scene = read_facts(out).scene
    assert scene is not None
    assert scene.shots[-1].scene.time == "night"
    assert kinema("generate", "--from", str(out)).status == 2
    assert kinema("remix", str(out), "make it snow").status == 0


def test_a_stream_to_stdout_is_raw_video_that_players_read(tmp_path: Path):
    command = [sys.executable, "-m", "kinema", "stream", "a fox", *SMALL, "-o", "-"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert run.stdout.startswith(b"YUV4MPEG2 W128 H128 F6:1 ")
    header, frame = run.stdout.index(b"\n") + 1, len(b"FRAME\n") + 128 * 128 * 3 // 2
    assert len(run.stdout) == header + 6 * frame


def test_play_without_a_player_says_what_to_install(kinema: Kinema, monkeypatch):
    monkeypatch.setenv("PATH", "")
    ran = kinema("stream", "a fox", *SMALL, "--play")
    assert ran.status == 1
    assert "ffplay is not installed; add it with" in ran.err


def test_explain_says_how_every_word_is_read(kinema: Kinema):
    ran = kinema("explain", "a red wolfhound walks at night")
    assert ran.status == 0
    for part in ("wolfhound", "nearest", "subject: dog", "time: night", "You will see: red dog"):
        assert part in ran.out
    assert "note: 'wolfhound' is not in the storybook world" in ran.out
    assert "\x1b" not in ran.out  # colours are for terminals
    reading = kinema("explain", "a red wolfhound walks at night", "--json").json
    assert reading["scene"]["actors"][0]["subject"] == "dog"
    assert [word["text"] for word in reading["words"] if word["how"] == "nearest"] == ["wolfhound"]


def test_models_lists_every_card(kinema: Kinema):
    assert kinema("models").out.startswith("animatic  ")
    listed = {card["name"]: card for card in kinema("models", "--json").json["models"]}
    assert listed["animatic"]["tasks"]["loop"] == "exact"
    assert listed["wan2.2-ti2v-5b"]["tasks"]["loop"] == "zero_shot"


def test_models_says_what_a_model_needs_and_what_its_licence_is(kinema: Kinema):
    told = kinema("models").out.partition("wan2.2-i2v-a14b  ")[2]
    assert "pip install 'kinema[torch]'" in told and "--weights DIR" in told
    assert "licence   Apache-2.0" in told
    assert "weights   Wan-AI/Wan2.2-I2V-A14B, Wan-AI/Wan2.2-I2V-A14B-Diffusers" in told
    assert "trained   image to video\n" in told and "zero-shot extend, remix" in told
    assert "text to video" not in told
    assert "diffusers:PATH" in told


def test_estimate_says_time_and_memory(kinema: Kinema):
    ran = kinema("estimate", "a fox", "--size", "640x360", "--seconds", "10")
    assert "animatic  640x360  10.0 s at 24 fps" in ran.out and "MB of memory" in ran.out
    small, large = (
        kinema("estimate", "--size", size, "--json").json for size in ("128x128", "1920x1080")
    )
    assert small["seconds"] < large["seconds"] and small["megabytes"] < large["megabytes"]


def test_doctor_finds_this_installation_well(kinema: Kinema):
    ran = kinema("doctor", "--json")
    assert ran.status == 0
    report = ran.json
    assert report["problem"] == ""
    assert all(report["codecs"].values()) and all(report["packages"].values())
    extra = report["extras"]["torch"]
    assert extra["command"] == "pip install 'kinema[torch]'" and extra["missing"] == []
    told = kinema("doctor").out
    assert "making a clip: works" in told
    assert "extra torch (open weights of the Wan family): complete" in told and "GPU: " in told


def test_the_cache_is_emptied_down_to_what_may_stay(kinema: Kinema, tmp_path: Path):
    cv2.imwrite("a.png", np.random.default_rng(1).integers(0, 255, (200, 200, 3), np.uint8))
    kinema("generate", "a fox", *SMALL, "--image", "a.png")
    stale = tmp_path / "home" / "previews" / "1.jpeg"
    stale.parent.mkdir()
    stale.write_bytes(b"old")
    os.utime(stale, (0, 0))
    assert kinema("cache", "gc", "--json").json == {"bytes": 3}
    assert kinema("cache", "gc", "--keep", "0", "--json").json["bytes"] > 100_000
    assert kinema("cache", "gc", "--keep", "lots").status == 2


@contextmanager
def running(folder: Path, *args: str) -> Iterator[subprocess.Popen[str]]:
    """``kinema ARGS`` in another process, from when it has begun to write into the folder."""
    command = [sys.executable, "-m", "kinema", *args]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=folder, text=True, stdin=pipe, stdout=pipe, stderr=pipe
    ) as run:
        try:
            until = time.monotonic() + 60
            while run.poll() is None and not list(folder.iterdir()) and time.monotonic() < until:
                time.sleep(0.05)
            yield run
        finally:
            run.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_cancels_and_leaves_nothing_behind(tmp_path: Path, number: int):
    args = ("generate", "a fox", "--size", "512x512", "--seconds", "600", "-o", "fox.mp4")
    with running(tmp_path, *args) as run:
        assert [path.name[0] for path in tmp_path.iterdir()] == ["."]
        run.send_signal(number)
        out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (130, "", "kinema: cancelled; nothing was left behind\n")
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_a_stream_and_keeps_it(tmp_path: Path):
    args = ("stream", "a fox", *SMALL[:2], "--fps", "6", "-o", "fox.mp4")
    with running(tmp_path, *args) as run:
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == 0, err
    assert out.startswith("fox.mp4  128x128  ")
    assert media.probe(tmp_path / "fox.mp4").frames % 6 == 0


def test_an_error_of_ours_shows_no_traceback_unless_wanted(kinema: Kinema, monkeypatch):
    monkeypatch.setattr("kinema.cli.listing.cards", lambda: 1 / 0)
    ran = kinema("models")
    assert (ran.status, ran.err) == (
        1,
        "kinema: ZeroDivisionError: division by zero (KINEMA_DEBUG=1 shows where)\n",
    )
    assert json.loads(kinema("models", "--json").out)["error"]["code"] == "error"
    monkeypatch.setenv("KINEMA_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        kinema("models")
