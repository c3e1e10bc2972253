from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinema import media
from kinema.errors import Cancelled, OutputError, RequestError
from kinema.media.colour import Rgb, to_rgb, to_yuv
from kinema.types import Size
from tests.media.moving import FORMATS, SIZE, STILLS, Write, number_of, pictures

FPS = Fraction(24)
NTSC = Fraction(30000, 1001)


@pytest.mark.parametrize("name", FORMATS)
def test_every_frame_comes_back_in_its_place(write: Write, name: str) -> None:
    back = list(media.frames(write(name, 30)))
    assert [number_of(frame) for frame in back] == list(range(30))


@pytest.mark.parametrize("name", FORMATS)
def test_colours_come_back(write: Write, name: str) -> None:
    frame = next(media.frames(write(name, 12)))
    off = 12 if name.endswith(("gif", "webp")) else 6
    assert np.abs(frame[110, 140].astype(int) - (40, 120, 200)).max() <= off
    assert np.abs(frame[76, 48].astype(int) - (220, 40, 30)).max() <= off


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm"])
@pytest.mark.parametrize("fps", [Fraction(24), NTSC, Fraction(73, 10), Fraction(1), Fraction(60)])
def test_a_video_keeps_its_rate_and_length_exactly(write: Write, name: str, fps: Fraction) -> None:
    info = media.probe(write(name, 15, fps))
    assert (info.fps, info.frames, info.seconds) == (fps, 15, 15 / fps)
    assert (info.kind, info.size, info.has_audio) == (media.Kind.VIDEO, SIZE, False)


def test_mp4_counts_in_ticks_of_the_frame_rate(write: Write) -> None:
    with av.open(str(write("clip.mp4", 20, NTSC))) as container:
        stream = container.streams.video[0]
        assert stream.time_base == Fraction(1, 30000)
        assert stream.duration == 20 * 1001
        times = sorted(p.pts for p in container.demux(stream) if p.size and p.pts is not None)
    assert times == [1001 * number for number in range(20)]


def test_packets_do_not_depend_on_what_lay_in_memory_before(tmp_path: Path) -> None:
    size = Size(width=160, height=136)
    ground = np.random.default_rng(1).integers(0, 255, (16, 20, 3), dtype=np.uint8)
    ground = cv2.resize(ground, (220, 196), interpolation=cv2.INTER_CUBIC)
    shown = [ground[at : at + 136, 2 * at : 2 * at + 160].copy() for at in range(14)]
    found = set[str]()
    for number in range(60):
        path = tmp_path / f"{number}.mp4"
        media.write(path, shown, size=size, fps=Fraction(12))
        found.add(media.fingerprint(path))
    assert len(found) == 1


def test_mp4_is_h264_in_bt709_with_its_index_in_front(write: Write) -> None:
    path = write("clip.mp4")
    data = path.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        tags = (context.colorspace, context.color_primaries, context.color_trc)
        assert (*tags, context.color_range) == (1, 1, 1, 1)


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp"])
def test_an_animation_lasts_as_long_as_it_should(write: Write, name: str) -> None:
    info = media.probe(write(name, 48, 24))
    assert (info.kind, info.frames, info.seconds) == (media.Kind.ANIMATION, 48, 2)
    assert info.fps == 24


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp"])
def test_equal_frames_are_not_merged(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    media.write(path, pictures(1) * 9, size=SIZE, fps=Fraction(10))
    assert len(list(media.frames(path))) == media.probe(path).frames == 9
    assert media.probe(path).seconds == Fraction(9, 10)


@pytest.mark.parametrize("name", ["clip.gif", "clip.webp", "frames/%d.png", *STILLS])
def test_odd_sides_are_fine_where_colour_is_not_halved(tmp_path: Path, name: str) -> None:
    size = Size(width=131, height=129)
    count = 1 if name.startswith("still") else 3
    written = media.write(tmp_path / name, pictures(count, size), size=size, fps=FPS, count=count)
    assert written.frames == count
    assert media.probe(tmp_path / name).size == size


@pytest.mark.parametrize("name", ["clip.mp4", "clip.webm"])
def test_odd_sides_are_refused_with_the_nearest_that_work(tmp_path: Path, name: str) -> None:
    size = Size(width=131, height=128)
    with pytest.raises(RequestError, match=r"size: 131x128 .* 130x128 or 132x128"):
        media.write(tmp_path / name, pictures(2, size), size=size, fps=FPS)
    assert list(tmp_path.iterdir()) == []


def test_a_png_sequence_is_exact(write: Write) -> None:
    path = write("frames/%04d.png", 5)
    assert sorted(f.name for f in path.parent.iterdir()) == [f"{n:04}.png" for n in range(5)]
    for made, read in zip(pictures(5), media.frames(path), strict=True):
        assert np.array_equal(made, read)
    info = media.probe(path)
    assert (info.kind, info.fps, info.seconds) == (media.Kind.SEQUENCE, None, None)


def test_a_shorter_sequence_replaces_a_longer_one_whole(write: Write) -> None:
    write("frames/%04d.png", 6)
    path = write("frames/%04d.png", 2)
    assert len(list(path.parent.iterdir())) == 2
    assert [f.name for f in path.parent.parent.iterdir()] == ["frames"]


@pytest.mark.parametrize("name", STILLS)
def test_one_frame_makes_a_still(write: Write, name: str) -> None:
    path = write(name, 1)
    assert media.probe(path).kind is media.Kind.STILL
    assert np.abs(media.still(path).astype(int) - pictures(1)[0]).mean() < 3


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("way", ["error", "cancel"])
def test_nothing_is_left_behind(tmp_path: Path, name: str, way: str) -> None:
    old = tmp_path / name
    if "/" not in name:
        old.write_bytes(b"an older file")
    before = sorted(tmp_path.rglob("*"))

    def breaking() -> Iterator[Rgb]:
        yield from pictures(4)
        if way == "error":
            raise OSError("the renderer broke")
        yield from pictures(4)

    asked = iter([False] * 5 + [True] * 5)
    with pytest.raises(OSError if way == "error" else Cancelled):
        media.write(
            old,
            breaking(),
            size=SIZE,
            fps=FPS,
            cancelled=lambda: next(asked) if way == "cancel" else False,
        )
    assert sorted(tmp_path.rglob("*")) == before
    assert "/" in name or old.read_bytes() == b"an older file"


def test_cancelling_takes_no_further_frame(tmp_path: Path) -> None:
    taken: list[int] = []

    def counted() -> Iterator[Rgb]:
        for number, frame in enumerate(pictures(8)):
            taken.append(number)
            yield frame

    with pytest.raises(Cancelled):
        media.write(
            tmp_path / "clip.webm",
            counted(),
            size=SIZE,
            fps=FPS,
            cancelled=lambda: len(taken) >= 3,
        )
    assert taken == [0, 1, 2]


def test_progress_is_told_after_each_frame(tmp_path: Path) -> None:
    told: list[int] = []
    media.write(tmp_path / "a.mp4", pictures(5), size=SIZE, fps=FPS, on_frame=told.append)
    assert told == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("frames", "count"),
    [([], None), (pictures(3), 4), ([np.zeros((64, 64, 3), np.uint8)], None)],
    ids=["none", "too few", "wrong shape"],
)
def test_wrong_frames_are_the_programmers_mistake(
    tmp_path: Path, frames: list[Rgb], count: int | None
) -> None:
    with pytest.raises(ValueError, match="frame"):
        media.write(tmp_path / "clip.mp4", frames, size=SIZE, fps=FPS, count=count)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("missing/clip.mp4", "no folder 'missing'"),
        ("file/clip.mp4", "'file' is not a folder"),
        ("clip.avi", r"\.avi is not a format .* \.mp4, \.webm"),
        ("clip", "without ending"),
        ("folder.mp4", "is a folder"),
        ("full/%03d.png", "holds 'notes.txt'"),
        ("missing/frames/%03d.png", "no folder 'missing'"),
    ],
)
def test_a_bad_output_is_refused_before_anything_is_made(
    tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=f"output: .*{said}"):
        media.check_output(tmp_path / name)


