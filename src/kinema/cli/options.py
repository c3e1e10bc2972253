"""Options that several commands share, each declared once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]

# Values stay text here; `inputs` reads them, so that a wrong one is refused like any other field of
# a request: with its name, and what is allowed.
OUT = click.option(
    "-o", "--out", metavar="FILE", help="Where to write; the ending says the format."
)
MODEL = click.option(
    "--model",
    metavar="NAME",
    help="Which model makes it: one of `kinema models`, or diffusers:PATH.",
)
SIZE = click.option("--size", metavar="WxH", help="Pixels, 128 to 1920 a side.")
SECONDS = click.option("--seconds", metavar="S", help="Length of the clip.")
FPS = click.option("--fps", metavar="N", help="Frames a second, 1 to 60.")
SEED = click.option("--seed", metavar="N", help="Same seed, same clip. Random where not given.")
STYLE = click.option("--style", metavar="NAME", help="A style of the model's card.")
NEGATIVE = click.option("--negative", metavar="TEXT", help="What is not to be seen.")
STRICT = click.option(
    "--strict", is_flag=True, help="Refuse a prompt with a word that is not understood."
)
AS_JSON = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object and nothing else."
)
CHARACTER = click.option(
    "--character",
    "characters",
    metavar="NAME=LOOKS",
    multiple=True,
    help="A named subject, kept across clips: --character 'Mia=a small red fox'.",
)
IMAGE = click.option(
    "--image",
    "images",
    metavar="PATH[@SECONDS]",
    multiple=True,
    help="A picture to use, at a time of the clip (PATH@last: at its end).",
)
IMAGE_ROLE = click.option(
    "--image-role",
    metavar="ROLE",
    help="What the pictures are: first, last, key, reference, prop, poster or backdrop.",
)
QUALITY = click.option("--quality", metavar="Q", help="draft, standard or high.")
STEPS = click.option("--steps", metavar="N", help="Solver steps, where the model has them.")
GUIDANCE = click.option(
    "--guidance", metavar="G", help="Pull to the prompt, where the model has it."
)
WEIGHTS = click.option(
    "--weights", metavar="DIR", help="The folder of the model's weights, or OWNER/REPO of the hub."
)
MEMORY = click.option(
    "--memory",
    metavar="GB",
    help="What the networks may use; most of what is free where not given.",
)
LORA = click.option(
    "--lora",
    "loras",
    metavar="FILE[@WEIGHT]",
    multiple=True,
    help="Small changes of the weights, and how much of them: --lora ink.safetensors@0.8.",
)
SAMPLING = (QUALITY, STEPS, GUIDANCE, NEGATIVE, WEIGHTS, LORA, MEMORY)
"""How a model with weights is run."""
STRENGTH = click.option(
    "--strength", metavar="S", help="How much may change: subtle, mild, strong or 0 to 1."
)


def options(*each: Callable[[Any], Any]) -> Callable[[F], F]:
    """All of these options on one command, listed in its help in this order."""

    def decorate(function: F) -> F:
        for option in reversed(each):
            function = option(function)
        return function

    return decorate
