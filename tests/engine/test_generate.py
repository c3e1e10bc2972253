"""`generate` from end to end on the real renderer: events, cancel, resume, the same again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import pytest
from small_clips import FOX, Clips

from kinema import media
from kinema.engine.checkpoint import FolderCheckpoint
from kinema.engine.facts import Facts, read_facts
from kinema.engine.generate import generate
from kinema.errors import Cancelled, OutputError, PromptError
from kinema.types import Event, Log, Preview, Progress, Request, from_builtins, to_json

replace = msgspec.structs.replace


def test_a_prompt_becomes_a_clip_that_says_how_it_was_made(clips: Clips):
    path = clips.files[clips.fox.file]
    info = media.probe(path)
    assert (info.size, info.fps, info.frames) == (FOX.size, FOX.fps, FOX.frames)
    facts = from_builtins(media.facts(path), Facts)
    assert facts.request == FOX
    assert facts.model == "animatic"
    assert facts.scene is not None
    assert facts.scene.shots[0].scene.actors[0].subject == "fox"
    assert facts.reading is not None and facts.reading["prompt"] == FOX.prompt
    assert clips.fox.fingerprint == media.fingerprint(path)
    assert set(clips.fox.timings) == {"check", "condition", "sample", "decode", "write"}


def test_the_same_request_gives_the_same_packets_and_another_seed_others(clips: Clips, tmp_path):
    again = generate(FOX, tmp_path / "again.mp4")
    other = generate(replace(FOX, seed=12), tmp_path / "other.mp4")
    assert again.fingerprint == clips.fox.fingerprint
    assert other.fingerprint != clips.fox.fingerprint


def test_a_short_clip_is_the_exact_beginning_of_a_longer_one(tmp_path: Path):
    frames = {}
    for count in (5, 8):
        pattern = tmp_path / str(count) / "%05d.png"
        generate(replace(FOX, frames=count), pattern)
        frames[count] = [media.still(pattern.with_name(f"{i:05d}.png")) for i in range(count)]
    assert all(np.array_equal(a, b) for a, b in zip(frames[5], frames[8], strict=False))


def test_events_only_go_forward_and_end_complete(tmp_path: Path):
    events: list[Event] = []
    generate(FOX, tmp_path / "fox.mp4", on_event=events.append)
    progress = [event for event in events if isinstance(event, Progress)]
    stages = list(dict.fromkeys(event.stage for event in progress))
    assert stages == ["condition", "sample", "decode"]
    for stage in stages:
        done = [event.done for event in progress if event.stage == stage]
        total = {event.total for event in progress if event.stage == stage}
        assert done == list(range(total.pop() + 1)) and not total
    assert [event.eta for event in progress if event.done == event.total] == [0.0, 0.0, 0.0]
    previews = [event for event in events if isinstance(event, Preview)]
    assert previews and all(p.image.startswith(b"\xff\xd8") for p in previews)


def test_what_was_read_otherwise_than_said_is_told(tmp_path: Path):
    events: list[Event] = []
    request = replace(FOX, prompt="a wolfhound walks in a meadow", frames=1)
    generate(request, tmp_path / "dog.mp4", on_event=events.append)
    assert any("wolfhound" in event.message for event in events if isinstance(event, Log))


def test_a_strict_request_refuses_what_would_be_replaced(tmp_path: Path):
    request = replace(FOX, prompt="a wolfhound walks in a meadow", strict=True)
    with pytest.raises(PromptError, match="wolfhound"):
        generate(request, tmp_path / "dog.mp4")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("frames_before", [0, 3])
def test_cancelling_stops_within_a_frame_and_leaves_nothing(tmp_path: Path, frames_before: int):
    drawn = 0

    def count(event: Event) -> None:
        nonlocal drawn
        if isinstance(event, Progress) and event.stage == "decode":
            drawn = event.done

    with pytest.raises(Cancelled):
        generate(
            FOX,
            tmp_path / "fox.mp4",
            on_event=count,
            cancelled=lambda: drawn >= frames_before,
        )
    assert drawn == frames_before
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_survives_a_cancelled_run(tmp_path: Path):
    out = tmp_path / "fox.mp4"
    out.write_bytes(b"older")
    asked = iter([False] * 8)
    with pytest.raises(Cancelled):
        generate(FOX, out, cancelled=lambda: next(asked, True))
    assert out.read_bytes() == b"older"
    assert [path.name for path in tmp_path.iterdir()] == ["fox.mp4"]


def test_an_output_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path: Path):
    told: list[Event] = []
    for out in (tmp_path / "no folder" / "a.mp4", tmp_path / "fox.txt", tmp_path):
        with pytest.raises(OutputError):
            generate(FOX, out, on_event=told.append)
    assert told == []


def test_a_finished_stage_is_not_done_again(clips: Clips, tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path / "run")
    generate(FOX, tmp_path / "a.mp4", checkpoint=checkpoint)
    saved = {path.name: path.stat().st_mtime_ns for path in checkpoint.folder.iterdir()}
    again = generate(FOX, tmp_path / "b.mp4", checkpoint=checkpoint)
    assert saved == {path.name: path.stat().st_mtime_ns for path in checkpoint.folder.iterdir()}
    assert set(saved) == {"condition.npz", "sample.npz"}
    assert again.fingerprint == clips.fox.fingerprint
    assert again.reading == clips.fox.reading


def test_the_checkpoint_of_another_request_is_not_used(tmp_path: Path):
    checkpoint = FolderCheckpoint(tmp_path / "run")
    duck = replace(FOX, prompt="a duck swims on a lake", frames=2)
    fresh = generate(duck, tmp_path / "fresh.mp4")
    generate(replace(FOX, frames=2), tmp_path / "fox.mp4", checkpoint=checkpoint)
    after = generate(duck, tmp_path / "after.mp4", checkpoint=checkpoint)
    assert after.fingerprint == fresh.fingerprint


KILLED = """
import sys, time
from pathlib import Path
from kinema.engine.checkpoint import FolderCheckpoint
from kinema.engine.generate import generate
from kinema.types import Progress, Request, from_json

