"""Rendered clips by what they were rendered from, so that only what changed is made again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from kinema import media
from kinema.errors import MediaError
from kinema.media.staging import naming_output
from kinema.studio.document import canonical, digest
from kinema.types import FileId, Json, Request, to_builtins

_VERSION: Final = 2


def shot_key(request: Request, versions: dict[str, str], weights: str = "") -> str:
    """The name of a rendering: equal where nothing that can be seen differs.

    Args:
        request: Exactly what the engine is asked for; names its input files by content.
        versions: Of the packages that decide what pictures look like.
        weights: The hash of the network's weights, "" for a model without.
    """
    return digest(
        {
            "op": "shot",
            "op_version": _VERSION,
            "request": to_builtins(request),
            "versions": versions,
            "weights": weights,
        }
    )


class ClipCache:
    """A folder of clips by key. Safe to share between processes; two projects share what is equal.

    A clip appears under its name when it is complete. One whose bytes are not those that were
    written is removed and made again.

    Args:
        folder: Where they lie; by default the folder ``shots`` of `media.cache_folder`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or media.cache_folder() / "shots"
        self.made: list[str] = []
        self.spoiled: list[str] = []

    def beside(self, name: str) -> ClipCache:
        """The cache of another kind of clip, in a folder inside this one."""
        return ClipCache(self.folder / name)

    def get(self, key: str) -> Path | None:
        """The clip of that key, None where there is none that is whole."""
        clip, note = self._place(key), self._note(key)
        if not (clip.is_file() and note.is_file()):
            return None
        with suppress(OSError, ValueError, MediaError):
            said: Json = json.loads(note.read_bytes())
            if said.get("file") == media.file_id(clip):
                clip.touch()
                return clip
        self.spoiled.append(key)
        clip.unlink(missing_ok=True)
        note.unlink(missing_ok=True)
        return None

    def of(self, key: str, make: Callable[[Path], FileId]) -> Path:
        """The clip of that key, made where it is not there.

        Args:
            key: From `shot_key`.
            make: Writes the clip to a path that ends in ``.mp4`` and returns its content's name.

        Raises:
            OutputError: The cache cannot be written to.
        """
        found = self.get(key)
        if found is not None:
            return found
        clip, note = self._place(key), self._note(key)
        with naming_output():
            clip.parent.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with media.staged(clip) as part:
            name = make(part)
            said = {
                "file": name,
                "bytes": part.stat().st_size,
                "milliseconds": round((time.monotonic() - began) * 1000),
            }
            with media.staged(note) as text:
                text.write_bytes(canonical(said))
        self.made.append(key)
        return clip

    def _place(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.mp4"

    def _note(self, key: str) -> Path:
        return self._place(key).with_suffix(".json")
