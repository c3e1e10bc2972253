from __future__ import annotations

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py").read_text(encoding="utf-8")
ABSENT = '\nPROBES["absent"] = lambda: False\nPROBES["present"] = lambda: True\n'
SUITE = """
import pytest

@pytest.mark.requires("absent")
def test_that_needs_what_is_absent(): pass

@pytest.mark.requires("present")
def test_that_needs_what_is_present(): pass

@pytest.mark.gpu
def test_that_needs_a_gpu(): pass
"""


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeini("[pytest]\nmarkers = gpu: needs a GPU\n")
    pytester.makeconftest(CONFTEST + ABSENT + "_has_gpu = lambda: False\n")
    pytester.makepyfile(SUITE)
    return pytester


def test_what_is_missing_is_skipped_by_name(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("KINEMA_REQUIRE_ALL", raising=False)
    result = suite.runpytest("-rs")
    result.assert_outcomes(passed=1, skipped=2)
    result.stdout.fnmatch_lines(["*needs absent, which is not here*"])


def test_where_all_is_required_only_the_gpu_may_be_missing(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KINEMA_REQUIRE_ALL", "1")
    result = suite.runpytest("-rs")
    result.assert_outcomes(passed=1, skipped=1, errors=1)
    result.stdout.fnmatch_lines(["*needs absent, which is not here, and KINEMA_REQUIRE_ALL=1*"])
