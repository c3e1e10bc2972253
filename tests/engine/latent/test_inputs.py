"""The near end of a latent model: real files onto its canvas, and what is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_clips import Clips
from tests.media.moving import SIZE, number_of, pictures
from tests.media.moving import picture as moving

from kinema import media
from kinema.engine.adapters import Picture
from kinema.engine.cards import card
from kinema.engine.latent.finish import fitted
from kinema.engine.latent.inputs import (
    around,
    canvas,
    clip_pictures,
    clip_prompt,
    picture,
    pixel_mask,
    still_latent,
)
from kinema.errors import MediaError, RequestError
from kinema.media.picture import encode
from kinema.types import FrameRule, Request, Size, SizeRule

# Rules of the kind that open video models have.
CARD = msgspec.structs.replace(
    card("animatic"),
    name="small",
    sizes=SizeRule(side_min=128, side_max=1280, multiple=2),
    frames=FrameRule(minimum=1, maximum=162, stride=4, offset=1),
)
BUCKETS = msgspec.structs.replace(
    CARD,
    sizes=SizeRule(
        side_min=128,
        side_max=1280,
        multiple=2,
        buckets=(
            Size(width=832, height=480),
            Size(width=480, height=832),
            Size(width=1280, height=720),
            Size(width=720, height=1280),
            Size(width=640, height=640),
        ),
    ),
)


class Averages:
    """The near half of a codec, in closed form.

    Each latent frame is the mean of its pictures, plus a third of the frame before it, so that a
    frame's past tells.
    """

    channels, rate, cell = 3, 4, 8

    def encode(self, pictures: Iterable[Picture]) -> NDArray[np.float32]:
        """The first picture alone, then four by four."""
        clip = np.stack([*pictures]).astype(np.float32) / 127.5 - 1.0
        groups = (
            [clip[:1], *np.split(clip[1:], max(1, len(clip) // 4))] if len(clip) > 1 else [clip]
        )
        frames: list[NDArray[np.float32]] = []
        for group in groups:
            mean = group.mean(axis=0)
            rows, columns = mean.shape[0] // 8, mean.shape[1] // 8
            cells = mean.reshape(rows, 8, columns, 8, 3).mean(axis=(1, 3))
            frames.append(cells + (frames[-1] / 3 if frames else 0.0))
        return np.stack(frames).transpose(3, 0, 1, 2)[None]


CODEC: Any = Averages()


def asked(size: str = "640x360", frames: int = 30) -> Request:
    return Request(prompt="a fox", size=Size.parse(size), frames=frames)


def saved(path: Path, pixels: NDArray[np.uint8]) -> Path:
    """A PNG of a picture (h, w, 3) or (h, w, 4)."""
    if pixels.shape[2] == 3:
        path.write_bytes(encode(pixels, ".png"))
    else:
        path.write_bytes(cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA))[1])
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thirty numbered pictures at 15 frames a second."""
    path = tmp_path_factory.mktemp("moving") / "clip.mp4"
    media.write(path, pictures(30), size=SIZE, fps=Fraction(15), count=30)
    return path


