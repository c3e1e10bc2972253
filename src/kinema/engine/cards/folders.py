"""What a folder of the ``diffusers`` layout holds, read from its JSON files without loading it.

Needs neither torch nor diffusers, so that a card can be made where only the weights are at hand.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast

from kinema.engine.cards.steps import steps_by_quality
from kinema.errors import WeightsError
from kinema.types import FRAMES_MAX, FrameRule, Licence, Quality, Size

_WHOLE: Final = "whole"
INDEX: Final = "model_index.json"
"""The file that makes a folder a pipeline: its class, and the class of each of its parts."""


class Level(IntEnum):
    """How far into a pipeline the engine reaches.

    ``STEPS``: it is called as a whole, and its latent is seen, and may be replaced, between steps.
    ``VELOCITY``: its network is asked for velocities, so every task that needs no more works.
    """

    STEPS = 0
    VELOCITY = 1


@dataclass(frozen=True, slots=True)
class PipelineFacts:
    """One folder.

    class_name: of the pipeline, as ``diffusers`` calls it. family: which of our adapters runs it,
    ``whole`` where none does and it is run at `Level.STEPS`. channels: of a latent. rate: pictures
    a latent frame stands for, but the first where ``first_alone``. cell: rows and columns of pixels
    a latent cell stands for. multiple: what width and height are multiples of. frames: the counts
    it makes. default_size to guidance: how its authors run it; guidance is 1 where it uses none.
    negative: whether a negative prompt has any effect at that guidance. by_frame: whether it was
    trained on a noise level for each latent frame, and so keeps given frames by itself.
    licence: as the head of the folder's README states it.
    """

    class_name: str
    family: str
    level: Level
    channels: int
    rate: int
    cell: int
    multiple: int
    first_alone: bool
    frames: FrameRule
    default_size: Size
    default_frames: int
    default_fps: Fraction
    steps: int
    guidance: float
    negative: bool
    by_frame: bool
    licence: Licence

    @property
    def steps_by_quality(self) -> dict[Quality, int]:
        """Steps for each quality."""
        return steps_by_quality(self.steps)


@dataclass(frozen=True, slots=True)
class _Class:
    """A pipeline class: what its folder does not say of itself.

    rate and cell: where the folder's autoencoder config is silent. multiple: what the pipeline
    itself asks of width and height. grows: by how many latent frames one clip is longer than the
    next shorter. longest: most frames it makes. The others as in `PipelineFacts`.
    """

    family: str
    size: tuple[int, int]
    frames: int
    fps: int
    steps: int
    guidance: float
    rate: int = 4
    cell: int = 8
    multiple: int = 16
    grows: int = 1
    longest: int = FRAMES_MAX
    first_alone: bool = True
    negative: bool = True
    by_frame: bool = False


def _by_picture(size: int, guidance: float, *, longest: int, multiple: int = 16) -> _Class:
    """A pipeline whose autoencoder knows single pictures only."""
    return _Class(
        _WHOLE,
        (size, size),
        frames=16,
        fps=8,
        steps=50,
        guidance=guidance,
        rate=1,
        multiple=multiple,
        longest=longest,
        first_alone=False,
    )


_COGVIDEOX: Final = "CogVideoXPipeline"
# Its tokens hold two latent frames, and the pipeline alone knows how it fills up the first.
_COGVIDEOX_15: Final = _Class(_WHOLE, (1360, 768), 81, 16, 50, 6.0, grows=2)
_TI2V: Final = _Class("wan", (1280, 704), 121, 24, 50, 5.0, by_frame=True)
_LTX: Final = _Class(
    "ltx", (704, 512), 161, 25, 50, 3.0, rate=8, cell=32, multiple=32, by_frame=True
)

# Sizes, lengths and strengths: the defaults of each pipeline's call, and where it has none, those
# of its model card.
_CLASSES: Final[Mapping[str, _Class]] = {
    "WanPipeline": _Class("wan", (832, 480), 81, 16, 50, 5.0),
    "SkyReelsV2Pipeline": _Class("wan", (960, 544), 97, 24, 50, 6.0),
    "SkyReelsV2DiffusionForcingPipeline": _Class(
        "skyreels", (960, 544), 97, 24, 50, 6.0, by_frame=True
    ),
    "LTXPipeline": _LTX,
    "LTXImageToVideoPipeline": _LTX,
    "LTXConditionPipeline": _LTX,
    _COGVIDEOX: _Class("cogvideox", (720, 480), 49, 8, 50, 6.0, grows=2),
    "MochiPipeline": _Class("mochi", (848, 480), 85, 30, 64, 4.5, rate=6),
    "HunyuanVideoPipeline": _Class("hunyuan", (1280, 720), 129, 24, 50, 1.0, negative=False),
    "HunyuanVideo15Pipeline": _Class("hunyuan15", (848, 480), 121, 24, 50, 6.0, cell=16),
    "AnimateDiffPipeline": _by_picture(512, 7.5, longest=32, multiple=64),
    "AnimateDiffSDXLPipeline": _by_picture(1024, 5.0, longest=32, multiple=64),
    "CosmosTextToWorldPipeline": _Class(_WHOLE, (1280, 704), 121, 30, 36, 7.0, rate=8),
    "EasyAnimatePipeline": _Class(_WHOLE, (512, 512), 49, 8, 50, 5.0),
    "Kandinsky5T2VPipeline": _Class(_WHOLE, (768, 512), 121, 24, 50, 5.0),
    "LTX2Pipeline": _Class(_WHOLE, (768, 512), 121, 24, 30, 3.0, rate=8, cell=32, multiple=32),
    "LattePipeline": _by_picture(512, 7.5, longest=16),
    "MotifVideoPipeline": _Class(_WHOLE, (1280, 736), 121, 24, 50, 8.0),
    "SanaVideoPipeline": _Class(_WHOLE, (832, 480), 81, 16, 50, 6.0, multiple=32),
}

SUPPORTED: Final = tuple(_CLASSES)
"""Names of the pipeline classes that can be run."""

_OPEN: Final = {
    "apache-2.0": "Apache-2.0",
    "mit": "MIT",
    "bsd-3-clause": "BSD-3-Clause",
    "cc-by-4.0": "CC-BY-4.0",
}


def describe(folder: Path) -> PipelineFacts:
    """Read what a pipeline folder is and how it is meant to be run.

    Args:
        folder: In the ``diffusers`` layout: with a ``model_index.json`` and a folder a part.

    Raises:
        WeightsError: It is no such folder, a config is missing or broken, or its class is none of
            `SUPPORTED`.

    Cost:
        A few small files are read; milliseconds.
    """
    name = pipeline_class(folder)
    vae, network = _config(folder, "vae"), _network_config(folder)
    row = _row(name, _index(folder), network)
    try:
        rate, cell = _rate(vae, row.rate), _cell(vae, row.cell)
        patch = _patch(network)
        channels = _channels(vae, network)
        size = _default_size(network, cell, Size(width=row.size[0], height=row.size[1]))
        frames, length = _lengths(row, rate, network)
    except (TypeError, ValueError, KeyError, IndexError) as error:
        problem = f"a config of {folder.name}/ does not read as one of {name}: {error}"
        raise WeightsError("weights", problem) from error
    return PipelineFacts(
        class_name=name,
        family=row.family,
        level=Level.STEPS if row.family == _WHOLE else Level.VELOCITY,
        channels=channels,
        rate=rate,
        cell=cell,
        multiple=math.lcm(cell * patch, row.multiple),
        first_alone=row.first_alone,
        frames=frames,
        default_size=size,
        default_frames=length,
        default_fps=Fraction(row.fps),
        steps=row.steps,
        guidance=_guidance(folder, row.guidance),
        negative=row.negative,
        by_frame=row.by_frame,
        licence=_licence(folder),
    )


def pipeline_class(folder: Path) -> str:
    """The name of the pipeline's class, one of `SUPPORTED`.

    Raises:
        WeightsError: As `describe`.
    """
    name = _index(folder).get("_class_name")
    if not isinstance(name, str) or name not in _CLASSES:
        problem = f"{folder.name}/ is a {name}, which makes no clip from words or is not known here"
        raise WeightsError("weights", problem, ", ".join(SUPPORTED))
    return name


def _index(folder: Path) -> dict[str, Any]:
    if not (folder / INDEX).is_file():
        problem = f"{folder.name}/ is no pipeline of diffusers: it has no {INDEX}"
        raise WeightsError("weights", problem, "a folder that save_pretrained wrote")
    return _json(folder / INDEX)


def _config(folder: Path, part: str) -> dict[str, Any]:
    path = folder / part / "config.json"
    if not path.is_file():
        raise WeightsError("weights", f"{folder.name}/ has no {part}/config.json")
    return _json(path)


def _network_config(folder: Path) -> dict[str, Any]:
    """The config of the network that finds the noise; the second expert's where it is alone."""
    for part in ("transformer", "unet", "transformer_2"):
        if (folder / part / "config.json").is_file():
            return _config(folder, part)
    return _config(folder, "transformer")


