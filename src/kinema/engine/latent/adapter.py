"""The one adapter of all latent models: the engine's stages, in terms of plans and latents."""

from __future__ import annotations

import numpy as np

from kinema.engine.adapters import Conditioning, Frames, Latent, Run
from kinema.engine.cards import card
from kinema.engine.latent.beside import shown
from kinema.engine.latent.order import Order
from kinema.engine.latent.plan import Draft, Plan
from kinema.engine.latent.protocol import Embedding, LatentModel
from kinema.engine.latent.run import sample
from kinema.engine.latent.tasks import TASKS
from kinema.engine.latent.whole_run import sample_whole
from kinema.sample.arrays import on_host
from kinema.types import Request


class LatentAdapter:
    """An `engine.adapters.Adapter` over any `LatentModel`."""

    def __init__(self, model: LatentModel) -> None:
        self.model = model
        self.weights = model.weights
        self.packages = model.packages
        self._said: dict[str, Embedding] = {}

    def condition(self, request: Request, run: Run) -> Conditioning:
        """Read prompts, clips, masks and pictures into a plan."""
        order = self._order(request, run)
        draft = TASKS[request.task].compose(order)
        plan = self._planned(order, draft)
        arrays = {**plan.arrays(), "prompt": np.array(draft.prompts[0])}
        return Conditioning(arrays, notes=(*draft.notes, *order.idle()))

    def sample(self, request: Request, conditioning: Conditioning, run: Run) -> Latent:
        """Take the steps."""
        plan = Plan.restore(conditioning.arrays)
        steps = sample_whole if self.model.denoiser.abilities.steps_only else sample
        latent = steps(self.model, request, plan, run)
        kept = {
            "latent": np.asarray(on_host(latent), np.float32),
            "first_frame": np.asarray(plan.first_frame),
            "prompt": conditioning.arrays["prompt"],
            "shown": np.asarray(request.frames + _so_far(run.before)),
        }
        return Latent(kept)

    def decode(self, request: Request, latent: Latent, run: Run) -> Frames:
        """Decode what was sampled, and join it with what was given."""
        order = self._order(request, run)
        array = self.model.denoiser.device_array(latent.arrays["latent"])
        pictures = TASKS[request.task].finish(order, array)
        return Frames(pictures, request.size, request.fps, request.frames)

    def _order(self, request: Request, run: Run) -> Order:
        return Order(request, self.model, card(request.model, run.weights), run)

    def _planned(self, order: Order, draft: Draft) -> Plan:
        """The draft with its words embedded, all in one call of the text encoder."""
        recipe = self.model.recipe
        negative = recipe.negative if draft.negative is None else draft.negative
        texts = [*draft.prompts, negative]
        texts += [] if draft.source is None else [draft.source]
        said = self._embedded(texts)
        count = len(draft.prompts)
        return Plan(
            prompts=tuple(said[:count]),
            negative=said[count],
            source=None if draft.source is None else said[count + 1],
            **shown(order, draft.rest),
        )

    def _embedded(self, texts: list[str]) -> list[Embedding]:
        """The texts, new ones embedded in one call; those of the newest request are kept."""
        known = self._said
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known = known | dict(zip(new, self.model.text.embed(new), strict=True))
        self._said = {text: known[text] for text in texts}
        return [known[text] for text in texts]


def _so_far(before: Latent | None) -> int:
    """Pictures of a stream that were shown before its next piece."""
    return 0 if before is None else int(before.arrays["shown"])
