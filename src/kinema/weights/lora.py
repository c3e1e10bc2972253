"""LoRA: small changes of a network that come in a file, laid beside its weights, not into them.

A change of a linear layer is ``x -> x + weight * alpha / rank * up(down(x))``. Any number of them
can lie on a network at once, each with its weight, and taking one away leaves the network as it
was, bit for bit. Some files also hold whole differences (``.diff``, ``.diff_b``) of weights,
biases, norms and tables; those are added to the parameters, whose own values are kept aside.

Layouts that are read, each with either pair of names for the two factors (``lora_A``/``lora_B``,
``lora_down``/``lora_up``):

    diffusers, peft     transformer.blocks.0.attn1.to_q.lora_A.weight
    original            diffusion_model.blocks.0.self_attn.q.lora_down.weight
    kohya               lora_unet_blocks_0_self_attn_q.lora_down.weight

Source:
    Hu et al. 2021, "LoRA", arXiv:2106.09685, section 4.1.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from kinema.errors import WeightsError
from kinema.weights.keys import Config, Layout, Part, Shape, stored
from kinema.weights.manifest import nearest
from kinema.weights.store import Tensors

_NAME: Final = re.compile(
    r"(base_model\.model\.|model\.)?"
    r"(diffusion_model\.|pipe\.dit\.|lora_unet_|(?P<expert>transformer(_2)?)\.)?"
    r"(?P<rest>.+)"
)
_ENDS: Final = {
    ".lora_A.weight": "down", ".lora_down.weight": "down", ".lora_A.default.weight": "down",
    ".lora_B.weight": "up", ".lora_up.weight": "up", ".lora_B.default.weight": "up",
    ".alpha": "alpha", ".diff": "diff", ".diff_b": "diff_b", ".lora_B.bias": "diff_b",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Factors:
    """The change of some rows of one linear layer.

    module: name of the layer in our network. first_row: where its rows begin: queries, keys and
    values are one layer of ours. down (rank, in) and up (rows, rank); ``scale`` is alpha / rank.
    """

    module: str
    first_row: int
    down: Tensor
    up: Tensor
    scale: float


@dataclass(frozen=True, slots=True)
class Difference:
    """What is added to some rows of one parameter of ours."""

    key: str
    first_row: int
    delta: Tensor


@dataclass(frozen=True, slots=True)
class Lora:
    """All changes of one file, under our names."""

    name: str
    factors: tuple[Factors, ...]
    differences: tuple[Difference, ...]


def read(path: Path, part: Part, config: Config, shapes: Mapping[str, Shape]) -> Lora:
    """Read a LoRA for one of our transformers.

    Args:
        path: A ``.safetensors`` file.
        part: Which of two experts it is for, where the file says so by its prefixes
            (``transformer.``, ``transformer_2.``); without them it is for any.
        config: Of the transformer, native fields.
        shapes: Of its parameters, by name.

    Raises:
        WeightsError: A name belongs to nothing in the network, a factor lacks its partner, or a
            shape does not fit.
    """
    tensors = Tensors((path,))
    targets = _targets(config, shapes)
    found: dict[_Target, dict[str, Tensor]] = defaultdict(dict)
    for name in tensors:
        module, kind = _read_name(name, part)
        if module is None:
            continue
        if module not in targets:
            close = nearest(module, list(targets))
            problem = f"{path.name}: {name} belongs to nothing in this network"
            raise WeightsError("lora", problem, f"the nearest known is {close}")
        found[targets[module]][kind] = tensors[name]
    factors: list[Factors] = []
    differences: list[Difference] = []
    for target, pieces in found.items():
        if ("down" in pieces) != ("up" in pieces):
            raise WeightsError("lora", f"{path.name}: one factor of {target.module} is missing")
        if "down" in pieces:
            factors.append(_factors(target, pieces, shapes))
        differences += _differences(target, pieces, shapes)
    return Lora(path.stem, tuple(factors), tuple(differences))


class _Target(NamedTuple):
    """Rows of a module of ours that have a name of their own elsewhere."""

    module: str
    first_row: int
    rows: int


class LoraStack:
    """The LoRAs that lie on one network.

    What was prepared from the network before, such as the context of a prompt, does not know of
    them: prepare it anew after `add`, `weigh` or `remove`. Not while the network runs.

    Args:
        network: Keeps its parameters; hooks lie on its linear layers while they are needed.
    """

    def __init__(self, network: nn.Module) -> None:
        self._network = network
        self._loras: dict[str, tuple[Lora, float]] = {}
        self._hooks: list[RemovableHandle] = []
        self._kept: dict[str, Tensor] = {}

    @property
    def weights(self) -> dict[str, float]:
        """Names of the LoRAs on the network, in the order they came, and their weights."""
        return {name: weight for name, (_, weight) in self._loras.items()}

    def add(self, lora: Lora, weight: float = 1.0) -> None:
        """Lay a LoRA on the network; one of the same name is replaced.

        Cost:
            Two thin products for each changed layer and pass: a few per cent at rank 64.
        """
        self._loras[lora.name] = (lora, weight)
        self._apply()

    def weigh(self, name: str, weight: float) -> None:
        """Change how strongly a LoRA counts; 0 switches it off. `KeyError` for an unknown name."""
        self._loras[name] = (self._loras[name][0], weight)
        self._apply()

    def remove(self, name: str) -> None:
        """Take a LoRA away; without any the network is what it was, bit for bit."""
        del self._loras[name]
        self._apply()

    def _apply(self) -> None:
        """Bring hooks and parameters to what the list says."""
        for hook in self._hooks:
            hook.remove()
        parameters = dict(self._network.named_parameters())
        with torch.no_grad():
            for key, kept in self._kept.items():
                parameters[key].copy_(kept)
        self._hooks, self._kept = [], {}
        sides: dict[str, list[tuple[int, Tensor, Tensor]]] = defaultdict(list)
        for lora, weight in self._loras.values():
            if weight == 0.0:
                continue
            for factors in lora.factors:
                like = parameters[f"{factors.module}.weight"]
                up = (factors.up.float() * factors.scale * weight).to(like)
                sides[factors.module].append((factors.first_row, factors.down.to(like), up))
            for difference in lora.differences:
                self._add(parameters[difference.key], difference, weight)
        for module, added in sides.items():
            layer = self._network.get_submodule(module)
            self._hooks.append(layer.register_forward_hook(_side(added)))

    def _add(self, parameter: nn.Parameter, difference: Difference, weight: float) -> None:
        self._kept.setdefault(difference.key, parameter.detach().clone())
        rows = slice(difference.first_row, difference.first_row + len(difference.delta))
        with torch.no_grad():
            parameter[rows] += (difference.delta.float() * weight).to(parameter)


def _side(added: list[tuple[int, Tensor, Tensor]]) -> Any:
    """What the side matrices of one layer add to its output."""

    def hook(_layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> Tensor:
        for first_row, down, up in added:
            rows = output.narrow(-1, first_row, len(up))
            rows += nn.functional.linear(nn.functional.linear(inputs[0], down), up)
        return output

    return hook


def _targets(config: Config, shapes: Mapping[str, Shape]) -> dict[str, _Target]:
    """From every name that rows of a module of ours have elsewhere to those rows."""
    targets: dict[str, _Target] = {}
    for key, shape in shapes.items():
        if key.startswith("extra."):
            continue
        module = _without_end(key)
        for layout in (Layout.ORIGINAL, Layout.DIFFUSERS):
            names = stored(Part.TRANSFORMER, layout, key, config).names
            rows = shape[0] // len(names)
            for index, name in enumerate(names):
                theirs = _without_end(name)
                targets[theirs] = _Target(module, index * rows, rows)
                targets.setdefault(theirs.replace(".", "_"), targets[theirs])
    return targets


def _without_end(name: str) -> str:
    return name.removesuffix(".weight").removesuffix(".bias")


def _read_name(name: str, part: Part) -> tuple[str | None, str]:
    """The module and what is said of it; no module where the name is for the other expert."""
    match = _NAME.fullmatch(name)
    if match is None or (match["expert"] is not None and match["expert"] != part):
        return None, ""
    rest = match["rest"]
    if rest.endswith(".diff_m"):  # the table of a block, named without its own name
        return rest.removesuffix("diff_m") + "modulation", "diff"
    for end, kind in _ENDS.items():
        if rest.endswith(end):
            return rest.removesuffix(end), kind
    return rest, "unknown"


def _factors(target: _Target, pieces: dict[str, Tensor], shapes: Mapping[str, Shape]) -> Factors:
    down, up = pieces["down"].flatten(1), pieces["up"].flatten(1)
    columns = shapes[f"{target.module}.weight"][-1]
    if down.shape[1] != columns or tuple(up.shape) != (target.rows, len(down)):
        found = f"{list(up.shape)} x {list(down.shape)}"
        wanted = f"[{target.rows}, rank] x [rank, {columns}]"
        raise WeightsError("lora", f"{target.module} has factors {found}", wanted)
    alpha = float(pieces["alpha"]) if "alpha" in pieces else float(len(down))
    return Factors(target.module, target.first_row, down, up, alpha / len(down))


def _differences(
    target: _Target, pieces: dict[str, Tensor], shapes: Mapping[str, Shape]
) -> list[Difference]:
    found: list[Difference] = []
    for kind, end in (("diff", ".weight"), ("diff_b", ".bias")):
        if kind not in pieces:
            continue
        key = target.module if target.module in shapes else target.module + end
        if key not in shapes:
            raise WeightsError("lora", f"{target.module} has no {end[1:]} to change")
        delta, wanted = pieces[kind], (target.rows, *shapes[key][1:])
        if delta.numel() != math.prod(wanted):
            problem = f"the difference of {key} has the shape {list(delta.shape)}"
            raise WeightsError("lora", problem, str(list(wanted)))
        found.append(Difference(key, target.first_row, delta.reshape(wanted)))
    return found
