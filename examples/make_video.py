"""Make a video with the official `openai` package, and save it with its thumbnail and spritesheet.

kinema serve
export OPENAI_BASE_URL=http://127.0.0.1:8000/v1 OPENAI_API_KEY=any
python examples/make_video.py "a red fox runs through a snowy forest" fox
"""

from __future__ import annotations

import sys

from openai import OpenAI

prompt, name = sys.argv[1:]
client = OpenAI()

video = client.videos.create_and_poll(prompt=prompt, model="sora-2", seconds="4", size="1280x720")
if video.error:
    sys.exit(f"{video.error.code}: {video.error.message}")
for variant, suffix in (("video", "mp4"), ("thumbnail", "webp"), ("spritesheet", "jpg")):
    content = client.videos.download_content(video.id, variant=variant)
    content.write_to_file(f"{name}.{suffix}")
    print(f"{name}.{suffix}")
