"""What one step of a run asks of its networks: the loss of a batch.

Shape legend for this file:
    B = clips, C = channels, T = pixel frames or latent frames, K = numbers of the camera.
"""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor

from kinema.data.stream import Batch
from kinema.models.captions import HashedWords, MiniLm, Tokens, filled
from kinema.models.configs import RATE
from kinema.models.dit import Extra, Route, WanTransformer
from kinema.train import objectives
from kinema.train.config import Objective, TrainConfig
from kinema.train.networks import Networks
from kinema.train.referee import referee_loss
from kinema.train.shortcut import shortcut_loss

LATENT_NOISE: Final = 0.05
SIZE_LOSS: Final = 1e-4
ROUTE_FIRST, ROUTE_LAST = 2, 2  # blocks at either end that all tokens go through


class Step:
    """Computes the loss of a batch; drawing is left to torch's own generator."""

    def __init__(self, config: TrainConfig, device: torch.device) -> None:
        self.config, self.device = config, device
        adapter = config.adapter
        self._tokenise = None
        if adapter is not None:
            hashed = HashedWords(adapter.vocabulary, adapter.tokens)
            self._tokenise = MiniLm(adapter.tokens) if adapter.frozen else hashed

    def loss(
        self, networks: Networks, smoothed: Networks, batch: Batch, progress: float
    ) -> tuple[Tensor, dict[str, float]]:
        """The loss, and what the log says of it.

        Args:
            networks: Those that learn.
            smoothed: Their average over the last steps, the teacher of the few-step objective.
            batch: From the stream.
            progress: Share of the run that is done.
        """
        if self.config.objective is Objective.REFEREE:
            return referee_loss(networks, batch, self.device)
        pixels = torch.from_numpy(batch.pixels_BTHWC).to(self.device)
        pixels_BCTHW = pixels.movedim(-1, 1).float() / 127.5 - 1.0
        if self.config.objective is Objective.AUTOENCODER:
            return self._picture(networks, pixels_BCTHW)
        if batch.latent_BCTYX is None:
            with torch.no_grad():
                latent = networks.vae.encode(pixels_BCTHW)
        else:
            latent = torch.from_numpy(batch.latent_BCTYX).to(self.device).float()
        tokens = batch.captions if networks.said else self._tokens(batch).to(self.device)
        fps_B = torch.full((len(latent),), float(batch.fps), device=self.device)
        extra = Extra(fps_B=fps_B)
        if torch.rand(()) < self.config.camera_told:
            camera_BTK = torch.from_numpy(batch.camera_BTK[:, ::RATE]).to(self.device)
            extra = Extra(fps_B=fps_B, camera_BTK=camera_BTK)
        if (
            self.config.objective is Objective.SHORTCUT
            and torch.rand(()) < 0.5
            and not isinstance(tokens, list)
        ):
            return shortcut_loss(networks, smoothed, latent, tokens, extra)
        return self._flow(networks, latent, (tokens, extra), progress)

    def _tokens(self, batch: Batch) -> Tokens:
        """Tokens of the captions, and their states where the stream has not read them yet."""
        if batch.words is not None:
            return filled(batch.words)
        assert self._tokenise is not None
        return self._tokenise(batch.captions)

    def _picture(self, networks: Networks, pixels_BCTHW: Tensor) -> tuple[Tensor, dict[str, float]]:
        found, latent = networks.vae(pixels_BCTHW, LATENT_NOISE)
        loss = objectives.picture_loss(found, pixels_BCTHW)
        error = (found.detach().clamp(-1, 1) - pixels_BCTHW).square().mean() / 4
        # Latents are free to be of any size otherwise, and would drown the noise.
        return loss + SIZE_LOSS * latent.square().mean(), {"psnr": float(-10 * error.log10())}

    def _flow(
        self,
        networks: Networks,
        latent_BCTYX: Tensor,
        said: tuple[Tokens | list[str], Extra],
        progress: float,
    ) -> tuple[Tensor, dict[str, float]]:
        assert networks.dit is not None
        grid = (latent_BCTYX.shape[2], latent_BCTYX.shape[3] // 2, latent_BCTYX.shape[4] // 2)
        # Models of others know one noise level for a clip; ours one for each frame or token.
        shared = bool(networks.said)
        levels = objectives.draw_levels(len(latent_BCTYX), grid, self.device, shared=shared)
        noise = torch.randn(latent_BCTYX.shape).to(self.device)
        dropped_B = (torch.rand(len(noise)) < self.config.text_dropped).to(self.device)
        if isinstance(said[0], list):
            text = networks.spoken(said[0], dropped_B)
        else:
            assert networks.adapter is not None
            text = networks.adapter(said[0], dropped_B)
        context = networks.dit.context(text)
        found = networks.dit(
            objectives.noised(latent_BCTYX, noise, levels.sigma_BS),
            levels.sigma_BS,
            context,
            extra=said[1],
            route=self._route(networks.dit, grid, progress),
        )
        loss_B = objectives.velocity_loss(found, noise - latent_BCTYX, levels.sigma_BS)
        return loss_B.mean(), objectives.by_bin(loss_B.detach(), levels)

    def _route(
        self, dit: WanTransformer, grid: tuple[int, int, int], progress: float
    ) -> Route | None:
        depth, cells = dit.config.depth, grid[1] * grid[2]
        kept = cells - int(cells * self.config.routed)
        last = depth - 1 - ROUTE_LAST
        if kept == cells or progress > 1 - self.config.unrouted or last <= ROUTE_FIRST:
            return None
        chosen = [torch.randperm(cells)[:kept].sort().values + t * cells for t in range(grid[0])]
        return Route(ROUTE_FIRST, last, torch.cat(chosen).to(self.device))
