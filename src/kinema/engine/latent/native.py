"""Our own networks of the Wan family behind the engine's protocol.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns,
    M = tokens of a prompt.
"""

# pyright: reportUnknownMemberType=false - torch and transformers leave arguments open

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.latent.protocol import Abilities, Embedding, LatentModel, Prompt, Recipe
from kinema.engine.latent.rough import Rough
from kinema.engine.latent.steps import steps_by_quality
from kinema.errors import WeightsError
from kinema.models.configs import RATE
from kinema.models.dit import Context, WanTransformer
from kinema.models.experts import Experts
from kinema.models.loading import Networks, load_text
from kinema.models.loading import load as load_networks
from kinema.models.registry import ImageRoad, ModelSpec, model
from kinema.models.text import Tokenizer
from kinema.models.vae import Stream, WanVae
from kinema.ops.attention import fastest
from kinema.ops.conv import clips_are_right
from kinema.sample.arrays import Array
from kinema.sample.schedule import Table
from kinema.weights import foreign
from kinema.weights.keys import Part

PACKAGES: Final = ("torch",)
"""Distributions whose versions decide what the pictures look like."""

BATCHED_TOKENS: Final = 8192
"""Up to this many tokens the prompts of a step are answered in one batch: a GPU is not full yet."""

_ROADS: Final = (ImageRoad.CHANNELS, ImageRoad.CHANNELS_AND_TOKENS)
_PIXEL: Final = 127.5  # of a picture's value, for one unit of the networks'


def load(
    name: str,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
) -> LatentModel:
    """Load a model of the registry from its folder, in any layout.

    The text encoder is not loaded: it is larger than all else and works once a clip.

    Args:
        name: A row of `models.registry`.
        folder: The user's weights.
        device: Where it computes; None for the GPU where there is one.
        dtype: Of the weights; None for bfloat16 where the device computes with it, else float32.

    Raises:
        UnknownModel: There is no such row.
        WeightsError: A network is missing, of another model, incomplete, truncated, or under
            another licence.
    """
    spec = model(name)
    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    kind = dtype or _fitting_dtype(place)
    networks = load_networks(spec, folder, dtype=kind, device=place, with_text=False)
    _prepare(networks, place, kind)
    denoiser = WanDenoiser(networks, place, _picture_reader(spec, folder, place, kind))
    return LatentModel(
        name=name,
        text=WanText(spec, folder, place, kind),
        denoiser=denoiser,
        codec=WanCodec(networks.vae, place),
        recipe=recipe(spec),
        multiple=spec.multiple,
        weights=networks.weights,
        packages=PACKAGES,
    )


def recipe(spec: ModelSpec) -> Recipe:
    """How the authors run the model."""
    usual = spec.defaults
    return Recipe(
        table=Table.DIFFUSERS,
        shift=usual.shift,
        steps=steps_by_quality(usual.steps),
        guidance=usual.guidance,
        guidance_low=usual.guidance_low,
        boundary=spec.boundary,
        negative=spec.negative,
        window=1 + (usual.frames - 1) // RATE,
        fps=usual.fps,
    )


