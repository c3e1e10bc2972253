"""How much of a film is made again after nothing, or one thing, has changed?

    python benchmarks/film_again.py [--shots 20] [RESULTS.md]

Makes a film of many shots, makes it again, changes the words of one shot and makes it again.
Goals: a film in which nothing changed renders no shot and is there within 3 seconds; after one
change exactly one shot is rendered. Prints a Markdown table, and writes it where a path is given.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from kinema.studio.cache import ClipCache
from kinema.studio.edits import set_to
from kinema.studio.folder import ProjectFolder
from kinema.studio.make import Made, make, make_films
from kinema.studio.render import Rendering
from machine import described
from serving import report

GOAL = 3.0
WHO = ("a red fox", "a panda", "a blue cat", "a brown dog", "a white rabbit")
WHERE = ("in a snowy forest", "on a beach", "in a meadow", "on a street at night")


def main(shots: int, results: Path | None) -> None:
    """Measure, report, and fail where a goal is missed."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        brief = home / "film.toml"
        brief.write_text(script(shots), encoding="utf-8")

        def run() -> Rendering:
            return Rendering(ClipCache(home / "cache"))

        whole, first = timed(lambda: make("film", brief, home / "film", run()))
        same, again = timed(lambda: make("film", brief, home / "film", run()))
        project = ProjectFolder(home / "film")
        name = sorted(first.project.shots)[shots // 2]
        project.edit([set_to(f"shots/{name}/prompt", "a green frog jumps in a meadow")])
        one, changed = timed(lambda: make_films(project, run()))
    rows = (
        ("the first time", whole, first),
        ("again, nothing changed", same, again),
        ("again, one shot changed", one, changed),
    )
    lines = [
        "# A film that is made again",
        "",
        *described("av", "numpy", "opencv-python-headless"),
        f"- {shots} shots of one second, 320x180 at 24 frames a second, joined, with captions and "
        f"cuts; goal: nothing changed, no shot within {GOAL:g} s",
        "",
        "| | shots rendered | seconds | share of the first time |",
        "| --- | --- | --- | --- |",
        *(
            f"| {what} | {len(made.rendered)} of {shots} | {seconds:.2f} | {seconds / whole:.3f} |"
            for what, seconds, made in rows
        ),
    ]
    missed = ["seconds of a film in which nothing changed"] if same > GOAL else []
    missed += ["shots of an unchanged film"] if again.rendered else []
    missed += ["shots after one change"] if len(changed.rendered) != 1 else []
    report(lines, results, missed)


def script(shots: int) -> str:
    """A board of so many different shots."""
    cards = [
        f'[[card]]\nprompt = "{WHO[n % len(WHO)]} walks {WHERE[n % len(WHERE)]}"\n'
        f'seconds = 1\nseed = {n}\nnarration = "Shot {n + 1}."\n'
        for n in range(shots)
    ]
    return 'title = "Again"\nsize = "320x180"\nfps = 24\n\n' + "\n".join(cards)


def timed(work: Callable[[], Made]) -> tuple[float, Made]:
    """Seconds that the work takes, and what it returns."""
    began = time.perf_counter()
    made = work()
    return time.perf_counter() - began, made


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--shots", type=int, default=20)
    parser.add_argument("results", type=Path, nargs="?")
    given = parser.parse_args()
    main(given.shots, given.results)
