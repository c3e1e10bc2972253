"""What a request names instead of sending it: videos that are finished, files, pictures by URL."""

from __future__ import annotations

import tempfile
from pathlib import Path

from kinema.serve.api.bodies import Upload
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.inputs import PICTURES, Kept, from_data_url, keep, kept_upload
from kinema.serve.api.services import Services
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow, State
from kinema.serve.store.files import get as get_file
from kinema.types import Json, Size


def finished(services: Services, project: str, video_id: str, field: str) -> ClipRow:
    """A video of the project that can be changed."""
    with services.database.read() as connection:
        row = store.get(connection, video_id, project)
    if row is None:
        raise not_found("Video", video_id)
    if row.state != State.COMPLETED or row.assets is None:
        raise invalid(f"Video '{video_id}' is not completed, its status is {row.status}.", field)
    return row


def first_picture(services: Services, project: str, given: Upload | Json, size: Size) -> Kept:
    """The picture that a video begins with; it must have the video's size."""
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
        return kept_upload(services.objects, given, field, films=False)
    if "file_id" not in given:
        with from_data_url(given["image_url"], field) as path:
            return keep(services.objects, path, field, PICTURES)
    with services.database.read() as connection:
        file = get_file(connection, project, given["file_id"])
    if file is None:
        raise not_found("File", given["file_id"])
    with tempfile.TemporaryDirectory(prefix="kinema-file-") as folder:
        path = Path(folder) / "file"
        services.objects.fetch(file.key, path)
        return keep(services.objects, path, field, PICTURES)
