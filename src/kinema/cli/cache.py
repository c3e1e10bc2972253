"""Files that only save work or show it, in `media.cache_folder`; all can be removed at any time."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from kinema.media import FileStore, cache_folder

UNUSED_AFTER: Final = 24 * 3600.0
"""Seconds after which a preview is the leftover of a process that was killed."""


def preview_path(ending: str) -> Path:
    """Where this process shows its preview; makes the folder."""
    folder = cache_folder() / "previews"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{os.getpid()}.{ending}"


def collect_garbage(keep_bytes: int) -> int:
    """Remove old previews, and what was unused for longest until ``keep_bytes`` of a kind are left.

    The kinds are pictures, rendered shots and joined films.

    Returns:
        Bytes removed.
    """
    freed, limit = 0, time.time() - UNUSED_AFTER
    for path in (cache_folder() / "previews").glob("*"):
        found = path.stat()
        if found.st_mtime < limit:
            path.unlink(missing_ok=True)
            freed += found.st_size
    kinds = (FileStore().folder, cache_folder() / "shots", cache_folder() / "shots" / "films")
    return freed + sum(FileStore(folder).gc(keep_bytes) for folder in kinds)
