"""Commands that make a clip out of words: generate, storyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kinema.cli import options as opt

if TYPE_CHECKING:
    from kinema.types import Request


@click.command(
    epilog="""\b
Examples:
  kinema generate "a red fox walks through a snowy forest at dawn"
  kinema generate "two pandas dance on a stage" --style watercolour -o pandas.gif
  kinema generate "a lighthouse at night" -o still.png
  kinema generate "a fox walks in snow" --model wan2.2-ti2v-5b --weights DIR
  kinema generate "a fox walks in snow" --model diffusers:DIR --guide animatic
"""
)
@click.argument("prompt", required=False, default="")
@opt.options(
    opt.OUT,
    opt.MODEL,
    opt.SIZE,
    opt.SECONDS,
    opt.FPS,
    opt.SEED,
    *opt.SAMPLING,
    opt.STYLE,
    opt.CHARACTER,
    opt.IMAGE,
    opt.IMAGE_ROLE,
    click.option("--variations", metavar="N", help="Make N clips, NAME-1, NAME-2 ..., by seed."),
    click.option(
        "--guide",
        metavar="animatic|CLIP",
        help="Whose composition to follow: the prompt drawn, or a clip.",
    ),
    opt.STRENGTH,
    click.option(
        "--area",
        "areas",
        metavar="BOX=WORDS",
        multiple=True,
        help="What a part shows; BOX is LEFT,TOP,RIGHT,BOTTOM: --area '0,0,0.5,1=a red fox'.",
    ),
    click.option(
        "--from", "source", metavar="CLIP", help="Make the clip again; other options change it."
    ),
    opt.STRICT,
    opt.AS_JSON,
)
def generate(**given: Any) -> None:
    """Make a video of what PROMPT says."""
    from kinema.cli.asking import new_request
    from kinema.cli.inputs import Inputs, free_name, slug
    from kinema.cli.making import make

    inputs = Inputs()
    request = new_request(given, inputs)
    source, out = given["source"], given["out"]
    if out is None:
        stem = f"{Path(source).stem}-again" if source else slug(request.prompt)
        path = free_name(stem)
    else:
        path = Path(out)
    make(_variations(request, path, given["variations"]), inputs, as_json=given["as_json"])


@click.command()
@click.argument("file")
@opt.options(
    opt.OUT,
    opt.MODEL,
    opt.SIZE,
    opt.FPS,
    opt.SEED,
    opt.STYLE,
    *opt.SAMPLING,
    opt.CHARACTER,
    opt.STRICT,
    opt.AS_JSON,
)
def storyboard(**given: Any) -> None:
    """Make one video out of the cards in FILE.toml.

    Options win over what the file says. See examples/storyboard.toml.
    """
    from kinema.cli.board import board_request
    from kinema.cli.inputs import Inputs, free_name
    from kinema.cli.making import make

    inputs = Inputs()
    file = Path(given["file"])
    request = board_request(file, given, inputs)
    out = Path(given["out"]) if given["out"] else free_name(file.stem)
    make([(request, out)], inputs, as_json=given["as_json"])


def _variations(request: Request, path: Path, text: str | None) -> list[tuple[Request, Path]]:
    """The request itself, or N of it with seeds that follow each other, as NAME-1, NAME-2 ..."""
    from msgspec.structs import replace

    from kinema.cli.inputs import number
    from kinema.errors import RequestError

    if text is None:
        return [(request, path)]
    allowed = "a whole number from 1 to 64"
    count = number(text, "variations", int, allowed)
    if not 1 <= count <= 64:
        raise RequestError("variations", f"is {count}", allowed)
    return [
        (
            replace(request, seed=(request.seed + index) % 2**63),
            path.with_stem(f"{path.stem}-{index + 1}"),
        )
        for index in range(count)
    ]


COMMANDS = (generate, storyboard)
