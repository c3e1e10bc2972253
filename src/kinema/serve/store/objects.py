"""Files: uploads, half-done work, finished clips. A folder, or a bucket of an S3 server.

Keys are made here and nowhere else, out of ids and hashes, so that no name from outside becomes a
path:

    uploads/SHA256              what came in, once for each content
    work/CLIP/STAGE             what a run that is killed goes on from
    clips/CLIP/ATTEMPT/...      what is served: all of it by one attempt, written once
    previews/CLIP               the newest small picture of a run
    exports/EXPORT/ATTEMPT/...  films, cuts and captions of storyboards
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, S3Store

from kinema.errors import RequestError

if TYPE_CHECKING:
    from obstore.store import S3Config  # exists for type checkers only

PIECE: Final = 1 << 18
"""Bytes handed on at a time."""


def upload_key(sha256: str) -> str:
    """Where an upload of that content lies."""
    return f"uploads/{sha256}"


def clip_key(clip: str, attempt: str = "", name: str = "") -> str:
    """Where a file lies that an attempt at a clip made; the folder of all without more."""
    return "/".join(part for part in ("clips", clip, attempt, name) if part)


def work_key(clip: str, name: str = "") -> str:
    """Where a stage of a running clip lies; all of them without ``name``."""
    return f"work/{clip}/{name}"


def preview_key(clip: str) -> str:
    """Where the newest preview of a running clip lies."""
    return f"previews/{clip}"


def export_key(export: str, attempt: str = "", name: str = "") -> str:
    """Where a file of an export lies; the folder of all without more."""
    return "/".join(part for part in ("exports", export, attempt, name) if part)


class Objects:
    """The object store of an installation, shared by threads.

    Args:
        place: A folder, or ``s3://BUCKET[/PREFIX]``. For S3, ``KINEMA_OBJECT_KEY_ID``,
            ``KINEMA_OBJECT_KEY``, ``AWS_REGION`` and ``AWS_ENDPOINT_URL`` of the environment say
            how to get in.

    Raises:
        RequestError: ``place`` is neither.
    """

    def __init__(self, place: str) -> None:
        self.place = place
        self.folder: Path | None = None
        self._store: ObjectStore
        if place.startswith("s3://"):
            self._store = _bucket(place)
            return
        if "://" in place:
            raise RequestError("storage", f"{place} is of no kind known here", "a folder or s3://")
        self.folder = Path(place).resolve()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._store = LocalStore(self.folder, automatic_cleanup=True, mkdir=True)

    def put(self, key: str, data: bytes | Path, *, new: bool = False, lasting: bool = True) -> None:
        """Write an object, all or nothing; it is on the disk when this returns.

        Args:
            key: Its name.
            data: The bytes, or the file that holds them.
            new: Refuse to write over an older one.
            lasting: False for what may be lost, or be no longer whole, after a power cut.

        Raises:
            FileExistsError: ``new``, and there is one.
            OSError: It could not be written: the disk is full, say.
        """
        self._put(key, data, new=new)
        if self.folder is not None and lasting:
            _bring_to_disk(self.folder, [self.folder / key])

    def put_new(self, objects: Mapping[str, bytes | Path]) -> None:
        """Write objects that are not there yet; all of them are on the disk when this returns.

        Raises:
            FileExistsError: One is there.
            OSError: One could not be written.
        """
        for key, data in objects.items():
            self._put(key, data, new=True)
        if self.folder is not None:
            _bring_to_disk(self.folder, [self.folder / key for key in objects])

    def _put(self, key: str, data: bytes | Path, *, new: bool) -> None:
        with _as_os_errors(key):
            obstore.put(self._store, key, data, mode="create" if new else "overwrite")

    def get(self, key: str) -> bytes:
        """The whole object.

        Raises:
            FileNotFoundError: There is none.
            OSError: It cannot be read now.
        """
        with _as_os_errors(key):
            return bytes(obstore.get(self._store, key).bytes())

    def pieces(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from ``start`` up to, not including, ``end``, some at a time.

        Raises:
            FileNotFoundError: There is none.
            OSError: It cannot be read now.
        """
        for at in range(start, end, PIECE):
            with _as_os_errors(key):
                piece = bytes(
                    obstore.get_range(self._store, key, start=at, end=min(at + PIECE, end))
                )
            yield piece

    def fetch(self, key: str, path: Path) -> None:
        """Copy the object into a file.

        Raises:
            FileNotFoundError: There is none.
            OSError: It cannot be read now.
        """
        with path.open("wb") as file, _as_os_errors(key):
            for piece in obstore.get(self._store, key).stream(min_chunk_size=PIECE):
                file.write(bytes(piece))

    def size(self, key: str) -> int | None:
        """Its length in bytes, None where there is none."""
        try:
            with _as_os_errors(key):
                return int(obstore.head(self._store, key)["size"])
        except FileNotFoundError:
            return None

    def folders(self, prefix: str) -> list[str]:
        """The names of what lies directly under ``prefix``, which is whole folders."""
        with _as_os_errors(prefix):
            found: Any = obstore.list_with_delimiter(self._store, prefix.rstrip("/"))
        keys = [*found["common_prefixes"], *(one["path"] for one in found["objects"])]
        return sorted(key.rstrip("/").rpartition("/")[2] for key in keys)

    def older(self, prefix: str, before: float) -> list[str]:
        """The keys under ``prefix`` that were last written before that time."""
        with _as_os_errors(prefix):
            pages: Iterator[Any] = iter(obstore.list(self._store, prefix.rstrip("/")))
            listed = [found for page in pages for found in page]
        return [one["path"] for one in listed if one["last_modified"].timestamp() < before]

    def remove(self, *keys: str) -> None:
        """Delete objects; one that is not there is none the less gone."""
        for key in keys:
            with suppress(FileNotFoundError), _as_os_errors(key):
                obstore.delete(self._store, key)

    def remove_all(self, prefix: str) -> None:
        """Delete everything under ``prefix``, which is whole folders."""
        if self.folder is not None:
            # Also what a writer that was killed had not given its name yet, which no list shows.
            shutil.rmtree(self.folder / prefix, ignore_errors=True)
            return
        with _as_os_errors(prefix):
            pages: Iterator[Any] = iter(obstore.list(self._store, prefix.rstrip("/")))
            listed = [found["path"] for page in pages for found in page]
        self.remove(*listed)

    def remove_unnamed(self, before: float) -> None:
        """Delete what writers left half written when they were killed before that time.

        Only a folder keeps such things; a bucket forgets them.
        """
        if self.folder is None:
            return
        for path in self.folder.rglob("*#*"):  # no key holds that sign
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < before:
                    path.unlink()


