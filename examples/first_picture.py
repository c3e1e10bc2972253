"""Make a video that begins with a picture. The picture must have the size of the video.

python examples/first_picture.py picture.png 320x192 "the camera rises slowly" rise.mp4
"""

from __future__ import annotations

import sys
from pathlib import Path

from openai import OpenAI

picture, size, prompt, path = sys.argv[1:]
client = OpenAI()

video = client.videos.create_and_poll(
    prompt=prompt, model="animatic", seconds="2", size=size, input_reference=Path(picture)
)
if video.error:
    sys.exit(f"{video.error.code}: {video.error.message}")
client.videos.download_content(video.id).write_to_file(path)
print(path)

# The same with a picture that is uploaded once and named often.
file = client.files.create(file=Path(picture), purpose="vision")
named = {"input_reference": {"file_id": file.id}}
again = client.videos.create_and_poll(
    prompt=prompt, model="animatic", seconds="2", size=size, extra_body=named
)
client.files.delete(file.id)
print(again.status)
