"""List the videos of a project, oldest first, and delete those whose prompt holds a word.

python examples/library.py dragon
"""

from __future__ import annotations

import sys

from openai import OpenAI

word = sys.argv[1]
client = OpenAI()

# The package asks for the next page by itself.
videos = list(client.videos.list(order="asc", limit=2))
for video in videos:
    print(video.id, video.status, video.prompt)
for video in videos:
    if word in (video.prompt or ""):
        print("deleted:", client.videos.delete(video.id).id)
