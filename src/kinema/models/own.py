"""Our own model as a folder: autoencoder, transformer and text side, with what made them.

A folder is a native one (`kinema.weights.manifest`) of three parts, each a stem of safetensors
files of its own, in 8 bits or more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import Tensor, nn

from kinema.errors import WeightsError
from kinema.models.autoencoder import MemoryVae
from kinema.models.captions import CaptionAdapter
from kinema.models.configs import AdapterConfig, DiTConfig, MemoryVaeConfig
from kinema.models.dit import WanTransformer
from kinema.types import Licence
from kinema.weights import packing, store
from kinema.weights.manifest import (
    FORMAT,
    Manifest,
    PartRecord,
    check_licence,
    nearest,
    read_manifest,
    record,
    write_manifest,
)

LICENCE: Final = Licence(id="Apache-2.0", url="https://www.apache.org/licenses/LICENSE-2.0")
SHARD: Final = 15 * 10**6
"""Bytes of a file of weights, which everything that carries files can carry."""
VAE, TRANSFORMER, WORDS = PARTS = ("vae", "transformer", "words")
FEW_STEPS: Final = "few_steps"
"""What the manifest says of weights that were taught to take large steps, guidance included."""


_KINDS: Final[Mapping[str, tuple[Any, Any]]] = {
    VAE: (MemoryVae, MemoryVaeConfig),
    TRANSFORMER: (WanTransformer, DiTConfig),
    WORDS: (CaptionAdapter, AdapterConfig),
}


@dataclass(frozen=True, slots=True)
class OwnNetworks:
    """The three networks, in evaluation mode. few_steps: see `FEW_STEPS`. weights: their hash."""

    vae: MemoryVae
    transformer: WanTransformer
    words: CaptionAdapter
    few_steps: bool
    weights: str


def save(
    folder: Path,
    networks: Mapping[str, nn.Module],
    made: Mapping[str, Any],
    *,
    name: str = "storybook",
    int8: bool = True,
) -> Manifest:
    """Write the networks as a folder that `load` and the engine take.

    Args:
        folder: Made where it is missing.
        networks: By part; each has a ``config``.
        made: Recipe, steps and so on; `FEW_STEPS` among them.
        name: Of the model.
        int8: Whether large matrices are rounded to 8 bits; bfloat16 otherwise.

    Raises:
        WeightsError: The disk is full or the folder cannot be written.
    """
    parts: dict[str, PartRecord] = {}
    for part, network in networks.items():
        state = network.state_dict()
        kept = packing.pack(state) if int8 else {k: _halved(v) for k, v in state.items()}
        files = store.save(folder, part, kept, SHARD)
        config: dict[str, Any] = asdict(network.config)  # pyright: ignore[reportArgumentType]
        parts[part] = PartRecord(config=config, files=tuple(record(folder, f) for f in files))
    manifest = Manifest(format=FORMAT, name=name, licence=LICENCE, parts=parts, made=dict(made))
    write_manifest(folder, manifest)
    return manifest


def load(folder: Path, dtype: torch.dtype, device: torch.device) -> OwnNetworks:
    """Read a folder that `save` wrote.

    Raises:
        WeightsError: It is no such folder, or broken, incomplete, or of another architecture.
    """
    manifest = read_manifest(folder)
    check_licence(manifest.licence.id, LICENCE)
    for part in PARTS:
        if part not in manifest.parts:
            found = ", ".join(manifest.parts) or "nothing"
            raise WeightsError("weights", f"{folder.name}/ has no part {part!r}", f"found: {found}")
    files = {part: tuple(folder / f.path for f in manifest.parts[part].files) for part in PARTS}
    networks = build(
        {part: manifest.parts[part].config for part in PARTS},
        {part: packing.unpack(dict(store.Tensors(files[part]))) for part in PARTS},
    )
    vae = cast("MemoryVae", networks[VAE]).lower_precision(dtype)
    transformer = cast("WanTransformer", networks[TRANSFORMER])
    words = cast("CaptionAdapter", networks[WORDS])
    if dtype is torch.bfloat16:
        transformer.lower_precision(dtype)
        vae.channels_last()
    for network in (vae, transformer, words):
        network.eval().requires_grad_(False).to(device)
    few_steps = bool(manifest.made.get(FEW_STEPS))
    return OwnNetworks(vae, transformer, words, few_steps, manifest.hash)


def build(
    configs: Mapping[str, Mapping[str, Any]], tensors: Mapping[str, Mapping[str, Tensor]]
) -> dict[str, nn.Module]:
    """The networks of these parts, from their configs in plain values and their tensors.

    Raises:
        WeightsError: A config is no architecture of ours, or tensors do not fit one.
    """
    networks: dict[str, nn.Module] = {}
    for part, (kind, config) in _KINDS.items():
        networks[part] = kind(config_of(config, configs[part], part))
        _fill(networks[part], tensors[part], part)
    return networks


def config_of(kind: Any, values: Mapping[str, Any], part: str) -> Any:
    """The config of a part from plain values, as a manifest has them.

    Raises:
        WeightsError: They are no architecture of that kind.
    """
    tuples = {name: tuple(v) if isinstance(v, list) else v for name, v in values.items()}
    try:
        return kind(**tuples)
    except (TypeError, ValueError) as error:
        raise WeightsError("weights", f"the {part} config: {error}") from error


def _fill(network: nn.Module, state: Mapping[str, Tensor], name: str) -> None:
    """Hand tensors to their network; names and shapes must be the network's."""
    wanted = network.state_dict()
    missing = sorted(wanted.keys() - state.keys())
    if missing:
        raise WeightsError("weights", f"the {name} lacks the tensor {missing[0]}")
    for key, tensor in state.items():
        if key not in wanted:
            problem = f"the {name} has a tensor {key} that is not known here"
            raise WeightsError("weights", problem, f"nearest: {nearest(key, sorted(wanted))}")
        if tensor.shape != wanted[key].shape:
            found = f"the {name} has {list(tensor.shape)} for {key}"
            raise WeightsError("weights", found, str(list(wanted[key].shape)))
    network.load_state_dict(dict(state))


def _halved(tensor: Tensor) -> Tensor:
    """Matrices in bfloat16; vectors, which weigh nothing, as they are."""
    return tensor.to(torch.bfloat16) if tensor.is_floating_point() and tensor.ndim > 1 else tensor