class TestCanvas:
    def test_sides_are_rounded_up_and_the_length_to_what_the_model_makes(self):
        made = canvas(asked("640x360", 30), CARD, CODEC, 16)
        assert (made.size, made.frames) == (Size(width=640, height=368), 33)
        assert made.shape == (3, 9, 46, 80)
        assert made.shown == Size(width=640, height=360)

    @given(
        st.integers(64, 640), st.integers(64, 640), st.integers(1, 161), st.sampled_from((8, 32))
    )
    def test_a_canvas_is_never_smaller_than_what_is_asked(
        self, width: int, height: int, frames: int, multiple: int
    ):
        request = Request(size=Size(width=2 * width, height=2 * height), frames=frames)
        made = canvas(request, CARD, CODEC, multiple)
        assert made.size.width % multiple == 0 == made.size.height % multiple
        assert 0 <= made.size.width - request.size.width < multiple
        assert 0 <= made.size.height - request.size.height < multiple
        assert 0 <= made.frames - frames < 4 and made.frames % 4 == 1
        assert made.shape[1] == 1 + (made.frames - 1) // 4

    @pytest.mark.parametrize(
        ("size", "bucket"),
        [
            ("640x360", "832x480"),
            ("360x640", "480x832"),
            ("1280x720", "1280x720"),
            ("1080x1080", "640x640"),
            ("720x1200", "720x1280"),
            ("1280x544", "1280x720"),
        ],
    )
    def test_a_shape_that_the_model_lacks_is_made_at_the_nearest_it_has(
        self, size: str, bucket: str
    ):
        assert str(canvas(asked(size), BUCKETS, CODEC, 16).size) == bucket

    def test_a_part_of_a_clip_has_its_own_length(self):
        assert canvas(asked(frames=100), CARD, CODEC, 16, frames=6).frames == 9

    def test_a_codec_without_a_lone_first_picture_has_whole_groups(self):
        rule = FrameRule(minimum=4, maximum=160, stride=4)
        whole = msgspec.structs.replace(CARD, frames=rule)
        made = canvas(asked(frames=30), whole, CODEC, 16)
        assert (made.frames, made.shape[1]) == (32, 8)

    def test_a_ring_has_no_first_picture_and_nothing_to_cut(self):
        made = canvas(asked(frames=32), CARD, CODEC, 16, ring=True)
        assert (made.frames, made.shape[1]) == (32, 8)
        with pytest.raises(RequestError) as refusal:
            canvas(asked(frames=30), CARD, CODEC, 16, ring=True)
        assert (refusal.value.field, refusal.value.allowed) == ("frames", "28 or 32")

    def test_too_many_frames_are_refused_with_the_two_nearest_counts(self):
        with pytest.raises(RequestError) as refusal:
            canvas(asked(frames=162), CARD, CODEC, 16)
        assert refusal.value.field == "frames"
        assert refusal.value.allowed == "160 or 161"

    @pytest.mark.parametrize(
        ("size", "near"),
        [("1600x900", "1280x720 or 1280x900"), ("64x256", "128x512 or 128x256")],
    )
    def test_a_size_out_of_range_is_refused_with_the_two_nearest_sizes(self, size: str, near: str):
        with pytest.raises(RequestError) as refusal:
            canvas(asked(size), CARD, CODEC, 16)
        assert (refusal.value.field, refusal.value.allowed) == ("size", near)


