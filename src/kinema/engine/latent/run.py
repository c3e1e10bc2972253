"""Sampling a plan: from noise, or from a clip, through all steps to a clean latent.

From the inside out: the network is asked about windows of the clip, under each prompt; prompts are
mixed cell by cell; guidance pulls away from the negative prompt (all in `pulled`); what is given is
held; the solver takes its steps.
"""

from __future__ import annotations

from functools import partial
from typing import Final, cast

import numpy as np

from kinema.engine.adapters import Run
from kinema.engine.latent.halfway import Halfway
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.previews import Previews
from kinema.engine.latent.protocol import (
    Embedding,
    LatentModel,
    Prompt,
    Recipe,
    Setting,
    ToldRun,
)
from kinema.engine.latent.pulled import Pulled
from kinema.engine.progress import Meter
from kinema.errors import Cancelled
from kinema.sample.arrays import Array
from kinema.sample.constraints import Known, hold, hold_by_frame, settle
from kinema.sample.edit import flow_edit, start
from kinema.sample.guidance import Guided
from kinema.sample.loop import integrate
from kinema.sample.noise import Noise
from kinema.sample.schedule import Schedule, declared, schedule
from kinema.sample.solvers import DPMSolver2M, Euler, Heun, Renoise, Solver, State, UniPC, Velocity
from kinema.types import Request

AWAY: Final = 1.5
"""Pull away from a negative prompt of the user's, with a model that is told its guidance."""

_SOURCE_GUIDANCE: Final = 1.5  # an edit follows what the clip shows weakly, and the change strongly


def sample(model: LatentModel, request: Request, plan: Plan, run: Run) -> Array:
    """Make the latent of a plan.

    Args:
        model: Whose velocities.
        request: Says seed, steps and guidance.
        plan: What its task made of it.
        run: Told of progress and previews; its checkpoint keeps the state between steps, and a run
            that finds one goes on with the same bits as if it had never stopped.

    Returns:
        (1, C, T, H, W), float32, clean.

    Raises:
        Cancelled: ``run.cancelled()`` was true; the checkpoint is good to go on from.
        LatentError: The model's numbers broke down.

    Cost:
        One velocity a step, prompt and window, and one more for the negative prompt; an edit takes
        two of these a step.
    """
    return _Sampling(model, request, plan, run).latent()


def levels(recipe: Recipe, request: Request, shape: tuple[int, int, int, int]) -> Schedule:
    """The noise levels of a whole run for a latent of (C, T, H, W)."""
    if recipe.timesteps:
        return declared(recipe.timesteps, recipe.shift)
    steps = request.sampling.steps or recipe.steps[request.quality]
    if recipe.levels is not None:
        return recipe.levels(steps, shape[1:])
    return schedule(recipe.table, steps, recipe.shift)


def level_at(steps: Schedule, strength: float) -> float:
    """The noise level from which a run takes this share of its steps.

    A share, because models spend their steps differently: with a shift of 5, the noise level 0.5
    is left for the last sixth of them, and a change that begins there is hardly seen.
    """
    if strength in (0.0, 1.0):
        return strength
    rising = steps.sigmas[::-1]
    return float(np.interp(strength, np.linspace(0.0, 1.0, len(rising)), rising))


