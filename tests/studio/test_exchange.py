"""Cuts go to other programs and come back: equal times, files found, changes as edits."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from small_films import BOARD, brief

from kinema import media
from kinema.errors import KinemaError, MediaError, RequestError
from kinema.studio.anchors import solve
from kinema.studio.cache import ClipCache
from kinema.studio.compile import MAIN, compile_brief
from kinema.studio.edits import set_to
from kinema.studio.exchange import ADAPTERS, holds, media_path, read_cut
from kinema.studio.folder import ProjectFolder
from kinema.studio.make import Made, make, make_films, take_back
from kinema.studio.render import Rendering

WALK = "forest-dawn.mia-walks-slowly"


@pytest.fixture
def own(film: tuple[Path, Made], tmp_path: Path) -> ProjectFolder:
    """The project of the film, to be changed."""
    shutil.copytree(film[0], tmp_path / "own")
    return ProjectFolder(tmp_path / "own")


def clips(timeline: Any) -> list[Any]:
    return [each for each in timeline.video_tracks()[0] if isinstance(each, otio.schema.Clip)]


@pytest.mark.parametrize("ending", [".otio", ".xml"])
def test_the_library_reads_equal_times_and_finds_the_files(film: tuple[Path, Made], ending: str):
    folder, made = film
    cut = solve(made.project, MAIN, "en")
    path = folder / "cut" / f"the-fox{ending}"
    timeline = otio.adapters.read_from_file(str(path))
    found = clips(timeline)
    assert [clip.name for clip in found] == [each.item.ref for each in cut.picture]
    for clip, placed in zip(found, cut.picture, strict=True):
        inside = clip.transformed_time_range(clip.trimmed_range(), timeline.tracks)
        assert inside.start_time.to_frames() == placed.start
        assert inside.duration.to_frames() == placed.frames
        file = media_path(clip.media_reference.target_url, path.parent)
        info = media.probe(file)
        available = clip.available_range()
        assert (available.start_time.to_frames(), available.duration.to_frames()) == (
            0,
            info.frames,
        )
        assert clip.trimmed_range().start_time.to_frames() == 18
    bends = [
        each for each in timeline.video_tracks()[0] if isinstance(each, otio.schema.Transition)
    ]
    assert [(each.in_offset.to_frames(), each.out_offset.to_frames()) for each in bends] == [
        (12, 12),
        (18, 18),
    ]


def test_an_edl_has_the_shots_in_order_over_the_whole_film(film: tuple[Path, Made]):
    folder, made = film
    path = folder / "cut" / "the-fox.edl"
    timeline = otio.adapters.read_from_file(str(path), rate=24)
    cut = solve(made.project, MAIN, "en")
    assert [clip.name for clip in clips(timeline)] == [each.item.ref for each in cut.picture]
    assert timeline.duration().to_frames() == cut.frames
    first = clips(timeline)[0]
    assert media_path(first.media_reference.target_url, path.parent).is_file()


@pytest.mark.parametrize("ending", ADAPTERS)
def test_importing_what_was_exported_changes_nothing(own: ProjectFolder, ending: str):
    imported = take_back(own, own.path / "cut" / f"the-fox{ending}")
    assert imported.operations == ()
    assert own.edits() == []


def test_a_cut_names_its_words_in_markers(film: tuple[Path, Made]):
    timeline = otio.adapters.read_from_file(str(film[0] / "cut" / "the-fox.otio"))
    assert {marker.name for marker in timeline.tracks.markers} == {
        "THE FOX",
        "Snow fell.",
        "Who are you?",
    }


@pytest.mark.parametrize("ending", [".otio", ".xml"])
def test_a_trim_an_order_and_a_cut_that_were_changed_become_edits(
    own: ProjectFolder, cache: Path, ending: str
):
    path = own.path / "cut" / f"the-fox{ending}"
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    walk, meets, dance = clips(timeline)
    # The last shot comes first, trimmed into its head handle; the first dissolve is shorter.
    rest = [each for each in track if isinstance(each, otio.schema.Transition)]
    rest[0].in_offset = rest[0].out_offset = otio.opentime.RationalTime(4, 24)
    time = otio.opentime.RationalTime
    dance.source_range = otio.opentime.TimeRange(time(13, 24), time(20, 24))
    del track[:]
    track.extend([dance, walk, rest[0], meets])
    otio.adapters.write_to_file(timeline, str(path))
    imported = take_back(own, path)
    assert len(imported.operations) == 4
    cut = solve(own.read(), MAIN, "en")
    assert [(each.item.ref, each.start, each.frames, each.first) for each in cut.picture] == [
        (dance.name, 0, 20, -5),
        (walk.name, 20, 46, 0),
        (meets.name, 66, 46, 0),
    ]
    bends = [each.item.transition and each.item.transition.frames for each in cut.picture]
    assert bends == [None, None, 8]
    assert {operation.by for operation in own.edits()} == {"import"}
    made = make_films(own, Rendering(ClipCache(cache)))
    assert made.rendered == ()
    assert media.probe(made.films[0]).frames == 20 + 46 + 46


def test_a_clip_that_is_new_becomes_a_take_and_one_that_is_gone_is_taken_out(
    own: ProjectFolder, film: tuple[Path, Made], cache: Path
):
    path = own.path / "cut" / "the-fox.otio"
    timeline = otio.adapters.read_from_file(str(path))
    track = timeline.video_tracks()[0]
    foreign = own.path / "My holiday.mp4"
    shutil.copyfile(film[1].films[0], foreign)
    time = otio.opentime.RationalTime
    new = otio.schema.Clip(
        name="My holiday",
        media_reference=otio.schema.ExternalReference(target_url="../My%20holiday.mp4"),
        source_range=otio.opentime.TimeRange(time(10, 24), time(30, 24)),
    )
    gap = otio.schema.Gap(source_range=otio.opentime.TimeRange(time(0, 24), time(6, 24)))
    del track[1:]
    track.extend([gap, new])
    otio.adapters.write_to_file(timeline, str(path))
    own.edit([set_to("lines/who-are-you/direction", "softly")])
    imported = take_back(own, path)
    assert len(imported.notes) == 2
    after = own.read()
    cut = solve(after, MAIN, "en")
    assert [(each.item.ref, each.start, each.frames) for each in cut.picture] == [
        (WALK, 0, 46),
        ("my-holiday", 52, 30),
    ]
    assert after.lines["who-are-you"].direction == "softly"
    made = make_films(own, Rendering(ClipCache(cache)))
    assert made.rendered == ()
    frames = list(media.frames(made.films[0]))
    (tenth,) = media.frames(foreign, start=10, count=1)
    assert np.abs(frames[52].astype(int) - tenth).mean() < 4
    assert frames[48].max() < 20
    assert take_back(own, own.path / "cut" / "the-fox.otio").operations == ()


def test_an_import_that_cannot_be_leaves_the_project_as_it_was(own: ProjectFolder):
    path = own.path / "cut" / "the-fox.otio"
    timeline = otio.adapters.read_from_file(str(path))
    clips(timeline)[0].name = "lost"
    clips(timeline)[0].metadata.clear()
    clips(timeline)[0].media_reference.target_url = "nowhere.mp4"
    otio.adapters.write_to_file(timeline, str(path))
    before = own.read()
    with pytest.raises(MediaError, match=r"'lost' is not here: nowhere\.mp4"):
        take_back(own, path)
    assert own.read() == before
    assert own.edits() == []


def test_cuts_that_cannot_be_read_are_refused(own: ProjectFolder, tmp_path: Path):
    for name, text in (("a.otio", "{}"), ("b.xml", "<no"), ("c.edl", "\x00"), ("d.otio", "[")):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        with pytest.raises(MediaError):
            read_cut(path, Fraction(24))
    with pytest.raises(RequestError, match=r"\.otio, \.xml, \.edl"):
        read_cut(tmp_path / "x.aaf", Fraction(24))
    with pytest.raises(MediaError):
        read_cut(tmp_path / "none.otio", Fraction(24))
    with pytest.raises(RequestError, match="no 'nothing'"):
        take_back(own, own.path / "cut" / "the-fox.otio", "nothing")


def test_only_otio_holds_every_rate():
    assert [holds(ending, Fraction(12)) for ending in ADAPTERS] == [True, False, False]
    assert all(holds(ending, Fraction(rate)) for ending in ADAPTERS for rate in (24, 25, 30))


def test_music_is_kept_with_the_film_and_lies_on_a_track_of_its_own(tmp_path: Path, cache: Path):
    (tmp_path / "song.ogg").write_bytes(b"OggS" + bytes(100))
    music = '[[music]]\nfile = "song.ogg"\nstart = "6f"\ngain = -6\nlicence = "CC0-1.0"\n\n'
    text = BOARD.replace("[[card]]", music + "[[card]]", 1)
    made = make(
        "film", brief(tmp_path, text, "mia.toml"), tmp_path / "out", Rendering(ClipCache(cache))
    )
    (asset,) = made.project.assets.values()
    assert (asset.kind, asset.path, asset.licence) == ("music", "song.ogg", "CC0-1.0")
    timeline: Any = otio.adapters.read_from_file(str(tmp_path / "out" / "cut" / "mia.en.otio"))
    (track,) = timeline.audio_tracks()
    gap, clip = track
    assert gap.duration().value == 6
    url = clip.media_reference.target_url
    song = (tmp_path / "out" / "cut" / url).resolve()
    assert song.read_bytes() == (tmp_path / "song.ogg").read_bytes()
    assert clip.metadata["kinema"]["gain"] == -6
    total = timeline.video_tracks()[0].duration().value
    assert gap.duration().value + clip.duration().value == total
    assert (
        take_back(ProjectFolder(tmp_path / "out"), tmp_path / "out/cut/mia.en.otio").operations
        == ()
    )


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ('file = "none.ogg"', "music"),
        ("gain = 3", "music[0].file"),
        ('file = "mia.toml"\ngain = 99', "music[0].gain"),
        ('file = "mia.toml"\nloud = 1', "music[0].loud"),
    ],
)
def test_a_fault_in_music_is_named(tmp_path: Path, row: str, field: str):
    text = BOARD.replace("[[card]]", f"[[music]]\n{row}\n\n[[card]]", 1)
    with pytest.raises(KinemaError) as caught:
        compile_brief("film", brief(tmp_path, text, "mia.toml"))
    assert getattr(caught.value, "field", "") == field
