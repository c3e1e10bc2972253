"""Briefs: Fountain and boards become documents, purely, and what is wrong is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from small_films import BOARD, SCREENPLAY, brief, project

from kinema.errors import KinemaError, MediaError, RequestError
from kinema.studio.compile import compile_brief, compile_script
from kinema.studio.document import LineKind, TransitionKind, canonical
from kinema.studio.fountain import read_fountain

ROOT = Path(__file__).resolve().parents[2]


def test_a_screenplay_becomes_scenes_shots_and_lines():
    film = project()
    assert [scene.heading for scene in film.scenes] == ["FOREST - DAWN", "MEADOW - NOON"]
    assert [place.words for place in film.places.values()] == [
        "in a forest at dawn",
        "in a meadow at noon",
    ]
    assert [scene.shots for scene in film.scenes] == [
        ("forest-dawn.mia-walks-slowly",),
        ("meadow-noon.mia-meets-otto", "meadow-noon.mia-and-otto-dance"),
    ]
    kinds = {name: (line.kind, line.speaker) for name, line in film.lines.items()}
    assert kinds == {
        "the-fox": (LineKind.TITLE, None),
        "snow-fell": (LineKind.NARRATION, None),
        "who-are-you": (LineKind.SPEECH, "cast.mia"),
    }
    assert film.lines["who-are-you"].direction == "shyly"
    assert film.lines["who-are-you"].source == "fox.fountain:24"
    cuts = [item.transition for item in film.sequences["main"].tracks[0].items]
    assert [cut and (cut.kind, cut.frames) for cut in cuts] == [
        None,
        (TransitionKind.DISSOLVE, 24),
        (TransitionKind.DIP, 36),
    ]
    assert film.shots["meadow-noon.mia-meets-otto"].characters == ("cast.mia", "cast.otto")


def test_a_new_kind_needs_no_new_field(tmp_path: Path):
    board = brief(tmp_path, BOARD, "mia.toml")
    film, posts = (compile_brief(kind, board).project for kind in ("film", "social"))
    assert sorted(each.file for each in film.deliverables.values()) == ["mia.de", "mia.en"]
    assert sorted((each.file, str(each.size)) for each in posts.deliverables.values()) == [
        ("mia.16x9.de", "226x128"),
        ("mia.16x9.en", "226x128"),
        ("mia.1x1.de", "128x128"),
        ("mia.1x1.en", "128x128"),
        ("mia.9x16.de", "128x226"),
        ("mia.9x16.en", "128x226"),
    ]
    assert posts.shots == film.shots
    assert posts.sequences == film.sequences


def test_compiling_is_pure(tmp_path: Path):
    program = (
        "import sys; from pathlib import Path; from kinema.studio.compile import compile_brief;"
        "from kinema.studio.document import digest;"
        "print(digest(compile_brief('social', Path(sys.argv[1])).project))"
    )
    found: set[str] = set()
    for seed, locale in (("1", "C"), ("2", "C.UTF-8")):
        board = brief(tmp_path / seed, BOARD, "mia.toml")
        ran = subprocess.run(
            [sys.executable, "-c", program, str(board)],
            env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(ran.stdout)
    assert len(found) == 1


@pytest.mark.parametrize("name", ["film.fountain", "film.toml"])
def test_the_examples_are_briefs(name: str):
    for kind in ("film", "social"):
        film = compile_brief(kind, ROOT / "examples" / name).project
        assert len(film.shots) == 3
        assert film.lines


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("seconds = 1\ntitle", "second = 1\ntitle", "card[0].second"),
        ("seconds = 1\ntitle", "seconds = -1\ntitle", "card[0].seconds"),
        ("seconds = 1\ntitle", "seconds = true\ntitle", "card[0].seconds"),
        ('de = "Mia!"', 'fr = "Mia!"', "card[0].title"),
        ('en = "Mia", de', "de", "card[0].title"),
        ("fps = 6", 'fps = "six"', "fps"),
        ("seed = 7", 'seed = "x"', "seed"),
        ("side = 128", 'formats = ["2:1"]', "formats"),
        ("side = 128", 'captions = "loud"', "captions"),
        ("side = 128", 'quality = "best"', "quality"),
        ("side = 128", "sides = 128", "sides"),
        ('size = "160x128"', 'size = "big"', "size"),
        ("[[character]]", "[character]", "character"),
        ("say = [{", "say = [{ whom = 1,", "card[1].say[0].whom"),
        ('scene = "feast"', 'scene = "feast"\nimage = "none.png"', "image"),
        ('title = "Mia"', "title = ", "mia.toml"),
    ],
)
def test_a_fault_in_a_board_is_named(tmp_path: Path, old: str, new: str, field: str):
    assert old in BOARD
    with pytest.raises(RequestError) as caught:
        compile_brief("social", brief(tmp_path, BOARD.replace(old, new, 1), "mia.toml"))
    assert caught.value.field == field


def test_a_brief_that_is_not_there_or_not_of_a_kind_is_refused(tmp_path: Path):
    with pytest.raises(MediaError):
        compile_brief("film", tmp_path / "none.toml")
    with pytest.raises(RequestError, match="film, social"):
        compile_brief("opera", brief(tmp_path, BOARD, "mia.toml"))
    with pytest.raises(RequestError, match="shows nothing"):
        read_fountain("Title: nothing\n\n", "empty.fountain")
    broken = tmp_path / "broken.fountain"
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MediaError, match="UTF-8"):
        compile_brief("film", broken)


@given(st.text("AZaz:.<>()[]*_/#=@~! \n\\\u00e9", max_size=300))
@example("FADE IN:\n\nINT. X - DAY\n\n@a\n(b)\n\n")
@example("MIA\n[[3s]]\n\n[[2s]]\n\n> x <")
def test_any_text_is_a_screenplay_or_is_refused(text: str):
    try:
        film = compile_script("film", read_fountain(text, "x.fountain")).project
    except KinemaError:
        return
    assert film.shots
    assert canonical(film)


def test_comments_and_notes_leave_the_numbers_of_rows_as_they_are():
    script = SCREENPLAY.replace("EXT. MEADOW", "/* a\ncomment\n*/\n\nEXT. MEADOW")
    assert project(script).lines["who-are-you"].source == "fox.fountain:28"
