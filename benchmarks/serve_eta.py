"""Are the times that the server promises true?

    python benchmarks/serve_eta.py [--jobs 30] [RESULTS.md]

Makes clips of mixed sizes, lengths and rates, one after the other. Compares what each took with
what was promised at submit, and at half of that time with what had passed and was said to remain.
Goal: within 25 % and 10 % for 9 of 10. Prints a Markdown table, and writes it where a path is
given.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path
from typing import Any

from machine import described
from serving import Server, percentile, report, serving

SIZES = ("256x256", "512x288", "640x384", "1280x720", "720x1280")
PROMPTS = (
    "a red fox runs through snow",
    "a knight and a dragon at night in the rain",
    "two dogs dance in a park",
    "a cat sleeps on a sofa",
)
SUBMIT, HALF = 0.25, 0.10
SHARE = 0.9


def main(jobs: int, results: Path | None) -> None:
    """Measure, report, and fail where the goal is missed."""
    draw = random.Random(1)
    submit: list[float] = []
    half: list[float] = []
    with serving() as server, server.client() as client:
        for seed in range(jobs):
            wish: dict[str, Any] = {
                "prompt": draw.choice(PROMPTS),
                "size": draw.choice(SIZES),
                "seconds": draw.choice((2, 4, 8)),
                "fps": draw.choice((12, 24)),
                "seed": seed,
            }
            row, said = _watched(server, server.make(client, **wish))
            took = row["completed_at"] - row["started_at"]
            submit.append(abs(row["promised"] - took) / took)
            passed, remaining = min(said, key=lambda one: abs(one[0] - took / 2))
            half.append(abs(passed + remaining - took) / took)
    lines = [
        "# Promised and true times",
        "",
        *described("dbos", "numpy", "opencv-python-headless"),
        f"- {jobs} mixed clips of the animatic; goal: {SHARE:.0%} within the limit",
        "",
        "| promised | limit | within it | p90 of the error | worst |",
        "| --- | --- | --- | --- | --- |",
    ]
    missed: list[str] = []
    for name, errors, limit in (("at submit", submit, SUBMIT), ("at half time", half, HALF)):
        within = sum(error <= limit for error in errors) / len(errors)
        missed += [name] if within < SHARE else []
        worst = f"{percentile(errors, 0.9):.0%} | {max(errors):.0%}"
        lines.append(f"| {name} | {limit:.0%} | {within:.0%} | {worst} |")
    report(lines, results, missed)


def _watched(server: Server, name: str) -> tuple[dict[str, Any], list[tuple[float, float]]]:
    """The finished clip, and what was said of it: seconds of work so far, and seconds that remain.

    What was said some time ago counts as of then, since clients count down from it by themselves.
    """
    said: list[tuple[float, float]] = []
    last = None
    while True:
        (row,) = server.rows(name)
        if row["state"] == "completed":
            return row, said or [(0.0, row["promised"])]
        if row["started_at"] is not None and row["remaining"] not in (None, last):
            last = row["remaining"]
            said.append((time.time() - row["started_at"], last))
        time.sleep(0.05)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=30)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.jobs, given.results)
