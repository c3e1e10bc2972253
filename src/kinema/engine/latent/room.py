"""Who may be in memory when: gives each stage of a run what its plan says, out of one budget."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from torch import nn

from kinema.engine.latent.memory import Cut, MemoryPlan, plan_shape, plan_text
from kinema.engine.latent.streaming import BlockStream
from kinema.engine.latent.work import Shape
from kinema.models.registry import ModelSpec


class Room:
    """The memory of one loaded model.

    Args:
        spec: The model.
        budget: Bytes for all of it.
        itemsize: Bytes of a weight.
        streams: What brings the blocks of each transformer: one, or one for each expert.

    Raises:
        TooLittleMemory: The model cannot run at all in so little.
    """

    def __init__(
        self, spec: ModelSpec, budget: int, itemsize: int, streams: Sequence[BlockStream]
    ) -> None:
        self.text, self.text_layers = plan_text(spec, budget, itemsize)
        self.kept_text: nn.Module | None = None
        self._budget = budget
        self._streams = streams
        self._plan: MemoryPlan | None = None

        @cache
        def plan(shape: Shape, budget: int) -> MemoryPlan:
            return plan_shape(spec, shape, budget, itemsize=itemsize)

        self._planned = plan

    def for_step(self, shape: Shape, expert: int) -> MemoryPlan:
        """Before a step on a latent of that shape by one of the transformers.

        Raises:
            TooLittleMemory: It does not fit, however it is cut.
        """
        plan = self._planned(shape, self._budget)
        if plan is not self._plan:
            self._plan = plan
            for stream in self._streams:
                stream.stay(plan.staying)
            if not plan.text_stays:
                self.kept_text = None
        for number, stream in enumerate(self._streams):
            if number != expert and stream.here:
                stream.leave()
        return plan

    def for_text(self) -> None:
        """Before the text encoder is loaded."""
        if self._plan is None or self._plan.text_alone:
            self._blocks_leave()

    def keep_text(self, encoder: nn.Module) -> None:
        """After it was used: it stays where the last plan had room for it as well."""
        if self._plan is not None and self._plan.text_stays:
            self.kept_text = encoder

    def for_decoding(self, shape: Shape) -> Cut:
        """Before a latent of that shape is decoded, or pictures are encoded to it.

        Raises:
            TooLittleMemory: It does not fit, however it is cut.
        """
        plan = self._planned(shape, self._budget)
        if plan.alone:
            self._blocks_leave()
        return plan.decoding

    def _blocks_leave(self) -> None:
        for stream in self._streams:
            stream.leave()
