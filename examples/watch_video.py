"""Watch how far a video is, and save it piece by piece, which needs no memory for the whole.

python examples/watch_video.py "a lighthouse in a storm" storm.mp4
"""

from __future__ import annotations

import sys
import time

from openai import OpenAI

prompt, path = sys.argv[1:]
client = OpenAI()

# A model of Kinema's own takes any size; "sora-2" takes those that OpenAI had.
video = client.videos.create(prompt=prompt, model="animatic", seconds="4", size="320x192")
while video.status in ("queued", "in_progress"):
    time.sleep(0.3)
    video = client.videos.retrieve(video.id)
    print(f"{video.status}: {video.progress} %")
if video.error:
    sys.exit(f"{video.error.code}: {video.error.message}")

with client.videos.with_streaming_response.download_content(video.id) as content:
    content.stream_to_file(path)
print(path)
