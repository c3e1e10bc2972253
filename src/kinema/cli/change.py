"""Commands that change finished clips: remix, edit, extend, loop, blend, recut."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kinema.cli import options as opt

_AGAIN = (opt.OUT, opt.MODEL, opt.SEED, *opt.SAMPLING, opt.AS_JSON)
_CHANGE = (*_AGAIN, opt.STRICT)


@click.command(
    epilog="""\b
Examples:
  kinema remix fox.mp4 "make it night, with snow" --strength subtle
"""
)
@click.argument("clip")
@click.argument("prompt")
@opt.options(opt.STRENGTH, opt.STYLE, opt.CHARACTER, *_CHANGE)
def remix(**given: Any) -> None:
    """Change in CLIP what PROMPT describes."""
    from kinema.types import Task

    _make(Task.REMIX, "remix", given)


@click.command(
    epilog="""\b
Examples:
  kinema edit fox.mp4 "the fox is blue"
  kinema edit fox.mp4 "a pond" --mask corner.png
  kinema edit fox.mp4 --size 720x1280
"""
)
@click.argument("clip")
@click.argument("prompt", required=False, default="")
@opt.options(
    click.option("--mask", metavar="PATH", help="A picture: only where it is white may change."),
    click.option("--size", metavar="WxH", help="Without PROMPT: the same scene in another shape."),
    opt.STRENGTH,
    opt.STYLE,
    opt.CHARACTER,
    *_CHANGE,
)
def edit(**given: Any) -> None:
    """Change what PROMPT names in CLIP, nothing else.

    Without PROMPT, only the style (--style) or the shape (--size).
    """
    from msgspec.structs import replace

    from kinema.cli.asking import change_request
    from kinema.cli.inputs import Inputs
    from kinema.errors import RequestError
    from kinema.types import Size, Task

    inputs = Inputs()
    size = Size.parse(given["size"]) if given["size"] is not None else None
    if given["mask"] is not None:
        task = Task.REGION_EDIT
    elif given["prompt"] or given["style"] or size is None:
        task = Task.EDIT
    else:
        task = Task.OUTPAINT
    if size is not None and task is not Task.OUTPAINT:
        problem = "changes the shape, and prompt, style or mask the content"
        raise RequestError("size", problem, "one of them; run the command twice for both")
    request = change_request(task, given, inputs)
    if size is not None:
        request = replace(request, size=size)
    if given["mask"] is not None:
        request = replace(request, mask=inputs.keep(given["mask"], "mask"))
    _write(request, "edit", given, inputs)


@click.command(
    epilog="""\b
Examples:
  kinema extend fox.mp4 "it begins to rain" --seconds 4
  kinema extend fox.mp4 --seconds 2 --backward
"""
)
@click.argument("clip")
@click.argument("prompt", required=False, default="")
@opt.options(
    click.option("--seconds", metavar="S", required=True, help="How much longer it becomes."),
    click.option("--backward", is_flag=True, help="Grow the beginning instead of the end."),
    opt.STRENGTH,
    opt.CHARACTER,
    *_CHANGE,
)
def extend(**given: Any) -> None:
    """Make CLIP longer, into what PROMPT describes."""
    from msgspec.structs import replace

    from kinema.cli.asking import change_request, frames_for
    from kinema.cli.inputs import Inputs
    from kinema.types import Direction, Task, parse_seconds

    inputs = Inputs()
    request = change_request(Task.EXTEND, given, inputs)
    more = frames_for(parse_seconds(given["seconds"]), request.fps)
    direction = Direction.BACKWARD if given["backward"] else Direction.FORWARD
    request = replace(request, frames=request.frames + more, direction=direction)
    _write(request, "extended", given, inputs)


@click.command()
@click.argument("clip")
@click.argument("prompt", required=False, default="")
@opt.options(*_AGAIN)
def loop(**given: Any) -> None:
    """Make a seamless loop out of CLIP, as long as it is or nearly so.

    PROMPT says what CLIP shows, for a model that needs to be told.
    """
    from kinema.types import Task

    _make(Task.LOOP, "loop", given)


@click.command(
    epilog="""\b
Curves:
  transition   begins in A and ends in B (the default)
  mix          half of each throughout
  dip          from A into B and back
"""
)
@click.argument("clip", metavar="CLIP_A")
@click.argument("second", metavar="CLIP_B")
@click.argument("prompt", required=False, default="")
@opt.options(
    click.option("--curve", metavar="CURVE", help="transition, mix or dip."),
    *_AGAIN,
)
def blend(**given: Any) -> None:
    """Let CLIP_A become CLIP_B, as long as the longer of them.

    PROMPT says what they show, for a model that needs to be told.
    """
    from msgspec.structs import replace

    from kinema.cli.asking import change_request, frames_for, length_of, one_of
    from kinema.cli.inputs import Inputs
    from kinema.types import Curve, Task

    inputs = Inputs()
    request = change_request(Task.BLEND, given, inputs)
    second = inputs.add(given["second"], "second")
    longest = max(request.seconds, length_of(Path(given["second"]), "second"))
    curve = request.curve if given["curve"] is None else one_of(Curve, given["curve"], "curve")
    frames = frames_for(longest, request.fps)
    _write(replace(request, second=second, frames=frames, curve=curve), "blend", given, inputs)


@click.command()
@click.argument("clip")
@click.argument("prompt", required=False, default="")
@opt.options(
    click.option("--keep", metavar="A-B", required=True, help="The seconds to keep, such as 1-3."),
    click.option("--seconds", metavar="S", help="Length of the result; that of CLIP if not given."),
    opt.STRENGTH,
    opt.CHARACTER,
    *_CHANGE,
)
def recut(**given: Any) -> None:
    """Keep a part of CLIP and grow the rest from PROMPT.

    The kept part stays at the time where it is.
    """
    from msgspec.structs import replace

    from kinema.cli.asking import change_request, frames_for
    from kinema.cli.inputs import Inputs, span
    from kinema.types import Task, parse_seconds

    inputs = Inputs()
    keep = span(given["keep"], "keep")
    request = replace(change_request(Task.RECUT, given, inputs), keep=keep)
    if given["seconds"] is not None:
        frames = frames_for(parse_seconds(given["seconds"]), request.fps)
        request = replace(request, frames=frames)
    _write(request, "recut", given, inputs)


def _make(task: Any, word: str, given: dict[str, Any]) -> None:
    from kinema.cli.asking import change_request
    from kinema.cli.inputs import Inputs

    inputs = Inputs()
    _write(change_request(task, given, inputs), word, given, inputs)


def _write(request: Any, word: str, given: dict[str, Any], inputs: Any) -> None:
    from kinema.cli.inputs import free_name
    from kinema.cli.making import make

    clip = Path(given["clip"])
    out = Path(given["out"]) if given["out"] else free_name(f"{clip.stem}-{word}", clip.suffix)
    make([(request, out)], inputs, as_json=given["as_json"])


COMMANDS = (remix, edit, extend, loop, blend, recut)
