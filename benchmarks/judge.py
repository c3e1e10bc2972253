"""Judge a model on every held-out split, and write one page with the reports beside it.

Usage: PYTHONPATH=src python benchmarks/judge.py MODEL REFEREE OUT [CLIPS] [WEIGHTS]

CLIPS of each split are made (100 if not said), of 256 x 256, 17 frames. Unseen pairs (B1 to D) are
also compared with A, slot by slot.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path

from kinema.eval import report as reports
from kinema.eval.cases import SPLITS
from kinema.eval.judge import Judge
from kinema.eval.making import Maker
from kinema.eval.report import Report, gaps
from kinema.eval.score import Asked, Shape, score
from kinema.types import Size

SHAPE = Shape(Size(width=256, height=256), 17, Fraction(12))


def main() -> None:
    """Judge split after split; what is finished is on the disk."""
    model, judge, out = sys.argv[1], Judge(Path(sys.argv[2])), Path(sys.argv[3])
    clips = int(sys.argv[4]) if len(sys.argv) > 4 else 100
    weights = Path(sys.argv[5]) if len(sys.argv) > 5 else None
    found: dict[str, Report] = {}
    for split in SPLITS:
        maker = Maker(model, SHAPE, out / split / "clips", weights=weights)
        asked = Asked(model, split, clips, command=" ".join(("python", *sys.argv)))
        report, made, real = score(maker, asked, SHAPE, judge)
        reports.write(report, out / split, made, real)
        found[split] = report
        (out / "report.md").write_text(page(found), "utf-8")
        print(f"{split}: done")
    print(page(found))


def page(found: dict[str, Report]) -> str:
    """One table of all splits: share (of the ceiling; of shuffled prompts) by slot."""
    slots = list(next(iter(found.values())).slots)
    lines = [f"| slot | {' | '.join(found)} |", f"| --- {'| --- ' * len(found)}|"]
    for slot in slots:
        cells = [
            f"{s.share:.0%} ({s.ceiling:.0%}; {s.floor:.0%})" if s.measured else "unmeasured"
            for s in (report.slots[slot] for report in found.values())
        ]
        lines.append(f"| {slot} | {' | '.join(cells)} |")
    lines += ["", "Share right (of real clips; of shuffled prompts). Unseen pairs below A, points:"]
    for split, report in found.items():
        if split in ("B1", "B2", "B3", "C", "D"):
            below = gaps(report, found["A"]).items()
            lines.append(
                f"{split}: " + ", ".join(f"{k.split(':')[0]} {m.generated:+.1%}" for k, m in below)
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
