"""What the referee is trained for: the labels of real clips, drawn a little worse than they are."""

from __future__ import annotations

from typing import Final

import torch
import torch.nn.functional as F
from torch import Tensor

from kinema.data.stream import Batch
from kinema.models.referee import slot_losses, slot_shares
from kinema.storybook.labels import SLOTS
from kinema.train.networks import Networks

_LIGHT: Final = 0.15  # how much brighter, darker, flatter or harsher pictures become
_NOISE: Final = 0.06  # at the most, of the range from -1 to 1
_SHIFT: Final = 0.04  # of the side, by which pictures are moved


def referee_loss(
    networks: Networks, batch: Batch, device: torch.device
) -> tuple[Tensor, dict[str, float]]:
    """Cross entropy over all slots, and for the log the share of each that is read right."""
    assert networks.referee is not None
    assert batch.labels_BS is not None
    labels_BS = torch.from_numpy(batch.labels_BS.astype("int64")).to(device)
    clips = torch.from_numpy(batch.pixels_BTHWC).to(device).float() / 127.5 - 1.0
    logits, _ = networks.referee(worse(clips))
    shares = slot_shares([one.detach() for one in logits], labels_BS, SLOTS)
    return slot_losses(logits, labels_BS).mean(), dict(shares)


def worse(clips_BTHWC: Tensor) -> Tensor:
    """Clips as a network might make them: other light, softer, noisy, a few pixels aside.

    Nothing is mirrored, because sides are among the labels; a clip's frames are treated alike.
    """
    batch, frames, height, width, _ = clips_BTHWC.shape
    device = clips_BTHWC.device

    def drawn(*shape: int) -> Tensor:
        return torch.rand(shape).to(device) * 2 - 1

    light = drawn(batch, 1, 1, 1, 1) * _LIGHT
    x = clips_BTHWC * (1 + drawn(batch, 1, 1, 1, 1) * _LIGHT) + light
    x = x + torch.randn(x.shape).to(device) * _NOISE * drawn(batch, 1, 1, 1, 1).abs()
    if torch.rand(()) < 0.5:
        flat = x.movedim(-1, 2).flatten(0, 1)
        soft = F.avg_pool2d(flat, 2) if height % 2 == 0 and width % 2 == 0 else flat
        soft = F.interpolate(soft, (height, width), mode="bilinear", align_corners=False)
        x = soft.unflatten(0, (batch, frames)).movedim(2, -1)
    rows, columns = (int(torch.rand(()).mul(2).sub(1) * _SHIFT * side) for side in (height, width))
    return x.roll((rows, columns), (2, 3)).clamp(-1, 1)
