"""Models, estimates and the cache, printed for people and for programs."""

from __future__ import annotations

import json

import click

from kinema.cli.asking import Given, estimate_request
from kinema.cli.cache import collect_garbage
from kinema.cli.inputs import number
from kinema.engine.cards import cards
from kinema.engine.estimate import estimate
from kinema.errors import RequestError
from kinema.types import Grounding, ModelCard, to_builtins


def list_models(*, as_json: bool) -> None:
    """Print every model card."""
    if as_json:
        click.echo(json.dumps({"models": to_builtins(cards())}, ensure_ascii=False))
        return
    click.echo("\n\n".join(_described(model) for model in cards()))


def print_estimate(given: Given) -> None:
    """Print how long a request will take and how much memory it needs."""
    request = estimate_request(given)
    forecast = estimate(request)
    if given["as_json"]:
        click.echo(json.dumps(to_builtins(forecast)))
        return
    size, length = request.size, float(request.seconds)
    click.echo(f"{forecast.model}  {size}  {length:.1f} s at {float(request.fps):g} fps")
    click.echo(f"about {forecast.seconds:g} s and {forecast.megabytes:g} MB of memory")
    click.echo(f"(measured on: {forecast.measured})")


def collect(given: Given) -> None:
    """Empty the cache down to the size that may stay."""
    allowed = "a number of megabytes, 0 or more"
    keep = number(given["keep"], "keep", float, allowed)
    if not 0 <= keep < 1e9:
        raise RequestError("keep", f"is {given['keep']}", allowed)
    freed = collect_garbage(round(keep * 1e6))
    if given["as_json"]:
        click.echo(json.dumps({"bytes": freed}))
    else:
        click.echo(f"removed {freed / 1e6:.1f} MB")


def _described(model: ModelCard) -> str:
    sizes, (low, high) = model.sizes, model.fps
    tasks = ", ".join(
        task.replace("_", " ") + ("" if grounding is Grounding.EXACT else f" ({grounding})")
        for task, grounding in model.tasks.items()
    )
    rows = [
        ("tasks", tasks),
        ("also", ", ".join(model.features)),
        ("styles", ", ".join(model.styles)),
        ("size", f"{sizes.side_min} to {sizes.side_max} a side; {model.default_size} if not said"),
        ("fps", f"{low} to {high}; {model.default_fps} if not said"),
        ("licence", model.licence.id),
        ("needs", ", ".join(model.needs) or "nothing but a CPU"),
    ]
    lines = [f"{click.style(model.name, bold=True)}  {model.summary}"]
    lines += [f"  {name:<8} {text}" for name, text in rows if text]
    return "\n".join(lines)
