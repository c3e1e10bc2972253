"""A folder of files named by their content."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Final

from kinema.errors import MediaError
from kinema.media.fingerprint import file_id
from kinema.media.staging import naming_output, staged
from kinema.types import FileId

_ID: Final = re.compile(r"sha256:([0-9a-f]{64})")


def cache_folder() -> Path:
    """Where Kinema keeps what can be made again or got again.

    ``$KINEMA_HOME``, else ``$XDG_CACHE_HOME/kinema``, else ``~/.cache/kinema``.
    """
    if home := os.environ.get("KINEMA_HOME"):
        return Path(home)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "kinema"


class FileStore:
    """Keeps files by content, each once. Safe to share between threads and processes.

    Args:
        folder: Where they lie; made when needed. By default the folder ``files`` of `cache_folder`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "files"

    def add(self, path: Path) -> FileId:
        """Copy a file in and return its name by content; a file that is there is not copied again.

        Raises:
            MediaError: ``path`` cannot be read.
            OutputError: The store cannot be written to.
        """
        name = file_id(path)
        kept = self._place(name)
        with naming_output():
            kept.parent.mkdir(parents=True, exist_ok=True)
            if kept.exists():
                kept.touch()
                return name
            with staged(kept) as part:
                shutil.copyfile(path, part)
        return name

    def path(self, name: FileId, *, field: str = "file") -> Path:
        """Where the file lies.

        Raises:
            MediaError: There is no file of that name here; ``field`` is named in the message.
        """
        kept = self._place(name, field)
        if not kept.is_file():
            raise MediaError(field, f"there is no file {name}", "a file that was added before")
        kept.touch()
        return kept

    def gc(self, keep_bytes: int) -> int:
        """Remove the files unused for longest until at most ``keep_bytes`` are left.

        Returns:
            Bytes removed.
        """
        files = [(file.stat(), file) for file in self.folder.glob("??/[!.]*")]
        total = sum(stat.st_size for stat, _ in files)
        before = total
        for stat, file in sorted(files, key=lambda entry: entry[0].st_mtime_ns):
            if total <= keep_bytes:
                break
            file.unlink(missing_ok=True)
            total -= stat.st_size
        return before - total

    def _place(self, name: FileId, field: str = "file") -> Path:
        match = _ID.fullmatch(name)
        if match is None:
            raise MediaError(field, f"{name!r} is not the name of a file", "sha256: and 64 digits")
        return self.folder / match[1][:2] / match[1][2:]
