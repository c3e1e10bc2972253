"""Other people's clips: captions, cuts, buckets, order, latents; what is broken is named."""

from __future__ import annotations

import json
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from kinema.data.captioned import captioned
from kinema.data.footage import Footage, FootageConfig, covered, footage, surveyed
from kinema.data.stream import Bucket
from kinema.errors import RequestError
from tests.dataset.small import scene, video

WIDE, TALL, STILL = Bucket(32, 16, 5, 2), Bucket(16, 32, 5, 2), Bucket(32, 32, 1, 2)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("clips")
    video(place / "fox.mp4", [*scene(1, 12), *scene(2, 7)], "a fox, then a hen")
    video(place / "tall.mp4", scene(3, 10, size=(48, 96)), "a tower")
    (place / "more").mkdir()
    video(place / "more" / "sea.webm", scene(4, 24), fps=24)
    (place / "more" / "sea.json").write_text(json.dumps({"text": "the sea"}), "utf-8")
    video(place / "listed.mp4", scene(5, 6))
    rows = [{"file_name": "listed.mp4", "caption": "a list"}, {"file_name": "gone.mp4"}]
    (place / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n{", "utf-8")
    (place / "broken.mp4").write_bytes((place / "fox.mp4").read_bytes()[:900])
    (place / "broken.txt").write_text("half a film", "utf-8")
    video(place / "mute.mp4", scene(6, 6))
    video(place / "short.mp4", scene(7, 2), "hardly there")
    cv2.imwrite(str(place / "photo.png"), scene(8, 1)[0])
    (place / "photo.txt").write_text("a photo", "utf-8")
    return place


@pytest.fixture(scope="module")
def config(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> FootageConfig:
    return FootageConfig(folder, (WIDE, TALL, STILL), tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def found(config: FootageConfig) -> Footage:
    return surveyed(config)


def test_captions_come_from_every_kind_of_file(folder: Path):
    files, problems = captioned(folder)
    captions = {file.path.name: file.caption for file in files}
    assert captions["fox.mp4"] == "a fox, then a hen"
    assert captions["sea.webm"] == "the sea"
    assert captions["listed.mp4"] == "a list"
    named = {problem.file for problem in problems}
    assert named == {"mute.mp4", "gone.mp4", "metadata.jsonl, line 3"}


def test_broken_and_short_videos_are_named_and_the_rest_is_used(found: Footage):
    why = {problem.file: problem.why for problem in found.problems}
    assert "broken or cut short" in why["broken.mp4"]
    used = {piece.path.name for piece in found.pieces}
    assert used == {"fox.mp4", "tall.mp4", "sea.webm", "listed.mp4", "photo.png", "short.mp4"}


def test_no_piece_runs_over_a_cut(found: Footage):
    pieces = [piece for piece in found.pieces if piece.path.name == "fox.mp4"]
    assert [piece.frames for piece in pieces] == [
        (0, 1, 2, 3, 4), (5, 6, 7, 8, 9), (12, 13, 14, 15, 16)
    ]  # fmt: skip


def test_pieces_go_into_the_bucket_of_their_shape_at_its_pace(found: Footage):
    bucket = {piece.path.name: piece.bucket for piece in found.pieces}
    assert (bucket["fox.mp4"], bucket["tall.mp4"], bucket["photo.png"]) == (WIDE, TALL, STILL)
    (first, *_) = [piece for piece in found.pieces if piece.path.name == "sea.webm"]
    assert first.frames == (0, 2, 4, 6, 8)  # 24 frames a second, taken at 12


def test_every_piece_comes_once_in_a_pass_and_in_another_order_in_the_next(
    config: FootageConfig, found: Footage
):
    length = 5  # wide: 3 and 2 and 1 pieces by twos; tall: 1; stills: 2
    batches = list(islice(footage(config, found), 2 * length))
    for turn in (batches[:length], batches[length:]):
        seen = Counter(clip.tobytes() for batch in turn for clip in batch.pixels_BTHWC)
        assert len(seen) == len(found.pieces)
        assert max(seen.values()) <= 2  # where a batch was filled up
    assert [b.captions for b in batches[:length]] != [b.captions for b in batches[length:]]


def test_footage_goes_on_from_a_position(config: FootageConfig, found: Footage):
    whole = list(islice(footage(config, found), 7))
    rest = list(islice(footage(config, found, whole[3].position), 3))
    for a, b in zip(whole[4:], rest, strict=True):
        assert (a.captions, a.position) == (b.captions, b.position)
        assert np.array_equal(a.pixels_BTHWC, b.pixels_BTHWC)


def test_latents_are_made_once(config: FootageConfig, found: Footage):
    calls: list[int] = []

    def encode(pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
        calls.append(len(pixels))
        return pixels[:, ::4, ::16, ::16].transpose(0, 4, 1, 2, 3).astype(np.float16)

    def latents() -> list[Any]:
        taken = islice(footage(config, found, encode=encode, codec="small"), 5)
        return [batch.latent_BCTYX for batch in taken]

    first = latents()
    made = len(calls)
    assert made >= 4
    assert all(np.array_equal(a, b) for a, b in zip(first, latents(), strict=True))
    assert len(calls) == made
    for batch in islice(footage(config, found, encode=encode, codec="small"), 2):
        assert len(batch.pixels_BTHWC) == 0


def test_cuts_are_kept_by_content(config: FootageConfig, found: Footage, folder: Path):
    assert config.cache is not None
    kept = sorted((config.cache / "cuts").iterdir())
    assert kept
    assert {path.stem for path in kept} >= {piece.content for piece in found.pieces}
    assert surveyed(config) == found


def test_a_picture_covers_its_bucket():
    picture = np.zeros((10, 40, 3), np.uint8)
    picture[:, 15:25] = 200
    assert covered(picture, 20, 20).shape == (20, 20, 3)
    assert (covered(picture, 10, 10) == 200).all()


def test_folders_without_anything_to_learn_from_are_refused(tmp_path: Path):
    with pytest.raises(RequestError, match="there is no folder"):
        surveyed(FootageConfig(tmp_path / "none", (WIDE,)))
    with pytest.raises(RequestError, match="holds no clips"):
        surveyed(FootageConfig(tmp_path, (WIDE,)))
    (tmp_path / "bad.mp4").write_bytes(b"no film")
    (tmp_path / "bad.txt").write_text("words", "utf-8")
    with pytest.raises(RequestError, match=r"bad\.mp4"):
        surveyed(FootageConfig(tmp_path, (WIDE,)))
