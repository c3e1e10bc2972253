"""Make many videos of a file with one prompt a line, while you do something else.

python examples/batch.py prompts.txt clips/
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from openai import OpenAI

prompts, folder = Path(sys.argv[1]), Path(sys.argv[2])
client = OpenAI()

shape = {"model": "animatic", "seconds": "2", "size": "320x192"}
lines = [
    {
        "custom_id": str(number),
        "method": "POST",
        "url": "/v1/videos",
        "body": {"prompt": prompt, **shape},
    }
    for number, prompt in enumerate(prompts.read_text("utf-8").splitlines())
]
requests = "\n".join(json.dumps(line) for line in lines).encode()
file = client.files.create(file=("requests.jsonl", requests), purpose="batch")

batch = client.batches.create(
    input_file_id=file.id,
    endpoint="/v1/videos",  # type: ignore[arg-type] - older packages do not know it
    completion_window="24h",
)
while batch.status in ("validating", "in_progress", "finalizing"):
    time.sleep(1)
    batch = client.batches.retrieve(batch.id)
print(f"{batch.status}: {batch.request_counts}")

folder.mkdir(exist_ok=True)
for line in client.files.content(batch.output_file_id or "").text.splitlines():
    result = json.loads(line)
    path = folder / f"{result['custom_id']}.mp4"
    client.videos.download_content(result["response"]["body"]["id"]).write_to_file(path)
    print(path)
