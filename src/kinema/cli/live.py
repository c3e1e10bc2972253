"""The live stream: prompts come in on stdin while frames go out to a file, a pipe or a window."""

from __future__ import annotations

from typing import Any

import click

from kinema.cli import options as opt


@click.command(
    epilog="""\b
Examples:
  kinema stream "a penguin walks on snow" -o live.mp4 --seconds 20
  kinema stream "a boat on the sea" --play
  kinema stream "a boat on the sea" -o - | ffplay -
"""
)
@click.argument("prompt")
@opt.options(
    click.option("-o", "--out", metavar="FILE|-", help="A clip, or - for raw frames (Y4M)."),
    click.option("--play", is_flag=True, help="Show it in a window (needs ffplay)."),
    opt.MODEL,
    opt.SIZE,
    click.option("--seconds", metavar="S", help="Stop by itself after that time."),
    opt.FPS,
    opt.SEED,
    opt.STYLE,
    *opt.SAMPLING,
    opt.CHARACTER,
    opt.STRICT,
    opt.AS_JSON,
)
def stream(**given: Any) -> None:
    """Play PROMPT without an end, steered by new lines.

    Each line on stdin changes the scene that is running.

    Ctrl-D or Ctrl-C ends it and keeps what was recorded.
    """
    from kinema.cli.playing import play

    play(given)


COMMANDS = (stream,)
