"""Other tasks than words to video, and what one report says about another."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinema import media
from kinema.errors import RequestError
from kinema.eval import report as reports
from kinema.eval.making import Maker
from kinema.eval.report import Report, SlotScore, gaps
from kinema.eval.tasks import EXTENSIONS, task_measures
from tests.eval.small import SHAPE, some_cases


def test_every_task_of_the_animatic_is_measured(tmp_path: Path):
    maker = Maker("animatic", SHAPE, tmp_path / "clips")
    found = task_measures(maker, some_cases(1, first=1)[:1], SHAPE, tmp_path / "tasks")
    assert {one.clips for one in found.values()} == {1}
    by_unit = {one.unit: one.generated for one in found.values()}
    assert by_unit["dB"] > 5
    assert by_unit["mean steps"] < 3
    assert 0 <= by_unit["of the range"] < 0.2
    longest = tmp_path / "tasks" / f"longer-00000-{EXTENSIONS}.mp4"
    assert media.probe(longest).frames == SHAPE.frames + EXTENSIONS * (SHAPE.frames - 1)


def some_report(share: float, referee: str = "r") -> Report:
    slot = SlotScore(measured=True, worth=1.0, clips=10, share=share, ceiling=1.0)
    blind = SlotScore(measured=False, worth=0.2, clips=3)
    return Report(
        model="m", weights="", referee=referee, split="A", clips=10, size=SHAPE.size, frames=5,
        fps="4", sampling="4 steps", slots={"setting": slot, "style": blind}, pairs={},
        measures={}, version="0",
    )  # fmt: skip


def test_a_report_says_how_far_it_lies_below_another(tmp_path: Path):
    path = tmp_path / "report.json"
    path.write_bytes(reports.to_json(some_report(0.9)))
    found = gaps(some_report(0.8), reports.read(path))
    assert [round(one.generated, 6) for one in found.values()] == [0.1]
    assert "setting" in next(iter(found))
    with pytest.raises(RequestError, match="another referee"):
        gaps(some_report(0.8, "q"), reports.read(path))
    with pytest.raises(RequestError, match="no file"):
        reports.read(tmp_path / "none.json")
