"""A model's networks from the user's folder: the one place where weights meet architectures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeVar

import torch
from torch import Tensor, nn

from kinema.errors import WeightsError
from kinema.models.configs import MEAN_22, STD_22, DiTConfig, TextConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.experts import Experts
from kinema.models.registry import ModelSpec
from kinema.models.text import TextEncoder, Tokenizer
from kinema.models.vae import WanVae
from kinema.weights import foreign
from kinema.weights.keys import Layout, Part
from kinema.weights.manifest import check_licence, nearest, stated_licence

_Config = TypeVar("_Config", DiTConfig, VaeConfig, TextConfig)
_Network = TypeVar("_Network", WanTransformer, WanVae, TextEncoder)

# What differs between folders of the same model: notes, and constants that the folder knows best.
_FREE: Final = {"positions", "mean", "std", "eps"}
_BLOCKS: Final = "blocks."
_LAYERS: Final = "layers."


@dataclass(frozen=True, slots=True)
class Networks:
    """A loaded model, in evaluation mode.

    text and tokenizer are None where they were not asked for. weights: hash of what was loaded.
    blocks: for each transformer the way to its blocks, where it was loaded without them.
    """

    spec: ModelSpec
    transformer: WanTransformer | Experts
    vae: WanVae
    text: TextEncoder | None
    tokenizer: Tokenizer | None
    weights: str
    blocks: tuple[BlockReader, ...] = ()


class BlockReader:
    """Reads the weights of one block of a network from its files, again and again.

    Args:
        contents: Of the network.
        stem: What the names of the blocks' parameters begin with: ``blocks.``.
    """

    def __init__(self, contents: foreign.Contents, stem: str) -> None:
        self._contents = contents
        self._names: dict[int, list[str]] = {}
        for name in contents.shapes:
            if name.startswith(stem):
                number = name.removeprefix(stem).split(".")[0]
                self._names.setdefault(int(number), []).append(name)
        self._stem = stem

    def __len__(self) -> int:
        return len(self._names)

    def __call__(self, number: int) -> dict[str, Tensor]:
        """Its tensors by their names inside the block, in the dtype they are stored in."""
        found = self._contents.read(self._names[number])
        stem = f"{self._stem}{number}."
        return {name.removeprefix(stem): tensor for name, tensor in found.items()}


def load(
    spec: ModelSpec,
    path: Path,
    *,
    dtype: torch.dtype = torch.bfloat16,
    device: torch.device | str = "cpu",
    with_text: bool = True,
    with_blocks: bool = True,
) -> Networks:
    """Load a model from a folder in any layout.

    Args:
        spec: What it must be.
        path: The folder; see `kinema.weights.hub.fetch` for names of the hub.
        dtype: Of the weights; what must stay float32 does.
        device: Where they go. On the CPU, weights that are stored in ``dtype`` in the native
            layout stay mapped files.
        with_text: Whether text encoder and tokenizer are wanted; embeddings may be cached instead.
        with_blocks: Whether the transformers' blocks are; without them `Networks.blocks` reads
            them one by one.

    Returns:
        The networks.

    Raises:
        WeightsError: A network is missing, of another model, incomplete, truncated, or under
            another licence.
    """
    if path.is_dir():
        check_licence(stated_licence(path), spec.licence)
    found = foreign.find(path)
    parts = [Part.TRANSFORMER] if spec.boundary is None else [Part.TRANSFORMER, Part.LOW]
    if spec.boundary is None and Part.LOW in found.parts:
        raise WeightsError("weights", f"holds two experts, and {spec.name} has one transformer")
    pairs = [
        _transformer(found.part(part), spec.transformer, with_blocks=with_blocks) for part in parts
    ]
    networks = [network.lower_precision(dtype) for network, _ in pairs]
    transformer: WanTransformer | Experts = networks[0]
    if spec.boundary is not None:
        transformer = Experts(networks[0], networks[1], spec.boundary)
    vae = load_vae(found.part(Part.VAE), spec.vae).lower_precision(dtype)
    text = tokenizer = None
    if with_text:
        text = load_text(found.part(Part.TEXT), spec.text).to(device, dtype)
        if found.tokenizer is None:
            raise WeightsError("weights", "there is no vocabulary in it", "a folder tokenizer/")
        tokenizer = Tokenizer(found.tokenizer)
    blocks = () if with_blocks else tuple(reader for _, reader in pairs)
    vae, transformer = vae.to(device), transformer.to(device)
    return Networks(spec, transformer, vae, text, tokenizer, found.hash, blocks)


def load_transformer(source: foreign.Source, expected: DiTConfig | None = None) -> WanTransformer:
    """One transformer, in the dtype it is stored in; refused where it is not the one expected."""
    return _transformer(source, expected, with_blocks=True)[0]


def _transformer(
    source: foreign.Source, expected: DiTConfig | None, *, with_blocks: bool
) -> tuple[WanTransformer, BlockReader]:
    config = _config(DiTConfig, source, {})
    _check_same(source.part, config, expected)
    network, contents = _filled(
        WanTransformer, config, source, without="" if with_blocks else _BLOCKS
    )
    return network, BlockReader(contents, _BLOCKS)


def load_vae(source: foreign.Source, expected: VaeConfig | None = None) -> WanVae:
    """One autoencoder. Where the file has no constants, those published for its channels."""
    published: dict[str, Any] = {}
    if source.config.get("channels") == len(MEAN_22):
        published = {"mean": MEAN_22, "std": STD_22}
    config = _config(VaeConfig, source, published)
    _check_same(source.part, config, expected)
    return _filled(WanVae, config, source)[0]


def load_text(source: foreign.Source, expected: TextConfig | None = None) -> TextEncoder:
    """One text encoder."""
    return load_text_in_layers(source, expected, with_layers=True)[0]


def load_text_in_layers(
    source: foreign.Source, expected: TextConfig | None = None, *, with_layers: bool
) -> tuple[TextEncoder, BlockReader]:
    """The same, with or without its layers, and what reads them one by one."""
    config = _config(TextConfig, source, {})
    _check_same(source.part, config, expected)
    text, contents = _filled(TextEncoder, config, source, without="" if with_layers else _LAYERS)
    # Some programs have saved the table of words as zeros, from which every video comes out grey.
    if not bool(text.words.weight[: 1 << 12].any()):
        raise WeightsError("weights", "the text encoder's table of words is empty")
    return text, BlockReader(contents, _LAYERS)


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shape of every parameter, by name: what `foreign.load` and `lora.read` ask for."""
    return {name: tuple(weight.shape) for name, weight in network.named_parameters()}