def _json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError("weights", f"{path.name} cannot be read: {error}") from error
    if not isinstance(read, dict):
        raise WeightsError("weights", f"{path.name} holds no JSON object")
    return cast("dict[str, Any]", read)


def _row(name: str, index: Mapping[str, Any], network: Mapping[str, Any]) -> _Class:
    """What the class says, where two generations of networks share one."""
    if index.get("expand_timesteps") is True:
        return _TI2V
    if name == _COGVIDEOX and network.get("patch_size_t") is not None:
        return _COGVIDEOX_15
    return _CLASSES[name]


def _rate(vae: Mapping[str, Any], known: int) -> int:
    """Pictures a latent frame, under any of the names that autoencoders give it."""
    stated = vae.get("scale_factor_temporal") or vae.get("temporal_compression_ratio")
    if stated:
        return int(stated)
    if "spatio_temporal_scaling" in vae:
        return int(vae.get("patch_size_t", 1)) * 2 ** _scalings(vae)
    return known


def _cell(vae: Mapping[str, Any], known: int) -> int:
    """Pixels a latent cell is wide, under any of the names that autoencoders give it."""
    stated = vae.get("scale_factor_spatial") or vae.get("spatial_compression_ratio")
    if stated:
        return int(stated)
    if "spatio_temporal_scaling" in vae:
        return int(vae.get("patch_size", 4)) * 2 ** _scalings(vae)
    if "block_out_channels" in vae:
        return 2 ** (len(vae["block_out_channels"]) - 1)
    return known


