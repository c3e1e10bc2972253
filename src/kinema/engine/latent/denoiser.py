"""The Wan transformers behind the engine's protocol.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns,
    M = tokens of a prompt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.latent.image_encoder import ImageEncoder
from kinema.engine.latent.memory import BATCHED_TOKENS
from kinema.engine.latent.pace import Clock
from kinema.engine.latent.protocol import Abilities, Embedding, Prompt
from kinema.engine.latent.room import Room
from kinema.engine.latent.work import Shape, forward_operations, tokens
from kinema.models.dit import Context, WanTransformer
from kinema.models.experts import Experts
from kinema.models.loading import Networks
from kinema.models.registry import ImageRoad
from kinema.sample.arrays import Array

_ROADS: Final = (ImageRoad.CHANNELS, ImageRoad.CHANNELS_AND_TOKENS)


@dataclass(slots=True)
class _WanPrompt:
    """A prompt as each of a model's networks sees it, made ready when it is first asked for."""

    text_1MW: Tensor
    picture_1MI: Tensor | None
    ready: dict[int, Context] = field(default_factory=dict[int, Context])

    def seen_by(self, network: WanTransformer) -> Context:
        """Keys and values of every block of that network."""
        if id(network) not in self.ready:
            self.ready.clear()  # of two experts only one is at work, and never comes back
            self.ready[id(network)] = network.context(self.text_1MW, self.picture_1MI)
        return self.ready[id(network)]


class WanDenoiser:
    """One transformer, or a pair of experts. Answers one call at a time.

    Args:
        networks: The model.
        device: Where it is.
        reader: Its image encoder, for a model that has one.
        room: Gives each step its memory; None where all blocks are there for good.
        clock: Told how long real forwards take.
    """

    def __init__(
        self,
        networks: Networks,
        device: torch.device,
        reader: ImageEncoder | None = None,
        room: Room | None = None,
        clock: Clock | None = None,
    ) -> None:
        spec = networks.spec
        self.abilities = Abilities(
            from_words=spec.text_to_video,
            levels_by_frame=spec.images is ImageRoad.CLEAN_FRAMES,
            given_channels=spec.images in _ROADS,
            pictures=0 if reader is None else reader.pictures,
            blocks=spec.transformer.depth,
        )
        self._network = networks.transformer
        self._config = networks.transformer.config
        self._reader, self._device = reader, device
        self._room, self._clock = room, clock
        self._lock = Lock()

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 tensor on the device."""
        host = torch.as_tensor(np.array(values, np.float32))
        return host.to(self._device)

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """The prompt, and what the image encoder sees in the pictures."""
        network = self._network.high if isinstance(self._network, Experts) else self._network
        dtype = network.text_in.up.weight.dtype
        text_1MW = torch.as_tensor(np.asarray(text["text"]))[None].to(self._device, dtype)
        seen = None
        if self._reader is not None:
            seen = self._reader.read(pictures).to(self._device, dtype)
        return _WanPrompt(text_1MW, seen)

    def velocities(
        self,
        latent_BCTHW: Array,
        sigma: float | Array,
        prompts: Sequence[Prompt],
        *,
        given_BGTHW: Array | None = None,
        frames: range | None = None,  # noqa: ARG002 - positions count from 0 in every window
        skip: Collection[int] = (),
    ) -> list[Array]:
        """The velocity under each prompt.

        Every window counts its positions from 0, since the family was trained on clips that do.
        """
        level = sigma.double() if isinstance(sigma, Tensor) else sigma
        x = latent_BCTHW
        if given_BGTHW is not None:
            x = torch.cat((x, given_BGTHW.expand(len(x), -1, -1, -1, -1)), dim=1)
        with self._lock, torch.inference_mode():
            network, streamed = self._at_work(level, _shape(x))
            contexts = [cast("_WanPrompt", prompt).seen_by(network) for prompt in prompts]
            many = self._length(x) > BATCHED_TOKENS
            if len(contexts) == 1 or many or len(x) > 1:
                answers: list[Array] = []
                for context in contexts:
                    with self._timed(x, len(x), skip, streamed):
                        answers.append(
                            network(x, level, _repeated(context, len(x)), skip=skip).float()
                        )
                return answers
            count = len(contexts)
            if isinstance(level, Tensor):
                level = level.expand(count, *level.shape[1:])
            x = x.expand(count, -1, -1, -1, -1)
            with self._timed(x, count, skip, streamed):
                both = network(x, level, Context.stack(contexts), skip=skip)
            return [one[None].float() for one in both]

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> Array:
        """Four channels of mask, one for each picture of a latent frame, and the latent.

        Source:
            Wan 2.1, ``wan/image2video.py``: the mask of the first picture is repeated four times.
        """
        mask_RT = torch.as_tensor(given_TR.T.astype(np.float32)).to(known_BCTHW)
        mask_BRTHW = mask_RT[None, :, :, None, None].expand(
            len(known_BCTHW), -1, -1, *known_BCTHW.shape[-2:]
        )
        return torch.cat((mask_BRTHW, known_BCTHW), dim=1)

    def _at_work(self, level: float | Tensor, shape: Shape) -> tuple[WanTransformer, int]:
        """The transformer of a noise level, and the bytes of blocks that it must wait for."""
        network, number = self._network, 0
        if isinstance(network, Experts):
            expert = network.expert(level)
            network, number = expert, int(expert is network.low)
        if self._room is None:
            return network, 0
        plan = self._room.for_step(shape, number)
        return network, (plan.depth - plan.staying) * plan.block

    def _length(self, x_BCTHW: Tensor) -> int:
        return tokens(self._config, _shape(x_BCTHW))

    def _timed(
        self, x_BCTHW: Tensor, batch: int, skip: Collection[int], streamed: int
    ) -> AbstractContextManager[None]:
        """Take the time of a whole forward."""
        if self._clock is None or skip:
            return nullcontext()
        shape: Shape = _shape(x_BCTHW)
        work = forward_operations(self._config, shape) * batch
        return self._clock.steps((*shape, batch), work, streamed)


def _repeated(context: Context, batch: int) -> Context:
    return context if batch == 1 else Context.stack([context] * batch)


def _shape(x_BCTHW: Tensor) -> Shape:
    frames, rows, columns = x_BCTHW.shape[2:]
    return frames, rows, columns
