"""The models of the Wan family by name: architecture, licence, and how they are meant to be run.

A row is data. What a folder really holds is compared with its row when it is loaded.

Source:
    The configs of Wan-Video/Wan2.1 and Wan-Video/Wan2.2 (``wan/configs``) and the config files of
    the published ``diffusers`` folders.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from importlib.resources import files
from typing import Final

from kinema.errors import UnknownModel
from kinema.models.configs import MEAN_22, STD_22, DiTConfig, TextConfig, VaeConfig
from kinema.types import Licence, Size

APACHE: Final = Licence(id="Apache-2.0", url="https://www.apache.org/licenses/LICENSE-2.0")


class ImageRoad(StrEnum):
    """How a picture gets into a model."""

    NONE = "none"
    CHANNELS = "channels"
    """Mask and latent of the given frames beside the noisy latent (2.2 I2V-A14B)."""
    CHANNELS_AND_TOKENS = "channels_and_tokens"
    """The same, and the tokens of an image encoder for each of one or two pictures (2.1 I2V and
    FLF2V)."""
    CLEAN_FRAMES = "clean_frames"
    """Given frames are frames of the latent whose noise level is 0 (2.2 TI2V)."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """How the authors run a model.

    sizes: trained sizes, the default first. steps and image_steps: without and with a picture.
    shift: of the sigma table. guidance: scale; guidance_low: that of the expert for little noise.
    """

    sizes: tuple[Size, ...]
    frames: int
    fps: Fraction
    steps: int
    shift: float
    guidance: float
    guidance_low: float | None = None
    image_steps: int | None = None


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model.

    boundary: sigma from which on the second expert works, None for a single transformer.
    negative: the authors' own negative prompt; repositories: where they publish the weights.
    """

    name: str
    summary: str
    transformer: DiTConfig
    vae: VaeConfig
    text: TextConfig
    images: ImageRoad
    defaults: Defaults
    boundary: float | None = None
    negative: str = ""
    repositories: tuple[str, ...] = ()
    licence: Licence = APACHE

    @property
    def text_to_video(self) -> bool:
        """Whether it makes clips from words alone."""
        return self.images in (ImageRoad.NONE, ImageRoad.CLEAN_FRAMES)

    @property
    def multiple(self) -> int:
        """What width and height in pixels are multiples of."""
        return self.vae.cell * self.transformer.patch[-1]


def _negative(name: str) -> str:
    text = (files("kinema.models") / "data" / name).read_text("utf-8")
    return "".join(line for line in text.splitlines() if not line.startswith("#"))


_480P, _480P_TALL = Size(width=832, height=480), Size(width=480, height=832)
_720P, _720P_TALL = Size(width=1280, height=720), Size(width=720, height=1280)
_704P, _704P_TALL = Size(width=1280, height=704), Size(width=704, height=1280)
_SMALL_FIRST = (_480P, _480P_TALL, _720P, _720P_TALL)

_1_3B: Final = DiTConfig(width=1536, heads=12, hidden=8960, depth=30)
_5B: Final = DiTConfig(
    width=3072, heads=24, hidden=14336, depth=30, channels_in=48, channels_out=48
)
_14B: Final = DiTConfig(width=5120, heads=40, hidden=13824, depth=40)
_14B_IMAGE: Final = replace(_14B, channels_in=36)
_VAE_21: Final = VaeConfig()
_VAE_22: Final = VaeConfig(
    width=160, decoder_width=256, channels=48, shortcuts=True, packed=2, mean=MEAN_22, std=STD_22
)
_UMT5: Final = TextConfig()
_NEGATIVE: Final = _negative("wan_negative.txt")
_NEGATIVE_IMAGE: Final = _negative("wan_negative_image.txt") + _NEGATIVE

