"""Pipelines that are run as a whole: we see the latent between their steps, and may replace it.

Shape legend for this file:
    B = 1, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NoReturn

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.cards.folders import PipelineFacts
from kinema.engine.latent.protocol import Abilities, Embedding, Prompt
from kinema.engine.latent.rough import Rough
from kinema.errors import UnsupportedTask
from kinema.sample.arrays import Array, on_host

TEXT: Final = "utf8"
"""The only array of an embedding here: the prompt itself, since the pipeline embeds it."""

_TOKENS: Final = frozenset({"LTX2Pipeline"})
_FRAMES_FIRST: Final = frozenset({"CogVideoXPipeline"})
_CHANNELS_LAST: Final = frozenset({"Kandinsky5T2VPipeline"})
"""Classes that keep the axes of a latent in another order than we; others do as we do."""

_LENGTHS: Final = ("num_frames", "video_length", "frames")
"""What pipelines call the number of frames."""


class WholeText:
    """The text side: the pipeline reads the prompt itself, so it is handed on as it is."""

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """The letters, as bytes."""
        return [{TEXT: np.frombuffer(text.encode(), dtype=np.uint8)} for text in texts]


class WholeDenoiser:
    """Runs a pipeline: see `protocol.WholeRun`.

    Args:
        pipeline: Any text-to-video pipeline with ``callback_on_step_end``.
        facts: What its folder says.
        device: Where it computes.
    """

    def __init__(self, pipeline: Any, facts: PipelineFacts, device: torch.device) -> None:
        self.abilities = Abilities(steps_only=True, first_alone=facts.first_alone)
        self._pipeline = pipeline
        self._facts = facts
        self._device = device
        self._taken = inspect.signature(pipeline.__call__).parameters

    def run(
        self,
        text: Embedding,
        negative: Embedding,
        noise_1CTHW: NDArray[Any],
        *,
        steps: int,
        guidance: float,
        seed: int,
        on_step: Callable[[int, Array], Array | None],
    ) -> Array:
        """The pipeline's own pictures, (1, 3, frames, rows, columns) in [0, 1].

        Decoding is left to the pipeline too, since each scales and guards its pictures itself.
        """
        frames, rows, columns = noise_1CTHW.shape[2:]
        random = torch.Generator("cpu").manual_seed(seed)
        noise = self.device_array(noise_1CTHW)
        layout = _Layout(self._pipeline, self._facts.class_name, noise, random)

        def after(pipeline: Any, step: int, timestep: Any, found: dict[str, Any]) -> dict[str, Any]:
            del pipeline, timestep
            theirs: Tensor = found["latents"]
            wanted = on_step(step + 1, layout.ours(theirs).clone())
            return {} if wanted is None else {"latents": layout.replaced(theirs, wanted)}

        unwanted = _words(negative)
        wanted = {
            "prompt": _words(text),
            # Without one, a pipeline has a negative prompt of its own.
            **({"negative_prompt": unwanted} if unwanted else {}),
            "height": rows * self._facts.cell,
            "width": columns * self._facts.cell,
            **dict.fromkeys(_LENGTHS, self._pictures(frames)),
            "num_inference_steps": steps,
            "guidance_scale": guidance,
            "latents": layout.start.to(self._dtype()),
            "generator": random,
            "use_resolution_binning": False,
            "output_type": "np",
            "callback_on_step_end": after,
            "callback_on_step_end_tensor_inputs": ["latents"],
        }
        try:
            made = self._pipeline(**{k: v for k, v in wanted.items() if k in self._taken})
        finally:
            self._pipeline.maybe_free_model_hooks()
        return torch.as_tensor(np.asarray(made.frames, np.float32)).permute(0, 4, 1, 2, 3)

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 tensor on the device."""
        host = np.ascontiguousarray(values, dtype=np.float32)
        return torch.tensor(host, device=self._device)  # a copy: pipelines write into it

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """The embedding as it is."""
        if pictures:
            raise ValueError("this model has no image encoder")
        return text

    def velocities(self, *asked: Any, **more: Any) -> NoReturn:
        """Out of reach: raises `UnsupportedTask`."""
        del asked, more
        raise UnsupportedTask(
            "task", f"a {self._facts.class_name} is run as a whole", "text_to_video"
        )

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> NoReturn:
        """Out of reach, as `velocities`."""
        self.velocities(known_BCTHW, given_TR)

    def _pictures(self, frames: int) -> int:
        return (frames - self._facts.first_alone) * self._facts.rate + self._facts.first_alone

    def _dtype(self) -> torch.dtype:
        network = getattr(self._pipeline, "transformer", None) or self._pipeline.unet
        return network.dtype


