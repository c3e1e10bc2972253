"""What does the server itself cost, from the queue to the published clip?

    python benchmarks/serve_overhead.py [--jobs 30] [RESULTS.md]

Makes small clips one after the other. From the time between accepted and completed, which the
database holds, the time is taken off that the engine needs for the same request in this process.
Goal: 150 ms on SQLite. Prints a Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from kinema.engine.generate import generate
from kinema.types import Request, from_builtins
from machine import described
from serving import percentile, report, serving

GOAL = 0.150


def main(jobs: int, results: Path | None) -> None:
    """Measure, report, and fail where the goal is missed."""
    whole: list[float] = []
    bare: list[float] = []
    with serving() as server, server.client() as client, tempfile.TemporaryDirectory() as folder:
        for number in range(jobs):
            name = server.make(client, size="256x256", seconds=1, fps=8, seed=number)
            row = server.finished(name)
            whole.append(row["completed_at"] - row["created_at"])
            request = from_builtins(json.loads(row["request"]), Request)
            if number == 0:  # what is loaded once is loaded in the worker too
                generate(request, Path(folder) / "first.mp4")
            began = time.perf_counter()
            generate(request, Path(folder) / f"{number}.mp4")
            bare.append(time.perf_counter() - began)
    own = [served - alone for served, alone in zip(whole, bare, strict=True)]
    middle = statistics.median(own)
    lines = [
        "# The server's own cost of a job",
        "",
        *described("dbos", "sqlalchemy", "obstore"),
        f"- {jobs} clips of 8 frames of 256x256 on SQLite, one after the other; goal: within "
        f"{GOAL * 1000:.0f} ms",
        "",
        "| accepted to completed | the engine alone | the server's own | its p90 |",
        "| --- | --- | --- | --- |",
        f"| {1000 * statistics.median(whole):.0f} ms | {1000 * statistics.median(bare):.0f} ms "
        f"| {1000 * middle:.0f} ms | {1000 * percentile(own, 0.9):.0f} ms |",
    ]
    report(lines, results, ["the server's own"] if middle > GOAL else [])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=30)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.jobs, given.results)
