"""Tensors in files: read without loading them, written in one piece or several.

safetensors files are mapped into memory, so that a tensor costs nothing until it is used and
several processes share one copy. Pickled checkpoints (``.pth``) are read with code execution off.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, cast

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file  # pyright: ignore[reportUnknownVariableType]
from torch import Tensor

from kinema.errors import WeightsError

SHARD_LIMIT: Final = 5 * 10**9
INDEX_SUFFIX: Final = ".safetensors.index.json"
PICKLED: Final = (".pth", ".pt", ".bin")


class Tensors(Mapping[str, Tensor]):
    """The tensors of one or several files by name, each read when it is asked for.

    Args:
        files: ``.safetensors`` files, or one ``.pth``; no name may stand in two of them.

    Raises:
        WeightsError: A file is missing, truncated, of another kind, or repeats a name.
    """

    def __init__(self, files: tuple[Path, ...]) -> None:
        self._files: dict[str, Any] = {}
        for path in files:
            opened = _opened(path)
            for name in opened.keys():  # noqa: SIM118 - a safetensors file is no mapping
                if name in self._files:
                    raise WeightsError("weights", f"{path.name} repeats the tensor {name}")
                self._files[name] = opened

    def __getitem__(self, name: str) -> Tensor:
        source = self._files[name]
        if isinstance(source, dict):
            return cast("dict[str, Tensor]", source)[name]
        return source.get_tensor(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def shape(self, name: str) -> tuple[int, ...]:
        """The shape of a tensor, without reading it."""
        source = self._files[name]
        if isinstance(source, dict):
            return tuple(cast("Tensor", source[name]).shape)
        return tuple(source.get_slice(name).get_shape())


def save(
    folder: Path, stem: str, tensors: Mapping[str, Tensor], limit: int | None = None
) -> list[Path]:
    """Write tensors as ``stem.safetensors``, or as numbered shards and their index.

    Args:
        folder: Made where it is missing.
        stem: Name of the file without its ending.
        tensors: Copied to contiguous memory one shard at a time.
        limit: Bytes of a shard, `SHARD_LIMIT` when None; a larger tensor is a shard of its own.

    Returns:
        The safetensors files. Each appears under its name only once it is whole.

    Raises:
        WeightsError: The disk is full or the folder cannot be written.
    """
    shards = _shards(tensors, limit or SHARD_LIMIT)
    total = len(shards)
    paths: list[Path] = []
    index: dict[str, str] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, names in enumerate(shards, start=1):
            name = f"{stem}-{number:05}-of-{total:05}" if total > 1 else stem
            path = folder / f"{name}.safetensors"
            half = folder / f".{path.name}.part"
            # Copies, because the format allows neither shared memory (tied weights) nor gaps.
            copies = {name: tensors[name].detach().contiguous().clone() for name in names}
            save_file(copies, half, {"format": "pt"})
            half.replace(path)
            paths.append(path)
            index.update(dict.fromkeys(names, path.name))
        if total > 1:
            size = sum(t.numel() * t.element_size() for t in tensors.values())
            document = {"metadata": {"total_size": size}, "weight_map": index}
            (folder / f"{stem}{INDEX_SUFFIX}").write_text(json.dumps(document, indent=2), "utf-8")
    except (OSError, SafetensorError) as error:
        raise WeightsError("weights", f"cannot write to {folder.name}/: {error}") from error
    return paths


def weight_files(folder: Path, stem: str = "") -> tuple[Path, ...]:
    """The safetensors files of one network in a folder: all shards of an index, or all there are.

    Args:
        folder: Looked into, not below.
        stem: Only files whose names begin so.

    Raises:
        WeightsError: The index names a shard that is missing.
    """
    indices = sorted(folder.glob(f"{stem}*{INDEX_SUFFIX}"))
    if not indices:
        return tuple(sorted(folder.glob(f"{stem}*.safetensors")))
    document = json.loads(indices[0].read_text("utf-8"))
    names = sorted(set(cast("dict[str, str]", document["weight_map"]).values()))
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise WeightsError("weights", f"{folder.name}/ lacks {', '.join(missing)}", "all shards")
    return tuple(folder / name for name in names)


def _opened(path: Path) -> Any:
    if not path.is_file():
        raise WeightsError("weights", f"the file {path.name} is missing")
    if path.suffix in PICKLED:
        try:
            return torch.load(path, map_location="cpu", weights_only=True, mmap=True)
        except (RuntimeError, pickle.UnpicklingError, EOFError) as error:
            problem = f"{path.name} is truncated or holds more than tensors"
            raise WeightsError("weights", problem) from error
    try:
        return safe_open(path, framework="pt")
    except SafetensorError as error:
        problem = f"{path.name} is truncated or no safetensors file ({error})"
        raise WeightsError("weights", problem) from error


def _shards(tensors: Mapping[str, Tensor], limit: int) -> list[list[str]]:
    """Names in order, cut where the next tensor would pass the limit."""
    shards: list[list[str]] = [[]]
    size = 0
    for name, tensor in tensors.items():
        grown = tensor.numel() * tensor.element_size()
        if shards[-1] and size + grown > limit:
            shards.append([])
            size = 0
        shards[-1].append(name)
        size += grown
    return shards
