"""Models that can be run only as a whole: the same events and the same way to stop them."""

from __future__ import annotations

from typing import cast

from kinema.engine.adapters import Run
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.previews import Previews
from kinema.engine.latent.protocol import LatentModel, WholeRun
from kinema.engine.progress import Meter
from kinema.errors import Cancelled
from kinema.sample.arrays import Array
from kinema.sample.noise import Noise
from kinema.types import Request


def sample_whole(model: LatentModel, request: Request, plan: Plan, run: Run) -> Array:
    """Make what `Codec.decode` takes, in the model's own manner.

    Raises:
        Cancelled: ``run.cancelled()`` was true after a step.
    """
    recipe, net = model.recipe, cast("WholeRun", model.denoiser)
    steps = request.sampling.steps or recipe.steps[request.quality]
    asked = request.sampling.guidance
    meter = Meter("sample", steps, run.on_event)
    previews = Previews(model.codec, run.on_event)

    def on_step(done: int, latent: Array) -> None:
        if run.cancelled():
            raise Cancelled(f"stopped after step {done} of {steps}")
        meter.step()
        previews.show(latent)

    return net.run(
        plan.prompts[0],
        plan.negative,
        Noise((request.seed,), plan.shape).start(),
        steps=steps,
        guidance=recipe.guidance if asked is None else asked,
        seed=request.seed,
        on_step=on_step,
    )