def test_many_frames_do_not_fit_one_picture(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.png holds one picture, not 5 frames.*%05d\.png"):
        media.check_output(tmp_path / "clip.png", count=5)


def test_a_gif_cannot_be_faster_than_players_show_it(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="fps: 60 is too many for a GIF; allowed: at most 50"):
        media.check_output(tmp_path / "clip.gif", fps=Fraction(60))


def test_the_frames_that_a_gif_waits_for_are_not_left_beside_it(write: Write) -> None:
    path = write("clip.gif", 6)
    assert [f.name for f in path.parent.iterdir()] == ["clip.gif"]


@given(st.tuples(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255)))
@settings(max_examples=60)
def test_a_colour_survives_the_way_to_yuv_and_back(colour: tuple[int, int, int]) -> None:
    flat = np.full((16, 16, 3), colour, np.uint8)
    back = to_rgb(to_yuv(flat))
    assert np.abs(back.astype(int) - flat).max() <= 2


def test_yuv_follows_the_equations_of_bt709() -> None:
    for colour in (
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        (255, 255, 255),
        (0, 0, 0),
        (90, 160, 30),
    ):
        red, green, blue = colour
        luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        expected = (
            16 + luma * 219 / 255,
            128 + (blue - luma) / 1.8556 * 224 / 255,
            128 + (red - luma) / 1.5748 * 224 / 255,
        )
        planes = to_yuv(np.full((16, 16, 3), colour, np.uint8)).to_ndarray()
        found = (planes[4, 4], planes[17, 4], planes[21, 4])
        assert found == pytest.approx(expected, abs=0.6)


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".gif", ".webp"])
def test_packets_do_not_depend_on_what_ran_before(tmp_path: Path, suffix: str) -> None:
    found: set[str] = set()
    for turn in range(6):
        path, other = tmp_path / f"clip{suffix}", Size(width=130 + 2 * turn, height=200 - 4 * turn)
        media.write(path, pictures(30), size=SIZE, fps=FPS)
        found.add(media.fingerprint(path))
        media.write(tmp_path / "other.mp4", pictures(9, other), size=other, fps=FPS)
    assert len(found) == 1


_ON_ONE_CORE = """
import sys
from fractions import Fraction
from pathlib import Path
from kinema import media
from tests.media.moving import SIZE, pictures
media.write(Path(sys.argv[1]), pictures(40), size=SIZE, fps=Fraction(24))
print(media.fingerprint(Path(sys.argv[1])))
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be chosen here")
@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_packets_do_not_depend_on_the_number_of_cores(tmp_path: Path, suffix: str) -> None:
    here = tmp_path / f"all{suffix}"
    media.write(here, pictures(40), size=SIZE, fps=FPS)
    alone = f"import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])\n{_ON_ONE_CORE}"
    root = str(Path(__file__).parents[2])
    command = [sys.executable, "-c", alone, str(tmp_path / f"one{suffix}")]
    paths = os.pathsep.join([*sys.path, root])
    said = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": paths}
    )
    assert said.stdout.strip() == media.fingerprint(here)
    assert said.stderr == ""
