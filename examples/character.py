"""Keep a character from one video to the next. Needs `openai` 2.27 or newer.

python examples/character.py clip.mp4 Mossy "Mossy dances in a forest" mossy.mp4
"""

from __future__ import annotations

import sys
from pathlib import Path

from openai import OpenAI

clip, name, prompt, path = sys.argv[1:]
client = OpenAI()

character = client.videos.create_character(name=name, video=Path(clip))
print(client.videos.get_character(character.id or "").name)

video = client.videos.create_and_poll(
    prompt=prompt,
    model="animatic",
    seconds="2",
    size="320x192",
    extra_body={"characters": [{"id": character.id}]},
)
if video.error:
    sys.exit(f"{video.error.code}: {video.error.message}")
client.videos.download_content(video.id).write_to_file(path)
print(path)
