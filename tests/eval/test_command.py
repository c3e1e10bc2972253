"""`kinema eval` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kinema.cli import DONE, WRONG, run
from kinema.models.referee import Referee, save_referee
from kinema.storybook.labels import SLOTS, classes
from kinema.weights import packaged
from tests.eval.small import CONFIG


@pytest.fixture(scope="module")
def referee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("referee")
    save_referee(folder, Referee(CONFIG), classes(), {}, {})
    return folder


def test_a_model_is_judged_and_the_report_lies_in_the_folder(
    referee: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "judged"
    line = ["eval", "animatic", "--clips", "2", "--size", "128x128", "--frames", "5"]
    line += ["--referee", str(referee), "--out", str(out)]
    assert run([*line, "--trust", "--json"]) == DONE
    said = json.loads(capsys.readouterr().out)
    assert said["model"] == "animatic"
    assert set(said["slots"]) == set(SLOTS)
    assert json.loads((out / "report.json").read_bytes()) == said
    assert len(list((out / "clips").glob("*.mp4"))) == 2
    assert run([*line, "--against", str(out / "report.json")]) == DONE
    page = capsys.readouterr().out
    assert page.startswith("# animatic on split A")
    assert "unmeasured" in page  # an untried referee is not believed


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["nobody"], "there is no model"),
        (["animatic", "--split", "Q"], "there is no split"),
        (["animatic", "--clips", "many"], "cannot read"),
        (["animatic", "--clips", "1"], "2 or more"),
        (["animatic", "--size", "big"], "cannot read"),
        (["animatic", "--against", "none.json"], "no file"),
        (["animatic", "--referee", "nowhere"], "has no kinema.json"),
    ],
)
def test_what_is_wrong_is_named(
    wrong: list[str], words: str, referee: Path, capsys: pytest.CaptureFixture[str]
):
    given = [] if "--referee" in wrong else ["--referee", str(referee)]
    assert run(["eval", *wrong, *given]) == WRONG
    assert words in capsys.readouterr().err


def test_without_a_referee_the_command_says_how_to_get_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(packaged, "packaged", lambda _: None)
    assert run(["eval", "animatic"]) == WRONG
    assert "kinema train referee" in capsys.readouterr().err
