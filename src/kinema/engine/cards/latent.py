"""Cards of latent models, out of what is known of them: a row of the registry, a folder's configs.

What a model was trained for follows from how pictures get into it. Every other task is done by
steering its steps, without any training for it; only a model that starts from words can do those
that make something out of nothing.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from kinema.engine.cards.folders import Level, PipelineFacts
from kinema.engine.cards.steps import steps_by_quality
from kinema.engine.cards.styles import STYLES
from kinema.models.configs import RATE
from kinema.models.registry import ImageRoad, ModelSpec
from kinema.types import (
    FPS_MAX,
    FPS_MIN,
    FRAMES_MAX,
    SIDE_MAX,
    SIDE_MIN,
    Feature,
    FrameRule,
    Grounding,
    ImageRole,
    ModelCard,
    SizeRule,
    Task,
)

WAN: Final = "wan"
PIPELINES: Final = "diffusers"

_WEIGHTS: Final = "the folder of its weights (--weights DIR)"
_TORCH: Final = "pip install 'kinema[torch]'"
_DIFFUSERS: Final = "pip install 'kinema[diffusers]'"
_BOTH: Final = "pip install 'kinema[torch,diffusers]'"

_FROM_WORDS: Final = (Task.TEXT_TO_VIDEO, Task.TEXT_TO_IMAGE, Task.STORYBOARD, Task.STREAM)
_KEYFRAMES: Final = (ImageRole.FIRST, ImageRole.LAST, ImageRole.KEY)

_NOTES: Final = {
    Task.TEXT_TO_IMAGE: "one frame of a clip",
    Task.IMAGE_TO_VIDEO: "given pictures are held while the rest is sampled around them",
    Task.EXTEND: "the end of the clip is held while what follows is sampled",
    Task.REMIX: "the clip, made noisy as far as the strength says, is sampled again",
    Task.EDIT: "flows from the clip's own prompt to the new one (FlowEdit)",
    Task.REGION_EDIT: "outside the mask the clip is held, and its own pixels stay",
    Task.OUTPAINT: "the clip is held while what surrounds it is sampled",
    Task.LOOP: "the seam is sampled again on a ring of frames",
    Task.BLEND: "both clips are held at their ends while the way between them is sampled",
    Task.RECUT: "the kept part is held while the rest is sampled",
    Task.STORYBOARD: "each card's prompt rules its stretch of one clip",
    Task.STREAM: "each chunk goes on from the end of the last, under the newest prompt",
}
_TRAINED_PICTURES: Final = {
    ImageRoad.CLEAN_FRAMES: "trained for a first picture; others are held in the same way",
    ImageRoad.CHANNELS: "trained for a first picture, seen at every step",
    ImageRoad.CHANNELS_AND_TOKENS: "trained for a first picture, seen at every step and described",
}


def wan_card(spec: ModelSpec) -> ModelCard:
    """The card of a model of the Wan family.

    Args:
        spec: Its row of the registry: sizes, lengths, steps and licence come from nowhere else.
    """
    usual = spec.defaults
    tasks = _tasks(from_words=spec.text_to_video, pictures=spec.images is not ImageRoad.NONE)
    notes = {task: note for task, note in _NOTES.items() if task in tasks}
    if spec.transformer.image_tokens is not None:
        notes[Task.IMAGE_TO_VIDEO] = "trained for a first and a last picture, seen and described"
    elif spec.images in _TRAINED_PICTURES:
        notes[Task.IMAGE_TO_VIDEO] = _TRAINED_PICTURES[spec.images]
    return ModelCard(
        name=spec.name,
        family=WAN,
        summary=spec.summary,
        licence=spec.licence,
        tasks=tasks,
        features=tuple(Feature),
        sizes=SizeRule(side_min=SIDE_MIN, side_max=SIDE_MAX, multiple=spec.multiple, crops=True),
        frames=_frames(FrameRule(minimum=1, maximum=FRAMES_MAX, stride=RATE, offset=1)),
        fps=(FPS_MIN, FPS_MAX),
        default_size=usual.sizes[0],
        default_fps=usual.fps,
        default_seconds=Fraction(usual.frames) / usual.fps,
        steps=steps_by_quality(usual.steps),
        roles=_KEYFRAMES,
        # The encoder that describes pictures is another library's.
        needs=(_TORCH if spec.transformer.image_width is None else _BOTH, _WEIGHTS),
        repositories=spec.repositories,
        styles=tuple(STYLES),
        notes=notes,
    )


def pipeline_card(name: str, facts: PipelineFacts) -> ModelCard:
    """The card of a pipeline of ``diffusers``.

    Args:
        name: As it is asked for: ``diffusers:NAME``.
        facts: Of its folder.
    """
    by_velocity = facts.level is Level.VELOCITY
    tasks = _tasks(from_words=True, pictures=by_velocity and facts.by_frame)
    if not by_velocity:
        whole = (Task.TEXT_TO_VIDEO, Task.TEXT_TO_IMAGE)[: 2 if facts.frames.minimum == 1 else 1]
        tasks = {task: tasks[task] for task in whole}
    features = [Feature.VARIATIONS, Feature.CHARACTERS, Feature.STYLES]
    features += [Feature.NEGATIVE] if facts.negative else []
    features += [Feature.GUIDE, Feature.AREAS] if by_velocity else []
    return ModelCard(
        name=name,
        family=PIPELINES,
        summary=f"A {facts.class_name} of the diffusers library.",
        licence=facts.licence,
        tasks=tasks,
        features=tuple(features),
        sizes=SizeRule(side_min=SIDE_MIN, side_max=SIDE_MAX, multiple=facts.multiple, crops=True),
        frames=_frames(facts.frames),
        fps=(FPS_MIN, FPS_MAX),
        default_size=facts.default_size,
        default_fps=facts.default_fps,
        default_seconds=Fraction(facts.default_frames) / facts.default_fps,
        steps=facts.steps_by_quality,
        roles=_KEYFRAMES,
        needs=(_DIFFUSERS, _WEIGHTS),
        styles=tuple(STYLES),
        notes={task: note for task, note in _NOTES.items() if task in tasks},
    )


def _tasks(*, from_words: bool, pictures: bool) -> dict[Task, Grounding]:
    """Every task that such a model does, and how well it is grounded.

    from_words: it makes clips without any picture. pictures: it was trained to go on from one.
    """
    tasks = {task: Grounding.ZERO_SHOT for task in Task if from_words or task not in _FROM_WORDS}
    if from_words:
        tasks[Task.TEXT_TO_VIDEO] = Grounding.TRAINED
    if pictures:
        tasks[Task.IMAGE_TO_VIDEO] = Grounding.TRAINED
    return tasks


def _frames(rule: FrameRule) -> FrameRule:
    """The rule with the longest length that it allows as its maximum."""
    beyond = (rule.maximum - rule.offset) % rule.stride
    return FrameRule(
        minimum=rule.minimum,
        maximum=rule.maximum - beyond,
        stride=rule.stride,
        offset=rule.offset,
    )
