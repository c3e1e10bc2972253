"""How fast is the studio, as somebody at the screen sees it?

    python benchmarks/studio_pages.py [--clips 100000] [RESULTS.md]

Opens the pages in Chromium over a library of so many clips (rows about the files of one). Needs
Node, Chromium and `npm ci` in web/. Prints a Markdown table with each number beside its goal, and
writes it where a path is given.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Final

from machine import described
from serving import Server, report, serving

WEB: Final = Path(__file__).resolve().parent.parent / "web"
GOALS: Final = {
    "first": ("prompt bar of the first page, ms", 1000),
    "script": ("script of the first page, gzipped, kB", 150),
    "reading": ("reading of a prompt after a pause in typing, ms", 200),
    "progress": ("event of progress to the screen, ms", 300),
    "opening": ("plate to the page of its clip, ms", 200),
    "scrolling": ("frame while scrolling, 99 of 100 within, ms", 50),
}
"""What `web/browser/speed.mjs` measures: its name there, in words, and the most that it may be."""


def main(clips: int, results: Path | None) -> None:
    """Measure, report, and fail where a goal is missed."""
    node, chromium = shutil.which("node"), shutil.which("chromium")
    assert node, "Node is needed"
    assert chromium, "Chromium is needed"
    with serving() as server:
        fill(server, clips)
        command = [node, "browser/speed.mjs", server.url.removesuffix("/v1"), chromium]
        done = subprocess.run(command, cwd=WEB, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(done.stdout.partition("\nfound ")[2].splitlines()[0])
    lines = [
        "# The studio in the browser",
        "",
        *described("fastapi", "uvicorn", "sqlalchemy"),
        f"- Chromium without a screen (it paints on the CPU), library of {clips} clips",
        "",
        "| | measured | goal |",
        "| --- | --- | --- |",
        *(f"| {words} | {found[name]} | {most} |" for name, (words, most) in GOALS.items()),
    ]
    report(lines, results, [name for name, (_, most) in GOALS.items() if found[name] > most])


def fill(server: Server, count: int) -> None:
    """Let the library hold so many clips more, all of them rows about the files of one."""
    with server.client() as client:
        wish = {"prompt": "A fox waves", "model": "animatic", "size": "320x180", "seconds": "1"}
        first = client.post("/videos", json=wish).json()["id"]
        while client.get(f"/videos/{first}").json()["status"] != "completed":
            time.sleep(0.1)
    with contextlib.closing(sqlite3.connect(server.data / "kinema.db", timeout=60)) as base:
        names: list[str] = [row[1] for row in base.execute("PRAGMA table_info(clips)")]
        fresh = {
            "id": "printf('video_%016x', n) || lower(hex(randomblob(16)))",
            "prompt": "'A fox waves, number ' || n",
            "size": "CASE n % 3 WHEN 0 THEN '320x180' WHEN 1 THEN '180x320' ELSE '240x240' END",
            "created_at": "created_at - 60 * (? - n)",
        }
        kept = [name for name in names if name != "number"]
        values = ", ".join(fresh.get(name, name) for name in kept)
        base.execute(
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?) "  # noqa: E501 - names of columns
            f"INSERT INTO clips ({', '.join(kept)}) SELECT {values} FROM counted, "
            "(SELECT * FROM clips WHERE id = ?)",
            (count, count, first),
        )
        base.commit()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", type=int, default=100_000)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.clips, given.results)
