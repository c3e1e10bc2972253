"""Files that come with a request: looked at, kept by their content, and named by it."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kinema import media
from kinema.errors import MediaError
from kinema.serve.api.errors import invalid
from kinema.serve.store.objects import Objects, sha256_of, upload_key
from kinema.types import FileId, Json

PICTURES: Final = {media.Format.PNG: ".png", media.Format.JPEG: ".jpg", media.Format.WEBP: ".webp"}
FILMS: Final = {media.Format.MP4: ".mp4", media.Format.WEBM: ".webm"}
URL_MAX: Final = 20_971_520
"""Characters of a picture's URL, data URLs included."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is in the object store: its name in a request, where it is, what it is."""

    file: FileId
    place: Json
    info: media.Info


def looked_at(path: Path, field: str, kinds: dict[media.Format, str]) -> media.Info:
    """What a file is, where it is of one of the kinds. What the client says it is does not count.

    Raises:
        MediaError: It is broken, or of another kind.
    """
    try:
        info = media.probe(path, field=field)
    except MediaError as error:  # which speaks of the file's name, and that is ours
        problem = error.problem.removeprefix(f"{path.name} ")
        raise MediaError(error.field, problem, error.allowed) from error
    if info.format not in kinds:
        allowed = ", ".join(kind.value for kind in kinds)
        raise MediaError(field, f"is {info.format.value}", allowed)
    return info


def keep(objects: Objects, path: Path, field: str, kinds: dict[media.Format, str]) -> Kept:
    """Look at a file, and keep it where it is of one of the kinds.

    Raises:
        MediaError: It is broken, or of another kind.
    """
    info = looked_at(path, field, kinds)
    digest = sha256_of(path)
    key = upload_key(digest)
    if objects.size(key) is None:
        objects.put(key, path)
    return Kept(f"sha256:{digest}", {"key": key, "suffix": kinds[info.format]}, info)


@contextmanager
def from_data_url(url: str, field: str) -> Iterator[Path]:
    """A data URL as a file.

    Raises:
        ApiError: It is none, too long, or not in base64.
    """
    if len(url) > URL_MAX:
        message = f"Invalid '{field}': expected at most {URL_MAX} characters."
        raise invalid(message, field, "string_above_max_length")
    head, _, data = url.partition(",")
    if not head.lower().startswith("data:") or not head.lower().endswith(";base64"):
        raise invalid(f"Invalid '{field}': expected an http(s) URL or a base64 data URL.", field)
    try:
        content = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(f"Invalid '{field}': the base64 data cannot be read.", field) from error
    with tempfile.TemporaryDirectory(prefix="kinema-url-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(content)
        yield path
