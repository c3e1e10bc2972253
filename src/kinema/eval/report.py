"""What an evaluation found, as data and as a page to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

from kinema.errors import RequestError
from kinema.eval.watching import Pixels
from kinema.types import Size, Value, from_json, to_json

_ROWS = 16


class SlotScore(Value, kw_only=True):
    """One slot: share of generated clips that show what their prompt says, 0 to 1.

    ``ceiling`` is the share that the referee reads right of the real clips of the same prompts,
    ``floor`` the share of generated clips that show what somebody else's prompt says. Where the
    slot is not ``measured`` the referee cannot be believed in it (``worth`` says how often it is
    right on real clips), and nothing else counts.
    """

    measured: bool
    worth: float
    clips: int
    share: float = 0.0
    ceiling: float = 0.0
    floor: float = 0.0

    @property
    def of_ceiling(self) -> float:
        """The share of the ceiling that is reached."""
        return self.share / self.ceiling if self.ceiling else 0.0


class Measure(Value, kw_only=True):
    """A number about generated clips beside the same about real ones; None where there is none."""

    generated: float
    real: float | None
    unit: str
    clips: int


class Report(Value, kw_only=True):
    """An evaluation of one model on one split."""

    model: str
    weights: str
    referee: str
    split: str
    clips: int
    size: Size
    frames: int
    fps: str
    sampling: str
    slots: dict[str, SlotScore]
    pairs: dict[str, Measure]
    measures: dict[str, Measure]
    version: str
    command: str = ""


def read(path: Path) -> Report:
    """A report that `write` wrote.

    Raises:
        RequestError: There is none, or it is none.
    """
    if not path.is_file():
        raise RequestError("against", f"there is no file {path.name!r}", "a report.json")
    return from_json(path.read_bytes(), Report)


def gaps(report: Report, before: Report) -> dict[str, Measure]:
    """By how much shares lie below those of another report: of more steps, or of seen pairs.

    Raises:
        RequestError: The two were judged by different referees.
    """
    if report.referee != before.referee:
        raise RequestError("against", "another referee judged it", "a report of the same referee")
    both = [
        (slot, mine, before.slots[slot])
        for slot, mine in report.slots.items()
        if mine.measured and slot in before.slots and before.slots[slot].measured
    ]
    name = f"below {before.model} on {before.split} ({before.sampling})"
    return {
        f"{slot}: {name}": Measure(
            generated=other.share - mine.share, real=None, unit="%", clips=mine.clips
        )
        for slot, mine, other in both
    }


def markdown(report: Report) -> str:
    """The report as a page."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    shape = f"{report.size.width} x {report.size.height}, {report.frames} frames, {report.fps} fps"
    yield f"# {report.model} on split {report.split}"
    yield ""
    yield f"{report.clips} clips of {shape}; {report.sampling}."
    yield f"Weights {report.weights[:16] or 'none'}, referee {report.referee[:16]}, "
    yield f"Kinema {report.version}."
    if report.command:
        yield f"\n    {report.command}"
    yield ""
    yield "| slot | clips | share right | real clips | shuffled prompts | of the ceiling |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for slot, found in report.slots.items():
        if found.measured:
            numbers = (found.share, found.ceiling, found.floor, found.of_ceiling)
            yield f"| {slot} | {found.clips} | " + " | ".join(f"{n:.1%}" for n in numbers) + " |"
        else:
            why = f"unmeasured: the referee reads {found.worth:.1%} of real clips"
            yield f"| {slot} | {found.clips} | {why} | | | |"
    if report.pairs:
        yield ""
        yield "| minimal pairs | clips | the right one of two | real clips |"
        yield "| --- | --- | --- | --- |"
        for kind, pair in report.pairs.items():
            yield f"| {kind} | {pair.clips} | {pair.generated:.1%} | {_said(pair.real, '%')} |"
    yield ""
    yield "| measure | clips | generated | real clips |"
    yield "| --- | --- | --- | --- |"
    for name, found in report.measures.items():
        values = (_said(value, found.unit) for value in (found.generated, found.real))
        yield f"| {name} | {found.clips} | " + " | ".join(values) + " |"


def _said(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.1%}" if unit == "%" else f"{value:.4g} {unit}".rstrip()


def write(report: Report, folder: Path, made: Pixels, real: Pixels) -> None:
    """Write ``report.md``, ``report.json`` and a sheet: generated rows on the left, real ones."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.md").write_text(markdown(report), "utf-8")
    (folder / "report.json").write_bytes(to_json(report))
    rows: list[Pixels] = []
    for ours, theirs in zip(made[:_ROWS], real[:_ROWS], strict=True):
        shown = [0, len(ours) // 2, len(ours) - 1]
        gap = np.full((ours.shape[1], 4, 3), 255, np.uint8)
        rows.append(np.concatenate((*ours[shown], gap, *theirs[shown]), axis=1))
    if rows:
        sheet = cv2.cvtColor(np.concatenate(rows), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(folder / "sheet.png"), sheet)
