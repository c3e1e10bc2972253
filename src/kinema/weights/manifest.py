"""What a folder of weights says of itself: parts, configs, licence, hashes. Needs no torch.

A native folder is ``kinema.json``, which is the manifest, and the safetensors files it lists.
"""

from __future__ import annotations

import hashlib
import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from msgspec import field

from kinema.errors import RequestError, WeightsError
from kinema.types import Licence, Value, from_json, to_json

MANIFEST: Final = "kinema.json"
FORMAT: Final = 1
_BLOCK: Final = 1 << 22


class FileRecord(Value, kw_only=True):
    """One file: path inside the folder, bytes, sha256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str


class PartRecord(Value, kw_only=True):
    """One network: its config in native fields, and its files."""

    config: dict[str, Any]
    files: tuple[FileRecord, ...]


class Manifest(Value, kw_only=True):
    """A folder of weights. ``parts`` are keyed by name: transformer, vae ...

    ``made`` says how weights of our own came about: recipe, steps, version ...
    """

    format: int
    name: str
    licence: Licence
    parts: dict[str, PartRecord]
    made: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def hash(self) -> str:
        """One hash over all files, whatever their names."""
        digests = sorted(file.sha256 for part in self.parts.values() for file in part.files)
        return hashlib.sha256("".join(digests).encode()).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a native folder's manifest and see that its files are there, whole.

    Raises:
        WeightsError: There is none, it is of a later format, or a file is missing or too short.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise WeightsError("weights", f"{folder.name}/ has no {MANIFEST}")
    try:
        manifest = from_json(path.read_bytes(), Manifest)
    except WeightsError:
        raise
    except RequestError as error:
        raise WeightsError("weights", f"{MANIFEST}: {error.field}: {error.problem}") from error
    if manifest.format != FORMAT:
        raise WeightsError("weights", f"is of format {manifest.format}", f"format {FORMAT}")
    for part in manifest.parts.values():
        for file in part.files:
            _check_size(folder / file.path, file.size)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all files, so that a folder without one is a half-made one."""
    half = folder / f".{MANIFEST}.part"
    half.write_bytes(to_json(manifest))
    half.replace(folder / MANIFEST)


def verify(folder: Path) -> Manifest:
    """Read every byte of a native folder and compare it with its hashes.

    Raises:
        WeightsError: As `read_manifest`, or a file has changed.
    """
    manifest = read_manifest(folder)
    for part in manifest.parts.values():
        for file in part.files:
            if sha256(folder / file.path) != file.sha256:
                raise WeightsError("weights", f"{file.path} is not what its hash says")
    return manifest


def record(folder: Path, path: Path) -> FileRecord:
    """The record of a finished file in ``folder``."""
    name = path.relative_to(folder).as_posix()
    return FileRecord(path=name, size=path.stat().st_size, sha256=sha256(path))


def sha256(path: Path) -> str:
    """Hash of a file's content, about a second a gigabyte."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def sampled_hash(files: list[Path]) -> str:
    """Tell apart the weights of others quickly: sizes, and the first and last 4 MiB of each file.

    The head of a safetensors file lists its tensors; nobody who retrains leaves its tail as it
    was. It is no proof against forgery: only a native folder's hashes cover every byte.
    """
    digest = hashlib.sha256()
    for path in sorted(files):
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            digest.update(str(size).encode())
            for start in (0, max(0, size - _BLOCK)):
                file.seek(start)
                digest.update(file.read(_BLOCK))
    return digest.hexdigest()


def check_licence(found: str | None, expected: Licence) -> None:
    """Refuse weights that say they are under another licence than the model's card says.

    Args:
        found: Licence id that the weights carry; None where they carry none, which is accepted.
        expected: The model's.

    Raises:
        WeightsError: They differ.
    """
    if found is not None and found.lower() != expected.id.lower():
        raise WeightsError("weights", f"these are under {found}", f"weights under {expected.id}")


def stated_licence(folder: Path) -> str | None:
    """The licence id that a folder states: in its manifest, or in the head of its README."""
    if (folder / MANIFEST).is_file():
        return read_manifest(folder).licence.id
    readme = folder / "README.md"
    if not readme.is_file():
        return None
    head = re.match(r"---\n(.*?)\n---", readme.read_text("utf-8", errors="replace"), re.DOTALL)
    stated = re.search(r"^license:\s*(\S+)", head[1], re.MULTILINE) if head else None
    return stated[1] if stated else None


def nearest(name: str, known: list[str]) -> str:
    """What somebody may have meant who wrote ``name``, for the message that refuses it."""
    close = get_close_matches(name, known, n=1, cutoff=0.0)
    return close[0] if close else "nothing here"


def _check_size(path: Path, size: int) -> None:
    if not path.is_file():
        raise WeightsError("weights", f"the file {path.name} is missing")
    if (found := path.stat().st_size) != size:
        raise WeightsError("weights", f"{path.name} has {found} bytes of {size}: it is truncated")
