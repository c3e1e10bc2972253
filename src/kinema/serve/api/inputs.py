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
from urllib.parse import unquote_to_bytes

from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.serve.api.errors import ApiError, invalid
from kinema.serve.net import Network, TooBusy
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
def from_url(network: Network, url: str, field: str) -> Iterator[Path]:
    """What a URL leads to, as a file: a data URL, or one of http(s) that is fetched.

    Raises:
        ApiError: It is too long, of another kind, not in base64, or cannot be fetched.
    """
    if len(url) > URL_MAX:
        message = f"Invalid '{field}': expected at most {URL_MAX} characters."
        raise invalid(message, field, "string_above_max_length")
    with tempfile.TemporaryDirectory(prefix="kinema-url-") as folder:
        path = Path(folder) / "picture"
        scheme = url[:8].partition(":")[0].lower()
        if scheme == "data":
            path.write_bytes(_data(url, field))
        elif scheme in ("http", "https"):
            _fetch(network, url, path, field)
        else:
            message = f"Invalid '{field}': expected an http(s) URL or a base64 data URL."
            raise invalid(message, field)
        yield path


def _data(url: str, field: str) -> bytes:
    """What a data URL holds."""
    head, _, data = url.partition(",")
    if not head.lower().endswith(";base64"):
        raise invalid(f"Invalid '{field}': expected a data URL in base64.", field)
    try:
        return base64.b64decode(unquote_to_bytes(data), validate=True)
    except (binascii.Error, ValueError) as error:
        raise invalid(f"Invalid '{field}': the base64 data cannot be read.", field) from error


def _fetch(network: Network, url: str, path: Path, field: str) -> None:
    try:
        network.fetch(url, path, field)
    except TooBusy as error:
        raise ApiError(
            429,
            "Too many pictures are being fetched. Send the request again soon.",
            param=field,
            code="rate_limit_exceeded",
            kind="rate_limit_error",
            headers={"retry-after": "1"},
        ) from error
    except RequestError as error:
        raise invalid(f"Invalid {error}.", field, "invalid_image_url") from error
