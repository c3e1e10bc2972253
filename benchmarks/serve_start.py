"""How long is it from `kinema serve` to its first answer, and to its first video?

    python benchmarks/serve_start.py [RESULTS.md]

Starts the server five times on an empty folder and five times on the one that it has used, asks for
a list of videos until it is answered, and then asks for a small video and waits for it. Goal: the
first answer within 2 s. Prints a Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from machine import described
from serving import report

RUNS = 5
GOAL = 2.0
KEY = {"authorization": "Bearer any"}


def main(results: Path | None) -> None:
    """Measure, report, and fail where the goal is missed."""
    rows = {"empty": [], "used": []}
    with tempfile.TemporaryDirectory() as folder:
        used = Path(folder) / "used"
        _started(used)
        for number in range(RUNS):
            rows["empty"].append(_started(Path(folder) / f"empty{number}"))
            rows["used"].append(_started(used))
    lines = [
        "# From `kinema serve` to its first answer",
        "",
        *described("fastapi", "uvicorn", "dbos", "sqlalchemy"),
        f"- median and worst of {RUNS}; goal: the first answer within {GOAL:.0f} s",
        "",
        "| data folder | first answer | worst | first video (16 frames of 256x256) | worst |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, times in rows.items():
        cells = [name]
        for values in zip(*times, strict=True):
            cells += [f"{statistics.median(values):.2f} s", f"{max(values):.2f} s"]
        lines.append("| " + " | ".join(cells) + " |")
    late = max(answer for times in rows.values() for answer, _ in times) > GOAL
    report(lines, results, ["the first answer"] if late else [])


def _started(data: Path) -> tuple[float, float]:
    """Seconds to the first answer and to the first video of one server."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    command = [sys.executable, "-m", "kinema", "serve", "--port", str(port), "--data", str(data)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/v1", headers=KEY) as client:
            while not _answers(client):
                if process.poll() is not None:
                    sys.exit("the server does not start")
                time.sleep(0.005)
            answered = time.perf_counter() - began
            wish = {"prompt": "a red fox", "size": "256x256", "seconds": 1, "fps": 16}
            made = client.post("/kinema/generations", json=wish).raise_for_status().json()
            video = made["data"][0]["id"]
            while (status := client.get(f"/videos/{video}").json()["status"]) != "completed":
                assert status != "failed"
                time.sleep(0.02)
            return answered, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/videos").is_success
    except httpx.TransportError:
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