class WanText:
    """The text encoder, loaded for a call and dropped after it."""

    def __init__(
        self, spec: ModelSpec, folder: Path, device: torch.device, dtype: torch.dtype
    ) -> None:
        self._spec, self._folder = spec, folder
        self._device, self._dtype = device, dtype

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, at its true length.

        Raises:
            WeightsError: There is no text encoder or no vocabulary in the folder.
        """
        found = foreign.find(self._folder)
        if found.tokenizer is None:
            raise WeightsError("weights", "there is no vocabulary in it", "a folder tokenizer/")
        cut = Tokenizer(found.tokenizer)
        encoder = load_text(found.part(Part.TEXT), self._spec.text)
        encoder = encoder.to(self._device, self._dtype)
        limit = self._spec.transformer.text_tokens
        with torch.inference_mode():
            said = [encoder.encode([cut(text, limit)])[0].float().cpu() for text in texts]
        return [{"text": text_MW.numpy()} for text_MW in said]


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
    """One transformer, or a pair of experts."""

    def __init__(
        self, networks: Networks, device: torch.device, reader: PictureReader | None = None
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
        self._reader = reader
        self._device = device
        self._patch = spec.transformer.patch

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as a float32 tensor on the device."""
        host = torch.from_numpy(np.array(values, np.float32))
        return host.to(self._device)

    def prepare(self, text: Embedding, pictures: Sequence[Picture] = ()) -> Prompt:
        """The prompt, and what the image encoder sees in the pictures."""
        network = self._network.high if isinstance(self._network, Experts) else self._network
        dtype = network.text_in.up.weight.dtype
        text_1MW = torch.from_numpy(np.asarray(text["text"]))[None].to(self._device, dtype)
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
        network = (
            self._network.expert(level) if isinstance(self._network, Experts) else self._network
        )
        x = latent_BCTHW
        if given_BGTHW is not None:
            x = torch.cat((x, given_BGTHW.expand(len(x), -1, -1, -1, -1)), dim=1)
        contexts = [cast("_WanPrompt", prompt).seen_by(network) for prompt in prompts]
        with torch.inference_mode():
            if len(contexts) == 1 or self._tokens(x) > BATCHED_TOKENS or len(x) > 1:
                return [
                    network(x, level, _repeated(context, len(x)), skip=skip).float()
                    for context in contexts
                ]
            count = len(contexts)
            if isinstance(level, Tensor):
                level = level.expand(count, *level.shape[1:])
            both = network(
                x.expand(count, -1, -1, -1, -1), level, Context.stack(contexts), skip=skip
            )
            return [one[None].float() for one in both]

    def given_channels(self, known_BCTHW: Array, given_T: NDArray[np.bool_]) -> Array:
        """Four channels of mask, one for each picture of a latent frame, and the latent.

        Source:
            Wan 2.1, ``wan/image2video.py``: the mask of the first picture is repeated four times.
        """
        mask = torch.from_numpy(given_T.astype(np.float32)).to(known_BCTHW)
        mask_BRTHW = mask[None, None, :, None, None].expand(
            len(known_BCTHW), RATE, -1, *known_BCTHW.shape[-2:]
        )
        return torch.cat((mask_BRTHW, known_BCTHW), dim=1)

    def _tokens(self, x_BCTHW: Tensor) -> int:
        sides = zip(x_BCTHW.shape[2:], self._patch, strict=True)
        return int(np.prod([side // patch for side, patch in sides]))


class WanCodec:
    """The autoencoder, in streaming chunks.

    Args:
        vae: The network.
        device: Where it is.
        chunk: Latent frames worked on at a time: more is faster and takes more memory.
    """

    rate = RATE

    def __init__(self, vae: WanVae, device: torch.device, chunk: int = 4) -> None:
        self.channels = vae.config.channels
        self.cell = vae.config.cell
        self._vae, self._device, self._chunk = vae, device, chunk
        self._rough: Rough | None = None

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """Pictures to a latent, chunk by chunk.

        Values may be float32 in [0, 255] as well: 127.5 is the grey that stands for nothing.
        """
        source, stream, pieces = iter(pictures), Stream(), list[Tensor]()
        with torch.inference_mode():
            while True:
                wanted = RATE * self._chunk - (0 if stream.started else RATE - 1)
                taken = list(islice(source, wanted))
                if not taken:
                    break
                pixels_T3HW = torch.from_numpy(np.stack(taken)).movedim(-1, 1)
                pixels = pixels_T3HW.to(self._device).float() / _PIXEL - 1.0
                pixels_13THW = pixels.transpose(0, 1)[None]
                pieces += self._vae.encode_iter(pixels_13THW, self._chunk, stream)
        return torch.cat(pieces, dim=2)

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """Pictures (H, W, 3), uint8, rounded."""
        for pixels_13THW in self.decoded(latent_1CTHW):
            bright = (pixels_13THW[0] + 1.0).mul_(_PIXEL).round_().clamp_(0.0, 255.0)
            yield from bright.to(torch.uint8).permute(1, 2, 3, 0).cpu().numpy()

    def decoded(self, latent_1CTHW: Array) -> Iterator[Tensor]:
        """The same as the network gives it: (1, 3, frames, H, W) in [-1, 1], float32."""
        pieces = self._vae.decode_iter(latent_1CTHW, self._chunk)
        while True:
            with torch.inference_mode():
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """One small picture a latent frame."""
        if self._rough is None:
            self._rough = Rough.fitted(self.encode, self.cell)
        return self._rough.pictures(latent_1CTHW)


class PictureReader:
    """The image encoder of Wan 2.1 I2V: CLIP ViT-H/14, the last layer but one.

    Args:
        folder: Its weights, in the layout of ``transformers``.
        pictures: How many pictures the model wants described.
        device: Where it works.
        dtype: Of its weights.
    """

    def __init__(
        self, folder: Path, pictures: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        from transformers import CLIPVisionModel

        self.pictures = pictures
        self._device, self._dtype = device, dtype
        try:
            network = CLIPVisionModel.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            problem = f"the image encoder cannot be read: {error}"
            raise WeightsError("weights", problem, "a folder image_encoder/") from error
        self._network: Any = cast("Any", network).to(device, dtype).eval()

    def read(self, pictures: Sequence[Picture]) -> Tensor:
        """Tokens of the pictures, one after the other: (1, tokens, width)."""
        if len(pictures) != self.pictures:
            raise ValueError(f"the image encoder wants {self.pictures} pictures: {len(pictures)}")
        side = int(self._network.config.image_size)
        shown = np.stack([_for_clip(picture, side) for picture in pictures])
        pixels = torch.from_numpy(shown).to(self._device, self._dtype)
        with torch.inference_mode():
            states = self._network(pixel_values=pixels, output_hidden_states=True).hidden_states[-2]
        return states.reshape(1, -1, states.shape[-1])


# Of the pictures that the encoder was trained on (Radford et al. 2021, arXiv:2103.00020).
_CLIP_MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_CLIP_STD: Final = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


def _for_clip(picture: Picture, side: int) -> NDArray[np.float32]:
    """The middle square of a picture, (3, side, side), as the image encoder was trained on."""
    pixels = torch.from_numpy(np.ascontiguousarray(picture)).movedim(-1, 0)[None].float() / 255.0
    scale = side / min(pixels.shape[-2:])
    sides = [max(side, round(length * scale)) for length in pixels.shape[-2:]]
    small = torch.nn.functional.interpolate(
        pixels, sides, mode="bicubic", align_corners=False, antialias=True
    ).clamp(0.0, 1.0)
    top, left = ((length - side) // 2 for length in sides)
    square = small[0, :, top : top + side, left : left + side].numpy()
    return (square - _CLIP_MEAN[:, None, None]) / _CLIP_STD[:, None, None]


def _picture_reader(
    spec: ModelSpec, folder: Path, device: torch.device, dtype: torch.dtype
) -> PictureReader | None:
    if spec.images is not ImageRoad.CHANNELS_AND_TOKENS:
        return None
    place = folder / "image_encoder"
    if not place.is_dir():
        raise WeightsError("weights", "there is no image encoder in it", "a folder image_encoder/")
    tokens = spec.transformer.image_tokens
    return PictureReader(place, 1 if tokens is None else 2, device, dtype)


def _prepare(networks: Networks, device: torch.device, dtype: torch.dtype) -> None:
    """What makes the networks fast on this device, and a check that it computes rightly."""
    vae, config = networks.vae, networks.spec.transformer
    if dtype is torch.bfloat16 and clips_are_right(device, dtype):
        vae.channels_last()
    usual = networks.spec.defaults
    cells = usual.sizes[0].width * usual.sizes[0].height // networks.spec.multiple**2
    backend = fastest(
        device,
        dtype,
        tokens=min(cells * (1 + (usual.frames - 1) // RATE), 4 * BATCHED_TOKENS),
        heads=config.heads,
        head_width=config.head_width,
    )
    network = networks.transformer
    for one in (network.high, network.low) if isinstance(network, Experts) else (network,):
        one.use_attention(backend)


def _fitting_dtype(device: torch.device) -> torch.dtype:
    """Bfloat16 where it is as fast as float32 or faster."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    quick = torch.backends.cpu.get_cpu_capability() == "AVX512"
    return (
        torch.bfloat16 if quick and torch.ops.mkldnn._is_mkldnn_bf16_supported() else torch.float32
    )


def _repeated(context: Context, batch: int) -> Context:
    return context if batch == 1 else Context.stack([context] * batch)
