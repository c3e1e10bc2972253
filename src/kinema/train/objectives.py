"""What the networks are trained for: a clip back from its latent, and the way from noise to a clip.

Shape legend for this file:
    B = clips, C = channels, T, Y, X = latent frames, rows, columns; S = noise levels in a clip.

Source:
    Chen et al. 2024, "Diffusion Forcing", arXiv:2407.01392 (a noise level for each frame); Esser
    et al. 2024, arXiv:2403.03206, section 3.1 (velocities, logit-normal levels).
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Final, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

TOKENS_UNSHIFTED: Final = 320
"""Up to so many tokens a clip the levels are not shifted towards noise."""
_CONTEXT_NOISE: Final = 0.1
_SPATIAL: Final = 0.05  # share of batches in which parts of frames are given
BINS: Final = 4


class Task(IntEnum):
    """What is given and what is made, drawn anew for each clip."""

    SHARED = 0
    PREFIX = 1
    SUBSET = 2
    INDEPENDENT = 3


_SHARES: Final = (0.40, 0.28, 0.12, 0.20)


class Levels(NamedTuple):
    """Noise levels sigma_BS in [0, 1], float64; S is T, or T Y X / 4 where parts are given."""

    sigma_BS: Tensor
    task_B: Tensor


def draw_levels(
    batch: int, grid: tuple[int, int, int], device: torch.device, *, shared: bool = False
) -> Levels:
    """Draw for each clip a task, and the levels that belong to it.

    Args:
        batch: Clips.
        grid: Token frames, rows and columns.
        device: Of the answer; draws come from torch's own generator of the CPU.
        shared: Whether all frames have one level, and nothing is given.

    Returns:
        Levels: 0 where a frame is given, else logit-normal, shifted towards noise by the square
        root of how many tokens there are.
    """
    frames, rows, columns = grid
    shift = max(1.0, math.sqrt(math.prod(grid) / TOKENS_UNSHIFTED))
    sigma_BT = _logit_normal((batch, 1), shift).expand(-1, frames).clone()
    task_B = torch.multinomial(torch.tensor(_SHARES), batch, replacement=True)
    if frames == 1 or shared:
        task_B.zero_()
    spatial = frames > 1 and not shared and bool(torch.rand(()) < _SPATIAL)
    if spatial:
        task_B.fill_(Task.SUBSET)
    for clip, task in enumerate(task_B.tolist()):
        if task == Task.PREFIX:
            known = int(torch.randint(1, frames, ()))
            noised = bool(torch.rand(()) < 1 / 3)
            sigma_BT[clip, :known] = float(torch.rand(())) * _CONTEXT_NOISE * noised
        elif task == Task.SUBSET:
            given = torch.rand(frames) < torch.rand(())
            given[int(torch.randint(frames, ()))] = False
            sigma_BT[clip, given] = 0.0
        elif task == Task.INDEPENDENT:
            drawn = _logit_normal((frames,), shift)
            sigma_BT[clip] = drawn.sort().values if torch.rand(()) < 0.5 else drawn
    sigma_BS = _spatial(sigma_BT, rows, columns, shift) if spatial else sigma_BT
    return Levels(sigma_BS.double().to(device), task_B.to(device))


def spread(sigma_BS: Tensor, latent_BCTYX: Tensor) -> Tensor:
    """Levels of frames or tokens laid over the cells of a latent: (B, 1, T, Y or 1, X or 1)."""
    frames, rows, columns = latent_BCTYX.shape[2:]
    if sigma_BS.shape[1] == frames:
        return sigma_BS.float()[:, None, :, None, None]
    sigma_BTYX = sigma_BS.float().unflatten(1, (frames, rows // 2, columns // 2))
    return sigma_BTYX.repeat_interleave(2, 2).repeat_interleave(2, 3)[:, None]


def noised(latent_BCTYX: Tensor, noise_BCTYX: Tensor, sigma_BS: Tensor) -> Tensor:
    """The latent on its way: ``(1 - sigma) * latent + sigma * noise``."""
    sigma = spread(sigma_BS, latent_BCTYX)
    return (1 - sigma) * latent_BCTYX + sigma * noise_BCTYX


def velocity_loss(found_BCTYX: Tensor, wanted_BCTYX: Tensor, sigma_BS: Tensor) -> Tensor:
    """Mean square of the difference for each clip, (B,), over what is not given."""
    asked = (spread(sigma_BS, wanted_BCTYX) > 0).float().expand_as(wanted_BCTYX[:, :1])
    error = (found_BCTYX.float() - wanted_BCTYX).square().mean(1, keepdim=True) * asked
    return error.flatten(1).sum(1) / asked.flatten(1).sum(1).clamp(min=1.0)


def by_bin(loss_B: Tensor, levels: Levels) -> dict[str, float]:
    """Mean loss by task, and by noise level in quarters, for the log."""
    highest_B = levels.sigma_BS.amax(1)
    bin_B = (highest_B * BINS).long().clamp(max=BINS - 1)
    said: dict[str, float] = {}
    for task in Task:
        for number in range(BINS):
            chosen = (levels.task_B == task) & (bin_B == number)
            if chosen.any():
                said[f"{task.name.lower()}/{number}"] = float(loss_B[chosen].mean())
    return said


def picture_loss(found_BCTHW: Tensor, wanted_BCTHW: Tensor) -> Tensor:
    """Absolute difference of pixels, and of their gradients at three scales."""
    loss = F.l1_loss(found_BCTHW, wanted_BCTHW)
    found, wanted = (x.movedim(1, 2).flatten(0, 1) for x in (found_BCTHW, wanted_BCTHW))
    for _ in range(3):
        loss = loss + F.l1_loss(found.diff(dim=-1), wanted.diff(dim=-1))
        loss = loss + F.l1_loss(found.diff(dim=-2), wanted.diff(dim=-2))
        found, wanted = F.avg_pool2d(found, 2), F.avg_pool2d(wanted, 2)
    return loss


def _logit_normal(shape: tuple[int, ...], shift: float) -> Tensor:
    sigma = torch.randn(shape).sigmoid()
    return shift * sigma / (1 + (shift - 1) * sigma)


def _spatial(sigma_BT: Tensor, rows: int, columns: int, shift: float) -> Tensor:
    """Levels of tokens: in given frames a box is made anew, at the level of the clip."""
    batch, frames = sigma_BT.shape
    sigma_BTYX = sigma_BT[:, :, None, None].expand(batch, frames, rows, columns).clone()
    for clip in range(batch):
        top, left = int(torch.randint(rows, ())), int(torch.randint(columns, ()))
        level = sigma_BT[clip].max() if sigma_BT[clip].max() > 0 else _logit_normal((), shift)
        sigma_BTYX[clip, :, top : top + rows // 2 + 1, left : left + columns // 2 + 1] = level
    return sigma_BTYX.flatten(1)
