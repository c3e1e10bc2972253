"""Scores: a model's clips before the judge, between the ceiling of real clips and the floor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import numpy as np

from kinema import __version__
from kinema.errors import RequestError
from kinema.eval import measures
from kinema.eval.cases import PAIRED, Case, cases
from kinema.eval.judge import Judge, Readings
from kinema.eval.report import Measure, Report, SlotScore
from kinema.eval.watching import Pixels, drawn, watched
from kinema.storybook.sampler import samples
from kinema.types import Size

Make = Callable[[Case, int], Path]
"""Makes the clip of a case, which has that number, and says where it lies."""
SHUFFLES: Final = 7
"""So many other prompts each clip is compared with for the floor."""
_TRAINING_SEEDS: Final = 77 * 10**10  # of the training split, and of no training run


@dataclass(frozen=True, slots=True)
class Shape:
    """What all clips of an evaluation are like."""

    size: Size
    frames: int
    fps: Fraction

    @property
    def seconds(self) -> Fraction:
        """Length of a clip."""
        return Fraction(self.frames) / self.fps


@dataclass(frozen=True, slots=True)
class Asked:
    """What is evaluated: names for the report, the split, and how many clips."""

    model: str
    split: str
    clips: int
    weights: str = ""
    sampling: str = "the model's own steps and guidance"
    command: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """Clips of the same prompts, as the referee looks at them, and what it says."""

    clips: Pixels
    said: Readings


def score(
    make: Make,
    asked: Asked,
    shape: Shape,
    judge: Judge,
    *,
    on_clip: Callable[[int, int], None] | None = None,
) -> tuple[Report, Pixels, Pixels]:
    """Judge a model on prompts that training has not seen.

    Args:
        make: Makes the clips; the engine's `generate`, or anything else.
        asked: Split and number of clips; at least two.
        shape: Of the clips.
        judge: The referee.
        on_clip: Told how many clips are made, of how many.

    Returns:
        The report, the generated clips and the real ones: (N, T, side, side, 3) bytes.

    Raises:
        RequestError: There is no such split, too few clips, or the model refuses a prompt.

    Cost:
        The clips' making, about 0.3 s of one core for each real clip of 256 x 256, and as many
        clips of the training split.
    """
    if asked.clips < 2:
        raise RequestError("clips", f"is {asked.clips}", "2 or more")
    found = cases(asked.split, asked.clips, shape.seconds)
    return judged(make, found, asked, shape, judge, on_clip=on_clip)


def judged(
    make: Make,
    found: Sequence[Case],
    asked: Asked,
    shape: Shape,
    judge: Judge,
    *,
    on_clip: Callable[[int, int], None] | None = None,
) -> tuple[Report, Pixels, Pixels]:
    """Judge a model on these prompts; see `score`."""
    made: list[Pixels] = []
    for number, case in enumerate(found):
        made.append(watched(make(case, number), judge.config))
        if on_clip is not None:
            on_clip(number + 1, len(found))
    real = [_real(case, shape, judge) for case in found]
    ours, theirs = (Looked(np.stack(x), judge.read(np.stack(x))) for x in (made, real))
    report = Report(
        model=asked.model,
        weights=asked.weights,
        referee=judge.weights,
        split=asked.split,
        clips=len(found),
        size=shape.size,
        frames=shape.frames,
        fps=str(shape.fps),
        sampling=asked.sampling,
        slots=slot_scores(found, ours.said, theirs.said, judge),
        pairs=pair_scores(found, ours.said, theirs.said, judge),
        measures=_measures(found, ours, theirs, shape, judge),
        version=__version__,
        command=asked.command,
    )
    return report, ours.clips, theirs.clips


def slot_scores(
    found: Sequence[Case], ours: Readings, theirs: Readings, judge: Judge
) -> dict[str, SlotScore]:
    """Share, ceiling and floor of each slot, over the prompts that tell it."""
    scores: dict[str, SlotScore] = {}
    for slot, worth in judge.slots.items():
        wanted = [case.wanted.get(slot) for case in found]
        asked = [n for n, name in enumerate(wanted) if name in worth.tried]
        told = sum(name is not None for name in wanted)
        if not worth.readable or not asked:
            scores[slot] = SlotScore(measured=False, worth=worth.share, clips=told)
            continue
        made, real = judge.says(ours, slot), judge.says(theirs, slot)
        shifts = range(1, min(SHUFFLES, len(asked) - 1) + 1)
        # Each clip that was asked for something against what others were asked for.
        others = [
            made[asked[i]] == wanted[asked[(i + shift) % len(asked)]]
            for shift in shifts
            for i in range(len(asked))
        ]
        scores[slot] = SlotScore(
            measured=True,
            worth=worth.share,
            clips=len(asked),
            share=_share([made[n] == wanted[n] for n in asked]),
            ceiling=_share([real[n] == wanted[n] for n in asked]),
            floor=_share(others),
        )
    return scores


def pair_scores(
    found: Sequence[Case], ours: Readings, theirs: Readings, judge: Judge
) -> dict[str, Measure]:
    """Of minimal pairs, how often the clip looks like its own prompt rather than its twin's."""
    kinds = {slot: kind for kind, slot in PAIRED.items()}
    answers: dict[str, list[tuple[bool, bool]]] = {}
    for number, case in enumerate(found):
        if case.rival is None:
            continue
        slot, other = case.rival
        own = case.truth.get(slot)
        known = {own, other} <= set(judge.classes[slot])
        if own is None or own == other or not known or not judge.slots[slot].readable:
            continue
        sides = (judge.prefers(readings, number, slot, own, other) for readings in (ours, theirs))
        answers.setdefault(kinds[slot], []).append(tuple(sides))  # pyright: ignore[reportArgumentType]
    return {
        kind: Measure(
            generated=_share([mine for mine, _ in rows]),
            real=_share([real for _, real in rows]),
            unit="%",
            clips=len(rows),
        )
        for kind, rows in answers.items()
    }