def sha256_of(path: Path) -> str:
    """The hash of a file's content, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _bucket(place: str) -> S3Store:
    parts = urlsplit(place)
    config: S3Config = {}
    if key := os.environ.get("KINEMA_OBJECT_KEY_ID"):
        config["access_key_id"] = key
        config["secret_access_key"] = os.environ.get("KINEMA_OBJECT_KEY", "")
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if endpoint:
        config["endpoint"] = endpoint
    return S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        config=config,
        client_options={"allow_http": endpoint.startswith("http://")},
    )


@contextmanager
def _as_os_errors(key: str) -> Iterator[None]:
    try:
        yield
    except AlreadyExistsError as error:
        raise FileExistsError(key) from error
    except NotFoundError as error:
        raise FileNotFoundError(key) from error
    except BaseError as error:
        raise OSError(f"cannot read or write {key}: {error}") from error


def _bring_to_disk(folder: Path, paths: Iterable[Path]) -> None:
    """Files, their names and the folders above them survive a power cut after this."""
    above: set[Path] = set()
    for path in paths:
        _flush(path, os.O_RDONLY)
        above |= {place for place in path.parents if place.is_relative_to(folder)}
    for place in sorted(above, key=lambda one: -len(one.parts)):
        _flush(place, os.O_RDONLY | os.O_DIRECTORY)


def _flush(place: Path, flags: int) -> None:
    with suppress(FileNotFoundError):  # deleted meanwhile: nothing is left to keep
        descriptor = os.open(place, flags)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
