"""Bad input: exit 2, a message that names the field and what is allowed, and no file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import SMALL, Ran

Kinema = Callable[..., Ran]
FOX = "a fox walks"

BAD = {
    "no prompt": (["generate", ""], "prompt: is empty"),
    "only spaces": (["generate", "  "], "prompt: is empty"),
    "no word that can be read": (["generate", "qqq zzz xxv"], "prompt: "),
    "too long a prompt": (
        ["generate", "fox " * 8001],
        "prompt: is 32004 characters long; allowed: at most 32000",
    ),
    "control characters": (["generate", "a\x07fox"], "prompt: holds the control character U+0007"),
    "too small": (["generate", FOX, "--size", "64x128"], "size: width is 64; allowed: 128 to 1920"),
    "too large": (["generate", FOX, "--size", "128x4000"], "size: height is 4000; allowed: 128"),
    "odd size": (["generate", FOX, "--size", "129x128"], "128x128"),
    "no size": (
        ["generate", FOX, "--size", "big"],
        "size: cannot read 'big'; allowed: WIDTHxHEIGHT",
    ),
    "no time": (
        ["generate", FOX, "--seconds", "0"],
        "seconds: cannot read '0'; allowed: seconds above",
    ),
    "not even a frame": (
        ["generate", FOX, "--seconds", "0.001"],
        "seconds: 0.001 is less than a frame",
    ),
    "too long a clip": (
        ["generate", FOX, "--seconds", "601"],
        "seconds: 601 is too long; allowed: at most 600",
    ),
    "no fps": (["generate", FOX, "--fps", "fast"], "fps: cannot read 'fast'; allowed: 1 to 60"),
    "too many fps": (["generate", FOX, "--fps", "61"], "fps: 61 is out of range; allowed: 1 to 60"),
    "too few fps": (
        ["generate", FOX, "--fps", "0.5"],
        "fps: 1/2 is out of range; allowed: 1 to 60",
    ),
    "no folder": (["generate", FOX, "-o", "no/such/fox.mp4"], "output: there is no folder"),
    "unknown ending": (
        ["generate", FOX, "-o", "fox.avi"],
        "output: .avi is not a format that is written; allowed: .mp4",
    ),
    "a folder": (["generate", FOX, "-o", "folder.mp4"], "output: folder.mp4 is a folder"),
    "unknown model": (
        ["generate", FOX, "--model", "animatix"],
        "model: there is no model 'animatix'; allowed: animatic",
    ),
    "unknown style": (["generate", FOX, "--style", "water colours"], "did you mean 'watercolour'"),
    "bad seed": (
        ["generate", FOX, "--seed", "-1"],
        "seed: cannot read '-1'; allowed: a whole number from 0",
    ),
    "bad quality": (
        ["generate", FOX, "--quality", "best"],
        "quality: there is no quality 'best'; allowed: draft, standard, high",
    ),
    "bad steps": (["generate", FOX, "--steps", "many"], "steps: cannot read 'many'"),
    "bad variations": (
        ["generate", FOX, "--variations", "0"],
        "variations: is 0; allowed: a whole number from 1 to 64",
    ),
    "bad character": (
        ["generate", FOX, "--character", "Mia"],
        "characters[0]: cannot read 'Mia'; allowed: NAME=LOOKS",
    ),
    "bad character name": (
        ["generate", FOX, "--character", "7=a fox"],
        "characters[0].name: cannot be '7'",
    ),
    "an area without a box": (
        ["generate", FOX, "--area", "left=a duck"],
        "areas[0]: cannot read 'left=a duck'; allowed: LEFT,TOP,RIGHT,BOTTOM=WORDS",
    ),
    "an area outside": (
        ["generate", FOX, "--area", "0,0,1,50=a duck"],
        "areas[0].bottom: is 50; allowed: a share of the picture, 0 to 1",
    ),
    "areas of a model without": (
        ["generate", FOX, "--area", "0,0,0.5,1=a duck"],
        "areas: animatic does not take",
    ),
    "no memory": (["generate", FOX, "--memory", "0"], "memory: is 0; allowed: a number of gigab"),
    "no lora": (
        ["generate", FOX, "--lora", "ink.safetensors@0.5"],
        "loras[0].file: there is no file 'ink.safetensors'",
    ),
    "too much of a lora": (
        ["generate", FOX, "--lora", "broken.png@9"],
        "loras[0].weight: is 9; allowed: a number from -4 to 4",
    ),
    "a lora of a model without weights": (
        ["generate", FOX, "--lora", "broken.png"],
        "loras: animatic does not take",
    ),
    "no picture": (
        ["generate", FOX, "--image", "no.png"],
        "images[0].file: there is no file 'no.png'",
    ),
    "broken picture": (["generate", FOX, "--image", "broken.png"], "images[0].file: broken.png"),
    "unknown role": (
        ["generate", FOX, "--image", "broken.png", "--image-role", "hero"],
        "image-role: there is no image-role 'hero'; allowed: first, last",
    ),
    "a role of nothing": (
        ["generate", FOX, "--image-role", "prop"],
        "image-role: there is no picture",
    ),
    "a guide": (["generate", FOX, "--guide", "animatic"], "guide: animatic does not take it"),
    "weights": (
        ["generate", FOX, "--weights", "dir"],
        "weights: animatic needs none; allowed: leave it out",
    ),
    "a long still": (
        ["generate", FOX, "--seconds", "2", "-o", "fox.png"],
        "seconds: a still has no length",
    ),
    "remix of nothing": (["remix", "no.mp4", "night"], "clip: there is no file 'no.mp4'"),
    "remix of a broken clip": (["remix", "broken.mp4", "night"], "clip: "),
    "remix of text": (
        ["remix", "text.mp4", "night"],
        "clip: text.mp4 is not of a kind that is read",
    ),
    "from of nothing": (["generate", "--from", "no.mp4"], "from: there is no file"),
    "no storyboard": (["storyboard", "no.toml"], "storyboard: 'no.toml' cannot be read"),
    "broken storyboard": (["storyboard", "text.mp4"], "storyboard: 'text.mp4' is not TOML"),
    "estimate out of range": (["estimate", "--size", "9x9"], "size: "),
    "explain of nothing": (["explain", "qqq zzz xxv"], "prompt: "),
    "stream in two ways": (
        ["stream", FOX, "--play", "-o", "a.mp4"],
        "play: a stream has one way out",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_exits_with_2_names_the_field_and_writes_nothing(kinema: Kinema, name: str):
    args, message = BAD[name]
    Path("folder.mp4").mkdir()
    Path("broken.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    Path("broken.mp4").write_bytes(b"\0\0\0\x20ftypisom and no more than this")
    Path("text.mp4").write_text("just text, and no clip")
    before = sorted(Path.cwd().rglob("*"))
    ran = kinema(*args)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith("kinema: ")
    assert message in ran.err
    assert "Traceback" not in ran.err
    assert sorted(Path.cwd().rglob("*")) == before


BAD_CHANGES = {
    "strength": (
        ["remix", "fox.mp4", "night", "--strength", "wild"],
        "strength: cannot read 'wild'; allowed: subtle, mild, strong or a number",
    ),
    "curve": (
        ["blend", "fox.mp4", "fox.mp4", "--curve", "wipe"],
        "curve: there is no curve 'wipe'; allowed: transition, mix, dip",
    ),
    "keep": (
        ["recut", "fox.mp4", "a dog", "--keep", "2"],
        "keep: cannot read '2'; allowed: START-END",
    ),
    "keep outside": (
        ["recut", "fox.mp4", "a dog", "--keep", "0-9"],
        "keep: 0-9 does not lie in the clip; allowed: within 0-1",
    ),
    "mask": (["edit", "fox.mp4", "a beach", "--mask", "no.png"], "mask: there is no file"),
    "nothing to edit": (["edit", "fox.mp4"], "prompt: is empty"),
    "size and words": (["edit", "fox.mp4", "blue", "--size", "128x256"], "size: changes the shape"),
    "nothing to add": (["extend", "fox.mp4", "--seconds", "0"], "seconds: cannot read '0'"),
    "strict": (
        ["remix", "fox.mp4", "a wolfhound", "--strict"],
        "prompt: not in the storybook world",
    ),
}


@pytest.mark.parametrize("name", BAD_CHANGES)
def test_a_bad_change_of_a_clip_is_refused_the_same_way(kinema: Kinema, fox: Path, name: str):
    args, message = BAD_CHANGES[name]
    ran = kinema(*args)
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert [path.name for path in Path.cwd().iterdir()] == [fox.name]


BAD_BOARDS = {
    "unknown key": (
        'sizes = "128x128"',
        "sizes: there is no such key; did you mean 'size'?; allowed: size, fps",
    ),
    "unknown key of a card": (
        '[[card]]\nprompt = "a fox"\nsecond = 2',
        "card[0].second: there is no such key; did you mean 'seconds'?",
    ),
    "no cards": ("fps = 6", "cards: is missing"),
    "a card of no words": ("[[card]]\nseconds = 1", "cards[0].prompt: is empty"),
    "a number as words": (
        "[[card]]\nprompt = 7",
        "card[0].prompt: is 7; allowed: a text in quotes",
    ),
    "words as a number": ("fps = true", "fps: is True; allowed: a number"),
    "one card that is no list": ('card = "a fox"', "card: is not a list of tables"),
    "a long transition": (
        '[[card]]\nprompt="a fox"\nseconds=1\n' * 2 + "transition=2",
        "cards[1].transition: is 2",
    ),
    "a picture that is not there": (
        '[[card]]\nprompt="a fox"\nimage="no.png"',
        "card[0].image: there is no file",
    ),
}


@pytest.mark.parametrize("name", BAD_BOARDS)
def test_a_bad_storyboard_names_the_key(kinema: Kinema, name: str):
    text, message = BAD_BOARDS[name]
    Path("board.toml").write_text(text)
    ran = kinema("storyboard", "board.toml")
    assert (ran.status, ran.out) == (2, "")
    assert message in ran.err
    assert [path.name for path in Path.cwd().iterdir()] == ["board.toml"]


def test_a_folder_that_may_not_be_written_to_is_refused(kinema: Kinema, monkeypatch):
    Path("locked").mkdir(mode=0o500)
    monkeypatch.setattr("os.access", lambda path, _: "locked" not in str(path))  # root may all
    ran = kinema("generate", FOX, *SMALL, "-o", "locked/fox.mp4")
    assert ran.status == 2
    assert "output: the folder 'locked' cannot be written to; allowed: a folder that" in ran.err


def test_with_json_the_error_is_the_one_object_on_stdout(kinema: Kinema):
    ran = kinema("generate", FOX, "--size", "1x1", "--json")
    assert ran.status == 2
    assert ran.json["error"]["code"] == "invalid_request"
    assert ran.json["error"]["field"] == "size"
    assert "128 to 1920" in ran.json["error"]["message"]


def test_an_unknown_option_or_command_exits_with_2_and_says_how_to_use_it(kinema: Kinema):
    ran = kinema("generate", FOX, "--colour", "red")
    assert ran.status == 2 and "No such option" in ran.err and "kinema generate --help" in ran.err
    assert kinema("paint").status == 2
    assert kinema("generate", FOX, "--colour", "--json").json["error"]["code"] == "usage"
