"""Films are made of shots that are rendered once, and cut and titled as the document says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace
from small_films import BOARD, SCREENPLAY, brief

from kinema import media, trust
from kinema.errors import Cancelled, RequestError
from kinema.studio import captions
from kinema.studio.burn import burnt
from kinema.studio.cache import ClipCache
from kinema.studio.document import Project, digest
from kinema.studio.edits import edit, insert, rename, set_to
from kinema.studio.folder import ProjectFolder
from kinema.studio.make import Made, make, make_films
from kinema.studio.render import Rendering, render
from kinema.studio.shots import plan, request_key, weights_mark
from kinema.types import Event, Log, Request, Size

WALK = "forest-dawn.mia-walks-slowly"
FILM = "film.the-fox"


@pytest.fixture
def own(film: tuple[Path, Made], tmp_path: Path) -> ProjectFolder:
    """The project of the film, to be changed."""
    shutil.copytree(film[0], tmp_path / "own")
    return ProjectFolder(tmp_path / "own")


def test_a_film_has_the_frames_of_its_cut_and_says_that_it_is_synthetic(film: tuple[Path, Made]):
    folder, made = film
    (path,) = made.films
    info = media.probe(path)
    assert (info.size, info.fps, info.frames) == (Size(width=160, height=128), 24, 46 + 46 + 24)
    said = media.facts(path)
    assert said is not None
    assert [shot["shot"] for shot in said["scene"]["shots"]] == [
        shot for scene in made.project.scenes for shot in scene.shots
    ]
    assert media.labels(path).source_type == trust.SourceType.ALGORITHMIC
    assert len(made.rendered) == 3
    assert (folder / "captions" / "the-fox.en.vtt").is_file()


def test_cuts_show_the_shots_and_dips_go_through_black(film: tuple[Path, Made]):
    folder, made = film
    frames = list(media.frames(made.films[0]))
    dark = [float(np.mean(frame)) for frame in frames]
    cut = 46 + 46
    assert min(range(len(dark)), key=dark.__getitem__) in (cut - 1, cut)
    assert dark[cut] < 25
    walk = folder / "media/160x128/en" / f"{WALK}.mp4"
    (shot,) = media.frames(walk, start=18 + 30, count=1)
    assert np.abs(shot.astype(int) - frames[30]).mean() < 4
    meets = folder / "media/160x128/en/meadow-noon.mia-meets-otto.mp4"
    (old,) = media.frames(walk, start=18 + 46, count=1)
    (new,) = media.frames(meets, start=18, count=1)
    middle = old * 0.479 + new * 0.521
    assert np.abs(middle - frames[46]).mean() < 4
    assert np.abs(old.astype(int) - frames[46]).mean() > 8


def test_a_title_is_seen_while_it_is_read(film: tuple[Path, Made]):
    folder, made = film
    walk = folder / "media/160x128/en" / f"{WALK}.mp4"
    for number, seen in ((5, True), (32, False)):
        (shot,) = media.frames(walk, start=18 + number, count=1)
        (frame,) = media.frames(made.films[0], start=number, count=1)
        changed = (np.abs(shot.astype(int) - frame).max(axis=2) > 80).mean()
        assert (changed > 0.004) == seen


def test_making_a_film_again_renders_no_shot_and_gives_the_same_packets(
    film: tuple[Path, Made], tmp_path: Path, cache: Path
):
    script = brief(tmp_path, SCREENPLAY, "fox.fountain")
    again = make("film", script, tmp_path / "again", Rendering(ClipCache(cache)))
    assert again.rendered == ()
    assert media.fingerprint(again.films[0]) == media.fingerprint(film[1].films[0])


def test_formats_and_languages_share_what_is_equal(posts: tuple[Path, Made]):
    _, made = posts
    assert len(made.films) == 6
    # Two shots in three formats; both languages take as long to say.
    assert len(made.rendered) == 6
    sizes = {str(media.probe(path).size) for path in made.films}
    assert sizes == {"226x128", "128x128", "128x226"}


def changed_keys(before: Project, after: Project, film: str = FILM) -> set[str]:
    old, new = plan(before, film), plan(after, film)
    return {name for name in new if new[name] not in old.values()}


@pytest.mark.parametrize(
    ("at", "now", "count"),
    [
        (f"shots/{WALK}/notes", "a note", 0),
        ("title", "Another", 0),
        ("lines/the-fox/text/en", {"value": "FOX"}, 0),
        ("sequences/main/tracks/picture/items/cut.meadow-noon.mia-meets-otto/transition", None, 0),
        (
            f"sequences/main/tracks/picture/items/cut.{WALK}/trim",
            {"start": -3, "frames": 20},
            0,
        ),
        (f"shots/{WALK}/prompt", "Mia runs", 1),
        ("lines/who-are-you/text/en", {"value": "Who are you, you with these eyes?"}, 1),
        ("places/place.meadow-noon/words", "on a beach", 2),
        ("cast/cast.otto/looks", "a white owl", 2),
        ("cast/cast.mia/looks", "a small red fox", 3),
        ("look/style", "watercolour", 3),
    ],
)
def test_only_what_is_seen_to_change_is_rendered_again(
    film: tuple[Path, Made], at: str, now: object, count: int
):
    before = film[1].project
    after, _ = edit(before, [set_to(at, now)])
    assert len(changed_keys(before, after)) == count


def test_a_renamed_shot_is_not_rendered_again(film: tuple[Path, Made]):
    before = film[1].project
    after, _ = edit(before, [rename(f"shots/{WALK}", "walk"), rename("cast/cast.mia", "mia")])
    assert changed_keys(before, after) == set()


def test_an_edit_is_kept_when_the_film_is_made_again(own: ProjectFolder, cache: Path):
    own.edit([set_to(f"shots/{WALK}/prompt", "Mia jumps")])
    assert len(own.versions()) == 2
    run = Rendering(ClipCache(cache))
    script = brief(own.path.parent, SCREENPLAY, "fox.fountain")
    made = make("film", script, own.path, run)
    assert made.project.shots[WALK].prompt == "Mia jumps"
    assert len(made.rendered) <= 1
    assert make_films(own, run).rendered == ()
    assert own.read() == made.project
    assert [each.at for each in own.edits()] == [f"shots/{WALK}/prompt"]
    with (own.path / "edits.jsonl").open("ab") as file:
        file.write(b'{"op":"set","at":"tit')
    assert len(own.edits()) == 1


def test_a_damaged_shot_is_made_again_and_told(
    film: tuple[Path, Made], tmp_path: Path, cache: Path
):
    mine = tmp_path / "cache"
    shutil.copytree(cache, mine)
    key = plan(film[1].project, FILM)[WALK]
    clip = mine / key[:2] / f"{key}.mp4"
    data = bytearray(clip.read_bytes())
    data[len(data) // 2] ^= 1
    clip.write_bytes(data)
    told: list[Event] = []
    run = Rendering(ClipCache(mine), on_event=told.append)
    found = render(film[1].project, FILM, tmp_path / "film.mp4", run)
    assert run.cache.made == [key]
    assert any(isinstance(event, Log) and WALK in event.message for event in told)
    assert media.fingerprint(found.path) == media.fingerprint(film[1].films[0])


def test_a_film_goes_on_after_its_process_was_killed(film: tuple[Path, Made], tmp_path: Path):
    script = brief(tmp_path, SCREENPLAY, "fox.fountain")
    home = tmp_path / "home"
    process = subprocess.Popen(
        [sys.executable, "-m", "kinema", "make", "film", str(script), "-o", str(tmp_path / "out")],
        env={**os.environ, "KINEMA_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while not list(home.glob("shots/??/[!.]*.mp4")) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    run = Rendering(ClipCache(home / "shots"))
    made = make("film", script, tmp_path / "out", run)
    assert len(made.rendered) < 3
    assert media.fingerprint(made.films[0]) == media.fingerprint(film[1].films[0])
    assert run.cache.spoiled == []


def test_a_film_that_is_cancelled_keeps_its_shots_and_leaves_no_film(tmp_path: Path):
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return len(run.cache.made) == 1

    run = Rendering(ClipCache(tmp_path / "cache"), cancelled=cancelled)
    script = brief(tmp_path, BOARD, "mia.toml")
    with pytest.raises(Cancelled):
        make("film", script, tmp_path / "out", run)
    assert asked
    assert list((tmp_path / "out").glob("*.mp4")) == []
    run = replace_cache(run)
    made = make("film", script, tmp_path / "out", run)
    assert len(made.rendered) == 1
    assert len(made.films) == 2


def replace_cache(run: Rendering) -> Rendering:
    return Rendering(ClipCache(run.cache.folder))


@pytest.mark.parametrize(
    ("at", "now", "problem"),
    [
        ("transition", {"frames": 100}, "frames more than its clip has"),
        ("trim", {"start": -19, "frames": 20}, "frames more than its clip has"),
        ("trim", {"start": 0, "frames": 1000}, "frames more than its clip has"),
        ("trim", {"start": 0, "frames": 20}, "transitions are longer"),
    ],
)
def test_what_the_clips_do_not_have_is_refused(
    film: tuple[Path, Made], tmp_path: Path, cache: Path, at: str, now: object, problem: str
):
    item = "sequences/main/tracks/picture/items/cut.meadow-noon.mia-meets-otto"
    project, _ = edit(film[1].project, [set_to(f"{item}/{at}", now)])
    with pytest.raises(RequestError, match=problem):
        render(project, FILM, tmp_path / "film.mp4", Rendering(ClipCache(cache)))
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_brief_leaves_no_folder(tmp_path: Path):
    with pytest.raises(RequestError):
        make("film", brief(tmp_path, BOARD + "x = 1", "bad.toml"), tmp_path / "out", Rendering())
    assert not (tmp_path / "out").exists()


def test_a_size_is_kept_whole_where_a_take_is_of_another(film: tuple[Path, Made], tmp_path: Path):
    """An uploaded take of another size and rate fills the picture and keeps its pace."""
    white = (np.full((64, 128, 3), 30 * n, np.uint8) for n in range(8))
    clip = tmp_path / "steps.mp4"
    media.write(clip, white, size=Size(width=128, height=64), fps=Fraction(8))
    name = media.file_id(clip)
    take = {"id": "steps", "origin": "uploaded", "clip": name}
    shot = {"length": {"seconds": "1"}, "takes": [take], "selected": "steps"}
    project = film[1].project
    cut = replace(project.sequences["main"].tracks[0], items=())
    project = replace(
        project, sequences={"main": replace(project.sequences["main"], tracks=(cut,))}
    )
    item = {"id": "cut.steps", "ref": "shot.steps"}
    at = "sequences/main/tracks/picture/items/cut.steps"
    project, _ = edit(project, [insert("shots/shot.steps", shot), insert(at, item)])
    made = render(project, FILM, tmp_path / "film.mp4", Rendering(files={name: clip}))
    means = [round(float(frame.mean())) for frame in media.frames(made.path)]
    assert len(means) == 24
    assert means == pytest.approx([30 * (n // 3) for n in range(24)], abs=3)


def test_what_a_film_was_made_from_lies_beside_it(film: tuple[Path, Made]):
    path, made = film
    said = json.loads((path / "the-fox.lineage.json").read_text("utf-8"))
    assert said["file"] == media.file_id(made.films[0])
    assert said["document"] == digest(made.project)
    assert [shot["shot"] for shot in said["shots"]] == [name for name, *_ in said["cut"]]
    for shot in said["shots"]:
        assert (shot["model"], shot["origin"]) == ("animatic", "generated")
        assert made.project.shots[shot["shot"]].prompt in shot["prompt"]


def test_shots_are_kept_so_well_that_a_second_encoding_loses_little(tmp_path: Path):
    noise = np.random.default_rng(7).integers(0, 255, (12, 48, 64, 3), np.uint8)
    size = Size(width=128, height=96)
    frames = [np.repeat(np.repeat(each, 2, 0), 2, 1) for each in noise // 4 + 90]
    sizes: list[int] = []
    losses: list[float] = []
    for master in (False, True):
        path = tmp_path / f"{master}.mp4"
        sizes.append(media.write(path, frames, size=size, fps=Fraction(12), master=master).bytes)
        seen = media.frames(path)
        errors = [np.square(a.astype(float) - b).mean() for a, b in zip(frames, seen, strict=True)]
        losses.append(float(np.mean(errors)))
    assert losses[1] < losses[0]
    assert sizes[1] > sizes[0]


def test_other_weights_of_a_model_are_other_shots(tmp_path: Path):
    marks: list[str] = []
    for number in (1, 2, 2):
        folder = tmp_path / f"weights{len(marks)}"
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(bytes([number]) * 4096)
        marks.append(weights_mark("wan2.1-t2v-1.3b", folder))
    assert marks[0] != marks[1] == marks[2]
    assert weights_mark("animatic", None) == ""
    request = Request(prompt="a fox")
    assert len({request_key(request, mark) for mark in ["", *marks]}) == 3


def test_burnt_words_are_written_in_the_letters_of_the_package(tmp_path: Path):
    """A machine without any typeface burns the same words in."""
    black = np.zeros((128, 320, 3), np.uint8)
    cue = captions.Cue(Fraction(0), Fraction(1), "Größe \u0416\u0394")
    seen: list[Any] = []
    for name in ("some", "none"):
        config = tmp_path / f"{name}.conf"
        folder = "<dir>/usr/share/fonts</dir>" if name == "some" else ""
        cache = f"<cachedir>{tmp_path}</cachedir>"
        config.write_text(f"<fontconfig>{folder}{cache}</fontconfig>")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FONTCONFIG_FILE", str(config))
            frames = burnt(iter([black] * 2), [cue], Size(width=320, height=128), Fraction(2))
            seen.append(next(frames).copy())
            list(frames)
    assert seen[0].max() > 200
    assert np.array_equal(seen[0], seen[1])