def _real(case: Case, shape: Shape, judge: Judge) -> Pixels:
    return drawn(case.sample, judge.config, shape.size, shape.fps, shape.frames)


def _share(right: Sequence[bool]) -> float:
    return float(np.mean(right)) if right else 0.0


def _measures(
    found: Sequence[Case], ours: Looked, theirs: Looked, shape: Shape, judge: Judge
) -> dict[str, Measure]:
    """What needs no labels, generated beside real."""
    count, rate = len(found), float(judge.config.fps)
    flows = [[measures.flows(clip) for clip in side.clips] for side in (ours, theirs)]

    def both(name: str, unit: str, values: Sequence[float]) -> dict[str, Measure]:
        return {name: Measure(generated=values[0], real=values[1], unit=unit, clips=count)}

    moved = [float(np.mean([measures.motion(f, rate) for f in side])) for side in flows]
    still = [float(np.median([measures.motion(f, rate) for f in side])) for side in flows]
    unsteady = [
        float(np.mean([measures.flicker(c, f) for c, f in zip(x.clips, side, strict=True)]))
        for x, side in zip((ours, theirs), flows, strict=True)
    ]
    table = both("motion, mean", "sides a second", moved)
    table |= both("motion, median", "sides a second", still)
    table |= both("flicker", "of the range", unsteady)
    if judge.slots["subject"].readable:
        name = "subject kept from the first half to the second"
        table |= both(name, "%", _kept(ours, theirs, judge))
    table |= _camera(found, flows)
    table["Frechet distance to real clips"] = Measure(
        generated=measures.frechet(ours.said.features, theirs.said.features),
        real=measures.frechet(theirs.said.features[::2], theirs.said.features[1::2]),
        unit="",
        clips=count,
    )
    known = _training(count, shape, judge).features
    table |= both(
        "distance to the nearest of as many training clips, median",
        "",
        [float(np.median(measures.nearest(x.said.features, known))) for x in (ours, theirs)],
    )
    return table


def _camera(
    found: Sequence[Case], flows: Sequence[Sequence[measures.Floats]]
) -> Mapping[str, Measure]:
    """Whether the picture moves as the camera move of the prompt says; chance is one half."""
    told = [(n, case.wanted.get("camera", "")) for n, case in enumerate(found)]
    told = [(number, move) for number, move in told if move in measures.MOVES]
    if not told:
        return {}
    shares = [_share([measures.goes_as_told(side[n], move) for n, move in told]) for side in flows]
    name = "camera's direction by optical flow"
    return {name: Measure(generated=shares[0], real=shares[1], unit="%", clips=len(told))}


def _kept(ours: Looked, theirs: Looked, judge: Judge) -> list[float]:
    """Share of clips whose two halves, each stretched to a whole clip, show the same subject."""
    shares: list[float] = []
    for side in (ours, theirs):
        length = side.clips.shape[1]
        half = (length + 1) // 2
        steps = np.arange(length) * half // length
        said = [
            judge.says(judge.read(side.clips[:, start + steps]), "subject")
            for start in (0, length - half)
        ]
        shares.append(_share([a == b for a, b in zip(*said, strict=True)]))
    return shares


def _training(count: int, shape: Shape, judge: Judge) -> Readings:
    """As many clips of the training split."""
    found = samples(_TRAINING_SEEDS, count, split="train", seconds=shape.seconds)
    clips = [drawn(one, judge.config, shape.size, shape.fps, shape.frames) for one in found]
    return judge.read(np.stack(clips))
