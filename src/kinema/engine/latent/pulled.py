"""A model's velocity under the prompts of a plan: asked window by window, mixed, and guided.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from kinema.engine.latent.plan import Plan
from kinema.engine.latent.protocol import LatentModel, Prompt, Recipe
from kinema.sample.arrays import Array, float64
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.mixture import mixed
from kinema.sample.schedule import TRAINING_STEPS, Schedule
from kinema.sample.solvers import Velocity
from kinema.sample.windows import FrameVelocity, Windows, windowed


class Pulled:
    """A velocity for `loop.integrate`, pulled to the prompts.

    Args:
        model: Whose velocity.
        plan: Says who rules where, what is given beside the latent, and whether it is a ring.
        steps: The noise levels of the run.
        prompts: Made ready; those of the plan, or another one for the whole clip.
        negative: What is pulled away from, made ready.
        scales: Guidance above and below the boundary between two experts.
        seed: Moves the windows about.

    Attributes:
        guides: The guidance above and below the boundary. Both see the same run, so that a solver's
            history goes on when one takes over from the other.
    """

    def __init__(
        self,
        model: LatentModel,
        plan: Plan,
        steps: Schedule,
        prompts: Sequence[Prompt],
        negative: Prompt,
        scales: tuple[float, float],
        seed: int,
    ) -> None:
        self._net, self._recipe = model.denoiser, model.recipe
        self._plan, self._steps, self._prompts = plan, steps, prompts
        self._negative = negative
        self._windows = windows_of(plan, model.recipe, seed)
        self._beside: Array | None = None
        if plan.beside_1CTHW is not None and plan.given_TR is not None:
            beside = self._net.device_array(plan.beside_1CTHW)
            self._beside = self._net.given_channels(beside, plan.given_TR)
        self._levels: Array | None = None  # (B, T) or (B, T, H, W), while it is asked for many
        self.guides = [guided(self._branches, Guidance(scale), steps.sigmas) for scale in scales]

    def __call__(self, latent: Array, sigma: float) -> Array:
        """The velocity at one noise level."""
        boundary = self._recipe.boundary
        low = boundary is not None and self._told(sigma) < boundary
        return self.guides[low](latent, sigma)

    def by_level(self, sigma: float, latent: Array, levels: Array) -> Array:
        """The velocity at a noise level for each frame or cell, in a run that is at ``sigma``."""
        # Each one's share of what the network is told of the run.
        self._levels = float64(levels) * (self._told(sigma) / sigma)
        try:
            return self(latent, sigma)
        finally:
            self._levels = None

    def _told(self, sigma: float) -> float:
        """What the network is told about a noise level."""
        whole = self._recipe.whole_timesteps
        return self._steps.timestep(sigma) / TRAINING_STEPS if whole else sigma

    def _branches(
        self, latent: Array, sigma: float, branches: tuple[Branch, ...]
    ) -> Sequence[Array]:
        """A velocity for each branch; all in one call where there is one prompt and one window."""
        if self._windows is None and len(self._prompts) == 1:
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
        level, beside = self._levels, self._beside
        if frames is not None:
            # On a ring, a window runs on past the last frame.
            numbers = [frame % self._plan.shape[1] for frame in frames]
            level = None if level is None else level[:, numbers]
            beside = None if beside is None else beside[:, :, numbers]
        told = self._told(sigma) if level is None else level
        return self._net.velocities(latent, told, prompts, given_BGTHW=beside, frames=frames)


def windows_of(plan: Plan, recipe: Recipe, seed: int) -> Windows | None:
    """How the clip is cut for the network; None where it is seen as a whole."""
    frames, length = plan.shape[1], recipe.window
    if plan.ring:
        length = min(length, frames)
        return Windows(length, overlap=length // 2, ring=True, seed=seed)
    return Windows(length, overlap=length // 2, seed=seed) if frames > length else None
