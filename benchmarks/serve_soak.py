"""Does a server that is killed again and again lose a job, make one twice, or grow?

    python benchmarks/serve_soak.py [--jobs 500] [--every 50] [RESULTS.md]

Makes small clips, and kills the worker or the server with its worker, in turn, in the middle of
every block of jobs. Goals: every job ends, each has its files once, equal seeds give equal
fingerprints, and no process holds over 5 % more memory at the end of a block than after the first
50 jobs. Prints a Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from pathlib import Path

from machine import described
from serving import Server, report, serving

GROWN = 0.05
SETTLED = 50
"""Jobs after which a process holds what it needs."""
SEEDS = 5
TIDY = 20.0
"""Seconds in which what dead attempts have left is cleared away."""


def main(jobs: int, every: int, results: Path | None) -> None:
    """Measure, report, and fail where a goal is missed."""
    memory: dict[str, list[float]] = {"API": [], "worker": []}
    began = time.monotonic()
    with serving() as server:
        for block, first in enumerate(range(0, jobs, every)):
            _make(server, range(first, min(first + every, jobs)), everything=block % 2 == 1)
            memory["API"].append(_resident([server.api]))
            memory["worker"].append(_resident(server.workers()))
        took = time.monotonic() - began
        until = time.monotonic() + TIDY
        while (problems := _problems(server, jobs)) and time.monotonic() < until:
            time.sleep(0.5)
    lines = [
        "# Many jobs and many deaths",
        "",
        *described("dbos", "sqlalchemy", "obstore"),
        f"- {jobs} clips of 8 frames of 128x128 in {took:.0f} s, a kill in every {every}",
        "- lost, made twice or different: " + (", ".join(problems) or "none"),
        f"- goal: memory within {GROWN:.0%} of that after the first {SETTLED} jobs",
        "",
        "| process | after these | most later | grown |",
        "| --- | --- | --- | --- |",
    ]
    for name, all_values in memory.items():
        values = all_values[(SETTLED - 1) // every :]
        if not values:
            lines.append(f"| {name} | not judged | | |")
            continue
        most = max(values)
        grown = most / values[0] - 1
        told = f"{values[0] / 2**20:.0f} MiB | {most / 2**20:.0f} MiB | {grown:.1%}"
        lines.append(f"| {name} | {told} |")
        if grown > GROWN:
            problems.append(f"the {name} has grown")
    report(lines, results, problems)


def _make(server: Server, numbers: Iterable[int], *, everything: bool) -> None:
    """Make a block of jobs, and kill in the middle of it."""
    with server.client() as client:
        names = [
            server.make(client, size="128x128", seconds=1, fps=8, seed=number % SEEDS)
            for number in numbers
        ]
    server.finished(names[len(names) // 2])
    if everything:
        server.kill()
        server.start()
    else:
        server.kill_worker()
    for name in names:
        server.finished(name)


def _problems(server: Server, jobs: int) -> list[str]:
    """What is not as it should be once all is done."""
    rows = list(server.rows())[1:]  # the first was made to warm up
    problems = [] if len(rows) == jobs else [f"{len(rows)} of {jobs} jobs are known"]
    fingerprints: dict[int, set[str]] = {}
    for row in rows:
        if row["state"] != "completed":
            problems.append(f"{row['id']} is {row['state']}")
            continue
        attempts = list((server.data / "objects" / "clips" / row["id"]).iterdir())
        if len(attempts) != 1:
            problems.append(f"{row['id']} has its files {len(attempts)} times")
        seed = json.loads(row["request"]).get("seed", 0)
        fingerprints.setdefault(seed, set()).add(json.loads(row["facts"])["fingerprint"])
    problems += [f"seed {seed} differs" for seed, one in fingerprints.items() if len(one) > 1]
    return problems


def _resident(pids: Iterable[int]) -> float:
    """Bytes of memory that the processes hold."""
    total = 0.0
    for pid in pids:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        total += 1024 * float(status.partition("VmRSS:")[2].split()[0])
    return total


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--jobs", type=int, default=500)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.jobs, given.every, given.results)
