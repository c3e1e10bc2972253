"""What the engine asks of a latent video model: three small protocols and a value of facts.

Every task of the engine is written against these, so a model that answers them does every task that
its abilities allow. Arrays are what the model computes with (torch tensors on its device, or NumPy
arrays); what crosses into a checkpoint is NumPy.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.sample.arrays import Array
from kinema.sample.schedule import Schedule, Table
from kinema.types import Quality

Embedding = Mapping[str, NDArray[Any]]
"""A prompt as the model's text encoder says it, by name, at its true length: goes into checkpoints.

The Wan family has one array, ``text`` (M, W)."""

Prompt = Any
"""A prompt (and pictures) made ready for a denoiser: keys and values, say. Opaque to the engine."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """What tasks may rely on beyond "a velocity for a latent at a noise level".

    from_words: makes clips without any picture. levels_by_frame: takes a noise level for each
    latent frame. levels_by_cell: takes one for each latent cell too. given_channels: takes the
    given frames beside the noisy latent, as a mask and a latent, and was trained for it. told: is
    told of a run how many steps and how much guidance it has (`ToldRun`). pictures: how many
    pictures its image encoder wants to see, 0 where it has none. blocks: how many blocks there are
    to leave out, 0 where none can be. first_alone: the codec makes the first latent frame from one
    picture and every other from `Codec.rate`. steps_only: it can be run only as a whole; velocities
    are out of reach, latents between steps are not.
    """

    from_words: bool = True
    levels_by_frame: bool = False
    levels_by_cell: bool = False
    told: bool = False
    given_channels: bool = False
    pictures: int = 0
    blocks: int = 0
    first_alone: bool = True
    steps_only: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the model is meant to be run, where the request does not say otherwise.

    table, shift: the noise levels. solver: ``unipc``, ``dpm``, ``euler``, ``heun`` or ``renoise``.
    steps: by quality. guidance: scale at high noise; guidance_low: below ``boundary``, None for the
    same. boundary: sigma from which down the second expert works, None for one network. timesteps:
    the declared few of distilled weights, () for any number of steps. negative: the authors' own
    negative prompt. window: latent frames seen at once; longer clips go in overlapping windows.
    fps: of training. levels: the run of so many steps on a latent of (T, H, W), where table and
    shift do not say it. whole_timesteps: whether a noise level reaches the network cut to whole
    thousandths (`Schedule.timestep`), as in training; false for one that takes sigma as it is.
    """

    table: Table
    shift: float
    steps: Mapping[Quality, int]
    guidance: float
    window: int
    fps: Fraction
    solver: str = "unipc"
    guidance_low: float | None = None
    boundary: float | None = None
    timesteps: tuple[int, ...] = ()
    negative: str = ""
    levels: Callable[[int, tuple[int, int, int]], Schedule] | None = None
    whole_timesteps: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """What a `ToldRun` is told: the steps from noise to a clip, and the scale of the guidance."""

    steps: int
    guidance: float


class TextSide(Protocol):
    """The text encoder. May be loaded for a call and dropped after it."""

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text; an empty text is a prompt like any other."""
        ...


class Denoiser(Protocol):
    """The network that says where the noise lies."""

    abilities: Abilities

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 array of the kind, and on the device, that it computes with."""
        ...

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """Everything of a prompt that does not depend on latent or noise.

        ``pictures`` are what the image encoder is shown; `Abilities.pictures` of them.
        """
        ...

    def velocities(
        self,
        latent_BCTHW: Array,
        sigma: float | Array,
        prompts: Sequence[Prompt],
        *,
        given_BGTHW: Array | None = None,
        frames: range | None = None,
        skip: Collection[int] = (),
    ) -> list[Array]:
        """The velocity ``noise - clean`` at one latent under each prompt, each (B, C, T, H, W).

        Args:
            latent_BCTHW: Float32, at that noise level.
            sigma: In [0, 1]; (B, T) where `Abilities.levels_by_frame`, (B, T, H, W) where
                `Abilities.levels_by_cell`.
            prompts: At least one; free to be answered in one batch.
            given_BGTHW: Mask and latent of given frames, where `Abilities.given_channels`: made
                by `given_channels`.
            frames: Which latent frames of the clip these are, for positions; None counts from 0.
            skip: Blocks to leave out.
        """
        ...

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> Array:
        """The channels that tell the network what is given.

        Args:
            known_BCTHW: The latent of a clip that is grey wherever nothing is given.
            given_TR: For each latent frame which of its pictures are given, (T, `Codec.rate`); of
                the first, where it is of a single picture, all or none.
        """
        ...


class ToldRun(Denoiser, Protocol):
    """What the denoiser offers where `Abilities.told`."""

    def told(self, text: Embedding, setting: Setting) -> Prompt:
        """As `prepare`, for a run of that kind."""
        ...

    def passes(self, steps: int) -> int:
        """How many passes a guided step takes in a run of so many steps: 1 or 2."""
        ...


class WholeRun(Denoiser, Protocol):
    """What the denoiser offers where `Abilities.steps_only`; its velocities raise a named error."""

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
        """Make the clip as the model itself would.

        Args:
            text: What is to be seen.
            negative: What is not; of an empty text, what the model's authors do not want to see.
                Without effect where the model knows no negative prompt.
            noise_1CTHW: Where it starts; the shape says the size of the clip.
            steps: Of the model's own schedule, at least 1.
            guidance: Scale; 1 is none.
            seed: For models that draw fresh noise between steps.
            on_step: Called after each step with the number of finished steps and the latent
                (1, C, T, H, W), which is at a noise level only the model knows. What it returns
                takes the latent's place; None leaves it. An error it raises ends the run.

        Returns:
            What `Codec.decode` takes: a latent, or finished pictures (1, 3, frames, rows, columns)
            in [0, 1].
        """
        ...


class Codec(Protocol):
    """Between pictures and latents. Latents are normalised: mean 0, variance 1 a channel."""

    channels: int
    rate: int
    """Pictures a latent frame stands for, but the first where `Abilities.first_alone`."""
    cell: int
    """Rows and columns of pixels that a latent cell stands for."""

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """Pictures of one size, sides multiples of ``cell``, counts that fit ``rate``.

        Returns:
            (1, C, T, H, W), float32, in bounded memory beside the result.
        """
        ...

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """Pictures as they are taken, in bounded memory; the count that ``rate`` says."""
        ...

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """A small picture of each latent frame by one linear map, for previews: milliseconds."""
        ...


@dataclass(frozen=True, slots=True)
class LatentModel:
    """A loaded model: what `adapter.LatentAdapter` runs.

    multiple: what width and height in pixels are multiples of. weights: hash of what was loaded.
    packages: distributions whose versions decide what pictures look like.
    """

    name: str
    text: TextSide
    denoiser: Denoiser
    codec: Codec
    recipe: Recipe
    multiple: int
    weights: str
    packages: tuple[str, ...]
