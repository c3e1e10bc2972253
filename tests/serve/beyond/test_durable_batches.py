"""A batch whose server dies while it goes on."""

from __future__ import annotations

import json
from pathlib import Path

from tests.serve.api.conftest import SMALL
from tests.serve.beyond.conftest import until
from tests.serve.conftest import RunningServer


def test_a_batch_goes_on_after_its_server_was_killed(tmp_path: Path) -> None:
    lines = [
        {
            "custom_id": str(number),
            "method": "POST",
            "url": "/v1/videos",
            "body": {**SMALL, "seed": number},
        }
        for number in range(4)
    ]
    text = "\n".join(map(json.dumps, lines)).encode()
    server = RunningServer(tmp_path)
    try:
        with server.client() as client:
            files = {"file": ("in.jsonl", text)}
            file = client.post("/v1/files", data={"purpose": "batch"}, files=files).json()["id"]
            body = {"input_file_id": file, "endpoint": "/v1/videos", "completion_window": "24h"}
            path = f"/v1/batches/{client.post('/v1/batches', json=body).json()['id']}"
            until(lambda: client.get("/v1/videos").json()["data"])
        for _ in range(2):
            server.kill_api()
            server.kill_worker()
            server.start()
        with server.client() as client:
            done = until(lambda: (now := client.get(path).json())["status"] == "completed" and now)
            made = client.get("/v1/videos").json()["data"]
            results = client.get(f"/v1/files/{done['output_file_id']}/content").text
    finally:
        server.stop()
    assert done["request_counts"] == {"total": 4, "completed": 4, "failed": 0}
    assert len(made) == 4
    named = {
        one["custom_id"]: one["response"]["body"]["id"]
        for one in map(json.loads, results.splitlines())
    }
    assert sorted(named) == ["0", "1", "2", "3"]
    assert set(named.values()) == {video["id"] for video in made}
