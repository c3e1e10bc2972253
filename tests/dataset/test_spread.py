"""What a worker of many does; Ray itself only hands it the numbers."""

from __future__ import annotations

import importlib.util
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kinema.data.footage import Encode, FootageConfig, footage, surveyed
from kinema.data.spread import Encoding, encode_everywhere
from kinema.data.stream import Bucket
from kinema.errors import MissingPart
from tests.dataset.small import scene, video


def make_encoder() -> Encode:
    def encode(pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
        return pixels[:, ::4, ::16, ::16].transpose(0, 4, 1, 2, 3).astype(np.float16)

    return encode


def never(pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
    raise AssertionError(f"{len(pixels)} clips were encoded again")


@pytest.fixture
def config(tmp_path: Path) -> FootageConfig:
    place = tmp_path / "clips"
    place.mkdir()
    for number in range(3):
        video(place / f"{number}.mp4", scene(number, 5), f"caption {number}")
    return FootageConfig(place, (Bucket(32, 16, 5, 2),), tmp_path / "cache")


def test_what_workers_encode_is_there_for_the_trainer(config: FootageConfig):
    found = surveyed(config)
    worker = Encoding(config, found.pieces, make_encoder, "small")
    said = worker({"number": np.arange(3)})
    assert said == {"file": ["0.mp4", "1.mp4", "2.mp4"], "why": ["", "", ""]}
    batches = list(islice(footage(config, found, encode=never, codec="small"), 2))
    assert all(batch.latent_BCTYX is not None for batch in batches)


def test_a_broken_file_stops_no_other(config: FootageConfig):
    found = surveyed(config)
    (config.folder / "1.mp4").write_bytes(b"gone")
    said = Encoding(config, found.pieces, make_encoder, "small")({"number": np.arange(3)})
    assert [bool(why) for why in said["why"]] == [False, True, False]


def test_a_cache_is_needed_and_ray_is(config: FootageConfig):
    pieces = surveyed(config).pieces
    with pytest.raises(ValueError, match="cache"):
        encode_everywhere(FootageConfig(config.folder, config.buckets), pieces, make_encoder, "x")
    if importlib.util.find_spec("ray") is None:
        with pytest.raises(MissingPart, match=r"kinema\[ray\]"):
            encode_everywhere(config, pieces, make_encoder, "x")
