"""What a request names or sends: videos that are finished, films, files, pictures by URL."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from kinema import media
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.forms import Upload
from kinema.serve.api.inputs import FILMS, PICTURES, Kept, from_url, keep, looked_at
from kinema.serve.api.services import Services
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow, State
from kinema.serve.store.files import get as get_file
from kinema.types import Json, Size


def finished(services: Services, project: str, video_id: str, field: str) -> ClipRow:
    """A video of the project that can be changed.

    Raises:
        ApiError: There is none of that id, it is not completed, or its files are gone.
    """
    with services.database.read() as connection:
        row = store.get(connection, video_id, project)
    if row is None:
        raise not_found("Video", video_id, field)
    if is_expired(row):
        raise invalid(f"Video '{video_id}' has expired; its files are gone.", field, "expired")
    if row.state != State.COMPLETED or row.assets is None:
        raise invalid(f"Video '{video_id}' is not completed, its status is {row.status}.", field)
    return row


def is_expired(row: ClipRow) -> bool:
    """Whether the files of a video are gone, or may be at any moment."""
    over = row.expires_at is not None and row.expires_at <= time.time()
    return row.state == State.EXPIRED or (row.state == State.COMPLETED and over)


def carries_scene(row: ClipRow) -> bool:
    """Whether a finished video was drawn from a scene, so that the scene can be changed."""
    return (row.facts or {}).get("scene") is not None


def recognised(services: Services, project: str, upload: Upload) -> ClipRow | None:
    """The video of the project that a file is a copy of, as long as its files are there.

    A file of ours says which it is, and its pictures have to be the same: else it was cut or
    painted over, and is a video of its own.
    """
    said = (media.facts(upload.path, field="video") or {}).get("id")
    if not isinstance(said, str):
        return None
    with services.database.read() as connection:
        row = store.get(connection, said, project)
    if row is None or row.state != State.COMPLETED or row.assets is None or is_expired(row):
        return None
    same = (row.facts or {}).get("fingerprint") == media.fingerprint(upload.path)
    return row if same else None


def film(services: Services, upload: Upload, field: str) -> tuple[Kept, bool]:
    """A film that came as a file, and whether it carries the scene that it was made from.

    Raises:
        MediaError: It is no film, or a broken one.
    """
    kept = keep(services.objects, upload.path, field, FILMS)
    facts = media.facts(upload.path, field=field) or {}
    return kept, facts.get("scene") is not None


def check_film(upload: Upload, field: str) -> None:
    """Refuse a file that is no film, before anything is asked of it.

    Raises:
        MediaError: It is none, or a broken one.
    """
    looked_at(upload.path, field, FILMS)


def first_picture(services: Services, project: str, given: Upload | Json, size: Size) -> Kept:
    """The picture that a video begins with; it must have the video's size.

    Raises:
        ApiError: It has another size, and the policy does not scale it; or as `picture`.
        MediaError: It is no picture.
    """
    kept = picture(services, project, given, "input_reference")
    if kept.info.size != size and not services.config.policy.fit_reference:
        raise invalid("Inpaint image must match the requested width and height", None, None)
    return kept


def picture(services: Services, project: str, given: Upload | Json, field: str) -> Kept:
    """A picture that was sent, or is named by ``file_id`` or ``image_url``.

    Raises:
        ApiError: There is no such file, or the URL cannot be read.
        MediaError: It is no picture.
    """
    if isinstance(given, Upload):
        return keep(services.objects, given.path, field, PICTURES)
    if "file_id" not in given:
        with from_url(services.network, given["image_url"], field) as path:
            return keep(services.objects, path, field, PICTURES)
    with services.database.read() as connection:
        file = get_file(connection, project, given["file_id"])
    if file is None:
        raise not_found("File", given["file_id"], field)
    with tempfile.TemporaryDirectory(prefix="kinema-file-") as folder:
        path = Path(folder) / "file"
        services.objects.fetch(file.key, path)
        return keep(services.objects, path, field, PICTURES)
