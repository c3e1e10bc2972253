"""Clips out of words and pictures: what each task promises, on small real networks."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engine.latent.bench import (
    DUCK,
    FOX,
    FRAMES,
    Bench,
    Benches,
    drifting,
    moving,
    smooth,
    steps,
)

from kinema.engine import animatic
from kinema.engine.latent.inputs import still_latent
from kinema.engine.latent.order import CONTEXT
from kinema.errors import RequestError
from kinema.sample.arrays import on_host
from kinema.types import Area, Card, CharacterRef, ImageInput, ImageRole, Sampling, Size, Task

pytestmark = pytest.mark.requires("torch")

FROM_WORDS = ("words", "experts", "by frame")
ONE_STEP = Sampling(steps=1)


@pytest.mark.parametrize("kind", FROM_WORDS)
def test_a_clip_has_the_size_and_the_length_that_were_asked_for(kind: str, benches: Benches):
    bench = benches(kind)
    request = bench.request(size=Size(width=150, height=131), frames=6)
    assert bench.pictures(request).shape == (6, 131, 150, 3)


def test_a_still_is_one_latent_frame(benches: Benches):
    bench = benches("words")
    request = bench.request(Task.TEXT_TO_IMAGE, frames=1)
    assert bench.sampled(request).shape[2] == 1
    assert len(bench.pictures(request)) == 1


def test_the_noise_of_a_seed_does_not_depend_on_the_length(benches: Benches):
    bench = benches("words")
    seen = []
    for frames in (5, FRAMES):
        bench.watched.asked.clear()
        bench.sampled(bench.request(frames=frames))
        seen.append(bench.watched.asked[0]["latent"])
    assert seen[0].shape[2] < seen[1].shape[2]
    assert np.array_equal(seen[0], seen[1][:, :, : seen[0].shape[2]])


def test_another_seed_is_a_variation_and_the_same_seed_the_same_clip(benches: Benches):
    bench = benches("words")
    first, again, other = (bench.sampled(bench.request(seed=seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert np.abs(first - other).mean() > 0.1


def test_prompt_negative_prompt_and_style_each_change_the_clip(benches: Benches):
    bench = benches("words")
    plain = bench.sampled(bench.request())
    changes: list[dict[str, Any]] = [{"prompt": DUCK}, {"negative": DUCK}, {"style": "pencil"}]
    for change in changes:
        assert not np.array_equal(plain, bench.sampled(bench.request(**change))), change


def test_a_guidance_of_one_asks_for_the_prompt_alone(benches: Benches):
    bench = benches("words")
    for guidance, prompts in ((1.0, 1), (3.0, 2)):
        bench.watched.asked.clear()
        bench.sampled(bench.request(sampling=Sampling(steps=3, guidance=guidance)))
        assert [len(one["prompts"]) for one in bench.watched.asked] == [prompts] * 3


def test_the_network_is_told_whole_thousandths(benches: Benches):
    bench = benches("words")
    bench.watched.asked.clear()
    bench.sampled(bench.request(sampling=Sampling(steps=4)))
    told = [one["level"] * 1000 for one in bench.watched.asked]
    assert told == pytest.approx([round(level) for level in told], abs=1e-9)


def test_each_expert_pulls_with_its_own_guidance(benches: Benches):
    bench = benches("experts")
    request = bench.request(sampling=Sampling(steps=6))
    made = bench.sampled(request)
    high, low = bench.model.recipe.guidance, bench.model.recipe.guidance_low
    for changed in ({"guidance": high + 1}, {"guidance_low": (low or high) + 1}):
        assert not np.array_equal(bench.with_recipe(**changed).sampled(request), made)


@pytest.mark.parametrize("kind", ["words", "by frame"])
def test_first_last_and_key_frames_are_kept_bit_for_bit(kind: str, benches: Benches):
    bench = benches(kind)
    stills = moving(3, seed=4)
    roles = ((ImageRole.FIRST, 0), (ImageRole.KEY, 1), (ImageRole.LAST, 0))
    images = tuple(
        ImageInput(file=bench.image(still), role=role, at=Fraction(at))
        for still, (role, at) in zip(stills, roles, strict=True)
    )
    latent = bench.sampled(bench.request(Task.IMAGE_TO_VIDEO, images=images))
    for still, frame in zip(stills, (0, 2, 4), strict=True):
        expected = on_host(still_latent(bench.model.codec, still, frame == 0, True))
        assert np.array_equal(latent[:, :, frame : frame + 1], expected)
    free = bench.sampled(bench.request())
    assert np.abs(latent[:, :, [1, 3]] - free[:, :, [1, 3]]).max() > 1e-3


def test_a_first_picture_is_shown_without_noise_where_each_frame_has_a_level(benches: Benches):
    bench = benches("by frame")
    still = moving(1)[0]
    image = ImageInput(file=bench.image(still))
    bench.watched.asked.clear()
    bench.sampled(bench.request(Task.IMAGE_TO_VIDEO, images=(image,)))
    expected = on_host(still_latent(bench.model.codec, still, True, True))
    for one in bench.watched.asked:
        assert one["level"][0, 0] == 0.0 and (one["level"][0, 1:] > 0.0).all()
        assert np.array_equal(one["latent"][:, :, :1], expected)


def test_pictures_lie_beside_the_latent_of_a_model_that_was_trained_so(benches: Benches):
    bench = benches("channels")
    images = (
        ImageInput(file=bench.image(moving(1)[0])),
        ImageInput(file=bench.image(moving(1, seed=1)[0]), role=ImageRole.LAST),
    )
    bench.watched.asked.clear()
    bench.sampled(bench.request(Task.IMAGE_TO_VIDEO, images=images))
    assert bench.watched.asked
    for one in bench.watched.asked:
        mask = one["beside"][0, :4].mean((0, 2, 3))
        assert mask.tolist() == [1.0, 0.0, 0.0, 0.0, 0.25]  # one picture of four


def test_two_pictures_for_one_moment_are_refused(benches: Benches):
    bench = benches("words")
    files = [bench.image(moving(1, seed=seed)[0]) for seed in (7, 8)]
    images = tuple(
        ImageInput(file=file, role=ImageRole.KEY, at=Fraction(at, 8))
        for file, at in zip(files, (6, 7), strict=True)
    )
    with pytest.raises(RequestError) as refused:
        bench.plan(bench.request(Task.IMAGE_TO_VIDEO, images=images))
    assert refused.value.field == "images[1].at"


def _board(bench: Bench, *prompts: str, seconds: tuple[int, ...] = (1, 1), **fields: Any) -> Any:
    cards = tuple(
        Card(prompt=prompt, seconds=Fraction(length))
        for prompt, length in zip(prompts, seconds, strict=True)
    )
    return bench.request(Task.STORYBOARD, prompt="", cards=cards, **fields)


@pytest.mark.parametrize("kind", FROM_WORDS)
def test_cards_rule_their_stretch_and_switch_where_they_say(kind: str, benches: Benches):
    bench = benches(kind)
    board = bench.sampled(_board(bench, FOX, DUCK, seconds=(1, 1), sampling=ONE_STEP))
    fox = bench.sampled(bench.request(sampling=ONE_STEP))
    duck = bench.sampled(bench.request(prompt=DUCK, sampling=ONE_STEP))
    # The second card begins with picture 8; latent frame 3 with picture 9.
    near = {"rtol": 0, "atol": 2e-5}
    np.testing.assert_allclose(board[:, :, :3], fox[:, :, :3], **near)
    np.testing.assert_allclose(board[:, :, 3:], duck[:, :, 3:], **near)
    assert np.abs(fox - duck).max() > 1e-3


def test_a_transition_passes_from_one_card_to_the_next(benches: Benches):
    bench = benches("words")
    cards = tuple(
        Card(prompt=prompt, seconds=Fraction(2), transition=Fraction(at))
        for prompt, at in ((FOX, 0), (DUCK, 1))
    )
    request = bench.request(Task.STORYBOARD, prompt="", cards=cards, frames=32)
    weights = bench.plan(request).weights_KTHW
    assert weights is not None
    second = weights[1, :, 0, 0]
    assert (np.diff(second) >= 0).all() and second[0] == 0.0 and second[-1] == 1.0
    assert ((second > 0) & (second < 1)).sum() >= 2


@pytest.mark.parametrize("kind", FROM_WORDS)
def test_the_prompt_of_an_area_rules_there_and_nowhere_else(kind: str, benches: Benches):
    bench = benches(kind)
    area = Area(prompt=DUCK, left=0.0, top=0.0, right=0.5, bottom=0.5)
    made = bench.sampled(bench.request(areas=(area,), sampling=ONE_STEP))
    fox = bench.sampled(bench.request(sampling=ONE_STEP))
    duck = bench.sampled(bench.request(prompt=DUCK, sampling=ONE_STEP))
    half = made.shape[3] // 2
    inside = np.zeros(made.shape, bool)
    inside[..., :half, :half] = True
    np.testing.assert_allclose(made[~inside], fox[~inside], atol=2e-5)
    # The prompt of the whole picture keeps a quarter of the say.
    mixed = 0.25 * fox + 0.75 * duck
    np.testing.assert_allclose(made[inside], mixed[inside], atol=5e-5)
    assert np.abs(fox - duck)[inside].max() > 1e-3


def test_an_area_lies_where_it_is_seen(benches: Benches):
    """The canvas is a little larger than what is shown of it."""
    bench = benches("words")
    area = Area(prompt=DUCK, left=0.5, top=0.0, right=1.0, bottom=1.0)
    plan = bench.plan(bench.request(areas=(area,), size=Size(width=130, height=128)))
    weights = plan.weights_KTHW
    assert weights is not None and weights.shape[-1] == 18
    row = weights[1, 0, 0]
    assert row[:9].max() == 0.0 and row[9:17].min() == 0.75 and 0.0 < row[17] < 0.75


def test_the_picture_of_a_card_begins_its_stretch(benches: Benches):
    bench = benches("words")
    still = moving(1, seed=9)[0]
    cards = (
        Card(prompt=FOX, seconds=Fraction(1)),
        Card(prompt=DUCK, seconds=Fraction(1), image=bench.image(still)),
    )
    latent = bench.sampled(bench.request(Task.STORYBOARD, prompt="", cards=cards))
    expected = on_host(still_latent(bench.model.codec, still, False, True))
    assert np.array_equal(latent[:, :, 3:4], expected)


def test_a_clip_longer_than_the_model_is_seen_in_windows_that_cover_it(benches: Benches):
    window = 3
    bench = benches("words").with_recipe(window=window)
    bench.watched.asked.clear()
    latent = bench.sampled(bench.request(frames=33))
    spans = [one["frames"] for one in bench.watched.asked]
    assert latent.shape[2] > window
    assert {len(span) for span in spans} == {window}
    assert {frame for span in spans for frame in span} == set(range(latent.shape[2]))
    assert all(one["latent"].shape[2] == window for one in bench.watched.asked)


def test_a_guide_is_kept_at_strength_0_and_never_seen_at_strength_1(benches: Benches):
    bench = benches("words")
    clip = bench.video(moving(FRAMES))
    kept, never, some = (
        bench.sampled(bench.request(guide=clip, strength=strength)) for strength in (0.0, 1.0, 0.5)
    )
    source = bench.encoded(bench.read(clip, FRAMES))
    assert np.array_equal(kept, source)
    assert np.array_equal(never, bench.sampled(bench.request()))
    assert not np.array_equal(some, source) and not np.array_equal(some, never)


def test_the_animatic_of_the_prompt_is_a_guide(benches: Benches):
    bench = benches("words")
    prompt = "a red fox walks in a meadow"
    drawn = bench.request(prompt=prompt, guide="animatic", strength=0.0)
    plain = bench.request(prompt=prompt)
    run, drawer = bench.run(), animatic.ADAPTER
    latent = drawer.sample(plain, drawer.condition(plain, run), run)
    pictures = drawer.decode(plain, latent, run).pictures
    assert np.array_equal(bench.sampled(drawn), bench.encoded(pictures))


def test_drawing_the_guide_is_no_progress_of_the_run(benches: Benches):
    bench = benches("words")
    events: list[Any] = []
    request = bench.request(prompt="a red fox walks in a meadow", guide="animatic")
    bench.adapter.condition(request, bench.run(on_event=events.append))
    assert events == []


def test_a_guide_gives_less_and_less_the_more_may_change(likely: Bench):
    clip = likely.video(drifting(FRAMES, seed=3))
    source = likely.encoded(likely.read(clip, FRAMES))
    strengths = (0.1, 0.4, 0.7, 0.95)
    made = [likely.sampled(likely.request(guide=clip, strength=s)) for s in strengths]
    away = [float(np.abs(one - source).mean()) for one in made]
    assert away == sorted(away) and away[0] < 0.2 * away[-1]


def test_a_first_picture_passes_smoothly_into_what_is_sampled(tmp_path: Path):
    """Of a model with one noise level for all frames nobody can promise that."""
    bench = smooth(tmp_path, by_frame=True)
    image = ImageInput(file=bench.image(drifting(1, seed=2)[0]))
    for seed in range(3):
        request = bench.request(Task.IMAGE_TO_VIDEO, images=(image,), seed=seed, frames=29)
        moved = steps(bench.pictures(request))
        assert moved[0] < 2.0 * np.median(moved)


@pytest.mark.parametrize("kind", ["words", "by frame"])
def test_a_stream_changes_its_prompt_at_the_edge_of_a_chunk(kind: str, benches: Benches):
    bench = benches(kind)
    first = bench.request(Task.STREAM, frames=8)
    begun, shown = bench.chunk(first)
    same, changed, unsaid = (
        bench.chunk(bench.request(Task.STREAM, frames=8, prompt=prompt), begun)
        for prompt in (FOX, DUCK, "")
    )
    assert len(shown) == len(same[1]) == len(changed[1]) == 8
    assert np.array_equal(same[0].arrays["latent"], unsaid[0].arrays["latent"])
    assert not np.array_equal(same[1], changed[1])
    context = begun.arrays["latent"].shape[2]
    for latent, _ in (same, changed):
        assert np.array_equal(latent.arrays["latent"][:, :, :context], begun.arrays["latent"])


@pytest.mark.parametrize("frames", [1, 2, 8, 10, 15])
def test_no_picture_of_a_stream_is_left_out_or_shown_twice(frames: int, likely: Bench):
    before, latents, shown = None, [], []
    for number in range(6):
        request = likely.request(Task.STREAM, frames=frames, prompt="" if number else FOX)
        context = 0 if before is None else min(CONTEXT, before.arrays["latent"].shape[2])
        before, pictures = likely.chunk(request, before)
        latents.append(before.arrays["latent"][:, :, context:])
        shown += pictures
        assert len(pictures) == frames
    whole = likely.decoded(np.concatenate(latents, 2))
    assert np.array_equal(shown, whole[: len(shown)])
    assert len(whole) - len(shown) < 4


def test_a_character_is_told_where_its_name_stands_and_nowhere_else(benches: Benches):
    bench = benches("words")
    looks = CharacterRef(name="Al", looks="a small red fox")
    order = bench.order(bench.request(characters=(looks,)))
    assert order.said("AL always walks. Al swims") == "AL, a small red fox, always walks. Al swims"
    assert order.said("it is always Alder") == "it is always Alder"


def test_the_picture_of_a_character_is_said_to_be_of_no_use(benches: Benches):
    bench = benches("words")
    looks = CharacterRef(name="Al", looks="a fox", image=bench.image(moving(1)[0]))
    request = bench.request(prompt="Al walks", characters=(looks,))
    notes = bench.adapter.condition(request, bench.run()).notes
    assert any("Al" in note and "picture" in note for note in notes)
