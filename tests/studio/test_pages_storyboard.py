"""The storyboard in a browser: built by keyboard alone, made, exported, and open in two windows."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.serve.conftest import RunningServer

from kinema import media
from kinema.serve.api.studio import FILES
from kinema.studio import captions

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
NODE = shutil.which("node")
CHROMIUM = shutil.which("chromium")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NODE is None
        or CHROMIUM is None
        or not (WEB / "node_modules").is_dir()
        or not any(FILES.glob("assets/storyboard-*.js")),
        reason="there is no browser, or no studio was built",
    ),
]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[RunningServer]:
    data = tmp_path / "data"
    data.mkdir()
    running = RunningServer(data)
    yield running
    running.stop()


def test_a_person_makes_a_film_in_the_browser_and_other_programs_read_its_cut(
    site: RunningServer, tmp_path: Path
) -> None:
    said = _driven(site, tmp_path)
    assert said["kill"], "the worker was never killed"
    exported = {path.name.partition("-")[0]: path for path in map(Path, said["exported"])}
    rows = [[int(frame) for frame in each.split("-")] for each in said["cards"][0].split()]
    minutes, seconds, frames = (int(each) for each in said["length"][0].split(":"))

    clips, folder = _cut(exported["otio"])
    assert [[start, end] for start, end, _ in clips] == rows
    assert rows[-1][1] == (minutes * 60 + seconds) * 12 + frames
    for _, _, url in clips:
        assert media.probe(folder / url).frames > 0

    film = media.probe(exported["mp4"])
    assert (film.frames, film.fps) == (rows[-1][1], Fraction(12))
    assert [cue.text for cue in captions.read(exported["vtt"])] == [
        "Hello.",
        "Fig could not sleep.",
    ]


def _driven(site: RunningServer, downloads: Path) -> dict[str, list[str]]:
    """What the browser says on its way, by the first word; the worker dies when it asks for it."""
    said: dict[str, list[str]] = {"kill": [], "exported": [], "cards": [], "length": []}
    rest: list[str] = []
    assert NODE is not None
    assert CHROMIUM is not None
    command = [NODE, "browser/storyboard.mjs", site.url, CHROMIUM, str(downloads)]
    with subprocess.Popen(
        command, cwd=WEB, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            word, _, value = line.strip().partition(" ")
            (said.get(word, rest)).append(value if word in said else line)
            if word == "kill":
                site.kill_worker()
    assert process.returncode == 0, "".join(rest)
    return said


def _cut(archive: Path) -> tuple[list[tuple[int, int, str]], Path]:
    """Clips of an exported cut as the OTIO library reads them: first frame, end, and file."""
    folder = archive.with_suffix("")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    (file,) = folder.glob("*.otio")
    timeline = otio.adapters.read_from_file(str(file))
    track = timeline.video_tracks()[0]
    found: list[tuple[int, int, str]] = []
    for clip in track.find_clips():
        place = track.range_of_child(clip)
        start = place.start_time.to_frames()
        url = clip.media_reference.target_url
        found.append((start, start + place.duration.to_frames(), url))
    return found, folder
