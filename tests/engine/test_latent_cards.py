"""The card of a pipeline says no more than its folder and its adapter can keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kinema.engine.cards import card
from kinema.engine.cards.styles import STYLES, styled
from kinema.types import Feature, Grounding, ModelCard, Quality, Task, from_json, to_json


def _card(folder: Path, class_name: str, vae: dict[str, Any], **index: Any) -> ModelCard:
    documents = {
        "model_index": {"_class_name": class_name, **index},
        "vae/config": vae,
        "transformer/config": {"in_channels": 16},
    }
    for name, document in documents.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(document))
    (folder / "README.md").write_text(
        "---\nlicense: other\nlicense_name: community\nlicense_link: https://example.org/l\n---\n"
    )
    return card(f"diffusers:{folder.name}", folder)


def test_a_pipeline_whose_velocities_can_be_had_does_every_task(tmp_path: Path):
    made = _card(tmp_path, "WanPipeline", {"z_dim": 16})
    assert set(made.tasks) == set(Task)
    trained = [task for task, how in made.tasks.items() if how is Grounding.TRAINED]
    assert trained == [Task.TEXT_TO_VIDEO]
    assert Feature.GUIDE in made.features and Feature.NEGATIVE in made.features
    assert made.steps[Quality.DRAFT] < made.steps[Quality.STANDARD] < made.steps[Quality.HIGH]


def test_one_with_a_noise_level_for_each_frame_was_trained_for_pictures(tmp_path: Path):
    made = _card(tmp_path, "WanPipeline", {"z_dim": 48}, expand_timesteps=True)
    assert made.tasks[Task.IMAGE_TO_VIDEO] is Grounding.TRAINED


@pytest.mark.parametrize("name", ["LattePipeline", "LTX2Pipeline"])
def test_one_that_runs_only_as_a_whole_makes_clips_from_words(tmp_path: Path, name: str):
    made = _card(tmp_path, name, {"block_out_channels": [8, 8, 8, 8]})
    assert set(made.tasks) == {Task.TEXT_TO_VIDEO, Task.TEXT_TO_IMAGE}
    assert Feature.GUIDE not in made.features


def test_its_licence_and_its_limits_are_those_of_the_folder(tmp_path: Path):
    made = _card(tmp_path, "WanPipeline", {"z_dim": 16})
    assert (made.licence.id, made.licence.commercial) == ("community", False)
    assert made.licence.limits
    assert from_json(to_json(made), ModelCard) == made


def test_the_longest_length_of_a_card_is_one_that_its_model_makes(tmp_path: Path):
    for name in ("WanPipeline", "LTX2Pipeline", "CogVideoXPipeline"):
        rule = _card(tmp_path, name, {"block_out_channels": [8, 8, 8, 8], "z_dim": 16}).frames
        assert rule.next_allowed(rule.maximum) == rule.maximum


def test_a_style_is_said_after_the_prompt():
    assert styled("a fox. ", "pencil") == "a fox, in the style of a pencil drawing"
    assert styled("a fox. ", None) == "a fox. "
    assert {styled("", style) for style in STYLES} == {
        f"in the style of {s}" for s in STYLES.values()
    }
