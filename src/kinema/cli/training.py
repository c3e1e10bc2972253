"""The command that trains."""

from __future__ import annotations

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
)
def train(**given: Any) -> None:
    """Train a network by a recipe, or go on with a run that stopped.

    A run starts from the weights of the runs beside it: base-128 looks for ../autoencoder.
    """
    from kinema.recipes import RECIPES

    name: str = given["recipe"]
    if name not in RECIPES:
        raise RequestError("recipe", f"there is no recipe {name!r}", ", ".join(RECIPES))
    from kinema.train.command import run_recipe

    out = Path(given["out"] or Path("runs") / name)
    limit: float | None = given["time_limit"]
    click.echo(run_recipe(RECIPES[name](), out, limit))


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
