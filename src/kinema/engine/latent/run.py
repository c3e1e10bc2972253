"""Sampling a plan: prompts into guidance, guidance into what is held, all of it into the loop.

From the inside out: the network is asked about windows of the clip, under each prompt; prompts are
mixed cell by cell; guidance pulls away from the negative prompt; what is given is held; the solver
takes its steps.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Run
from kinema.engine.checkpoint import Arrays
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.protocol import Denoiser, LatentModel, Prompt, Recipe
from kinema.engine.pictures import preview
from kinema.engine.progress import Meter
from kinema.errors import Cancelled
from kinema.sample.arrays import Array, float64
from kinema.sample.constraints import Known, hold, hold_by_frame, settle
from kinema.sample.edit import flow_edit, start
from kinema.sample.guidance import Branch, Guidance, Guided, guided
from kinema.sample.loop import integrate
from kinema.sample.mixture import mixed
from kinema.sample.noise import Noise
from kinema.sample.schedule import Schedule, declared, schedule
from kinema.sample.solvers import DPMSolver2M, Euler, Heun, Renoise, Solver, State, UniPC, Velocity
from kinema.sample.windows import FrameVelocity, Windows, windowed
from kinema.types import Request, to_json

PREVIEW_EVERY: Final = 1.0
"""Seconds between two previews."""

KEEP_EVERY: Final = 10.0
"""Seconds between two writings of a half-done latent, where writing is quick."""

_WRITING: Final = 0.05  # share of the time that goes into writing at most
_STAGE: Final = "steps"
_SOURCE_GUIDANCE: Final = 1.5  # an edit follows what the clip shows weakly, and the change strongly


def sample(model: LatentModel, request: Request, plan: Plan, run: Run) -> Array:
    """Make the latent of a plan.

    Returns:
        (1, C, T, H, W), float32, clean.

    Raises:
        Cancelled: ``run.cancelled()`` was true; the checkpoint is good to go on from.
        LatentError: The model's numbers broke down.
    """
    return _Sampling(model, request, plan, run).latent()


def levels(recipe: Recipe, request: Request, shape: tuple[int, int, int, int]) -> Schedule:
    """The noise levels of a whole run."""
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
        self.net: Denoiser = model.denoiser
        self.noise = Noise((request.seed,), plan.shape, plan.first_frame)
        self.whole = levels(model.recipe, request, plan.shape)
        self.guides: list[Guided] = []

    def latent(self) -> Array:
        """Sample."""
        plan, device = self.plan, self.net.device_array
        known = None
        if plan.known_1CTHW is not None and plan.keep_11THW is not None:
            known = Known(device(plan.known_1CTHW), device(plan.keep_11THW))
            if (plan.keep_11THW == 1.0).all():
                return known.latent
        clip = None if plan.clip_1CTHW is None else device(plan.clip_1CTHW)
        if plan.source is not None and clip is not None:
            return self._edited(clip)
        begin, steps = device(self.noise.start()), self.whole
        if clip is not None:
            snap = bool(self.model.recipe.timesteps)
            begin, steps = start(clip, begin, steps, level_at(steps, plan.strength), snap=snap)
        velocity = self._held(self._pulled(steps), known)
        result = self._integrated(velocity, begin, steps, self._solver())
        return result if known is None else settle(result, known)

    def _edited(self, clip: Array) -> Array:
        """Move the clip by the difference of two prompts."""
        steps = self.whole.last(round(self.plan.strength * len(self.whole.timesteps)))
        was = self.net.prepare(self.plan.source or {}, self.plan.pictures)
        weak = min(_SOURCE_GUIDANCE, self._scales()[0])
        same = self._same_words()
        source = self._pulled(steps, [was], None if same else (weak, weak))
        moved = flow_edit(source, self._pulled(steps), clip, self.noise)
        return self._integrated(moved, clip, steps, Euler())

    def _same_words(self) -> bool:
        """Whether the edit asks for what the clip shows already; then nothing moves."""
        if len(self.plan.prompts) != 1 or self.plan.source is None:
            return False
        wanted, shown = self.plan.prompts[0], self.plan.source
        return set(wanted) == set(shown) and all(
            np.array_equal(wanted[name], shown[name]) for name in wanted
        )

    def _scales(self) -> tuple[float, float]:
        """Guidance above and below the boundary."""
        recipe, asked = self.model.recipe, self.request.sampling.guidance
        if asked is not None:
            return asked, asked
        low = recipe.guidance if recipe.guidance_low is None else recipe.guidance_low
        return recipe.guidance, low

    def _pulled(
        self,
        steps: Schedule,
        prompts: Sequence[Prompt] | None = None,
        scales: tuple[float, float] | None = None,
    ) -> _Pulled:
        """The model under its prompts, pulled to them."""
        if prompts is None:
            prompts = [self.net.prepare(one, self.plan.pictures) for one in self.plan.prompts]
        negative = self.net.prepare(self.plan.negative, self.plan.pictures)
        pulled = _Pulled(self, steps, prompts, negative, scales or self._scales())
        self.guides += pulled.guides
        return pulled

    def _held(self, pulled: _Pulled, known: Known | None) -> Velocity:
        """The velocity that leaves alone what is given."""
        if known is None:
            return pulled
        whole_frames = known.keep.shape[-2:] == (1, 1)
        if not (self.net.abilities.levels_by_frame and whole_frames):
            return hold(pulled, known)

        def held(latent: Array, sigma: float) -> Array:
            by_frame = partial(pulled.by_frame, sigma)
            return hold_by_frame(by_frame, known, self.plan.trace)(latent, sigma)

        return held

    def _solver(self) -> Solver:
        name = self.model.recipe.solver
        solvers: dict[str, Callable[[], Solver]] = {
            "unipc": UniPC,
            "dpm": DPMSolver2M,
            "euler": Euler,
            "heun": Heun,
            "renoise": lambda: Renoise(self.noise),
        }
        return solvers[name]()

    def _integrated(
        self, velocity: Velocity, begin: Array, steps: Schedule, solver: Solver
    ) -> Array:
        total = len(steps.timesteps)
        keeper = _Keeper(self, begin)
        state = keeper.found()
        meter = Meter("sample", max(total, 1), self.run.on_event)
        if state is not None:
            meter.skip(state.done)
        shown = _Shown(self)

        def keep(state: State) -> None:
            keeper.keep(state)
            shown.show(state)

        try:
            return integrate(
                velocity,
                begin,
                steps.sigmas,
                solver=solver,
                on_step=lambda _done, _total: meter.step(),
                cancelled=self.run.cancelled,
                state=state,
                keep=keep,
            )
        except Cancelled:
            keeper.write()
            raise


class _Pulled:
    """A model's velocity under prompts and guidance; for a whole clip or by frame."""

    def __init__(
        self,
        sampling: _Sampling,
        steps: Schedule,
        prompts: Sequence[Prompt],
        negative: Prompt,
        scales: tuple[float, float],
    ) -> None:
        self._net, self._plan = sampling.net, sampling.plan
        self._recipe, self._steps = sampling.model.recipe, steps
        self._negative, self._prompts = negative, prompts
        self._windows = _windows(sampling.plan, sampling.model.recipe, sampling.request.seed)
        self._beside = _beside(sampling)
        self._levels: Array | None = None
        self.guides = [guided(self._branches, Guidance(scale), steps.sigmas) for scale in scales]

    def __call__(self, latent: Array, sigma: float) -> Array:
        """The velocity at one noise level."""
        boundary = self._recipe.boundary
        low = boundary is not None and self._level(sigma) < boundary
        return self.guides[low](latent, sigma)

    def by_frame(self, sigma: float, latent: Array, levels_BT: Array) -> Array:
        """The velocity at a noise level for each frame, of which ``sigma`` is that of the run."""
        # Each frame's share of what the network is told of the run, which may be cut.
        self._levels = float64(levels_BT) * (self._level(sigma) / sigma)
        try:
            return self(latent, sigma)
        finally:
            self._levels = None

    def _level(self, sigma: float) -> float:
        """What the network is told about a noise level."""
        return self._steps.timestep(sigma) / 1000 if self._recipe.whole_timesteps else sigma

    def _branches(
        self, latent: Array, sigma: float, branches: tuple[Branch, ...]
    ) -> Sequence[Array]:
        """A velocity for each branch; all in one call where there is one prompt and one window."""
        whole = self._windows is None
        if whole and len(self._prompts) == 1:
            named = {Branch.PROMPT: self._prompts[0], Branch.NEGATIVE: self._negative}
            return self._asked(latent, sigma, [named[branch] for branch in branches], None)
        return [self._branch(branch)(latent, sigma) for branch in branches]

    def _branch(self, branch: Branch) -> Velocity:
        prompts = self._prompts if branch is Branch.PROMPT else [self._negative]
        each = [self._under(prompt) for prompt in prompts]
        weights = self._plan.weights_KTHW
        ruled = each[0] if len(each) == 1 or weights is None else mixed(each, weights)
        if self._windows is None:
            return ruled
        return windowed(ruled, self._windows, self._steps.sigmas)

    def _under(self, prompt: Prompt) -> FrameVelocity:
        def velocity(latent: Array, sigma: float, frames: range | None = None) -> Array:
            return self._asked(latent, sigma, [prompt], frames)[0]

        return velocity

    def _asked(
        self, latent: Array, sigma: float, prompts: Sequence[Prompt], frames: range | None
    ) -> Sequence[Array]:
        level: float | Array = self._level(sigma)
        if self._levels is not None:
            level = self._levels if frames is None else self._levels[:, self._numbers(frames)]
        beside = self._beside
        if beside is not None and frames is not None:
            beside = beside[:, :, self._numbers(frames)]
        return self._net.velocities(latent, level, prompts, given_BGTHW=beside, frames=frames)

    def _numbers(self, frames: range) -> list[int]:
        return [frame % self._plan.shape[1] for frame in frames]


