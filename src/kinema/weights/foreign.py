"""Find, read and write checkpoints in the native, the original and the diffusers layout.

Reading is strict in both directions: a tensor that we need and they lack, a tensor of theirs that
we do not know, a shape that differs, all are refused by name before anything is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import torch
from torch import Tensor

from kinema.errors import WeightsError
from kinema.types import Licence
from kinema.weights import store
from kinema.weights.configs import foreign_config, frozen, native_config
from kinema.weights.keys import IGNORED, PREFIXES, Config, Layout, Part, Shape, stored
from kinema.weights.manifest import (
    FORMAT,
    MANIFEST,
    Manifest,
    PartRecord,
    nearest,
    read_manifest,
    record,
    sampled_hash,
    write_manifest,
)

INDEX: Final = "model_index.json"
_STEMS: Final = {Part.TEXT: "model"}
_STEM: Final = "diffusion_pytorch_model"
_TOKENIZERS: Final = ("tokenizer", "google/umt5-xxl")
# A tensor that only this network has, by layout.
_SIGNS: Final = {
    "patch_embedding.weight": Part.TRANSFORMER,
    "encoder.conv1.weight": Part.VAE,
    "encoder.conv_in.weight": Part.VAE,
    "token_embedding.weight": Part.TEXT,
    "shared.weight": Part.TEXT,
}
_ORIGINAL_SIGNS: Final = ("head.head.weight", "encoder.conv1.weight", "token_embedding.weight")
_EXTRA: Final = "extra."
# The last layers of our optional inputs: where all are zero, the inputs say nothing.
_EXTRA_ENDS: Final = ("step_size.weight", "token_types.weight", "down.weight", "down.bias")


@dataclass(frozen=True, slots=True)
class Source:
    """One network of a checkpoint: its files, and its config in native fields."""

    part: Part
    layout: Layout
    files: tuple[Path, ...]
    config: Config


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was found in a folder or file.

    tokenizer: the folder of the vocabulary, None where there is none. boundary: where the second
    expert takes over, if the folder says so. hash: of the weights; see `manifest.sampled_hash`
    about the folders of others.
    """

    layout: Layout
    parts: Mapping[Part, Source]
    tokenizer: Path | None
    boundary: float | None
    hash: str

    def part(self, part: Part) -> Source:
        """One of its networks; `WeightsError` where it is not there."""
        if part not in self.parts:
            here = ", ".join(self.parts)
            raise WeightsError("weights", f"there is no {part} in it", f"a folder with it ({here})")
        return self.parts[part]


def find(path: Path) -> Checkpoint:
    """Look at a folder or a single file and say what is in it. Loads no tensor.

    Args:
        path: A native folder, a folder of ``diffusers`` (a whole pipeline or one network), a
            published original folder, or one ``.safetensors`` or ``.pth`` file.

    Raises:
        WeightsError: Nothing is there that we know, a file is missing or truncated, or a config
            has an unknown field.
    """
    if not path.exists():
        raise WeightsError("weights", f"there is no {path.name} here", "a folder or a file")
    boundary: float | None = None
    if (path / MANIFEST).is_file():
        return _find_native(path)
    if (path / INDEX).is_file():
        layout = Layout.DIFFUSERS
        sources = [_source(store.weight_files(path / p), path / p, p) for p in _components(path)]
        boundary = _json(path / INDEX).get("boundary_ratio")
    elif path.is_dir():
        sources = _find_loose(path)
        layout = sources[0].layout if sources else Layout.ORIGINAL
    else:
        sources = [_source((path,), None, None)]
        layout = sources[0].layout
    if not sources:
        kinds = f"{MANIFEST}, {INDEX}, or the files of an original checkpoint"
        raise WeightsError("weights", f"{path.name}/ holds no weights that are known here", kinds)
    vocabulary = next((path / name for name in _TOKENIZERS if (path / name).is_dir()), None)
    files = [file for source in sources for file in source.files]
    parts = {source.part: source for source in sources}
    return Checkpoint(layout, parts, vocabulary, boundary, sampled_hash(files))


class Contents:
    """The tensors of one network under our names, each read when it is asked for.

    Args:
        source: Where it is, from `find`.
        shapes: Of every parameter of our network, by name.

    Raises:
        WeightsError: A tensor is missing, unknown, or of another shape.
    """

    def __init__(self, source: Source, shapes: Mapping[str, Shape]) -> None:
        self._tensors, prefix = _opened(source.files)
        self.shapes = shapes
        self._places = {
            key: ((prefix + key,), shape)
            if source.layout is Layout.NATIVE
            else _place(source, key, shape, prefix)
            for key, shape in shapes.items()
        }
        wanted = {name for names, _ in self._places.values() for name in names}
        _check_names(self._tensors, wanted, prefix)
        for names, piece in self._places.values():
            for name in names:
                if (found := self._tensors.shape(name)) != piece:
                    problem = f"{name} has the shape {list(found)}"
                    raise WeightsError("weights", problem, f"{list(piece)}")

    def read(self, keys: Iterable[str]) -> dict[str, Tensor]:
        """Tensors in the dtype they are stored in, mapped from the file where none are joined."""
        loaded: dict[str, Tensor] = {}
        for key in keys:
            pieces = [_dequantised(self._tensors, name) for name in self._places[key][0]]
            joined = pieces[0] if len(pieces) == 1 else torch.cat(pieces)
            loaded[key] = joined.reshape(self.shapes[key])
        return loaded


