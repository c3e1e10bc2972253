"""``kinema explain``: how a prompt is read, for people and for programs."""

from __future__ import annotations

import json
from typing import Final

import click

from kinema.cli.asking import Given, characters, style
from kinema.cli.inputs import seed
from kinema.storybook.reader import read
from kinema.storybook.reading import Reading, Word
from kinema.storybook.scene import Actor, Beat, Scene
from kinema.types import check_text, to_builtins

_COLOURS: Final = {
    "exact": "green",
    "synonym": "green",
    "nearest": "yellow",
    "understood": "bright_black",
    "unknown": "red",
}
_LEGEND: Final = (
    ("exact", "read"), ("nearest", "something else stands in"), ("unknown", "not understood"),
)  # fmt: skip


def explain_prompt(given: Given) -> None:
    """Print how the prompt is read: each word, what was replaced, and the scene of it."""
    check_text("prompt", given["prompt"])
    reading = read(
        given["prompt"],
        seed=seed(given["seed"] or "0"),
        style=style(given["style"]) if given["style"] is not None else None,
        characters=characters(given["characters"]),
        negative=given["negative"] or "",
    )
    if given["as_json"]:
        click.echo(json.dumps(to_builtins(reading), ensure_ascii=False))
        return
    click.echo(coloured(reading))
    click.echo("  ".join(click.style(text, fg=_COLOURS[how]) for how, text in _LEGEND))
    click.echo()
    for word in reading.words:
        if word.how != "understood":
            click.echo(_line(word))
    click.echo()
    click.echo(f"You will see: {described(reading.scene)}")
    for note in reading.notes:
        click.echo(click.style("note: ", fg="yellow") + note)


def coloured(reading: Reading) -> str:
    """The prompt as it was written, each word in the colour of how it was read."""
    text, done = "", 0
    for word in sorted(reading.words, key=lambda word: word.start):
        if word.start < done:
            continue
        text += reading.prompt[done : word.start]
        said = reading.prompt[word.start : word.end]
        text += click.style(said, fg=_COLOURS[word.how])
        done = word.end
    return text + reading.prompt[done:]


def described(scene: Scene) -> str:
    """The scene in one sentence."""
    who = "; ".join(_actor(actor) for actor in scene.actors) or "nobody"
    place = f"{_plain(scene.setting)}, {_plain(scene.time)}, {_plain(scene.weather)}"
    return (
        f"{who}. Place: {place}. Camera: {_plain(scene.camera.move)}. Style: {_plain(scene.style)}."
    )


def _line(word: Word) -> str:
    how = click.style(f"{word.how:<10}", fg=_COLOURS[word.how])
    meaning = f"{word.slot}: {_plain(word.value)}" if word.value else word.slot
    return f"  {word.text:<24} {how} {meaning if word.how != 'unknown' else ''}".rstrip()


def _actor(actor: Actor) -> str:
    looks = (actor.size, actor.colour, actor.subject)
    text = " ".join(_plain(part) for part in looks if part)
    if actor.name:
        text = f"{actor.name}, a {text}"
    for verb, thing in (("holding", actor.holds), ("wearing", actor.wears)):
        text += f", {verb} {_plain(thing)}" if thing else ""
    return f"{text} ({', then '.join(_beat(beat) for beat in actor.beats)})"


def _beat(beat: Beat) -> str:
    return " ".join(_plain(part) for part in (beat.action, beat.direction, beat.emotion) if part)


def _plain(key: str) -> str:
    return key.replace("_", " ").replace("-", " ")
