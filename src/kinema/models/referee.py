"""The referee: looks at a clip of the storybook world and says what it shows, slot by slot.

Pictures become tokens by convolutions that also look one frame back and ahead; each slot has a
query of its own that looks over all tokens of the clip. It judges other networks and is never part
of a loss that trains them.

Shape legend for this file:
    B = clips, T = frames, C = channels, H, W = pixels, N = tokens, S = slots, F = features.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from kinema.errors import WeightsError
from kinema.models.configs import RefereeConfig
from kinema.types import Licence
from kinema.weights import packing, store
from kinema.weights.manifest import (
    FORMAT,
    Manifest,
    PartRecord,
    read_manifest,
    record,
    write_manifest,
)

PART: Final = "referee"
LICENCE: Final = Licence(id="Apache-2.0", url="https://www.apache.org/licenses/LICENSE-2.0")

_GROUPS = 8


class Referee(nn.Module):
    """Clips in, logits by slot out."""

    def __init__(self, config: RefereeConfig) -> None:
        super().__init__()
        self.config = config
        widths = (3, *config.widths)
        stages: list[nn.Module] = []
        for narrow, wide in itertools.pairwise(widths):
            stages.append(_Halved(narrow, wide))
            stages += [_Mixed(wide) for _ in range(config.depth)]
        self.stages = nn.ModuleList(stages)
        width, side = config.widths[-1], config.side // 2 ** len(config.widths)
        self.places = nn.Parameter(0.02 * torch.randn(side * side, width))
        self.times = nn.Parameter(0.02 * torch.randn(config.frames, width))
        self.queries = nn.Parameter(0.02 * torch.randn(len(config.classes), width))
        layer = nn.TransformerDecoderLayer(
            width, config.heads, 2 * width, dropout=0.0, activation="gelu", batch_first=True,
            norm_first=True,
        )  # fmt: skip
        self.layers = nn.TransformerDecoder(layer, config.layers, nn.LayerNorm(width))
        self.heads = nn.ModuleList(nn.Linear(width, count) for count in config.classes)

    def forward(self, clips_BTHWC: Tensor) -> tuple[list[Tensor], Tensor]:
        """Say what clips show.

        Args:
            clips_BTHWC: RGB in [-1, 1], ``config.frames`` of them, ``config.side`` square.

        Returns:
            Logits (B, classes) of each slot, and features (B, F), float32.

        Raises:
            ValueError: The clips are of another shape.
        """
        batch, frames, height, width, _ = clips_BTHWC.shape
        side = self.config.side
        if (frames, height, width) != (self.config.frames, side, side):
            wanted = f"{self.config.frames} frames of {side} x {side}"
            raise ValueError(f"the referee looks at {wanted}, got {tuple(clips_BTHWC.shape)}")
        x = clips_BTHWC.movedim(-1, 2).flatten(0, 1)
        for stage in self.stages:
            x = stage(x, frames) if isinstance(stage, _Mixed) else stage(x)
        x_BTNC = x.flatten(2).movedim(1, 2).unflatten(0, (batch, frames))
        x_BTNC = x_BTNC + self.places + self.times[:, None]
        tokens_BNC = x_BTNC.flatten(1, 2)
        said_BSC = self.layers(self.queries.expand(batch, -1, -1), tokens_BNC)
        logits = [head(said_BSC[:, slot]).float() for slot, head in enumerate(self.heads)]
        return logits, said_BSC.mean(1).float()


class _Halved(nn.Module):
    """Half the pixels each way, more channels."""

    def __init__(self, narrow: int, wide: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(narrow, wide, 4, stride=2, padding=1)
        self.norm = nn.GroupNorm(_GROUPS, wide)

    def forward(self, x: Tensor) -> Tensor:
        return F.silu(self.norm(self.conv(x)))


class _Mixed(nn.Module):
    """Two convolutions of pictures, and between them one over three frames, channel by channel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(width, width, 3, padding=1)
        self.time = nn.Conv1d(width, width, 3, padding=1, groups=width)
        self.second = nn.Conv2d(width, width, 3, padding=1)
        self.norms = nn.ModuleList(nn.GroupNorm(_GROUPS, width) for _ in range(2))
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor, frames: int) -> Tensor:
        height, width = x.shape[-2:]
        y = self.first(F.silu(self.norms[0](x)))
        y_BTCHW = y.unflatten(0, (-1, frames))
        rows = y_BTCHW.permute(0, 3, 4, 2, 1).flatten(0, 2)
        mixed = self.time(rows).unflatten(0, (-1, height, width)).permute(0, 4, 3, 1, 2)
        y = y + mixed.flatten(0, 1)
        return x + self.second(F.silu(self.norms[1](y)))


