"""kinema make and kinema import: a script becomes a folder, a changed cut becomes edits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import opentimelineio as otio
import pytest
from command_line import Ran

SCRIPT = """\
Title: Fox
Cast: Mia = a small orange fox
Size: 128x128
Fps: 24
Languages: en, de

EXT. FOREST - DAWN

Mia walks. [[0.5s]]

NARRATOR
Snow fell.

EXT. MEADOW - NIGHT

Mia sleeps. [[0.5s]]
"""


@pytest.fixture
def script(kinema: Callable[..., Ran]) -> Path:
    """A screenplay in the current folder."""
    path = Path("fox.fountain")
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_a_script_becomes_films_and_only_what_changed_is_rendered_again(
    kinema: Callable[..., Ran], script: Path
):
    made = kinema("make", "film", str(script), "-o", "out", "--json")
    assert made.status == 0, made.err
    assert made.json["films"] == ["out/fox.de.mp4", "out/fox.en.mp4"]
    assert made.json["rendered"] == 2
    for name in ("fox.en.otio", "fox.en.xml", "fox.en.edl"):
        assert Path("out/cut", name).is_file()
    script.write_text(SCRIPT.replace("Mia sleeps", "Mia sleeps deeply"), encoding="utf-8")
    again = kinema("make", "film", str(script), "-o", "out", "--json")
    assert again.json["rendered"] == 1
    plain = kinema("make", "film", str(script), "-o", "out")
    assert plain.out.splitlines() == ["out/fox.de.mp4", "out/fox.en.mp4"]
    assert "2 shots, 0 rendered" in plain.err


def test_a_changed_cut_and_translated_captions_come_back(kinema: Callable[..., Ran], script: Path):
    assert kinema("make", "film", str(script), "-o", "out").status == 0
    path = Path("out/cut/fox.en.otio")
    timeline = otio.adapters.read_from_file(str(path))
    del timeline.video_tracks()[0][1]
    otio.adapters.write_to_file(timeline, str(path))
    ran = kinema("import", str(path), "--json")
    assert ran.status == 0, ran.err
    assert [edit["op"] for edit in ran.json["edits"]] == ["remove"]
    words = Path("out/captions/fox.de.srt")
    text = words.read_text("utf-8")
    words.write_text(text.replace("Snow fell.", "Schnee kam."), encoding="utf-8")
    ran = kinema("import", str(words))
    assert ran.out == "set lines/snow-fell/text/de\n"
    made = kinema("make", "film", str(script), "-o", "out", "--json")
    assert made.json["shots"] == ["forest-dawn.mia-walks", "meadow-night.mia-sleeps"]
    assert made.json["conflicts"] == made.json["orphans"] == []
    assert "Schnee kam." in words.read_text("utf-8")


@pytest.mark.parametrize(
    ("args", "field"),
    [
        (("make", "opera", "fox.fountain"), "kind"),
        (("make", "film", "none.fountain"), "brief"),
        (("import", "none.otio"), "project"),
        (("import", "fox.fountain"), "project"),
    ],
)
def test_what_cannot_be_made_is_refused(
    kinema: Callable[..., Ran], script: Path, args: tuple[str, ...], field: str
):
    ran = kinema(*args, "--json")
    assert ran.status == 2
    assert ran.json["error"]["field"] == field
    assert [path.name for path in Path().iterdir()] == [script.name]