_MODELS: Final = {
    spec.name: spec
    for spec in (
        ModelSpec(
            name="wan2.1-t2v-1.3b",
            summary="The small open model for text to video; fits a card of 8 GB.",
            transformer=_1_3B,
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.NONE,
            defaults=Defaults((_480P, _480P_TALL), 81, Fraction(16), 50, 5.0, 5.0),
            negative=_NEGATIVE,
            repositories=("Wan-AI/Wan2.1-T2V-1.3B", "Wan-AI/Wan2.1-T2V-1.3B-Diffusers"),
        ),
        ModelSpec(
            name="wan2.1-t2v-14b",
            summary="Text to video at 480p and 720p.",
            transformer=_14B,
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.NONE,
            defaults=Defaults(_SMALL_FIRST, 81, Fraction(16), 50, 5.0, 5.0),
            negative=_NEGATIVE,
            repositories=("Wan-AI/Wan2.1-T2V-14B", "Wan-AI/Wan2.1-T2V-14B-Diffusers"),
        ),
        ModelSpec(
            name="wan2.1-i2v-14b",
            summary="Image to video; reads the image with an encoder of its own as well.",
            transformer=replace(_14B_IMAGE, image_width=1280),
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.CHANNELS_AND_TOKENS,
            defaults=Defaults(_SMALL_FIRST, 81, Fraction(16), 40, 3.0, 5.0, image_steps=40),
            negative=_NEGATIVE_IMAGE,
            repositories=(
                "Wan-AI/Wan2.1-I2V-14B-480P",
                "Wan-AI/Wan2.1-I2V-14B-480P-Diffusers",
                "Wan-AI/Wan2.1-I2V-14B-720P",
                "Wan-AI/Wan2.1-I2V-14B-720P-Diffusers",
            ),
        ),
        ModelSpec(
            name="wan2.1-flf2v-14b",
            summary="From a first picture to a last one, at 720p.",
            transformer=replace(_14B_IMAGE, image_width=1280, image_tokens=514),
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.CHANNELS_AND_TOKENS,
            defaults=Defaults((_720P, _720P_TALL), 81, Fraction(16), 50, 16.0, 5.0, image_steps=50),
            negative=_NEGATIVE_IMAGE,
            repositories=("Wan-AI/Wan2.1-FLF2V-14B-720P", "Wan-AI/Wan2.1-FLF2V-14B-720P-diffusers"),
        ),
        ModelSpec(
            name="wan2.2-ti2v-5b",
            summary="Text and image to video at 24 frames a second.",
            transformer=_5B,
            vae=_VAE_22,
            text=_UMT5,
            images=ImageRoad.CLEAN_FRAMES,
            defaults=Defaults((_704P, _704P_TALL), 121, Fraction(24), 50, 5.0, 5.0, image_steps=40),
            negative=_NEGATIVE,
            repositories=("Wan-AI/Wan2.2-TI2V-5B", "Wan-AI/Wan2.2-TI2V-5B-Diffusers"),
        ),
        ModelSpec(
            name="wan2.2-t2v-a14b",
            summary="Text to video with two experts, one for much noise and one for little.",
            transformer=_14B,
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.NONE,
            boundary=0.875,
            defaults=Defaults(_SMALL_FIRST, 81, Fraction(16), 40, 12.0, 4.0, guidance_low=3.0),
            negative=_NEGATIVE,
            repositories=("Wan-AI/Wan2.2-T2V-A14B", "Wan-AI/Wan2.2-T2V-A14B-Diffusers"),
        ),
        ModelSpec(
            name="wan2.2-i2v-a14b",
            summary="Image to video with two experts, one for much noise and one for little.",
            transformer=_14B_IMAGE,
            vae=_VAE_21,
            text=_UMT5,
            images=ImageRoad.CHANNELS,
            boundary=0.9,
            defaults=Defaults(
                _SMALL_FIRST, 81, Fraction(16), 40, 5.0, 3.5, guidance_low=3.5, image_steps=40
            ),
            negative=_NEGATIVE,
            repositories=("Wan-AI/Wan2.2-I2V-A14B", "Wan-AI/Wan2.2-I2V-A14B-Diffusers"),
        ),
    )
}


def models() -> tuple[ModelSpec, ...]:
    """Every model of the family, small ones first."""
    return tuple(_MODELS.values())


def model(name: str) -> ModelSpec:
    """The model of that name.

    Raises:
        UnknownModel: There is none; the message names those that exist, nearest first.
    """
    if name not in _MODELS:
        near = get_close_matches(name, _MODELS, n=3, cutoff=0.5)
        ordered = [*near, *(other for other in _MODELS if other not in near)]
        raise UnknownModel("model", f"there is no model {name!r}", ", ".join(ordered))
    return _MODELS[name]