class WholeCodec:
    """Takes what `WholeDenoiser.run` gave, which is pictures already."""

    def __init__(self, facts: PipelineFacts) -> None:
        self.channels, self.rate, self.cell = facts.channels, facts.rate, facts.cell
        self._name = facts.class_name

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """Refused: raises `UnsupportedTask`, since each pipeline scales its latents itself."""
        del pictures
        raise UnsupportedTask("task", f"a {self._name} is given no pictures", "text_to_video")

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """The finished pictures, rounded."""
        for frame_3HW in on_host(latent_1CTHW)[0].swapaxes(0, 1):
            yield np.ascontiguousarray(
                (frame_3HW * 255.0).round().astype(np.uint8).transpose(1, 2, 0)
            )

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """Shapes in false colours: of such a latent nobody knows what its channels mean."""
        return Rough.false_colours(latent_1CTHW).pictures(latent_1CTHW)


class _Layout:
    """Between our (1, C, T, H, W) and how a pipeline keeps its latent.

    Args:
        pipeline: The pipeline.
        class_name: Of it.
        noise_1CTHW: What the run starts from.
        spare: Where the noise comes from for frames that only the pipeline knows of.
    """

    def __init__(
        self, pipeline: Any, class_name: str, noise_1CTHW: Tensor, spare: torch.Generator
    ) -> None:
        self._shape = noise_1CTHW.shape
        self._tokens = class_name in _TOKENS
        self._frames_first = class_name in _FRAMES_FIRST
        self._channels_last = class_name in _CHANNELS_LAST
        self.start = self._moved(noise_1CTHW)
        config = getattr(getattr(pipeline, "transformer", None), "config", {})
        if self._frames_first:
            # Its tokens hold several frames; a first token that is not full begins with noise.
            missing = -self._shape[2] % (config.get("patch_size_t") or 1)
            more = torch.randn(1, missing, *self.start.shape[2:], generator=spare)
            self.start = torch.cat([more.to(self.start), self.start], 1)
        elif self._channels_last and config.get("visual_cond"):
            # Behind the latent come a given picture's, which is none, and its mask.
            nothing = self.start.new_zeros(*self.start.shape[:-1], self._shape[1] + 1)
            self.start = torch.cat([self.start, nothing], -1)

    def replaced(self, theirs: Tensor, latent_1CTHW: Tensor) -> Tensor:
        """Theirs with our latent in its place; what they keep beside it stays."""
        moved = self._moved(latent_1CTHW).to(theirs)
        if self._frames_first:
            return torch.cat([theirs[:, : theirs.shape[1] - moved.shape[1]], moved], 1)
        return torch.cat([moved, theirs[..., moved.shape[-1] :]], -1)

    def ours(self, theirs: Tensor) -> Tensor:
        """Theirs as (1, C, T, H, W), float32."""
        _, channels, frames, *_ = self._shape
        if self._tokens:
            return theirs.transpose(1, 2).reshape(self._shape).float()
        if self._frames_first:
            return theirs.transpose(1, 2)[:, :, theirs.shape[1] - frames :].float()
        if self._channels_last:
            return theirs.movedim(-1, 1)[:, :channels].float()
        return theirs.float()

    def _moved(self, latent_1CTHW: Tensor) -> Tensor:
        if self._tokens:
            return latent_1CTHW.flatten(2).transpose(1, 2)
        if self._frames_first:
            return latent_1CTHW.transpose(1, 2)
        return latent_1CTHW.movedim(1, -1) if self._channels_last else latent_1CTHW


def _words(embedding: Embedding) -> str:
    return embedding[TEXT].tobytes().decode()