class _Keeper:
    """Writes a half-done latent down, and finds the one that an earlier run wrote."""

    def __init__(self, sampling: _Sampling, like: Array) -> None:
        self._checkpoint = sampling.run.checkpoint
        self._guides, self._like = sampling.guides, like
        # Another request's latent is not gone on with.
        digest = hashlib.sha256(to_json(sampling.request)).digest()
        self._request = np.frombuffer(digest, np.uint8)
        self._due = time.monotonic() + KEEP_EVERY
        self._newest: State | None = None

    def found(self) -> State | None:
        """Where an earlier run of the same request was left."""
        saved = None if self._checkpoint is None else self._checkpoint.load(_STAGE)
        if saved is None or not np.array_equal(saved[1].get("request", ()), self._request):
            return None
        done, arrays = saved
        for number, guide in enumerate(self._guides):
            guide.restore(_within(arrays, f"guide{number}."), self._like)
        return State.restore(done, arrays, self._like)

    def keep(self, state: State) -> None:
        """Write the state down where it is time."""
        self._newest = state
        now = time.monotonic()
        if self._checkpoint is None or now < self._due:
            return
        self.write()
        took = time.monotonic() - now
        self._due = now + max(KEEP_EVERY, took / _WRITING)

    def write(self) -> None:
        """Write the newest state down, if there is one that is not written."""
        state, self._newest = self._newest, None
        if self._checkpoint is None or state is None:
            return
        arrays: dict[str, NDArray[Any]] = {**state.arrays(), "request": self._request}
        for number, guide in enumerate(self._guides):
            arrays |= {f"guide{number}.{name}": one for name, one in guide.arrays().items()}
        self._checkpoint.save(_STAGE, state.done, arrays)