def slot_losses(logits: list[Tensor], labels_BS: Tensor, smoothing: float = 0.05) -> Tensor:
    """Cross entropy of each slot (S,), over the clips that have a label (0 or more) there."""
    found: list[Tensor] = []
    for slot, logits_BK in enumerate(logits):
        known_B = labels_BS[:, slot] >= 0
        wanted_B = labels_BS[:, slot].clamp(min=0).long()
        loss_B = F.cross_entropy(logits_BK, wanted_B, reduction="none", label_smoothing=smoothing)
        found.append((loss_B * known_B).sum() / known_B.sum().clamp(min=1))
    return torch.stack(found)


def slot_shares(
    logits: list[Tensor], labels_BS: Tensor, slots: tuple[str, ...]
) -> Mapping[str, float]:
    """Share of clips that are read right, by slot, where any has a label."""
    shares: dict[str, float] = {}
    for slot, name in enumerate(slots):
        known_B = labels_BS[:, slot] >= 0
        if known_B.any():
            right_B = logits[slot].argmax(1) == labels_BS[:, slot]
            shares[name] = float(right_B[known_B].float().mean())
    return shares


@dataclass(frozen=True, slots=True)
class RefereeFolder:
    """A referee as it was packed.

    classes: the names of each slot's classes, in the order of its logits. reading: by slot and
    class, how many real held-out clips it has read right, of how many. weights: their hash.
    """

    network: Referee
    classes: Mapping[str, tuple[str, ...]]
    reading: Mapping[str, Mapping[str, tuple[int, int]]]
    weights: str


def save_referee(
    folder: Path,
    network: Referee,
    classes: Mapping[str, tuple[str, ...]],
    reading: Mapping[str, Mapping[str, tuple[int, int]]],
    about: Mapping[str, Any],
) -> Manifest:
    """Write a referee in 8 bits, with what it is worth and how it came about (`RefereeFolder`).

    Raises:
        WeightsError: The folder cannot be written.
    """
    files = store.save(folder, PART, packing.pack(network.state_dict()))
    part = PartRecord(
        config=asdict(network.config), files=tuple(record(folder, path) for path in files)
    )
    made = {
        **about,
        "classes": {slot: list(names) for slot, names in classes.items()},
        "reading": {slot: {k: list(v) for k, v in rows.items()} for slot, rows in reading.items()},
    }
    manifest = Manifest(format=FORMAT, name=PART, licence=LICENCE, parts={PART: part}, made=made)
    write_manifest(folder, manifest)
    return manifest


def load_referee(folder: Path) -> RefereeFolder:
    """Read what `save_referee` wrote.

    Raises:
        WeightsError: It is no referee's folder, or files are missing or broken.
    """
    manifest = read_manifest(folder)
    if PART not in manifest.parts or "classes" not in manifest.made:
        raise WeightsError(
            "referee", f"{folder.name}/ holds no referee", "a folder of `kinema pack`"
        )
    part, made = manifest.parts[PART], manifest.made
    try:
        network = Referee(config_of(part.config))
        network.load_state_dict(packing.unpack(dict(store.Tensors(store.weight_files(folder)))))
    except (TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(
            "referee", f"{folder.name}/ does not fit this version ({error})"
        ) from error
    return RefereeFolder(
        network.eval().requires_grad_(False),
        {slot: tuple(names) for slot, names in made["classes"].items()},
        {
            slot: {name: (right, clips) for name, (right, clips) in rows.items()}
            for slot, rows in made["reading"].items()
        },
        manifest.hash,
    )


def config_of(values: Mapping[str, Any]) -> RefereeConfig:
    """A config out of plain values, as a manifest or a run holds them."""
    tuples: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
    return RefereeConfig(**tuples)