def native_fields(config: DiTConfig | VaeConfig | TextConfig) -> dict[str, Any]:
    """All fields of a config by name: what `foreign.save` and manifests take."""
    return asdict(config)


def _config(kind: type[_Config], source: foreign.Source, published: Mapping[str, Any]) -> _Config:
    """The dataclass of a config that was read; an unknown field of a native one is refused."""
    known = [field.name for field in fields(kind)]
    for name in source.config:
        if name not in known:
            problem = f"the {source.part} config has a field {name!r} that is not known here"
            close = f"the nearest known is {nearest(name, known)!r}"
            raise WeightsError("weights", problem, close)
    try:
        return kind(**{**published, **source.config})
    except (TypeError, ValueError) as error:
        raise WeightsError("weights", f"the {source.part} config: {error}") from error


def _check_same(part: Part, found: _Config, expected: _Config | None) -> None:
    if expected is None:
        return
    ours, theirs = native_fields(expected), native_fields(found)
    wrong = [name for name in ours if ours[name] != theirs[name] and name not in _FREE]
    if wrong:
        differ = ", ".join(f"{name} {theirs[name]}" for name in wrong)
        wanted = ", ".join(f"{name} {ours[name]}" for name in wrong)
        raise WeightsError("weights", f"the {part} is of another model: {differ}", wanted)


def _filled(
    kind: type[_Network], config: Any, source: foreign.Source, *, without: str = ""
) -> tuple[_Network, foreign.Contents]:
    """Build a network without memory of its own and hand it the tensors of the files.

    Parameters whose names begin with ``without`` are left empty, unless it is "".
    """
    with torch.device("meta"):
        network = kind(config)
    wanted = shapes(network)
    complete = foreign.Source(source.part, source.layout, source.files, native_fields(config))
    absent = _never_stored(source, wanted)
    stored = {name: shape for name, shape in wanted.items() if name not in absent}
    contents = foreign.Contents(complete, stored)
    empty = {name for name in stored if without and name.startswith(without)}
    tensors = contents.read(name for name in stored if name not in empty)
    tensors |= {name: torch.zeros(wanted[name]) for name in absent}
    network.load_state_dict(tensors, strict=not empty, assign=True)
    for name in empty:
        module, _, leaf = name.rpartition(".")
        nothing = nn.Parameter(torch.empty(0), requires_grad=False)
        network.get_submodule(module).register_parameter(leaf, nothing)
    _restore_buffers(network, config)
    return network.eval().requires_grad_(False), contents


def _never_stored(source: foreign.Source, names: Collection[str]) -> set[str]:
    """Parameters that the layout has no place for."""
    if source.layout is Layout.NATIVE:
        return set()
    return {name for name in names if name.startswith("extra.")}


def _restore_buffers(network: nn.Module, config: Any) -> None:
    """Constants that are no weights, and were left without memory."""
    if isinstance(network, WanVae):
        network.mean_K = torch.tensor(config.mean)
        network.std_K = torch.tensor(config.std)


def tensors(network: nn.Module) -> dict[str, Tensor]:
    """Every parameter by name: what `foreign.save` writes."""
    return {name: weight.detach() for name, weight in network.named_parameters()}