def slowly(event):
    if isinstance(event, Progress) and event.stage == "decode" and event.done == 2:
        print("half", flush=True)
        time.sleep(60)

request = from_json(Path(sys.argv[1]).read_bytes(), Request)
folder = FolderCheckpoint(Path(sys.argv[3]))
generate(request, Path(sys.argv[2]), on_event=slowly, checkpoint=folder)
"""


def test_a_run_killed_half_way_goes_on_to_the_same_fingerprint(clips: Clips, tmp_path: Path):
    (tmp_path / "request.json").write_bytes(to_json(FOX))
    out, folder = tmp_path / "out" / "fox.mp4", tmp_path / "run"
    out.parent.mkdir()
    command = [sys.executable, "-c", KILLED, str(tmp_path / "request.json"), str(out), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"half\n"
        os.kill(run.pid, signal.SIGKILL)
    assert not out.exists()
    assert sorted(path.name for path in folder.iterdir()) == ["condition.npz", "sample.npz"]
    saved = (folder / "sample.npz").stat().st_mtime_ns
    resumed = generate(FOX, out, checkpoint=FolderCheckpoint(folder))
    assert resumed.fingerprint == clips.fox.fingerprint
    assert (folder / "sample.npz").stat().st_mtime_ns == saved


def test_the_animatic_runs_where_torch_cannot_be_imported(tmp_path: Path):
    program = (
        "import sys; sys.modules['torch'] = None\n"
        "from pathlib import Path\n"
        "from kinema import Request, Size, generate\n"
        "request = Request(prompt='a cat', size=Size(width=128, height=128), frames=2)\n"
        "generate(request, Path(sys.argv[1]))\n"
    )
    out = tmp_path / "cat.mp4"
    subprocess.run([sys.executable, "-c", program, str(out)], check=True, timeout=120)
    assert media.probe(out).frames == 2


def test_facts_of_a_clip_give_back_its_request(clips: Clips):
    assert read_facts(clips.files[clips.duck.file]).request.prompt.startswith("a duck")


def test_runs_beside_each_other_do_not_disturb_each_other(clips: Clips, tmp_path: Path):
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda i: generate(FOX, tmp_path / f"{i}.mp4"), range(3)))
    assert {clip.fingerprint for clip in made} == {clips.fox.fingerprint}


def test_a_request_made_in_python_is_checked_like_one_from_json(tmp_path: Path):
    with pytest.raises(PromptError):
        generate(Request(prompt=""), tmp_path / "nothing.mp4")