def load(source: Source, shapes: Mapping[str, Shape]) -> dict[str, Tensor]:
    """Read one network whole; see `Contents`."""
    return Contents(source, shapes).read(shapes)


def save(
    folder: Path,
    layout: Layout,
    part: Part,
    config: Config,
    tensors: Mapping[str, Tensor],
) -> list[Path]:
    """Write one network in the layout of others: its config file and its tensors.

    Args:
        folder: Where ``config.json`` and the safetensors files go.
        layout: Original or diffusers.
        part: The network.
        config: All of its native fields.
        tensors: Under our names.

    Returns:
        The safetensors files.

    Raises:
        WeightsError: The network uses inputs that the layout does not have, or the disk is full.
    """
    theirs: dict[str, Tensor] = {}
    for key, tensor in tensors.items():
        if key.startswith(_EXTRA):
            if key.endswith(_EXTRA_ENDS) and bool(tensor.any()):
                name = key.removeprefix(_EXTRA).split(".")[0]
                raise WeightsError("weights", f"the {layout} layout has no input {name!r}")
            continue
        place = stored(part, layout, key, config)
        for name, piece in zip(place.names, tensor.chunk(len(place.names)), strict=True):
            theirs[name] = piece.reshape(place.shape(tuple(piece.shape)))
    paths = store.save(folder, _STEMS.get(part, _STEM), theirs)
    document = json.dumps(foreign_config(part, layout, config), indent=2)
    (folder / "config.json").write_text(document + "\n", "utf-8")
    return paths


def save_pipeline(
    folder: Path,
    parts: Mapping[Part, tuple[Config, Mapping[str, Tensor]]],
    *,
    shift: float,
    boundary: float | None = None,
) -> None:
    """Write a folder that ``diffusers.WanPipeline.from_pretrained`` opens.

    Args:
        folder: Made where it is missing.
        parts: Config and tensors of each network. A vocabulary is the user's to copy into
            ``tokenizer/``; without it, and without a text encoder, the pipeline takes embeddings.
        shift: Of the schedule, written into its config.
        boundary: Where the second transformer takes over, with two of them.
    """
    for part, (config, tensors) in parts.items():
        save(folder / part, Layout.DIFFUSERS, part, config, tensors)
    per_frame = parts[Part.TRANSFORMER][0]["channels_in"] == parts[Part.VAE][0]["channels"] == 48
    nothing = [None, None]
    index: dict[str, Any] = {
        "_class_name": "WanPipeline",
        "boundary_ratio": boundary,
        "expand_timesteps": per_frame,
        "scheduler": ["diffusers", "UniPCMultistepScheduler"],
        "text_encoder": ["transformers", "UMT5EncoderModel"] if Part.TEXT in parts else nothing,
        "tokenizer": ["transformers", "T5TokenizerFast"] if Part.TEXT in parts else nothing,
        "transformer": ["diffusers", "WanTransformer3DModel"],
        "transformer_2": ["diffusers", "WanTransformer3DModel"] if Part.LOW in parts else nothing,
        "vae": ["diffusers", "AutoencoderKLWan"],
    }
    schedule = {
        "_class_name": "UniPCMultistepScheduler",
        "num_train_timesteps": 1000,
        "prediction_type": "flow_prediction",
        "use_flow_sigmas": True,
        "flow_shift": shift,
        "solver_order": 2,
        "solver_type": "bh2",
    }
    (folder / "scheduler").mkdir(exist_ok=True)
    path = folder / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps(schedule, indent=2) + "\n", "utf-8")
    (folder / INDEX).write_text(json.dumps(index, indent=2) + "\n", "utf-8")


def save_native(
    folder: Path,
    name: str,
    licence: Licence,
    parts: Mapping[Part, tuple[Config, Mapping[str, Tensor]]],
) -> Manifest:
    """Write a native folder: what loads fastest, because nothing has to be joined.

    Args:
        folder: Made where it is missing.
        name: Of the model.
        licence: Of the weights.
        parts: Config and tensors of each network.

    Returns:
        The manifest, with the hash of every file.
    """
    records: dict[str, PartRecord] = {}
    for part, (config, tensors) in parts.items():
        paths = store.save(folder / part, "weights", tensors)
        files = tuple(record(folder, path) for path in paths)
        records[part] = PartRecord(config=dict(config), files=files)
    write_manifest(folder, Manifest(format=FORMAT, name=name, licence=licence, parts=records))
    return read_manifest(folder)


