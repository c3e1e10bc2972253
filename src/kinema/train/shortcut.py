"""Few steps from one network: it learns to jump as far as two of its own smaller jumps.

A jump of class k goes over 2^k / 16 of the way. The smallest, class 1, goes where two guided steps
of the plain network (class 0) go; the guidance scale is told to the network, so that no second
pass is needed afterwards. Class k + 1 goes where two jumps of class k go.

Source:
    Frans et al. 2024, "One Step Diffusion via Shortcut Models", arXiv:2410.12557, section 3;
    guidance as an input as in Meng et al. 2022, arXiv:2210.03142, section 3.1.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import torch
from torch import Tensor

from kinema.models.captions import Tokens
from kinema.models.dit import Context, Extra
from kinema.train import objectives
from kinema.train.networks import Networks

CLASSES: Final = 5
"""Step sizes that a network must know: plain, then 1/8, 1/4, 1/2 and all of the way."""
GUIDANCE: Final = (1.5, 6.0)
_STEPS: Final = 16


def shortcut_loss(
    networks: Networks, smoothed: Networks, latent_BCTYX: Tensor, tokens: Tokens, extra: Extra
) -> tuple[Tensor, dict[str, float]]:
    """The loss of jumps of one class, drawn here, against two half jumps of the smoothed network.

    A third of the clips begin with given frames, which stay as they are during the jump.
    """
    assert networks.dit is not None
    assert networks.adapter is not None
    batch, _, frames = latent_BCTYX.shape[:3]
    device = latent_BCTYX.device
    step_class = int(torch.randint(1, CLASSES, ()))
    jump = 2**step_class / _STEPS
    begin_B = torch.randint(1, _STEPS // 2**step_class + 1, (batch,)) * jump
    moving_BT = torch.ones(batch, frames)
    for clip in range(batch):
        if frames > 1 and torch.rand(()) < 1 / 3:
            moving_BT[clip, : int(torch.randint(1, frames, ()))] = 0.0
    low, high = GUIDANCE
    guidance_B = (low + (high - low) * torch.rand(batch)).to(device)
    sigma_BT = (begin_B[:, None] * moving_BT).double().to(device)
    half_BT = (jump / 2 * moving_BT).double().to(device)
    noise = torch.randn(latent_BCTYX.shape).to(device)
    x = objectives.noised(latent_BCTYX, noise, sigma_BT)
    with torch.no_grad():
        teach = _Teacher(smoothed, tokens, extra, guidance_B, step_class - 1)
        first = teach.velocity(x, sigma_BT)
        halfway = x - objectives.spread(half_BT, x) * first
        second = teach.velocity(halfway, sigma_BT - half_BT)
        wanted = (first + second) / 2
    told = replace(extra, step_size_B=_classes(batch, step_class, device), guidance_B=guidance_B)
    context = networks.dit.context(networks.adapter(tokens))
    found = networks.dit(x, sigma_BT, context, extra=told)
    loss_B = objectives.velocity_loss(found, wanted, sigma_BT)
    return loss_B.mean(), {f"jump/{step_class}": float(loss_B.detach().mean())}


class _Teacher:
    """The smoothed network at one step class: guided by a second pass where that is class 0."""

    def __init__(
        self, networks: Networks, tokens: Tokens, extra: Extra, guidance_B: Tensor, step_class: int
    ) -> None:
        assert networks.dit is not None
        assert networks.adapter is not None
        self.dit, self.guidance_B, self.guided = networks.dit, guidance_B, step_class == 0
        self.extra = extra
        if not self.guided:
            classes_B = _classes(len(guidance_B), step_class, guidance_B.device)
            self.extra = replace(extra, step_size_B=classes_B, guidance_B=guidance_B)
        self.context: Context = self.dit.context(networks.adapter(tokens))
        self.nothing: Context = self.dit.context(networks.adapter.nothing(len(guidance_B)))

    def velocity(self, x: Tensor, sigma_BT: Tensor) -> Tensor:
        """Float32, of the shape of ``x``."""
        told = self.dit(x, sigma_BT, self.context, extra=self.extra).float()
        if not self.guided:
            return told
        untold = self.dit(x, sigma_BT, self.nothing, extra=self.extra).float()
        return untold + self.guidance_B[:, None, None, None, None] * (told - untold)


def _classes(batch: int, step_class: int, device: torch.device) -> Tensor:
    return torch.full((batch,), step_class, dtype=torch.int64, device=device)
