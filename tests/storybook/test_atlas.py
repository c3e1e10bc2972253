import doctest
import threading

import numpy as np
import pytest

from kinema.storybook import atlas

GROUPS = [
    "animals",
    "people",
    "faces",
    "vehicles",
    "food",
    "plants",
    "places",
    "sky",
    "sports",
    "objects",
    "symbols",
]
FAMOUS = [
    "fox",
    "dog",
    "cat",
    "horse",
    "butterfly",
    "automobile",
    "sailboat",
    "rocket",
    "person-walking",
    "woman-running",
    "robot",
    "crying-face",
    "zzz",
    "house",
    "castle",
    "tulip",
    "balloon",
    "soccer-ball",
    "red-heart",
    "doughnut",
]


def test_the_index_describes_a_wide_and_well_formed_catalogue():
    everything = atlas.concepts()
    assert len(everything) > 900
    assert {concept.group for concept in everything.values()} == set(GROUPS)
    assert set(FAMOUS) <= set(everything)
    for name, concept in everything.items():
        x0, y0, x1, y1 = concept.box
        assert name == concept.name
        assert concept.count in (1, 12, 24)
        assert (concept.seconds > 0) == (concept.count > 1)
        assert 0 <= x0 < x1 <= 256, name
        assert 0 <= y0 < y1 <= 256, name
        assert 0 < concept.height <= concept.baseline <= 256, name
        assert concept.tones in ((), atlas.TONES)


def test_both_files_together_stay_under_their_budget():
    data = atlas._DATA
    assert sum((data / f"atlas.{kind}").stat().st_size for kind in ("bin", "msgpack")) < 14_000_000


def test_concepts_outside_the_licence_are_not_there():
    gone = {"family", "kiss", "couple-with-heart", "technologist", "men-holding-hands"}
    assert not gone & set(atlas.concepts())


@pytest.mark.parametrize("name", FAMOUS)
def test_a_sprite_is_what_its_row_says(name):
    concept, frames = atlas.concepts()[name], atlas.load(name)
    assert frames.shape == (concept.count, 256, 256, 4)
    assert frames.dtype == np.uint8
    alpha = frames[..., 3]
    ever = np.any(alpha > 0.08 * 255, axis=0)
    rows, columns = np.flatnonzero(np.any(ever, axis=1)), np.flatnonzero(np.any(ever, axis=0))
    assert concept.box == (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
    lowest = [np.flatnonzero(np.any(frame > 0.2 * 255, axis=1))[-1] + 1 for frame in alpha]
    assert concept.baseline == np.median(lowest)


@pytest.mark.parametrize("name", FAMOUS)
def test_colours_are_premultiplied_and_the_matte_is_clean(name):
    frames = atlas.load(name)
    alpha = frames[..., 3]
    assert (frames[..., :3] <= alpha[..., None]).all()
    assert (alpha == 0).mean() > 0.2
    assert not ((alpha > 0) & (alpha < 8)).any()
    assert not ((alpha > 247) & (alpha < 255)).any()
    soft = (alpha > 0) & (alpha < 255)
    assert soft.mean() < 0.06, "the edge is about one pixel wide"


def test_a_loop_moves_and_closes():
    frames = atlas.load("person-walking").astype(int)
    steps = [np.abs(frames[i] - frames[i - 1]).mean() for i in range(len(frames))]
    assert min(steps[1:]) > 0
    assert steps[0] < 2 * max(steps[1:]), (
        "from the last frame to the first is a step like any other"
    )


def test_colours_survive_the_codec():
    fox = atlas.load("fox")[0]
    red, green, blue = np.median(fox[fox[..., 3] == 255][:, :3], axis=0)
    assert red > 220
    assert 110 < green < 175
    assert blue < 90


def test_skin_and_hair_follow_the_tone_and_clothes_do_not():
    looks = {tone: atlas.load("woman-running", tone).astype(int) for tone in atlas.TONES}
    shapes = [look[..., 3] for look in looks.values()]
    assert all(np.array_equal(shape, shapes[0]) for shape in shapes)
    light, dark = looks["light"], looks["dark"]
    solid = light[..., 3] == 255
    purple = solid & (light[..., 2] > light[..., 1] + 70)  # the shirt and the shoes
    assert purple.sum() > 24 * 800
    assert np.abs(light - dark)[purple].mean() < 10
    skin = solid & (light[..., 0] > 200) & (light[..., 0] > light[..., 2] + 15)
    assert skin.sum() > 24 * 800
    assert light[skin][:, :3].mean() - dark[skin][:, :3].mean() > 90
    brightness = [looks[tone][skin][:, :3].mean() for tone in atlas.TONES]
    assert brightness == sorted(brightness, reverse=True)


def test_without_a_tone_the_stored_one_is_given():
    assert atlas.load("woman-running") is atlas.load("woman-running", atlas.BASE_TONE)


def test_an_unknown_name_is_met_with_near_ones():
    with pytest.raises(KeyError, match="sailboat"):
        atlas.load("sailboot")


def test_an_unknown_tone_is_met_with_the_known_ones():
    with pytest.raises(KeyError, match="medium-dark"):
        atlas.load("woman-running", "purple")
    with pytest.raises(KeyError, match="none"):
        atlas.load("fox", "light")


def test_frames_are_shared_and_cannot_be_written():
    frames = atlas.load("cat")
    assert atlas.load("cat") is frames
    with pytest.raises(ValueError, match="read-only"):
        frames[0, 0, 0, 0] = 1


def test_decoding_again_and_on_other_threads_gives_the_same_bytes():
    names = [(name, None) for name in FAMOUS[:4]] + [("person-walking", "dark")] * 2
    first = {key: atlas.load(*key).copy() for key in names}
    atlas._load.cache_clear()
    later: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda key=key: later.append(np.array_equal(atlas.load(*key), first[key]))
        )
        for key in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert later == [True] * len(names)


def test_decoded_sprites_are_forgotten_in_the_end():
    assert atlas._load.cache_info().maxsize == 12


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(atlas).failed == 0
