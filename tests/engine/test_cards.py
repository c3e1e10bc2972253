"""Model cards: pure data, complete, and helpful when a name is wrong."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import msgspec
import pytest

from kinema.engine.cards import can_do, card, cards, check_feature, check_task
from kinema.engine.cards.styles import STYLES
from kinema.errors import UnknownModel, UnsupportedTask, WeightsError
from kinema.models.registry import models
from kinema.storybook.catalogue import catalogue
from kinema.types import (
    Feature,
    Grounding,
    Quality,
    Task,
    from_json,
    to_json,
)


def test_the_animatic_does_every_task_exactly():
    assert set(card("animatic").tasks) == set(Task)
    assert {grounding.value for grounding in card("animatic").tasks.values()} == {"exact"}


def test_every_default_of_a_card_lies_within_its_own_limits():
    for model in cards():
        low, high = model.fps
        assert low <= model.default_fps <= high
        for side in (model.default_size.width, model.default_size.height):
            assert model.sizes.side_min <= side <= model.sizes.side_max
            assert side % model.sizes.multiple == 0
        assert set(model.steps) == set(Quality)
        assert Fraction(1) <= model.default_seconds


def test_the_styles_of_the_card_are_those_of_the_catalogue():
    assert set(card("animatic").styles) == set(catalogue().styles)


def test_a_row_of_the_registry_is_the_only_source_of_its_card():
    for spec in models():
        made = card(spec.name)
        assert made.licence == spec.licence and made.repositories == spec.repositories
        assert made.default_size == spec.defaults.sizes[0]
        assert made.steps[Quality.STANDARD] == spec.defaults.steps
        assert made.default_seconds * made.default_fps == spec.defaults.frames
        assert made.frames.next_allowed(spec.defaults.frames) == spec.defaults.frames
        assert all(size.width % made.sizes.multiple == 0 for size in spec.defaults.sizes)


def test_only_what_a_model_was_trained_for_is_called_trained():
    def trained(name: str) -> set[Task]:
        tasks = card(name).tasks.items()
        return {task for task, grounding in tasks if grounding is Grounding.TRAINED}

    assert trained("wan2.1-t2v-1.3b") == {Task.TEXT_TO_VIDEO}
    assert trained("wan2.2-ti2v-5b") == {Task.TEXT_TO_VIDEO, Task.IMAGE_TO_VIDEO}
    assert trained("wan2.2-i2v-a14b") == {Task.IMAGE_TO_VIDEO}


def test_a_model_that_needs_a_picture_does_nothing_from_words_alone():
    made = card("wan2.1-i2v-14b")
    words = {Task.TEXT_TO_VIDEO, Task.TEXT_TO_IMAGE, Task.STORYBOARD, Task.STREAM}
    assert set(made.tasks) == set(Task) - words
    assert set(made.notes) == set(made.tasks)


def test_a_style_of_any_card_can_be_said_in_words():
    for model in cards():
        assert set(model.styles) == set(STYLES)


def test_a_pipeline_is_described_by_its_folder_alone():
    with pytest.raises(WeightsError, match="without its folder"):
        card("diffusers:unknown")


def test_cards_pass_through_json_unchanged():
    for model in cards():
        assert from_json(to_json(model), type(model)) == model


def test_an_unknown_model_is_refused_with_the_nearest_name_first():
    with pytest.raises(UnknownModel, match="animatic") as caught:
        card("animatics")
    assert caught.value.field == "model"


def test_a_task_that_a_model_cannot_do_names_the_models_that_can():
    stills = msgspec.structs.replace(
        card("animatic"), name="stills", tasks={Task.TEXT_TO_IMAGE: "exact"}, features=()
    )
    with pytest.raises(UnsupportedTask, match="stills does not do text to video; allowed: animat"):
        check_task(stills, Task.TEXT_TO_VIDEO)
    with pytest.raises(UnsupportedTask, match="stills does not take it; allowed: with animatic"):
        check_feature(stills, Feature.STYLES, "style")
    assert set(can_do(Task.LOOP)) == {one.name for one in cards()}


def test_reading_cards_loads_neither_numpy_nor_torch():
    program = (
        "import sys; import kinema.engine.cards as c; c.cards();"
        "print(sorted({'numpy', 'cv2', 'av', 'torch'} & sys.modules.keys()))"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert out.stdout.strip() == b"[]"
