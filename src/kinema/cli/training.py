"""The command that trains."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import click

from kinema.cli import options as opt
from kinema.errors import RequestError


@click.command()
@click.argument("recipe")
@opt.options(
    click.option("--out", metavar="DIR", help="Folder of the run; runs/RECIPE where not given."),
    click.option("--time-limit", metavar="S", type=float, help="Seconds; then save and stop."),
    click.option("--clips", metavar="DIR", help="lora, full: videos with captions beside them."),
    opt.MODEL,
    opt.WEIGHTS,
    opt.SIZE,
    click.option("--frames", metavar="N", type=int, help="lora, full: of each clip, 1 + 4 k."),
    click.option("--rank", metavar="N", type=int, help="lora: of the factors."),
    click.option("--steps", metavar="N", type=int, help="lora, full: how many, a clip each."),
)
def train(**given: Any) -> None:
    """Train a network by a recipe, or go on with a run that stopped.

    A run starts from the weights of the runs beside it: base-128 looks for ../autoencoder.
    "lora" and "full" tune --model with --weights on your own --clips.
    """
    from kinema.recipes import RECIPES
    from kinema.train.tuning import KINDS

    name: str = given["recipe"]
    known = (*RECIPES, *KINDS)
    if name not in known:
        raise RequestError("recipe", f"there is no recipe {name!r}", ", ".join(known))
    out = Path(given["out"] or Path("runs") / name)
    limit: float | None = given["time_limit"]
    if name in KINDS:
        click.echo(_tuned(name, given, out, limit))
        return
    from kinema.train.command import run_recipe

    for option in _TUNING:
        if given[option] is not None:
            raise RequestError(option, f"has no meaning for {name}", f"with {' or '.join(KINDS)}")
    click.echo(run_recipe(RECIPES[name](), out, limit))


_TUNING: Final = ("clips", "model", "weights", "size", "frames", "rank", "steps")


def _tuned(kind: str, given: dict[str, Any], out: Path, limit: float | None) -> str:
    from kinema.train.tuning import Tuning, tune
    from kinema.types import Size

    for needed in ("clips", "weights"):
        if given[needed] is None:
            raise RequestError(needed, f"is missing, and {kind} needs it", f"--{needed} DIR")
    said = {name: given[name] for name in ("frames", "rank", "steps") if given[name] is not None}
    if given["size"] is not None:
        said["size"] = Size.parse(given["size"])
    weights, clips = (Path(given[name]).expanduser() for name in ("weights", "clips"))
    asked = Tuning(kind, given["model"] or "storybook", weights, clips, **said)
    return tune(asked, out, time_limit=math.inf if limit is None else limit)


@click.command()
@click.argument("run")
@click.argument("folder")
@opt.options(
    click.option("--bf16", is_flag=True, help="Keep 16 bits of each weight, not 8; no graphs."),
    click.option("--no-graphs", is_flag=True, help="Leave out what OpenVINO runs without torch."),
)
def pack(**given: Any) -> None:
    """Make a folder of weights of a training run: what --weights of storybook takes."""
    from kinema.train.command import pack_run

    run, folder = Path(given["run"]), Path(given["folder"])
    how = {"int8": not given["bf16"], "with_graphs": not given["no_graphs"]}
    click.echo(pack_run(run, folder, **how))


COMMANDS: Final = (train, pack)
"""In the order of the help page."""
