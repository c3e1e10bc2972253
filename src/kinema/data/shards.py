"""WebDataset shards, the tar files in which large collections of clips travel.

A sample is a video and its caption under one key: ``000012.mp4`` and ``000012.txt`` (or ``.json``
with "caption"). Shards are taken apart into a folder, which `footage` then reads like any other.
"""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from kinema.data.captioned import STILLS, VIDEOS, Problem, captioned
from kinema.errors import MissingPart, OutputError, RequestError

LIMIT: Final = 256 << 20
"""Bytes of a shard."""
_ENDINGS: Final = tuple(name.lstrip(".") for name in (*VIDEOS, *STILLS))


def pack(folder: Path, out: Path, *, limit: int = LIMIT) -> tuple[list[Path], list[Problem]]:
    """Write a folder of clips and captions as shards ``clips-000000.tar``, ...

    Returns:
        The shards, and the files that were left out and why.

    Raises:
        RequestError: There is no such folder, or no clip in it has a caption.
        OutputError: The shards cannot be written.
        MissingPart: The library is not installed.
    """
    library = _library()
    found, problems = captioned(folder)
    if not found:
        raise RequestError("data", f"no clip in {folder.name}/ has a caption")
    try:
        out.mkdir(parents=True, exist_ok=True)
        pattern = str(out / "clips-%06d.tar")
        with library.ShardWriter(pattern, maxsize=limit, maxcount=10**9, verbose=0) as writer:
            for number, file in enumerate(found):
                ending = file.path.suffix.lower().lstrip(".")
                sample = {"__key__": f"{number:08}", ending: file.path.read_bytes()}
                writer.write({**sample, "txt": file.caption})
    except OSError as error:
        raise OutputError("out", f"cannot write shards to {out.name}/: {error}") from error
    return sorted(out.glob("clips-*.tar")), problems


def unpack(shards: Sequence[Path], folder: Path) -> list[Problem]:
    """Take shards apart into a folder of clips and captions; samples that are there stay.

    Returns:
        Samples without a video or a caption, and shards that are broken, with what was read of
        them kept.

    Raises:
        RequestError: A shard is missing.
        OutputError: The folder cannot be written.
        MissingPart: The library is not installed.
    """
    library = _library()
    problems: list[Problem] = []
    for shard in shards:
        if not shard.is_file():
            raise RequestError("data", f"there is no shard {shard.name!r}", "a .tar file")
        place = folder / shard.stem
        try:
            place.mkdir(parents=True, exist_ok=True)
            with shard.open("rb") as file:
                members = library.tariterators.tar_file_iterator(file)
                named = ({**one, "__url__": shard.name} for one in members)
                for sample in library.tariterators.group_by_keys(named):
                    why = _lay(sample, place)
                    if why:
                        problems.append(Problem(f"{shard.name}: {sample['__key__']}", why))
        except (tarfile.TarError, ValueError) as error:
            problems.append(Problem(shard.name, f"is broken ({error})"))
        except OSError as error:
            raise OutputError("data", f"cannot write to {folder.name}/: {error}") from error
    return problems


def _lay(sample: dict[str, Any], place: Path) -> str:
    """Write a sample's files; says why where it has none that can be used."""
    name = sample["__key__"].replace("/", "_").lstrip(".") or "unnamed"
    ending = next((key for key in sample if key.lower() in _ENDINGS), None)
    words = next((key for key in ("txt", "json") if key in sample), None)
    if ending is None or words is None:
        return "has no video" if ending is None else "has no caption"
    (place / f"{name}.{words}").write_bytes(sample[words])
    clip = place / f"{name}.{ending.lower()}"
    if not clip.is_file() or clip.stat().st_size != len(sample[ending]):
        clip.write_bytes(sample[ending])
    return ""


def _library() -> Any:
    try:
        import webdataset
    except ImportError as error:
        raise MissingPart("the library of shards", "pip install 'kinema[train]'") from error
    return webdataset
