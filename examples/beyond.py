"""What Kinema understands beyond OpenAI's fields, asked with the same package.

python examples/beyond.py "a panda dances on a beach" dance.mp4
"""

from __future__ import annotations

import sys

from openai import OpenAI

prompt, path = sys.argv[1:]
client = OpenAI()

wanted = {"model": "animatic", "seconds": "2", "size": "320x192"}
promise = client.post("/kinema/estimate", body={"prompt": prompt, **wanted}, cast_to=object)
print(promise)

video = client.videos.create_and_poll(
    prompt=prompt,
    model="animatic",
    seconds="2",
    size="320x192",
    extra_body={"seed": 7, "negative_prompt": "rain", "style": "paper_cutout"},
)
if video.error:
    sys.exit(f"{video.error.code}: {video.error.message}")
client.videos.download_content(video.id).write_to_file(path)
print(path)
