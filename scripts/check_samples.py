"""Are the main subjects of training samples seen, and do captions say only what is there?

Usage: PYTHONPATH=src python scripts/check_samples.py [COUNT]

Draws the exact truth (masks and boxes) of COUNT samples (1,000 if not said) at five moments of the
clip and counts: main subjects less than 85 % in the frame or less than 70 % unoccluded, colours
said under a style that has none, and words of the sky said indoors. Prints every offender.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from kinema.storybook.catalogue import catalogue
from kinema.storybook.sampler import Sample, samples
from kinema.storybook.truth import truth
from kinema.types import Size

SIZE = Size(width=128, height=128)
MOMENTS = 5
COLOURLESS = ("black_and_white", "pencil")
SKY = re.compile(r"\b(clear sky|moonlit sky|stars above|under the moon|rainbow arches)\b")
IN_FRAME, UNOCCLUDED = 0.85, 0.70


def faults(drawn: Sample) -> Iterator[str]:
    """What is wrong with one sample."""
    if drawn.scene.actors:
        main = drawn.scene.actors[0].id
        shares = []
        for i in range(MOMENTS):
            at = drawn.seconds * Fraction(i, MOMENTS)
            box = truth(drawn.timeline, SIZE, at).boxes[main]
            shares.append((box.in_frame, box.unoccluded))
        if min(share for share, _ in shares) < IN_FRAME:
            yield f"cut: {min(share for share, _ in shares):.2f} in the frame"
        if min(share for _, share in shares) < UNOCCLUDED:
            yield f"hidden: {min(share for _, share in shares):.2f} to be seen"
    if "colour" in drawn.caption.told and drawn.scene.style in COLOURLESS:
        yield f"colour said in {drawn.scene.style}"
    if catalogue().settings[drawn.scene.setting].wall and SKY.search(drawn.caption.text.lower()):
        yield "sky said indoors"


def main() -> None:
    """Print every fault, and how many of each kind there are."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    kinds: Counter[str] = Counter()
    for drawn in samples(0, count):
        for fault in faults(drawn):
            kinds[fault.split(":")[0]] += 1
            print(f"{drawn.seed}: {fault} | {drawn.caption.text}")
    print(f"{count} samples: " + (", ".join(f"{n} {k}" for k, n in kinds.items()) or "no fault"))


if __name__ == "__main__":
    main()
