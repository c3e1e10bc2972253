"""The browser solves anchors with code of its own: both are held to the same solved cuts.

`solved_cuts.json` has documents with their cuts; the studio's own tests read it as well. It is
written anew by ``python tests/studio/test_solved_cuts.py``.
"""

from __future__ import annotations

import json
import random
from fractions import Fraction
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from small_films import BOARD, project

from kinema.studio.anchors import solve
from kinema.studio.board import read_board
from kinema.studio.compile import MAIN, compile_script
from kinema.studio.document import (
    Asset,
    Item,
    Line,
    LineKind,
    Project,
    Track,
    TrackKind,
    Transition,
    Trim,
    Words,
    from_document,
    to_document,
)

CUTS = Path(__file__).with_name("solved_cuts.json")
RATES = ("24", "24000/1001", "30", "25", "12", "60")


def films() -> list[Project]:
    """Films of every sort, the same ones every time."""
    chance = random.Random(7)
    made = [project(), compile_script("social", read_board(BOARD, "mia.toml", Path())).project]
    return made + [_shaken(chance, made[0], number) for number in range(24)]


def _shaken(chance: random.Random, film: Project, number: int) -> Project:
    shots = {
        name: replace(
            shot,
            length=replace(
                shot.length, seconds=Fraction(chance.randint(1, 40), chance.choice((7, 8)))
            ),
        )
        for name, shot in film.shots.items()
    }
    names = list(shots)
    anchors = (
        f"shot.{names[1]}.start+{chance.randint(0, 9)}f",
        f"shot.{names[2]}.end-{chance.randint(1, 20)}f",
        "line.snow-fell.end+1/3s",
        'word("fell", line.snow-fell).start',
        'word("SNOW",line.snow-fell).end + 2f',
        "sequence.start+0.25s",
        f"item.cut.{names[0]}.end",
    )
    text = chance.choice(
        ("Short.", "A long sentence, said slowly, with  gaps.", "Übergröße 雪が降る")
    )
    line = Line(kind=LineKind.NARRATION, text={"en": Words(value=text)})
    (main,) = film.sequences.values()
    tracks: list[Track] = []
    for track in main.tracks:
        items = track.items
        if track.kind is TrackKind.PICTURE:
            items = tuple(
                replace(
                    item,
                    transition=Transition(frames=chance.randint(1, 12)),
                    trim=chance.choice((None, Trim(start=-3, frames=chance.randint(1, 50)))),
                )
                for item in chance.sample(items, len(items))
            )
        if track.kind is TrackKind.SPEECH:
            items = (*items, Item(id="at.more", ref="more", start=chance.choice(anchors)))
        tracks.append(replace(track, items=items))
    song = Item(id="at.song", ref="song", start=chance.choice(("0f", "1/2s", "3f")))
    tracks.append(Track(id="music", kind=TrackKind.MUSIC, items=(song,)))
    return replace(
        film,
        id=f"film-{number}",
        look=replace(film.look, fps=Fraction(RATES[number % len(RATES)])),
        shots=shots,
        lines={**film.lines, "more": line},
        assets={"song": Asset(file="sha256:" + "0" * 64, path="song.mp3", kind="music")},
        sequences={MAIN: replace(main, tracks=tuple(tracks))},
    )


def solved(film: Project) -> dict[str, dict[str, list[int]]]:
    """First and last frame of each item, by language."""
    return {
        language: {
            placed.item.id: [placed.start, placed.end]
            for _, items in solve(film, MAIN, language).tracks
            for placed in items
        }
        for language in film.languages
    }


def written() -> list[dict[str, Any]]:
    return [{"document": to_document(film), "cuts": solved(film)} for film in films()]


def test_the_cuts_that_the_browser_is_held_to_are_those_that_are_solved_here():
    known = json.loads(CUTS.read_text(encoding="utf-8"))
    assert len(known) > 20
    for each in known:
        assert solved(from_document(each["document"])) == each["cuts"]


if __name__ == "__main__":
    rows = ",\n".join(json.dumps(each, ensure_ascii=False, sort_keys=True) for each in written())
    CUTS.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
