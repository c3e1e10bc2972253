"""Sheets: a picture of what the networks of a run make at that moment."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

from kinema.data.stream import Batch, StreamConfig, stream
from kinema.models.captions import HashedWords, MiniLm
from kinema.models.dit import Extra
from kinema.train.config import TrainConfig
from kinema.train.networks import Networks

STEPS: Final = 8
_GUIDANCE: Final = 3.0


@torch.no_grad()
def draw_sheet(networks: Networks, config: TrainConfig, path: Path) -> None:
    """Write a PNG: real frames of held-out seeds above, below what the networks make of them.

    The autoencoder draws them again; the transformer makes them from their captions and noise.
    """
    assert isinstance(config.stream, StreamConfig)
    held_out = replace(config.stream, split="A", processes=0, buckets=config.stream.buckets[:1])
    (batch,) = islice(stream(held_out), 1)
    device = next(networks.parameters()).device
    pixels = torch.from_numpy(batch.pixels_BTHWC).to(device).movedim(-1, 1).float() / 127.5 - 1.0
    latent = networks.vae.encode(pixels)
    if networks.dit is not None:
        latent = sampled(networks, config, batch, latent.shape)
    made = networks.vae.decode(latent)
    rows = [_strip(x) for clip in zip(pixels[:4], made[:4], strict=True) for x in clip]
    sheet = cv2.cvtColor(np.concatenate(rows), cv2.COLOR_RGB2BGR)
    cv2.imwrite(str(path), sheet)


@torch.no_grad()
def sampled(
    networks: Networks, config: TrainConfig, batch: Batch, shape: tuple[int, ...]
) -> Tensor:
    """Latents for the captions of a batch, by plain guided steps from seeded noise."""
    dit, adapter = networks.dit, networks.adapter
    assert dit is not None
    assert adapter is not None
    settings, device = adapter.config, next(networks.parameters()).device
    tokenise = MiniLm(settings.tokens) if settings.frozen else None
    tokenise = tokenise or HashedWords(settings.vocabulary, settings.tokens)
    told = dit.context(adapter(tokenise(batch.captions).to(device)))
    untold = dit.context(adapter.nothing(shape[0]))
    extra = Extra(fps_B=torch.full((shape[0],), float(batch.fps), device=device))
    x = torch.randn(shape, generator=torch.Generator().manual_seed(config.seed)).to(device)
    for step in range(STEPS):
        sigma = 1 - step / STEPS
        plain = dit(x, sigma, untold, extra=extra).float()
        guided = plain + _GUIDANCE * (dit(x, sigma, told, extra=extra).float() - plain)
        x = x - guided / STEPS
    return x


def _strip(clip_CTHW: Tensor) -> np.ndarray:
    """First, middle and last frame side by side, bytes."""
    frames = clip_CTHW[:, [0, clip_CTHW.shape[1] // 2, -1]]
    bytes_TCHW = ((frames.clamp(-1, 1) + 1) * 127.5).round().byte().movedim(1, 0)
    return np.concatenate(list(bytes_TCHW.movedim(1, -1).cpu().numpy()), axis=1)
