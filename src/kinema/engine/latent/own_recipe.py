"""How our own model is run, by whichever road. No torch here."""

from __future__ import annotations

import math
from typing import Final

from kinema.engine.cards.own import FPS, FRAMES, GUIDANCE, STEPS, STEPS_UNTAUGHT
from kinema.engine.latent.memory import Cut
from kinema.engine.latent.protocol import Recipe
from kinema.engine.latent.work import Shape
from kinema.models.configs import RATE
from kinema.sample.schedule import Table

FINEST: Final = 16
"""Steps of a run whose step size has class 0; half as many have class 1."""
COARSEST: Final = 4
_AT_ONCE: Final = 4 * 16 * 16  # latent cells coded in one piece; more only takes more memory


def recipe(*, few_steps: bool) -> Recipe:
    """How the model is run. Weights that were not taught large steps take more of them."""
    return Recipe(
        table=Table.LINEAR,
        shift=1.0,
        steps=STEPS if few_steps else STEPS_UNTAUGHT,
        guidance=GUIDANCE,
        window=1 + (FRAMES - 1) // RATE,
        fps=FPS,
        solver="euler",
        whole_timesteps=False,
    )


def in_pieces(shape: Shape) -> Cut:
    """As many latent frames at once as a usual clip has cells."""
    return Cut(max(1, _AT_ONCE // (shape[1] * shape[2])), None, 0)


def step_class(steps: int) -> int:
    """The class of step sizes that a run of so many equal steps comes nearest to."""
    return min(COARSEST, max(0, round(math.log2(FINEST / steps))))
