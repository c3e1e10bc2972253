"""Two transformers that share one job: one for much noise, one for little (Wan 2.2 A14B).

Source:
    Wan 2.2's published configs: the boundary is 0.875 for text, 0.9 for image to video.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from kinema.models.dit import NO_EXTRA, Context, Extra, WanTransformer
from kinema.ops.rope import Positions


@dataclass(frozen=True, slots=True)
class ExpertContext:
    """A prompt as each of the two sees it."""

    high: Context
    low: Context


class Experts(nn.Module):
    """The pair behind the interface of one transformer.

    Args:
        high: Does the steps with ``sigma >= boundary``: composition and motion.
        low: Does the others: detail.
        boundary: In (0, 1). Where it falls among the steps depends on the schedule.

    Raises:
        ValueError: The boundary is out of range, or the two are not of the same architecture.
    """

    def __init__(self, high: WanTransformer, low: WanTransformer, boundary: float) -> None:
        super().__init__()
        if not 0.0 < boundary < 1.0:
            raise ValueError(f"boundary must be between 0 and 1, got {boundary}")
        if high.config != low.config:
            raise ValueError("both experts must have the same architecture")
        self.high = high
        self.low = low
        self.boundary = boundary
        self.config = high.config

    def expert(self, sigma: Tensor | float) -> WanTransformer:
        """Which of the two does a step: of several noise levels the highest decides."""
        return self.high if self._is_high(sigma) else self.low

    def context(self, text_BMW: Tensor, image_BMI: Tensor | None = None) -> ExpertContext:
        """Prepare a prompt for both; see `WanTransformer.context`.

        A program that holds only one of the two in memory calls `expert` and prepares it there.
        """
        return ExpertContext(
            self.high.context(text_BMW, image_BMI), self.low.context(text_BMW, image_BMI)
        )

    def forward(
        self,
        latent_BCTYX: Tensor,
        sigma: Tensor | float,
        context: ExpertContext,
        *,
        extra: Extra = NO_EXTRA,
        positions: Positions | None = None,
        skip: Collection[int] = (),
    ) -> Tensor:
        """The velocity, as the expert in charge sees it; see `WanTransformer.forward`."""
        is_high = self._is_high(sigma)
        expert = self.high if is_high else self.low
        prompt = context.high if is_high else context.low
        return expert(latent_BCTYX, sigma, prompt, extra=extra, positions=positions, skip=skip)

    def _is_high(self, sigma: Tensor | float) -> bool:
        return bool(torch.as_tensor(sigma).max() >= self.boundary)
