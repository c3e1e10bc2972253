"""Commands that make nothing: explain, models, estimate, doctor, cache."""

from __future__ import annotations

from typing import Any

import click

from kinema.cli import options as opt


@click.command()
@click.argument("prompt")
@opt.options(opt.SEED, opt.STYLE, opt.NEGATIVE, opt.CHARACTER, opt.AS_JSON)
def explain(**given: Any) -> None:
    """Say how PROMPT is read, word by word."""
    from kinema.cli.explaining import explain_prompt

    explain_prompt(given)


@click.command()
@opt.options(opt.AS_JSON)
def models(as_json: bool) -> None:
    """List the models and what they can do."""
    from kinema.cli.listing import list_models

    list_models(as_json=as_json)


@click.command()
@click.argument("prompt", required=False, default="")
@opt.options(
    opt.MODEL,
    opt.SIZE,
    opt.SECONDS,
    opt.FPS,
    opt.QUALITY,
    opt.STEPS,
    opt.GUIDANCE,
    opt.WEIGHTS,
    opt.MEMORY,
    opt.AS_JSON,
)
def estimate(**given: Any) -> None:
    """Forecast the time and memory that a clip takes."""
    from kinema.cli.listing import print_estimate

    print_estimate(given)


@click.command()
@opt.options(opt.AS_JSON)
def doctor(as_json: bool) -> None:
    """Check this installation and say what is missing."""
    from kinema.cli.health import examine

    examine(as_json=as_json)


@click.group()
def cache() -> None:
    """Files that Kinema keeps to save work."""


@cache.command()
@opt.options(
    click.option("--keep", metavar="MB", default="500", help="How much may stay; 500 if not said."),
    opt.AS_JSON,
)
def gc(**given: Any) -> None:
    """Remove what was unused for longest, and say how much."""
    from kinema.cli.listing import collect

    collect(given)


COMMANDS = (explain, models, estimate, doctor, cache)
