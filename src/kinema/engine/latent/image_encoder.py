"""The image encoder of Wan 2.1's image models: what CLIP sees in a picture.

Source:
    Radford et al. 2021, arXiv:2103.00020; ViT-H/14 of OpenCLIP, the last layer but one, as Wan
    Team 2025, arXiv:2503.20314, section 5.1, takes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.errors import MissingPart, WeightsError

FOLDER: Final = "image_encoder"
_WANTED: Final = f"a folder {FOLDER}/ in the layout of transformers"

# Of the pictures that the encoder was trained on.
_MEAN: Final = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
_STD: Final = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)


class ImageEncoder:
    """Pictures to the tokens that a transformer's image branch looks at.

    Args:
        folder: The model's; the encoder lies in its folder ``image_encoder``.
        width: Of the tokens that the transformer takes.
        pictures: How many pictures it wants described.
        device: Where the encoder works.
        dtype: Of its weights.

    Raises:
        WeightsError: It is not there, incomplete, broken, or of another width.
        MissingPart: The library that runs it is not installed.
    """

    def __init__(
        self, folder: Path, width: int, pictures: int, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.pictures = pictures
        self._device, self._dtype = device, dtype
        self._network = _network(folder / FOLDER, width).to(device, dtype).eval()

    def read(self, pictures: Sequence[Picture]) -> Tensor:
        """Tokens of the pictures, one after the other: (1, tokens, width)."""
        if len(pictures) != self.pictures:
            raise ValueError(f"the image encoder wants {self.pictures} pictures: {len(pictures)}")
        side = int(self._network.config.image_size)
        shown = np.stack([_square(picture, side) for picture in pictures])
        pixels = torch.as_tensor(shown).to(self._device, self._dtype)
        with torch.inference_mode():
            states = self._network(pixel_values=pixels, output_hidden_states=True).hidden_states[-2]
        return states.reshape(1, -1, states.shape[-1])


def _network(folder: Path, width: int) -> Any:
    if not folder.is_dir():
        raise WeightsError("weights", "there is no image encoder in it", _WANTED)
    try:
        from transformers import CLIPVisionModel
    except ImportError as error:
        raise MissingPart("transformers", "pip install 'kinema[diffusers]'") from error
    loader: Any = CLIPVisionModel
    try:
        found: Any = loader.from_pretrained(folder, local_files_only=True, output_loading_info=True)
    except Exception as error:  # the library has errors of its own for each kind of file
        problem = f"the image encoder cannot be read: {str(error).splitlines()[0]}"
        raise WeightsError("weights", problem, _WANTED) from error
    network, report = cast("tuple[Any, dict[str, Any]]", found)
    missing = sorted(name for name in report["missing_keys"] if "position_ids" not in name)
    if missing:
        # The library would put random numbers there and say so only in its log.
        raise WeightsError("weights", f"the image encoder lacks the tensor {missing[0]}", _WANTED)
    if (seen := int(network.config.hidden_size)) != width:
        problem = f"the image encoder is of another model: its tokens are {seen} wide"
        raise WeightsError("weights", problem, f"one of width {width}")
    return network


def _square(picture: Picture, side: int) -> NDArray[np.float32]:
    """The middle square of a picture, (3, side, side), as the image encoder was trained on."""
    pixels = torch.as_tensor(np.ascontiguousarray(picture)).movedim(-1, 0)[None].float() / 255.0
    scale = side / min(pixels.shape[-2:])
    sides = [max(side, round(length * scale)) for length in pixels.shape[-2:]]
    small = torch.nn.functional.interpolate(
        pixels, sides, mode="bicubic", align_corners=False, antialias=True
    ).clamp(0.0, 1.0)
    top, left = ((length - side) // 2 for length in sides)
    square = small[0, :, top : top + side, left : left + side].numpy()
    return (square - _MEAN[:, None, None]) / _STD[:, None, None]