class _Shown:
    """Shows what the clip will look like, from the prediction of the newest step."""

    def __init__(self, sampling: _Sampling) -> None:
        self._sampling = sampling
        self._due = time.monotonic()

    def show(self, state: State) -> None:
        """Send a picture of the middle of the clip where it is time."""
        if time.monotonic() < self._due or not state.clean:
            return
        rough = self._sampling.model.codec.rough(state.clean[-1])
        self._sampling.run.on_event(preview(rough[len(rough) // 2], enlarge=True))
        self._due = time.monotonic() + PREVIEW_EVERY


def _within(arrays: Arrays, prefix: str) -> Mapping[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _windows(plan: Plan, recipe: Recipe, seed: int) -> Windows | None:
    """How the clip is cut for the network; None where it is seen as a whole."""
    frames, length = plan.shape[1], recipe.window
    if plan.ring:
        length = min(length, frames)
        return Windows(length, overlap=length // 2, ring=True, seed=seed)
    return Windows(length, overlap=length // 2, seed=seed) if frames > length else None


def _beside(sampling: _Sampling) -> Array | None:
    """What goes beside the latent into a model that takes given frames there, be it nothing."""
    plan, net = sampling.plan, sampling.net
    if not net.abilities.given_channels:
        return None
    given_T = np.zeros(plan.shape[1], bool) if plan.given_T is None else plan.given_T
    known = (
        np.zeros((1, *plan.shape), np.float32) if plan.beside_1CTHW is None else plan.beside_1CTHW
    )
    return net.given_channels(net.device_array(known), given_T)
