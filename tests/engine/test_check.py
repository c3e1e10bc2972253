"""What cannot be done is refused before anything happens, by field and with what is allowed."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.engine.check import check
from kinema.errors import (
    MediaError,
    PromptError,
    RequestError,
    UnknownModel,
    UnsupportedTask,
    WeightsError,
)
from kinema.types import (
    Area,
    Card,
    CharacterRef,
    ImageInput,
    ImageRole,
    Request,
    Size,
    Span,
    Task,
)

FILE = "sha256:" + "0" * 64
FOX = "a fox walks"


def size(width: int, height: int) -> Size:
    return Size(width=width, height=height)


def card(seconds: int = 2, transition: int = 0, prompt: str = FOX) -> Card:
    return Card(prompt=prompt, seconds=Fraction(seconds), transition=Fraction(transition))


def area(prompt: str = FOX, left: float = 0.0, right: float = 1.0) -> Area:
    return Area(prompt=prompt, left=left, top=0.0, right=right, bottom=1.0)


REFUSED = {
    "no prompt": (Request(prompt="  \n"), PromptError, "prompt", "a description"),
    "long prompt": (Request(prompt="a" * 32_001), PromptError, "prompt", "32000"),
    "control character": (Request(prompt="a\x00fox"), PromptError, "prompt", "printable"),
    "unknown model": (Request(prompt=FOX, model="sora"), UnknownModel, "model", "animatic"),
    "too small": (Request(prompt=FOX, size=size(126, 128)), RequestError, "size", "128 to 1920"),
    "too wide": (Request(prompt=FOX, size=size(1922, 128)), RequestError, "size", "128 to 1920"),
    "odd side": (Request(prompt=FOX, size=size(129, 128)), RequestError, "size", "128x128"),
    "fps of 0": (Request(prompt=FOX, fps=Fraction(1, 2)), RequestError, "fps", "1 to 60"),
    "fps of 61": (Request(prompt=FOX, fps=Fraction(61)), RequestError, "fps", "1 to 60"),
    "too long": (Request(prompt=FOX, frames=15_000), RequestError, "seconds", "600"),
    "unknown style": (Request(prompt=FOX, style="oil"), RequestError, "style", "watercolour"),
    "a guide": (
        Request(prompt=FOX, guide="animatic"), UnsupportedTask, "guide",
        "with storybook, wan2.1-t2v-1.3b",
    ),
    "an area": (
        Request(prompt=FOX, areas=(area(),)), UnsupportedTask, "areas",
        "with storybook, wan2.1-t2v-1.3b",
    ),
    "a strength of nothing": (Request(prompt=FOX, strength=0.5), RequestError, "strength", "guide"),
    "an edit of nothing": (Request(task=Task.EDIT, clip=FILE), PromptError, "prompt", "style"),
    "a mask for nothing": (Request(prompt=FOX, mask=FILE), RequestError, "mask", "this task"),
    "a still of two": (
        Request(task=Task.TEXT_TO_IMAGE, prompt=FOX, frames=2), RequestError, "frames", "1"
    ),
    "remix of nothing": (Request(task=Task.REMIX, prompt=FOX), RequestError, "clip", "remix"),
    "file not given": (Request(task=Task.LOOP, clip=FILE), MediaError, "clip", "not given"),
    "picture not given": (
        Request(task=Task.IMAGE_TO_VIDEO, prompt=FOX, images=(ImageInput(file=FILE),)),
        MediaError, "images[0].file", "not given",
    ),
    "character's picture": (
        Request(prompt=FOX, characters=(CharacterRef(name="Mia", looks="a fox", image=FILE),)),
        MediaError, "characters[0].image", "not given",
    ),
    "no cards": (Request(task=Task.STORYBOARD), RequestError, "cards", "storyboard"),
    "an empty card": (
        Request(task=Task.STORYBOARD, cards=(card(prompt=" "),)), PromptError, "cards[0].prompt", ""
    ),
    "a card of no time": (
        Request(task=Task.STORYBOARD, cards=(card(0),)), RequestError, "cards[0].seconds", "more"
    ),
    "a long transition": (
        Request(task=Task.STORYBOARD, cards=(card(), card(2, 3))),
        RequestError, "cards[1].transition", "0 to the card's 2",
    ),
    "a first transition": (
        Request(task=Task.STORYBOARD, cards=(card(2, 1),)), RequestError, "cards[0].transition", "0"
    ),
    "keep without clip": (
        Request(task=Task.RECUT, keep=Span(start=Fraction(0), end=Fraction(1))),
        RequestError, "clip", "recut",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_request_names_the_field_and_what_is_allowed(name: str):
    request, kind, field, allowed = REFUSED[name]
    with pytest.raises(RequestError) as caught:
        check(request, {})
    assert type(caught.value) is kind
    assert caught.value.field == field
    assert allowed in str(caught.value)


def test_a_good_request_gets_its_card():
    assert check(Request(prompt=FOX), {}).name == "animatic"


def test_a_file_that_has_gone_is_as_good_as_not_given(tmp_path: Path):
    request = Request(task=Task.LOOP, clip=FILE)
    with pytest.raises(MediaError, match="not given"):
        check(request, {FILE: tmp_path / "gone.mp4"})


SMALL, PICTURES = "wan2.1-t2v-1.3b", "wan2.2-i2v-a14b"
REFUSED_BY_LATENT = {
    "words alone": (
        Request(model=PICTURES, prompt=FOX), UnsupportedTask, "task",
        "animatic, storybook, wan2.1-t2v-1.3b",
    ),
    "a story from nothing": (
        Request(model=PICTURES, task=Task.STORYBOARD, cards=(card(),)),
        UnsupportedTask, "task", "animatic",
    ),
    "too wide": (
        Request(model=SMALL, prompt=FOX, size=size(3840, 1920)),
        RequestError, "size", "128 to 1920",
    ),
    "too long": (
        Request(model=SMALL, prompt=FOX, frames=35_999, fps=Fraction(60)),
        RequestError, "frames", "35996 or 35997",
    ),
    "a loop of no whole number of latent frames": (
        Request(model=SMALL, task=Task.LOOP, clip=FILE, frames=30), RequestError, "frames",
        "28 or 32",
    ),
    "the shortest loop": (
        Request(model=SMALL, task=Task.LOOP, clip=FILE, frames=3), RequestError, "frames",
        "allowed: 4",
    ),
    "a prop": (
        Request(
            model=SMALL, task=Task.IMAGE_TO_VIDEO, prompt=FOX,
            images=(ImageInput(file=FILE, role=ImageRole.PROP),),
        ),
        RequestError, "images[0].role", "first, last, key",
    ),
    "a picture after the end": (
        Request(
            model=SMALL, task=Task.IMAGE_TO_VIDEO, prompt=FOX, frames=24,
            images=(ImageInput(file=FILE, at=Fraction(2)),),
        ),
        RequestError, "images[0].at", "0 to the clip's 1 seconds",
    ),
    "a picture in a remix": (
        Request(
            model=SMALL, task=Task.REMIX, prompt=FOX, clip=FILE, images=(ImageInput(file=FILE),)
        ),
        RequestError, "images", "for this task",
    ),
    "a guide by path": (
        Request(model=SMALL, prompt=FOX, guide="fox.mp4"), RequestError, "guide", "animatic, or"
    ),
    "a guide not given": (
        Request(model=SMALL, prompt=FOX, guide=FILE), MediaError, "guide", "not given"
    ),
    "a strength of nothing": (
        Request(model=SMALL, prompt=FOX, strength=0.5), RequestError, "strength", "guide"
    ),
    "an area without a prompt": (
        Request(model=SMALL, prompt=FOX, areas=(area(prompt=" "),)),
        PromptError, "areas[0].prompt", "a description",
    ),
    "an area without width": (
        Request(model=SMALL, prompt=FOX, areas=(area(), area(left=0.7, right=0.7))),
        RequestError, "areas[1].left", "less than 0.7",
    ),
    "an area beyond the picture": (
        Request(model=SMALL, prompt=FOX, areas=(area(right=1.5),)),
        RequestError, "areas[0].right", "",
    ),
    "areas of a loop": (
        Request(model=SMALL, task=Task.LOOP, clip=FILE, frames=16, areas=(area(),)),
        RequestError, "areas", "for this task",
    ),
    "a pipeline without its folder": (
        Request(model="diffusers:some", prompt=FOX), WeightsError, "weights", "--weights DIR"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED_BY_LATENT)
def test_what_a_latent_model_cannot_do_is_refused_before_it_is_loaded(name: str):
    request, kind, field, allowed = REFUSED_BY_LATENT[name]
    with pytest.raises(RequestError) as caught:
        check(request, {})
    assert type(caught.value) is kind
    assert caught.value.field == field
    assert allowed in str(caught.value)


def test_a_latent_model_makes_any_size_and_length_within_its_limits():
    odd = Request(model=SMALL, prompt=FOX, size=size(500, 338), frames=30)
    assert check(odd, {}).frames.next_allowed(30) == 33


def test_only_a_model_that_samples_takes_a_negative_prompt_for_a_change(tmp_path: Path):
    clip = tmp_path / "any.mp4"
    clip.touch()
    change = Request(task=Task.REMIX, prompt=FOX, negative="blur", clip=FILE)
    with pytest.raises(RequestError, match="negative: has no meaning for remix"):
        check(change, {FILE: clip})
    assert check(msgspec.structs.replace(change, model=SMALL), {FILE: clip}).name == SMALL


@given(
    st.builds(
        Request,
        task=st.sampled_from(list(Task)),
        prompt=st.text(max_size=40),
        model=st.sampled_from(["animatic", "wan2.2-ti2v-5b", "diffusers:x", "x"]),
        size=st.builds(Size, width=st.integers(-5, 4000), height=st.integers(-5, 4000)),
        frames=st.integers(1, 40_000),
        fps=st.fractions(Fraction(1, 10), 100),
        style=st.none() | st.text(max_size=12),
    )
)
def test_any_request_is_either_accepted_or_refused_by_field(request: Request):
    try:
        assert check(request, {}).name == request.model
    except RequestError as error:
        assert error.field and error.problem
