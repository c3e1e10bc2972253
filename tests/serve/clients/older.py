"""Operations that an `openai` package before 2.27 has no methods for, through its general ones.

Run by the tests with such a package: older.py CLIP NAME
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from openai import OpenAI
from openai.types import Video

clip, name = sys.argv[1:]
client = OpenAI()


def made(path: str, **body: Any) -> Video:
    """Ask for a video, wait for it, and return what it became."""
    video = client.videos.poll(client.post(path, body=body, cast_to=Video).id)
    assert video.status == "completed", video
    return video


first = made("/videos", prompt="a dog runs", model="animatic", seconds="1", size="160x128")
edit = made("/videos/edits", prompt="make it night", video={"id": first.id})
assert edit.remixed_from_video_id == first.id
extension = made("/videos/extensions", prompt="the dog sleeps", seconds="4", video={"id": first.id})
assert extension.seconds == "5", extension

character: Any = client.post(
    "/videos/characters",
    body={"name": name},
    files={"video": Path(clip)},
    options={"headers": {"Content-Type": "multipart/form-data"}},
    cast_to=object,
)
found: Any = client.get(f"/videos/characters/{character['id']}", cast_to=object)
assert found == character
named = {"characters": [{"id": character["id"]}]}
made("/videos", prompt=f"{name} dances", model="animatic", seconds="1", size="160x128", **named)
