"""Change a video with words: remix it, edit it, and go on with it. Needs `openai` 2.27 or newer.

python examples/change_video.py "a dog runs through a meadow" "make it night" "the dog sleeps"
"""

from __future__ import annotations

import sys
from pathlib import Path

from openai import OpenAI, omit

prompt, change, more = sys.argv[1:]
client = OpenAI()


def save(video_id: str, path: str) -> None:
    """Wait for a video, and save it."""
    video = client.videos.poll(video_id)
    if video.error:
        sys.exit(f"{path}: {video.error.code}: {video.error.message}")
    client.videos.download_content(video_id).write_to_file(path)
    print(f"{path}: {video.seconds} s, from {video.remixed_from_video_id}")


first = client.videos.create(prompt=prompt, model="animatic", seconds="2", size="320x192")
save(first.id, "first.mp4")

remix = client.videos.remix(first.id, prompt=change)
save(remix.id, "remix.mp4")

# The package takes a file here; the id of a video goes beside it.
named = {"video": {"id": first.id}}
edit = client.videos.edit(prompt=change, video=omit, extra_body=named)  # type: ignore[arg-type]
save(edit.id, "edit.mp4")

extension = client.videos.extend(prompt=more, seconds="4", video=Path("first.mp4"))
save(extension.id, "extension.mp4")