def _find_native(folder: Path) -> Checkpoint:
    manifest = read_manifest(folder)
    parts: dict[Part, Source] = {}
    for name, part in manifest.parts.items():
        if name not in list(Part):
            known = [str(known) for known in Part]
            raise WeightsError("weights", f"unknown part {name!r}", nearest(name, known))
        files = tuple(folder / file.path for file in part.files)
        config = {name: frozen(value) for name, value in part.config.items()}
        parts[Part(name)] = Source(Part(name), Layout.NATIVE, files, config)
    vocabulary = folder / _TOKENIZERS[0]
    found = vocabulary if vocabulary.is_dir() else None
    return Checkpoint(Layout.NATIVE, parts, found, None, manifest.hash)


def _components(folder: Path) -> list[Part]:
    """The networks of a pipeline that its index names."""
    index = _json(folder / INDEX)
    return [part for part in Part if (index.get(part) or [None])[0] is not None]


def _find_loose(folder: Path) -> list[Source]:
    """The networks of a folder without an index: an original checkpoint, or a single network."""
    sources: list[Source] = []
    experts = {"high_noise_model": Part.TRANSFORMER, "low_noise_model": Part.LOW}
    for name, part in experts.items():
        if files := store.weight_files(folder / name):
            sources.append(_source(files, folder / name, part))
    if files := store.weight_files(folder):
        sources.append(_source(files, folder, None))
    for path in sorted(folder.glob("*.pth")):
        if "clip" not in path.name.lower():  # the image encoder is none of ours
            sources.append(_source((path,), None, None))
    return sources


def _source(files: tuple[Path, ...], folder: Path | None, part: Part | None) -> Source:
    """Look into files to see which network they hold, in which layout, of which config."""
    if not files:
        raise WeightsError("weights", f"{folder.name if folder else 'it'}/ holds no weights")
    tensors, prefix = _opened(files)
    signs = [sign for sign in _SIGNS if prefix + sign in tensors]
    if not signs:
        kinds = "a transformer, an autoencoder or a text encoder of the Wan family"
        raise WeightsError("weights", f"{files[0].name} holds no network known here", kinds)
    original = any(prefix + sign in tensors for sign in _ORIGINAL_SIGNS)
    layout = Layout.ORIGINAL if original else Layout.DIFFUSERS
    kind = part or _SIGNS[signs[0]]
    config_file = folder / "config.json" if folder else None
    theirs = _json(config_file) if config_file and config_file.is_file() else {}

    def shape_of(name: str) -> Shape | None:
        return tensors.shape(prefix + name) if prefix + name in tensors else None

    return Source(kind, layout, files, native_config(kind, layout, theirs, shape_of))


def _opened(files: tuple[Path, ...]) -> tuple[store.Tensors, str]:
    """The tensors of the files, and what stands in front of every name."""
    tensors = store.Tensors(files)
    first = next(iter(tensors), "")
    return tensors, next((prefix for prefix in PREFIXES if first.startswith(prefix)), "")


def _place(source: Source, key: str, shape: Shape, prefix: str) -> tuple[tuple[str, ...], Shape]:
    """Which tensors of theirs make up ours, and the shape of each."""
    place = stored(source.part, source.layout, key, source.config)
    piece = (shape[0] // len(place.names), *shape[1:])
    return tuple(prefix + name for name in place.names), place.shape(piece)


def _check_names(tensors: store.Tensors, wanted: set[str], prefix: str) -> None:
    missing = sorted(wanted - set(tensors))
    if missing:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise WeightsError("weights", f"the tensor {missing[0]} is missing{more}")
    for name in tensors:
        if name not in wanted and not IGNORED.fullmatch(name.removeprefix(prefix)):
            close = nearest(name, sorted(wanted))
            problem = f"the tensor {name} is not known here"
            raise WeightsError("weights", problem, f"the nearest known is {close}")


def _dequantised(tensors: store.Tensors, name: str) -> Tensor:
    """The tensor itself, or where it was packed into 8 bits, its values in bfloat16."""
    scale = f"{name.removesuffix('.weight')}.scale_weight"
    if scale not in tensors:
        return tensors[name]
    return (tensors[name].float() * tensors[scale].float()).to(torch.bfloat16)


def _json(path: Path) -> dict[str, Any]:
    try:
        return cast("dict[str, Any]", json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise WeightsError("weights", f"{path.name} cannot be read") from error
