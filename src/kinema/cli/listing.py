"""Models, estimates and the cache, printed for people and for programs."""

from __future__ import annotations

import json
from typing import Final

import click

from kinema.cli.asking import Given, estimate_request
from kinema.cli.cache import collect_garbage
from kinema.cli.inputs import Inputs, number
from kinema.engine.cards import PIPELINES, cards
from kinema.engine.estimate import estimate
from kinema.errors import RequestError
from kinema.types import Grounding, ModelCard, to_builtins

_GROUNDINGS: Final = {
    Grounding.EXACT: "exact",
    Grounding.TRAINED: "trained",
    Grounding.ZERO_SHOT: "zero-shot",
}


def list_models(*, as_json: bool) -> None:
    """Print every model card."""
    if as_json:
        click.echo(json.dumps({"models": to_builtins(cards())}, ensure_ascii=False))
        return
    click.echo("\n\n".join(_described(model) for model in cards()))
    click.echo(f"\n{PIPELINES}:PATH  Any video pipeline of the diffusers library, by its folder.")


def print_estimate(given: Given) -> None:
    """Print how long a request will take and how much memory it needs."""
    inputs = Inputs()
    request = estimate_request(given, inputs)
    forecast = estimate(request, inputs.weights, inputs.budget)
    if given["as_json"]:
        click.echo(json.dumps(to_builtins(forecast)))
        return
    size, length = request.size, float(request.seconds)
    click.echo(f"{forecast.model}  {size}  {length:.1f} s at {float(request.fps):g} fps")
    time = "an unknown time" if forecast.seconds is None else f"about {forecast.seconds:g} s"
    fits = f"it does not fit: {forecast.problem}" if forecast.problem else "it fits"
    click.echo(f"{time} and {forecast.megabytes:g} MB of memory; {fits}")
    if forecast.measured:
        click.echo(f"(measured on: {forecast.measured})")
    elif forecast.seconds is None:
        click.echo("(this machine has not run the model yet; --weights DIR measures its pace)")


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
    made = f"{sizes.side_min} to {sizes.side_max} a side; {model.default_size} if not said"
    rows = [
        *((_GROUNDINGS[how], ", ".join(_done(model, how))) for how in Grounding),
        ("also", ", ".join(model.features)),
        ("styles", ", ".join(model.styles)),
        ("size", made),
        ("length", f"{float(model.default_seconds):.3g} s if not said"),
        ("fps", f"{low} to {high}; {model.default_fps} if not said"),
        ("licence", _licence(model)),
        ("needs", ", ".join(model.needs) or "nothing but a CPU"),
        ("weights", ", ".join(model.repositories)),
    ]
    lines = [f"{click.style(model.name, bold=True)}  {model.summary}"]
    lines += [f"  {name:<9} {text}" for name, text in rows if text]
    return "\n".join(lines)


def _done(model: ModelCard, how: Grounding) -> list[str]:
    """The tasks that it does so, in words."""
    return [task.replace("_", " ") for task, found in model.tasks.items() if found is how]


def _licence(model: ModelCard) -> str:
    """Its id, and what it does not allow."""
    licence = model.licence
    limits = [*licence.limits, *([] if licence.commercial else ["not for commercial use"])]
    return f"{licence.id}: {'; '.join(limits)}" if limits else licence.id
