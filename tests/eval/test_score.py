"""A model that draws what it is told stands out from one that does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kinema.errors import RequestError, WeightsError
from kinema.eval.cases import Case, cases
from kinema.eval.judge import Judge, Readings
from kinema.eval.making import Maker
from kinema.eval.report import Report, markdown, write
from kinema.eval.score import Asked, judged, pair_scores, score
from kinema.models.referee import load_referee, save_referee
from kinema.storybook.pairs import KINDS
from kinema.types import from_json
from tests.eval.small import SETTINGS, SHAPE, case, some_cases, trained


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return trained(tmp_path_factory.mktemp("referee") / "small")


@pytest.fixture(scope="module")
def judge(folder: Path) -> Judge:
    return Judge(folder)


@pytest.fixture(scope="module")
def found() -> list[Case]:
    return some_cases(2, first=1)


@pytest.fixture(scope="module")
def honest(judge: Judge, found: list[Case], tmp_path_factory: pytest.TempPathFactory) -> Report:
    maker = Maker("animatic", SHAPE, tmp_path_factory.mktemp("clips"))
    report, made, real = judged(maker, found, Asked("animatic", "A", len(found)), SHAPE, judge)
    assert made.shape == real.shape == (8, 3, 16, 16, 3)
    return report


def test_the_animatic_comes_near_the_ceiling_and_far_above_the_floor(honest: Report):
    setting = honest.slots["setting"]
    assert setting.measured
    assert setting.clips == 8
    assert setting.ceiling >= 0.85
    assert setting.of_ceiling >= 0.85
    assert setting.floor <= setting.share - 0.5


def test_a_model_that_does_not_listen_stays_at_the_floor(
    judge: Judge, found: list[Case], tmp_path: Path
):
    maker = Maker("animatic", SHAPE, tmp_path)
    deaf = case(SETTINGS[0], 50)
    report, _, _ = judged(
        lambda _, number: maker(deaf, number), found, Asked("deaf", "A", 8), SHAPE, judge
    )
    setting = report.slots["setting"]
    assert setting.share <= 0.5
    assert setting.share - setting.floor < 0.2
    assert setting.ceiling >= 0.85


def test_minimal_pairs_ask_which_of_two_a_clip_looks_like(folder: Path):
    found, trusted = cases("E", 10, SHAPE.seconds), Judge(folder, trusted=True)

    def readings(*, right: bool) -> Readings:
        logits = {slot: np.zeros((10, len(n)), "f4") for slot, n in trusted.classes.items()}
        for number, one in enumerate(found):
            assert one.rival is not None
            slot, other = one.rival
            liked = one.truth[slot] if right else other
            logits[slot][number, trusted.classes[slot].index(liked)] = 1.0
        return Readings(logits, np.zeros((10, 2), "f4"))

    scores = pair_scores(found, readings(right=False), readings(right=True), trusted)
    assert set(scores) == set(KINDS)
    assert all((one.generated, one.real, one.clips) == (0.0, 1.0, 2) for one in scores.values())
    unbelieved = Judge(folder)
    right = readings(right=True)
    assert pair_scores(found, right, right, unbelieved) == {}


def test_a_slot_that_the_referee_cannot_read_is_unmeasured(honest: Report, judge: Judge):
    assert not honest.slots["style"].measured
    assert honest.slots["style"].worth == pytest.approx(10 / 60)
    assert not honest.slots["camera"].measured  # never tried
    assert judge.slots["subject"].tried == frozenset()  # tried on too few
    assert "unmeasured" in markdown(honest)


def test_always_saying_the_commonest_is_not_reading(tmp_path: Path, folder: Path):
    known = load_referee(folder)
    reading = {"count": {"1": (900, 900), "2": (0, 60), "3": (0, 60)}, "time": {"noon": (60, 60)}}
    save_referee(tmp_path, known.network, known.classes, reading, {})
    slots = Judge(tmp_path).slots
    assert slots["count"].share == pytest.approx(1 / 3)
    assert not slots["count"].readable
    assert not slots["time"].readable  # one class alone says nothing


def test_a_trusted_referee_judges_everywhere(folder: Path):
    trusted = Judge(folder, trusted=True)
    assert all(slot.readable for slot in trusted.slots.values())


def test_the_report_is_a_page_a_document_and_a_sheet(honest: Report, tmp_path: Path):
    clips = np.zeros((2, 3, 16, 16, 3), np.uint8)
    write(honest, tmp_path, clips, clips)
    page = (tmp_path / "report.md").read_text("utf-8")
    assert page.startswith("# animatic on split A")
    assert "| setting | 8 |" in page
    assert from_json((tmp_path / "report.json").read_bytes(), Report) == honest
    assert (tmp_path / "sheet.png").stat().st_size > 100


def test_a_folder_without_a_referee_is_refused(tmp_path: Path):
    with pytest.raises(WeightsError, match=r"kinema\.json"):
        Judge(tmp_path)


def test_a_split_that_there_is_not_and_too_few_clips_are_refused(judge: Judge, tmp_path: Path):
    maker = Maker("animatic", SHAPE, tmp_path)
    with pytest.raises(RequestError, match="split"):
        score(maker, Asked("animatic", "Z", 4), SHAPE, judge)
    with pytest.raises(RequestError, match="2 or more"):
        score(maker, Asked("animatic", "A", 1), SHAPE, judge)
