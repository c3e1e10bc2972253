"""Small briefs and the projects that they become, for the tests of the studio."""

from __future__ import annotations

from pathlib import Path

from kinema.studio.compile import compile_script
from kinema.studio.document import Project
from kinema.studio.fountain import read_fountain

SCREENPLAY = """\
Title: The Fox
Cast: Mia = a small orange fox
Cast: Otto = a brown owl
Size: 160x128
Fps: 24
Seed: 3

EXT. FOREST - DAWN

> THE FOX <

Mia walks slowly. [[1s]]

NARRATOR
Snow fell.

DISSOLVE TO:

EXT. MEADOW - NOON

Mia meets Otto. [[1s]]

MIA
(shyly)
Who are you?

FADE TO BLACK.

Mia and Otto dance. [[1s]]
"""

BOARD = """\
title = "Mia"
size = "160x128"
fps = 6
seed = 7
side = 128
languages = ["en", "de"]

[[character]]
name = "Mia"
looks = "a small orange fox"

[[card]]
scene = "forest"
prompt = "Mia walks in a forest"
seconds = 1
title = { en = "Mia", de = "Mia!" }

[[card]]
scene = "feast"
prompt = "Mia dances in a meadow at night"
seconds = 1
transition = 0.5
say = [{ who = "Mia", text = { en = "Dance!", de = "Tanz!" } }]
"""


def project(text: str = SCREENPLAY, kind: str = "film") -> Project:
    return compile_script(kind, read_fountain(text, "fox.fountain")).project


def brief(folder: Path, text: str, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