def _scalings(vae: Mapping[str, Any]) -> int:
    return sum(map(bool, vae["spatio_temporal_scaling"]))


def _patch(network: Mapping[str, Any]) -> int:
    """Rows and columns of cells that go into one token."""
    stated = network.get("patch_size")
    if isinstance(stated, list):
        return int(cast("list[int]", stated)[-1])
    return 1 if stated is None else int(stated)


def _channels(vae: Mapping[str, Any], network: Mapping[str, Any]) -> int:
    stated = vae.get("z_dim") or vae.get("latent_channels")
    return int(stated or network["in_channels"])


def _default_size(network: Mapping[str, Any], cell: int, known: Size) -> Size:
    """The trained size, where the network's config says it in latent cells."""
    height, width = network.get("sample_height"), network.get("sample_width")
    if isinstance(height, int) and isinstance(width, int):
        return Size(width=width * cell, height=height * cell)
    return known


def _lengths(row: _Class, rate: int, network: Mapping[str, Any]) -> tuple[FrameRule, int]:
    """The lengths that it makes, and the usual one."""
    only = network.get("video_length")
    if only is not None:  # its places in time were learnt, and are added as a whole
        return FrameRule(minimum=int(only), maximum=int(only)), int(only)
    first = 1 if row.first_alone else rate
    stride = rate * row.grows
    rule = FrameRule(minimum=first, maximum=row.longest, stride=stride, offset=first % stride)
    return rule, rule.next_allowed(int(network.get("sample_frames") or row.frames))


def _guidance(folder: Path, known: float) -> float:
    """The strength that a folder's own guider states."""
    path = folder / "guider" / "guider_config.json"
    stated = _json(path).get("guidance_scale") if path.is_file() else None
    return float(stated) if isinstance(stated, int | float) else known


def _licence(folder: Path) -> Licence:
    """What the head of the README states; what it leaves open is taken as not granted."""
    readme = folder / "README.md"
    text = readme.read_text("utf-8", errors="replace") if readme.is_file() else ""
    head = re.match(r"---\r?\n(.*?)\n---", text, re.DOTALL)
    stated = dict(re.findall(r"^(license\w*):\s*[\"']?([^\"'\n]+)", head[1] if head else "", re.M))
    found, link = stated.get("license", "").strip(), stated.get("license_link", "").strip()
    if found in _OPEN:
        return Licence(id=_OPEN[found], url=link)
    if not found:
        return Licence(id="unstated", commercial=False, limits=("the folder states no licence",))
    name = stated.get("license_name", found).strip()
    return Licence(
        id=name, url=link, commercial=False, limits=("read its terms before you publish or sell",)
    )
