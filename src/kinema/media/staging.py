"""Files that appear under their name only when they are complete."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from kinema.errors import OutputError
from kinema.media.formats import is_sequence


@contextmanager
def staged(path: Path) -> Generator[Path]:
    """Lend a hidden path beside ``path``; what was written there takes its name at the end.

    If the block raises, what was written is removed and an older file of that name is untouched.
    Blocks can be nested: writing and finishing a clip inside one block makes them one step.

    Args:
        path: The name that the result is to have. A sequence (``frames/%05d.png``) is staged as a
            whole folder and replaces the folder of that name.

    Yields:
        A path with the same ending, in the same folder (a sequence: in a hidden folder beside).

    Raises:
        OutputError: The result cannot be put in its place.
    """
    if is_sequence(path):
        folder = path.absolute().parent
        with _staged_folder(folder) as hidden:
            yield hidden / path.name
        return
    hidden = path.with_name(f".{path.stem[:40]}.{secrets.token_hex(4)}{path.suffix}")
    try:
        yield hidden
        with naming_output():
            hidden.replace(path)
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def naming_output() -> Generator[None]:
    """Turn what the file system says while an output is written into an `OutputError`."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError("output", f"cannot be written: {reason}") from error


@contextmanager
def _staged_folder(folder: Path) -> Generator[Path]:
    token = secrets.token_hex(4)
    hidden = folder.with_name(f".{folder.name}.{token}")
    old = folder.with_name(f".{folder.name}.{token}.old")
    with naming_output():
        hidden.mkdir()
    try:
        yield hidden
        with naming_output():
            if folder.exists():
                folder.rename(old)
            hidden.rename(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
