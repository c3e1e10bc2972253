"""How soon is a live stream seen, and how soon does it do what it is told?

    python benchmarks/serve_live.py [--words 12] [RESULTS.md]

Watches a stream of 640x360 at 24 pictures a second and steers it. Goals: its first picture within
1.5 s of the call, half of the answers (from the word to the first changed picture) within 1 s, and
pictures as fast as they are played. Then the first picture of a preview: within 0.5 s. Prints a
Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from machine import described
from serving import KEY, Server, percentile, report, serving

FIRST, ANSWER, RATE, LOOK = 1.5, 1.0, 23.5, 0.5
WORDS = ("a whale in the sea", "a lion in the desert", "a cat in a kitchen", "an owl at night")


def until(socket: ClientConnection, event: str) -> dict[str, Any]:
    """What is said of the next such event."""
    while True:
        message = socket.recv(timeout=60)
        if isinstance(message, str) and (said := json.loads(message))["event"] == event:
            return said


def watched(server: Server, words: int) -> tuple[float, list[float], list[float]]:
    """Seconds to the first picture, seconds of each answer, pictures a second."""
    with server.client() as client:
        began = time.perf_counter()
        wish = {"prompt": "a red fox runs through snow", "model": "animatic", "size": "640x360"}
        live = client.post("/kinema/live", json=wish).raise_for_status().json()["id"]
        address = f"{server.url.replace('http', 'ws', 1)}/kinema/live/{live}"
        with connect(address, additional_headers=KEY, proxy=None, max_size=None) as socket:
            until(socket, "scene")
            first = time.perf_counter() - began
            answers, rates = list[float](), list[float]()
            for _, prompt in zip(range(words), itertools.cycle(WORDS), strict=False):
                rates += [until(socket, "stats")["fps"] for _ in range(2)]
                time.sleep(0.37)  # words come at any moment of a chunk
                socket.send(json.dumps({"do": "steer", "prompt": prompt}))
                answers.append(until(socket, "scene")["answer_ms"] / 1000)
    return first, answers, rates


def looked(server: Server, count: int) -> list[float]:
    """Seconds of each preview of one picture."""
    times: list[float] = []
    with server.client() as client:
        for number in range(count):
            wish = {"prompt": f"{number + 2} owls in a forest", "model": "animatic"}
            began = time.perf_counter()
            client.post("/kinema/preview", json=wish).raise_for_status()
            times.append(time.perf_counter() - began)
    return times


def main(words: int, results: Path | None) -> None:
    """Measure, report, and fail where a goal is missed."""
    with serving() as server:
        first, answers, rates = watched(server, words)
        looks = looked(server, words)
    middle, rate, look = (statistics.median(found) for found in (answers, rates, looks))
    lines = [
        "# Live streams and previews",
        "",
        *described("websockets", "av", "opencv-python-headless"),
        "- a live of the animatic, 640x360, 24 pictures a second; previews of one picture",
        "",
        "| | measured | goal |",
        "| --- | --- | --- |",
        f"| call to first picture | {1000 * first:.0f} ms | {1000 * FIRST:.0f} ms |",
        f"| word to changed picture, median of {words} | {1000 * middle:.0f} ms "
        f"| {1000 * ANSWER:.0f} ms |",
        f"| word to changed picture, p90 | {1000 * percentile(answers, 0.9):.0f} ms | |",
        f"| pictures a second, median | {rate:.1f} | {RATE} |",
        f"| first picture of a preview, median | {1000 * look:.0f} ms | {1000 * LOOK:.0f} ms |",
    ]
    goals = {
        "first picture": first <= FIRST,
        "answers": middle <= ANSWER,
        "pictures a second": rate >= RATE,
        "previews": look <= LOOK,
    }
    report(lines, results, [name for name, met in goals.items() if not met])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--words", type=int, default=12)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.words, given.results)
