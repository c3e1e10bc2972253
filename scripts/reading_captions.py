"""How many slots of generated captions the reader reads right, slot by slot, with the misses.

Usage: PYTHONPATH=src python scripts/reading_captions.py SPLIT [COUNT]

SPLIT is F (reserved synonyms and verbs), G (reserved templates) or I (other languages), or train
for comparison. The scene that a caption was made from is the truth; only slots that the caption
tells are judged.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from kinema.errors import PromptError
from kinema.storybook.reader import read
from kinema.storybook.sampler import Sample, samples
from kinema.storybook.scene import Scene

SLOTS = ("subject", "action", "setting", "time", "weather", "camera", "style", "colour", "count")
SLOTS += ("material", "nobody else")
SHOWN = 40
"""Misses that are printed."""


def judge(drawn: Sample) -> Iterator[tuple[str, bool, str]]:
    """Slot, whether it was read right, and what was read, for each slot that the caption tells."""
    said = drawn.caption
    try:
        found = read(said.text).scene
    except PromptError as error:
        yield from ((slot, False, str(error)) for slot in SLOTS if slot in said.told)
        return
    truth = drawn.scene
    for slot in ("setting", "time", "weather", "style"):
        if slot in said.told:
            yield slot, getattr(found, slot) == getattr(truth, slot), str(getattr(found, slot))
    if "camera" in said.told:
        yield "camera", found.camera.move == truth.camera.move, found.camera.move
    if "kind" in said.told or "subject" not in said.told:
        return
    wanted, there = _cast(truth), _cast(found)
    yield "subject", set(wanted) <= set(there), ", ".join(there)
    yield "nobody else", set(there) <= set(wanted), ", ".join(set(there) - set(wanted))
    if "count" in said.told:
        yield "count", all(there[name] == n for name, n in wanted.items()), str(dict(there))
    if "action" in said.told and truth.actors:
        lead = truth.actors[0]
        actions = [a.beats[0].action for a in found.actors if a.subject == lead.subject]
        yield "action", lead.beats[0].action in actions, f"{actions} for {lead.beats[0].action}"
    if "colour" in said.told:
        pairs = {(a.subject, a.colour) for a in found.actors if a.colour}
        real = {(a.subject, a.colour) for a in truth.actors if a.colour}
        yield "colour", bool(pairs) and pairs <= real, f"{pairs} for {real}"

    if "material" in said.told:
        made = {(a.subject, a.material) for a in found.actors if a.material}
        real = {(a.subject, a.material) for a in truth.actors if a.material}
        yield "material", bool(made) and made <= real, f"{made} for {real}"


def _cast(scene: Scene) -> Counter[str]:
    return Counter(actor.subject for actor in scene.actors)


def rates(split: str, count: int) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Right and judged slots by name, and a line for each miss, over ``count`` samples."""
    right: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    misses = []
    for drawn in samples(0, count, split=split):
        for slot, good, what in judge(drawn):
            judged[slot] += 1
            right[slot] += good
            if not good:
                misses.append(f"{drawn.caption.text} | {slot}: {what}")
    return {slot: (right[slot], judged[slot]) for slot in SLOTS if judged[slot]}, misses


def main() -> None:
    """Print the rates and the first misses of the split named on the command line."""
    split, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 500
    found, misses = rates(split, count)
    for slot, (good, total) in found.items():
        print(f"{slot:10} {good:5} of {total:5}  {good / total:6.1%}")
    print()
    print("\n".join(misses[:SHOWN]))


if __name__ == "__main__":
    main()
