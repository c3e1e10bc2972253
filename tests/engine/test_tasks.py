"""Every task of the design, end to end on the real renderer, at 128 x 128 with few frames."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray
from small_clips import FOX, Clips

from kinema import media
from kinema.engine.facts import read_scene
from kinema.engine.generate import generate
from kinema.errors import MediaError, PromptError, RequestError
from kinema.storybook.scene import Timeline
from kinema.storybook.timeline import moment
from kinema.types import (
    Card,
    CharacterRef,
    Clip,
    Curve,
    Direction,
    Event,
    ImageInput,
    ImageRole,
    Log,
    Request,
    Sampling,
    Size,
    Span,
    Task,
    from_builtins,
)

Ask = Callable[..., Request]
replace = msgspec.structs.replace


def scene_of(clip: Clip) -> Timeline:
    return from_builtins(clip.scene, Timeline)


def first(clip: Clip):
    return scene_of(clip).shots[0].scene


def frames_of(clips: Clips, clip: Clip) -> list[NDArray[np.uint8]]:
    return list(media.frames(clips.files[clip.file]))


def painted(path: Path, picture: NDArray[np.uint8]) -> Path:
    cv2.imwrite(str(path), picture)
    return path


@pytest.fixture
def picture(clips: Clips, tmp_path: Path) -> str:
    red = np.zeros((40, 60, 3), np.uint8)
    red[..., 2] = 255
    return clips.take(painted(tmp_path / "red.png", red))


def test_a_still_is_one_frame_and_the_first_of_the_video(clips: Clips):
    still = clips.make(replace(FOX, task=Task.TEXT_TO_IMAGE, frames=1), "still.png")
    assert media.still(clips.files[still.file]).shape == (128, 128, 3)
    assert first(still) == first(clips.fox)


def test_a_remix_changes_what_the_prompt_says_and_keeps_the_rest(clips: Clips, ask: Ask):
    night = clips.make(ask(Task.REMIX, prompt="make it night"), "night.mp4")
    assert first(night) == replace(first(clips.fox), time="night")
    assert (night.request.frames, night.request.seed) == (FOX.frames, FOX.seed)


def test_a_remix_with_another_seed_has_other_scenery(clips: Clips, ask: Ask):
    other = clips.make(ask(Task.REMIX, prompt="make it night", seed=99), "other.mp4")
    assert first(other).seed == 99


def test_an_edit_keeps_everything_that_is_not_named(clips: Clips, ask: Ask):
    blue = clips.make(ask(Task.EDIT, prompt="the fox is blue", seed=99), "blue.mp4")
    fox = replace(first(clips.fox).actors[0], colour="blue")
    assert first(blue) == replace(first(clips.fox), actors=(fox,))


def test_an_edit_of_the_style_alone_needs_no_words(clips: Clips, ask: Ask):
    sketch = clips.make(ask(Task.EDIT, style="pencil"), "sketch.mp4")
    assert first(sketch) == replace(first(clips.fox), style="pencil")
    assert sketch.reading is None


def test_what_has_no_effect_is_said(clips: Clips, picture: str):
    told: list[Event] = []
    mia = CharacterRef(name="Mia", looks="a fox", image=picture)
    request = replace(FOX, prompt="Mia walks", frames=1, characters=(mia,))
    request = replace(request, sampling=Sampling(steps=9))
    generate(request, clips.folder / "mia.mp4", files=clips.files, on_event=told.append)
    said = " ".join(event.message for event in told if isinstance(event, Log))
    assert "draws Mia from words" in said and "steps and guidance change nothing" in said


def test_a_region_edit_changes_only_what_is_inside_the_mask(clips: Clips, ask: Ask, tmp_path: Path):
    left, right = np.zeros((64, 64), np.uint8), np.zeros((64, 64), np.uint8)
    left[:, :16], right[:, 48:] = 255, 255
    before = frames_of(clips, clips.fox)
    for name, mask, touched in (
        ("left", left, np.s_[:, :8]),
        ("right", right, np.s_[:, -8:]),
    ):
        file = clips.take(painted(tmp_path / f"{name}.png", mask))
        beach = clips.make(ask(Task.REGION_EDIT, prompt="a beach", mask=file), f"{name}.mp4")
        scene = first(beach)
        assert [region.setting for region in scene.regions] == ["beach"]
        assert (scene.setting, scene.actors) == (first(clips.fox).setting, first(clips.fox).actors)
        after = frames_of(clips, beach)
        middle = np.abs(after[0][:, 56:72].astype(int) - before[0][:, 56:72]).mean()
        inside = np.abs(after[0][touched].astype(int) - before[0][touched]).mean()
        assert inside > 5 * middle


def test_a_mask_without_a_bright_pixel_is_refused(clips: Clips, ask: Ask, tmp_path: Path):
    file = clips.take(painted(tmp_path / "dark.png", np.zeros((64, 64), np.uint8)))
    with pytest.raises(MediaError, match="mask: has no bright pixel"):
        clips.make(ask(Task.REGION_EDIT, prompt="a beach", mask=file), "dark.mp4")


def test_outpainting_draws_the_same_scene_in_another_shape(clips: Clips, ask: Ask):
    wide = clips.make(ask(Task.OUTPAINT, size=Size(width=256, height=128)), "wide.mp4")
    assert scene_of(wide) == scene_of(clips.fox)
    assert frames_of(clips, wide)[0].shape == (128, 256, 3)


def test_a_clip_extended_forward_begins_as_it_was(clips: Clips, ask: Ask):
    request = ask(Task.EXTEND, prompt="it rains", frames=16)
    longer = clips.make(request, "longer.mp4")
    timeline = scene_of(longer)
    assert timeline.seconds == 2
    assert moment(timeline, Fraction(1, 2)).main[0] == first(clips.fox)
    assert moment(timeline, Fraction(2)).main[0].weather == "rain"
    before, after = frames_of(clips, clips.fox), frames_of(clips, longer)
    assert len(after) == 16
    difference = np.abs(before[4].astype(int) - after[4]).mean()
    assert difference < 2.0


def test_a_new_action_begins_where_the_old_one_ends(clips: Clips, ask: Ask):
    longer = clips.make(ask(Task.EXTEND, prompt="the fox jumps", frames=16), "jump.mp4")
    beats = scene_of(longer).shots[-1].scene.actors[0].beats
    assert [(beat.action, beat.at) for beat in beats] == [("walk", 0), ("jump", 1)]
    assert all(shot.mix is None for shot in scene_of(longer).shots)


def test_a_clip_extended_backward_ends_as_it_was(clips: Clips, ask: Ask):
    request = ask(Task.EXTEND, prompt="it rains", frames=16, direction=Direction.BACKWARD)
    longer = clips.make(request, "earlier.mp4")
    timeline = scene_of(longer)
    assert moment(timeline, Fraction(0)).main[0].weather == "rain"
    assert moment(timeline, Fraction(0)).clock == -1
    assert moment(timeline, Fraction(3, 2)).main == (first(clips.fox), Fraction(1, 2))


def test_an_extension_that_is_no_longer_is_refused(clips: Clips, ask: Ask):
    with pytest.raises(RequestError, match="seconds: 1 is not longer than the clip"):
        clips.make(ask(Task.EXTEND), "same.mp4")


def test_the_end_of_a_loop_meets_its_beginning(clips: Clips, ask: Ask):
    long = clips.make(replace(FOX, frames=24), "three.mp4")
    looped = clips.make(ask(Task.LOOP, clip=long.file, frames=24), "loop.mp4")
    assert first(looped).loop == 3
    shown = [frame.astype(int) for frame in frames_of(clips, looped)]
    seam = np.abs(shown[-1] - shown[0]).mean()
    steps = [np.abs(a - b).mean() for a, b in pairwise(shown)]
    assert seam < 1.5 * max(steps)


def test_a_blend_begins_in_one_clip_and_ends_in_the_other(clips: Clips, ask: Ask):
    request = ask(Task.BLEND, second=clips.duck.file, frames=12)
    both = clips.make(request, "both.mp4")
    timeline = scene_of(both)
    assert timeline.seconds == Fraction(3, 2)
    assert moment(timeline, Fraction(0)).main[0] == first(clips.fox)
    assert moment(timeline, Fraction(3, 2)).main[0] == first(clips.duck)
    dip = clips.make(replace(request, curve=Curve.DIP), "dip.mp4")
    assert moment(scene_of(dip), Fraction(3, 4)).main[0] == first(clips.duck)
    assert moment(scene_of(dip), Fraction(3, 2)).main[0] == first(clips.fox)


def test_a_recut_keeps_its_part_and_regrows_the_rest(clips: Clips, ask: Ask):
    keep = Span(start=Fraction(1, 2), end=Fraction(1))
    cut = clips.make(ask(Task.RECUT, prompt="a panda", keep=keep, frames=16), "recut.mp4")
    timeline = scene_of(cut)
    kept = moment(timeline, Fraction(3, 4))
    assert kept.main == (first(clips.fox), Fraction(3, 4))
    for at in (Fraction(0), Fraction(2)):
        assert moment(timeline, at).main[0].actors[0].subject == "panda"


def test_a_recut_of_what_is_not_there_is_refused(clips: Clips, ask: Ask):
    keep = Span(start=Fraction(1, 2), end=Fraction(5))
    with pytest.raises(RequestError, match=r"keep: 0\.5-5 does not lie in the clip.*within 0-1"):
        clips.make(ask(Task.RECUT, prompt="a panda", keep=keep), "no.mp4")


def test_a_storyboard_keeps_who_comes_again(clips: Clips):
    mia = CharacterRef(name="Mia", looks="a small blue fox")
    cards = (
        Card(prompt="Mia walks in a meadow", seconds=Fraction(1)),
        Card(prompt="Mia sleeps on a beach", seconds=Fraction(1), transition=Fraction(1, 2)),
        Card(prompt="a fox dances", seconds=Fraction(1)),
    )
    request = replace(FOX, task=Task.STORYBOARD, prompt="", cards=cards, characters=(mia,))
    film = clips.make(replace(request, frames=24), "film.mp4")
    timeline = scene_of(film)
    assert timeline.seconds == 3
    who = [moment(timeline, Fraction(at)).main[0].actors[0] for at in (0, 2, 3)]
    assert {(a.subject, a.colour, a.size, a.name) for a in who} == {("fox", "blue", "small", "Mia")}
    assert moment(timeline, Fraction(5, 4)).other is not None
    assert film.reading is not None and len(film.reading["cards"]) == 3


def test_a_card_that_cannot_be_read_is_named(clips: Clips):
    cards = (Card(prompt="qqq zzz", seconds=Fraction(1)),)
    with pytest.raises(PromptError) as caught:
        clips.make(replace(FOX, task=Task.STORYBOARD, prompt="", cards=cards), "no.mp4")
    assert caught.value.field == "cards[0].prompt"


@pytest.mark.parametrize(
    ("role", "becomes"),
    [
        (ImageRole.FIRST, "backdrop"),
        (ImageRole.REFERENCE, "prop"),
        (ImageRole.POSTER, "poster"),
        (ImageRole.BACKDROP, "backdrop"),
    ],
)
def test_a_users_picture_is_seen_and_its_role_is_told(
    clips: Clips, picture: str, role: ImageRole, becomes: str
):
    images = (ImageInput(file=picture, role=role),)
    shown = clips.make(replace(FOX, task=Task.IMAGE_TO_VIDEO, images=images), f"{role}.mp4")
    (hung,) = first(shown).pictures
    assert (hung.role, hung.aspect) == (becomes, 1.5)
    pixels = frames_of(clips, shown)[4].astype(int)
    red = (pixels[..., 0] > 150) & (pixels[..., 1:].max(axis=-1) < 90)
    plain = frames_of(clips, clips.fox)[4].astype(int)
    already = (plain[..., 0] > 150) & (plain[..., 1:].max(axis=-1) < 90)
    assert red.sum() > already.sum() + 80


def test_a_picture_in_a_scene_is_wanted_again_when_the_clip_is_changed(
    clips: Clips, ask: Ask, picture: str
):
    images = (ImageInput(file=picture, role=ImageRole.POSTER),)
    shown = clips.make(replace(FOX, task=Task.IMAGE_TO_VIDEO, images=images), "poster.mp4")
    night = clips.make(ask(Task.REMIX, clip=shown.file, prompt="night"), "poster-night.mp4")
    assert first(night).pictures == first(shown).pictures
    del clips.files[picture]
    with pytest.raises(MediaError, match="that was not given"):
        clips.make(ask(Task.REMIX, clip=shown.file, prompt="rain"), "poster-rain.mp4")


def test_styles_and_what_is_not_wanted_are_heard(clips: Clips):
    request = replace(
        FOX, prompt="a fox and a duck in a meadow", style="pixel_art", negative="duck"
    )
    made = clips.make(replace(request, frames=1), "style.mp4")
    assert first(made).style == "pixel_art"
    assert [actor.subject for actor in first(made).actors] == ["fox"]


@pytest.mark.parametrize("suffix", sorted(media.CARRIES_FACTS))
def test_every_format_that_says_so_carries_its_scene(clips: Clips, suffix: str):
    frames = 1 if suffix in {".png", ".jpg", ".jpeg"} else 2
    task = Task.TEXT_TO_IMAGE if frames == 1 else Task.TEXT_TO_VIDEO
    clip = clips.make(replace(FOX, task=task, frames=frames), f"carried{suffix}")
    assert read_scene(clips.files[clip.file]) == scene_of(clip)


def test_a_clip_that_kinema_did_not_make_is_refused_by_name(clips: Clips, ask: Ask, tmp_path: Path):
    foreign = tmp_path / "foreign.mp4"
    frames = [np.zeros((128, 128, 3), np.uint8)] * 2
    media.write(foreign, frames, size=FOX.size, fps=FOX.fps)
    with pytest.raises(MediaError, match=r"foreign\.mp4 does not carry the scene"):
        clips.make(ask(Task.REMIX, prompt="night", clip=clips.take(foreign)), "no.mp4")
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(clips.files[clips.fox.file].read_bytes()[:900])
    with pytest.raises(MediaError) as caught:
        clips.make(ask(Task.REMIX, prompt="night", clip=clips.take(broken)), "no.mp4")
    assert caught.value.field == "clip"