class TestClips:
    @given(
        st.fractions(1, 60, max_denominator=1001),
        st.integers(1, 12),
        st.fractions(0, Fraction(19, 10), max_denominator=60),
    )
    @settings(max_examples=25)
    def test_each_picture_is_the_one_that_is_seen_at_its_time(
        self, clip: Path, fps: Fraction, count: int, start: Fraction
    ):
        read = [*clip_pictures(clip, "clip", SIZE, fps, count, start=start)]
        wanted = [min(29, (start + i / fps) * 15 // 1) for i in range(count)]
        assert [number_of(frame) for frame in read] == wanted

    def test_the_same_rate_and_size_give_the_file_bit_for_bit(self, clip: Path):
        for ours, theirs in zip(
            clip_pictures(clip, "clip", SIZE, Fraction(15), None), media.frames(clip), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)

    @pytest.mark.parametrize(("fps", "count"), [("30", 60), ("24000/1001", 48), ("7/2", 7)])
    def test_without_a_count_pictures_come_until_the_clip_ends(
        self, clip: Path, fps: str, count: int
    ):
        assert len([*clip_pictures(clip, "clip", SIZE, Fraction(fps), None)]) == count

    def test_the_last_frame_stays_where_the_clip_is_short_and_costs_nothing(self, clip: Path):
        read = [*clip_pictures(clip, "clip", SIZE, Fraction(15), 40, start=Fraction(1))]
        assert [number_of(frame) for frame in read] == [*range(15, 30)] + [29] * 25
        assert all(frame is read[14] for frame in read[15:])

    def test_pictures_are_read_one_at_a_time(self, clip: Path):
        endless = clip_pictures(clip, "clip", SIZE, Fraction(60), 10**9)
        assert number_of([*islice(endless, 9)][-1]) == 2

    def test_a_sequence_follows_the_rate_that_is_asked_for(self, tmp_path: Path):
        path = tmp_path / "%03d.png"
        media.write(path, pictures(6), size=SIZE, fps=Fraction(24), count=6)
        read = [*clip_pictures(path, "clip", SIZE, Fraction(10), 8, start=Fraction(1, 10))]
        assert [number_of(frame) for frame in read] == [1, 2, 3, 4, 5, 5, 5, 5]

    def test_a_still_stays(self, tmp_path: Path):
        path = saved(tmp_path / "still.png", moving(3))
        read = [*clip_pictures(path, "clip", SIZE, Fraction(24), 4, start=Fraction(9))]
        assert len(read) == 4 and all((frame == moving(3)).all() for frame in read)

    def test_a_clip_of_another_shape_covers_the_size_and_loses_its_sides(self, clip: Path):
        (read,) = clip_pictures(clip, "clip", Size(width=128, height=128), Fraction(15), 1)
        original = next(media.frames(clip))
        np.testing.assert_array_equal(read, original[:, 16:144])

    def test_a_clip_on_a_canvas_comes_back_from_it_bit_for_bit(self, clip: Path):
        request = asked("160x128", 5)
        made = canvas(request, CARD, CODEC, 48)
        assert made.size == Size(width=192, height=144)
        on_canvas = clip_pictures(clip, "clip", made, Fraction(15), made.frames)
        back = [*fitted(on_canvas, made, request.size, 5)]
        # The canvas is larger in both directions here, so that it is scaled down on the way back.
        assert [number_of(frame) for frame in back] == [0, 1, 2, 3, 4]
        made = canvas(asked("160x128", 5), CARD, CODEC, 20)
        assert made.size == Size(width=160, height=140)
        on_canvas = clip_pictures(clip, "clip", made, Fraction(15), 5)
        for ours, theirs in zip(
            fitted(on_canvas, made, SIZE, 5), media.frames(clip, count=5), strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)

    def test_a_whole_clip_lies_in_the_middle_and_the_rest_is_known(self, clip: Path):
        wide = Size(width=240, height=128)
        (read,) = clip_pictures(clip, "clip", wide, Fraction(15), 1, whole=True)
        bare = around(clip, "clip", wide)
        assert read.shape == (128, 240, 3) and bare.shape == (128, 240)
        np.testing.assert_array_equal(read[:, 40:200], next(media.frames(clip)))
        assert bare[:, :40].all() and bare[:, 200:].all() and not bare[:, 40:200].any()

    def test_what_lies_behind_the_end_is_refused_by_name(self, clip: Path):
        with pytest.raises(MediaError, match="ends after 2 s") as refusal:
            clip_pictures(clip, "second", SIZE, Fraction(15), 3, start=Fraction(2))
        assert refusal.value.field == "second"


class TestPictures:
    def test_a_picture_of_the_size_stays_as_it_is(self, tmp_path: Path):
        path = saved(tmp_path / "still.png", moving(7))
        np.testing.assert_array_equal(picture(path, "images[0].file", SIZE), moving(7))

    def test_transparent_pixels_lie_over_white(self, tmp_path: Path):
        rgba = np.zeros((16, 16, 4), np.uint8)
        rgba[:8, :, 3], rgba[8:, :8, 3] = 255, 128
        read = picture(saved(tmp_path / "cut.png", rgba), "file", Size(width=16, height=16))
        assert (read[:8] == 0).all() and (read[8:, 8:] == 255).all() and (read[8:, :8] == 127).all()

    @given(st.integers(24, 120), st.integers(24, 120))
    @settings(max_examples=20)
    def test_a_circle_stays_round_on_any_canvas(
        self, tmp_path_factory: pytest.TempPathFactory, width: int, height: int
    ):
        rows, columns = np.mgrid[:height, :width]
        far = np.hypot(rows - (height - 1) / 2, columns - (width - 1) / 2)
        grey = np.where(far < min(width, height) / 4, 255, 0).astype(np.uint8)
        path = tmp_path_factory.mktemp("disc") / "disc.png"
        saved(path, np.repeat(grey[..., None], 3, axis=2))
        made = canvas(asked("128x192"), CARD, CODEC, 80)
        assert made.size == Size(width=160, height=240)
        bright = picture(path, "file", made)[..., 0] >= 128
        scale = max(160 / width, 240 / height)
        for across, side in ((bright.any(0), 160), (bright.any(1), 240)):
            expected = min(min(width, height) / 2 * scale, side)
            assert abs(across.sum() - expected) <= 2 + 2 * scale

    @pytest.mark.parametrize("make", ["missing", "text", "cut", "video"])
    def test_a_file_that_is_no_picture_is_refused_by_the_name_of_its_field(
        self, tmp_path: Path, clip: Path, make: str
    ):
        path = tmp_path / "file.png"
        whole = encode(moving(1), ".png")
        if make == "text":
            path.write_text("not a picture")
        elif make == "cut":
            path.write_bytes(whole[: len(whole) // 2])
        elif make == "video":
            path = clip
        with pytest.raises(MediaError) as refusal:
            picture(path, "images[2].file", SIZE)
        assert refusal.value.field == "images[2].file"

    def test_a_still_is_encoded_as_the_place_in_the_clip_asks(self):
        still = moving(5)
        alone = still_latent(CODEC, still, first=True, first_alone=True)
        np.testing.assert_array_equal(alone, CODEC.encode([still]))
        later = still_latent(CODEC, still, first=False, first_alone=True)
        np.testing.assert_array_equal(later, CODEC.encode([still] * 5)[:, :, -1:])
        assert alone.shape == later.shape == (1, 3, 1, 16, 20)
        assert (alone != later).any()
        for first in (True, False):
            group = still_latent(CODEC, still, first=first, first_alone=False)
            np.testing.assert_array_equal(group, CODEC.encode([still] * 4)[:, :, -1:])


class TestMasks:
    def test_bright_and_opaque_may_change(self, tmp_path: Path):
        rgba = np.full((32, 32, 4), 255, np.uint8)
        rgba[:, :8, :3], rgba[:, 24:, 3] = 0, 0
        mask = pixel_mask(saved(tmp_path / "mask.png", rgba), Size(width=32, height=32))
        assert mask.dtype == np.float32
        assert (mask[:, 8:24] == 1).all() and not mask[:, :8].any() and not mask[:, 24:].any()

    @given(st.integers(130, 260), st.integers(130, 260))
    @settings(max_examples=20)
    def test_any_size_gives_shares(
        self, tmp_path_factory: pytest.TempPathFactory, width: int, height: int
    ):
        path = tmp_path_factory.mktemp("mask") / "mask.png"
        pixels = np.full((70, 50, 3), 255, np.uint8)
        pixels[::3] = 90
        mask = pixel_mask(saved(path, pixels), Size(width=width, height=height))
        assert mask.shape == (height, width)
        assert mask.min() >= 0 and mask.max() <= 1

    def test_a_mask_without_a_bright_pixel_in_view_is_refused(self, tmp_path: Path):
        pixels = np.zeros((32, 64, 3), np.uint8)
        pixels[:, :4] = 255
        path = saved(tmp_path / "mask.png", pixels)
        assert pixel_mask(path, Size(width=64, height=32)).any()
        with pytest.raises(MediaError, match="no bright pixel") as refusal:
            pixel_mask(path, Size(width=32, height=32))
        assert refusal.value.field == "mask"


class TestPrompts:
    def test_a_clip_tells_what_it_was_made_from(self, clips: Clips):
        path = clips.files[clips.fox.file]
        assert clip_prompt(path, "clip") == "a red fox walks in a meadow at noon"

    def test_a_clip_from_elsewhere_tells_nothing(self, clip: Path, tmp_path: Path):
        assert clip_prompt(clip, "clip") == ""
        assert clip_prompt(saved(tmp_path / "a.png", moving(1)), "clip") == ""

    @pytest.mark.parametrize(
        ("facts", "prompt"),
        [
            (
                '{"request": {"cards": [{"prompt": "a fox "}, {"prompt": "a duck"}]}}',
                "a fox a duck",
            ),
            ('{"request": {"prompt": 7, "cards": [3, {}]}}', ""),
            ('{"request": []}', ""),
            ("[]", ""),
            ("{broken", ""),
        ],
    )
    def test_facts_of_any_shape_are_read(self, tmp_path: Path, facts: str, prompt: str):
        path = saved(tmp_path / "still.png", moving(1))
        media.embed(path, media.Labels(facts=facts))
        assert clip_prompt(path, "clip") == prompt


@pytest.mark.parametrize("broken", ["missing", "empty", "cut"])
@pytest.mark.parametrize(
    "read",
    [
        lambda path: clip_pictures(path, "guide", SIZE, Fraction(24), 4),
        lambda path: clip_prompt(path, "guide"),
        lambda path: around(path, "guide", SIZE),
    ],
)
def test_a_broken_clip_is_refused_at_once_by_the_name_of_its_field(
    tmp_path: Path, clip: Path, broken: str, read: Callable[[Path], object]
):
    path = tmp_path / "clip.mp4"
    if broken != "missing":
        data = clip.read_bytes()
        path.write_bytes(data[: 0 if broken == "empty" else len(data) // 2])
    with pytest.raises(MediaError) as refusal:
        read(path)
    assert refusal.value.field == "guide"
