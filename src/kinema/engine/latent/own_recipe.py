"""How our own model is run, by whichever road. No torch here."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Final

from kinema.engine.adapters import Picture
from kinema.engine.cards.own import FPS, FRAMES, GUIDANCE, STEPS, STEPS_UNTAUGHT
from kinema.engine.latent.memory import Cut
from kinema.engine.latent.protocol import Embedding, Prompt, Recipe, Setting
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


class ToldTransformer(ABC):
    """What the network is told of a run, whichever road computes it."""

    def __init__(self, *, few_steps: bool) -> None:
        self._few_steps = few_steps

    def passes(self, steps: int) -> int:
        """One where the weights guide themselves, which they learned with large steps."""
        return 1 if self._few_steps and step_class(steps) else 2

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """The prompt for a run of the finest steps."""
        if pictures:
            raise ValueError("this model has no image encoder")
        return self.told(text, Setting(FINEST, 1.0))

    @abstractmethod
    def told(self, text: Embedding, setting: Setting) -> Prompt:
        """The prompt, and what the network is told of the run: frame rate, steps, guidance."""
