"""The bank: each batch so many times, in other words, the same from any position."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from kinema.data.bank import BankConfig, bank
from kinema.data.batch import Batch
from kinema.data.stream import Bucket, StreamConfig

CONFIG = StreamConfig((Bucket(16, 16, 5, 2),), seed=3)
PASSES = BankConfig(passes=3, apart=2)


def halved(pixels: NDArray[np.uint8]) -> NDArray[np.float16]:
    return (pixels[:, ::4, ::8, ::8].astype(np.float32) / 255).transpose(0, 4, 1, 2, 3).astype("f2")


def taken(folder: Path, count: int, position: int = 0) -> list[Batch]:
    return list(islice(bank(CONFIG, PASSES, folder, position=position, encode=halved), count))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Batch]:
    return taken(tmp_path_factory.mktemp("bank"), 24)


def latent_of(batch: Batch) -> bytes:
    assert batch.latent_BCTYX is not None
    return batch.latent_BCTYX.tobytes()


def test_every_batch_comes_as_often_as_it_should(whole: list[Batch]):
    seen = Counter(map(latent_of, whole))
    assert max(seen.values()) == 3
    assert sum(count == 3 for count in seen.values()) >= 5


def test_each_time_it_is_said_in_other_words(whole: list[Batch]):
    words: dict[bytes, list[list[str]]] = {}
    for batch in whole:
        words.setdefault(latent_of(batch), []).append(batch.captions)
    thrice = [said for said in words.values() if len(said) == 3]
    assert all(said[0] != said[1] and said[1] != said[2] for said in thrice)


def test_latents_stand_for_pixels(whole: list[Batch]):
    batch = whole[-1]
    assert batch.pixels_BTHWC.shape == (0, 5, 16, 16, 3)
    assert batch.latent_BCTYX is not None
    assert batch.latent_BCTYX.shape == (2, 3, 2, 2, 2)
    assert batch.labels_BS is not None
    assert batch.camera_BTK.shape == (2, 5, 6)


@pytest.mark.parametrize("stop", [1, 7, 10])
def test_a_bank_goes_on_from_a_position_with_the_same_bits(
    whole: list[Batch], tmp_path: Path, stop: int
):
    first = taken(tmp_path, stop)
    rest = taken(tmp_path, 24 - stop, first[-1].position)
    for ours, theirs in zip([*first, *rest], whole, strict=True):
        assert latent_of(ours) == latent_of(theirs)
        assert (ours.captions, ours.position) == (theirs.captions, theirs.position)


def test_what_was_lost_from_the_folder_is_drawn_again(whole: list[Batch], tmp_path: Path):
    first = taken(tmp_path, 10)
    for number, path in enumerate(sorted(tmp_path.glob("*.npz"))):
        path.write_bytes(b"") if number % 2 else path.unlink()
    rest = taken(tmp_path, 8, first[-1].position)
    assert [latent_of(batch) for batch in rest] == [latent_of(batch) for batch in whole[10:18]]


def test_a_new_folder_begins_at_its_position_with_what_it_draws_itself(
    whole: list[Batch], tmp_path: Path
):
    position = whole[11].position
    found = taken(tmp_path, 6, position)
    earlier = {latent_of(batch) for batch in whole[:12]}
    assert not earlier & {latent_of(batch) for batch in found[:2]}
    assert found[0].position > position


def test_the_folder_forgets_what_is_not_shown_again(tmp_path: Path):
    taken(tmp_path, 40)
    assert len(list(tmp_path.glob("*.npz"))) <= PASSES.passes * PASSES.apart + 1


def test_where_captions_do_not_count_they_come_once(tmp_path: Path):
    unsaid = BankConfig(passes=2, apart=1, said=False)
    batches = list(islice(bank(CONFIG, unsaid, tmp_path), 7))
    said = [batch.captions != ["", ""] for batch in batches]
    assert said == [True, True, False, True, False, True, False]
    assert all(len(batch.pixels_BTHWC) == 2 for batch in batches)
    assert np.array_equal(batches[0].pixels_BTHWC, batches[2].pixels_BTHWC)


def test_without_an_encoder_pixels_are_kept(tmp_path: Path):
    batches = list(islice(bank(CONFIG, PASSES, tmp_path), 8))
    seen = Counter(batch.pixels_BTHWC.tobytes() for batch in batches)
    assert max(seen.values()) > 1
    assert all(batch.pixels_BTHWC.shape == (2, 5, 16, 16, 3) for batch in batches)