class _Sampling:
    """One run."""

    def __init__(self, model: LatentModel, request: Request, plan: Plan, run: Run) -> None:
        self.model, self.request, self.plan, self.run = model, request, plan, run
        self.noise = Noise((request.seed,), plan.shape, plan.first_frame)
        self.whole = levels(model.recipe, request, plan.shape)
        told = model.denoiser.abilities.told
        self._told = cast("ToldRun", model.denoiser) if told else None

    def latent(self) -> Array:
        plan, device = self.plan, self.model.denoiser.device_array
        known = None
        if plan.known_1CTHW is not None and plan.keep_11THW is not None:
            known = Known(device(plan.known_1CTHW), device(plan.keep_11THW))
            if (plan.keep_11THW == 1.0).all():
                return known.latent
        clip = None if plan.clip_1CTHW is None else device(plan.clip_1CTHW)
        if plan.source is not None and clip is not None:
            return self._edited(clip, plan.source)
        begin, steps = device(self.noise.start()), self.whole
        if clip is not None:
            # Weights that were taught large steps know the levels of their tables alone.
            snap = bool(self.model.recipe.timesteps) or self._told is not None
            begin, steps = start(clip, begin, steps, level_at(steps, plan.strength), snap=snap)
        pulled = self._pulled(steps, plan.prompts, self._scales())
        velocity = self._held(pulled, known)
        result = self._integrated(velocity, begin, steps, self._solver(), pulled.guides)
        return result if known is None else settle(result, known)

    def _edited(self, clip: Array, shown: Embedding) -> Array:
        """The clip, moved by the difference of two prompts."""
        steps = self.whole.last(round(self.plan.strength * len(self.whole.timesteps)))
        scales = self._scales()
        weak = min(_SOURCE_GUIDANCE, scales[0])
        # Of one prompt the difference is nothing, bit for bit, where both are pulled alike.
        same = _all_same(self.plan.prompts, shown)
        source = self._pulled(steps, (shown,), scales if same else (weak, weak))
        target = self._pulled(steps, self.plan.prompts, scales)
        moved = flow_edit(source, target, clip, self.noise)
        return self._integrated(moved, clip, steps, Euler(), [*source.guides, *target.guides])

    def _scales(self) -> tuple[float, float]:
        """The guidance asked for, above and below the boundary between two experts."""
        recipe, asked = self.model.recipe, self.request.sampling.guidance
        if asked is not None:
            return asked, asked
        low = recipe.guidance if recipe.guidance_low is None else recipe.guidance_low
        return recipe.guidance, low

    def _pulled(
        self, steps: Schedule, said: tuple[Embedding, ...], scales: tuple[float, float]
    ) -> Pulled:
        *prompts, negative = (self._ready(one, scales[0]) for one in (*said, self.plan.negative))
        if self._told is not None and self._told.passes(len(self.whole.timesteps)) == 1:
            # The network guides itself; a second pass is for the user's own negative prompt alone.
            pull = AWAY if self.request.negative.strip() else 1.0
            scales = (pull, pull)
        return Pulled(self.model, self.plan, steps, prompts, negative, scales, self.request.seed)

    def _ready(self, text: Embedding, guidance: float) -> Prompt:
        if self._told is None:
            return self.model.denoiser.prepare(text, self.plan.pictures)
        return self._told.told(text, Setting(len(self.whole.timesteps), guidance))

    def _held(self, pulled: Pulled, known: Known | None) -> Velocity:
        """The velocity that leaves alone what is given."""
        if known is None:
            return pulled
        abilities = self.model.denoiser.abilities
        by_cell = known.keep.shape[-2:] != (1, 1)
        if not (abilities.levels_by_cell if by_cell else abilities.levels_by_frame):
            return hold(pulled, known)

        def held(latent: Array, sigma: float) -> Array:
            by_level = partial(pulled.by_level, sigma)
            keep_level = hold_by_frame(by_level, known, self.plan.trace, by_cell=by_cell)
            return keep_level(latent, sigma)

        return held

    def _solver(self) -> Solver:
        solvers: dict[str, Solver] = {
            "unipc": UniPC(),
            "dpm": DPMSolver2M(),
            "euler": Euler(),
            "heun": Heun(),
            "renoise": Renoise(self.noise),
        }
        return solvers[self.model.recipe.solver]

    def _integrated(
        self,
        velocity: Velocity,
        begin: Array,
        steps: Schedule,
        solver: Solver,
        guides: list[Guided],
    ) -> Array:
        """All steps, told and shown; the state between them is kept, and found again."""
        run = self.run
        halfway = Halfway(run.checkpoint, self.request, guides, begin)
        previews = Previews(self.model.codec, run.on_event)
        meter = Meter("sample", len(steps.timesteps), run.on_event)
        state = halfway.found()
        if state is not None:
            meter.skip(state.done)

        def keep(state: State) -> None:
            halfway.keep(state)
            previews.show(state.clean[-1])

        try:
            return integrate(
                velocity,
                begin,
                steps.sigmas,
                solver=solver,
                on_step=lambda _done, _total: meter.step(),
                cancelled=run.cancelled,
                state=state,
                keep=keep,
            )
        except Cancelled:
            halfway.write()
            raise


def _all_same(prompts: tuple[Embedding, ...], shown: Embedding) -> bool:
    """Whether each of the prompts is the one that says what is shown."""
    return all(
        set(one) == set(shown) and all(np.array_equal(one[name], shown[name]) for name in one)
        for one in prompts
    )
