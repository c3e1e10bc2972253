"""Pictures in and out of a run: what the user gave, and what the user sees meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema.errors import MediaError
from kinema.media.picture import encode, still
from kinema.types import FileId, Preview

PREVIEW_SIDE: Final = 320
"""Longest side of a preview, pixels."""
PREVIEW_EVERY: Final = 1.0
"""Seconds between two previews."""
_PREVIEW_QUALITY: Final = 80


def read_picture(path: Path, field: str) -> NDArray[np.uint8]:
    """A picture file as (height, width, 4) RGBA; `MediaError` naming ``field`` if it is none."""
    picture = still(path, field=field)
    if picture.shape[2] == 4:
        return picture
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2RGBA), np.uint8)


def read_brightness(path: Path, field: str) -> NDArray[np.uint8]:
    """A picture file as (height, width): how bright it is, darkened where it is transparent."""
    picture = read_picture(path, field)
    grey = cv2.cvtColor(picture[..., :3], cv2.COLOR_RGB2GRAY)
    return (grey.astype(np.uint16) * picture[..., 3] // 255).astype(np.uint8)


def given_picture(file: FileId, files: Mapping[FileId, Path], field: str) -> NDArray[np.uint8]:
    """The picture of that content; `MediaError` where it was not given with the request.

    A clip's scenes name the user's pictures that they show, and do not hold them.
    """
    if file not in files:
        problem = f"the scene shows a picture ({file[:19]}...) that was not given"
        raise MediaError(field, problem, "the same picture again, or beside the clip")
    return read_picture(files[file], field)


def preview(frame: NDArray[np.uint8], *, enlarge: bool = False) -> Preview:
    """A frame (height, width, 3) made small, or a rough one large, as JPEG. Costs a millisecond."""
    scale = PREVIEW_SIDE / max(frame.shape[:2])
    scale = scale if enlarge else min(scale, 1.0)
    manner = cv2.INTER_AREA if scale < 1.0 else cv2.INTER_CUBIC
    small = cv2.resize(frame, None, fx=scale, fy=scale, interpolation=manner)
    image = encode(np.asarray(small, np.uint8), ".jpg", _PREVIEW_QUALITY)
    return Preview(media_type="image/jpeg", image=image)
