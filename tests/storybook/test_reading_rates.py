"""The reader on held-out prompts: the rates that are reached may not fall."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "reading_rates.py"
FLOORS = {
    **dict.fromkeys(("subject", "action", "setting", "time", "weather"), 0.95),
    **dict.fromkeys(("camera", "style", "relation", "colour", "count"), 0.90),
}


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reading_rates", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_free_prompts_are_read_as_well_as_promised(script: ModuleType):
    found, misses = script.rates(["free"])
    low = {
        slot: found[slot]
        for slot, floor in FLOORS.items()
        if found[slot][0] < floor * found[slot][1]
    }
    assert low == {}, misses


def test_nine_languages_are_read_as_well_as_promised(script: ModuleType):
    found, misses = script.rates(["languages"])
    codes = ("es", "fr", "de", "pt", "it", "zh", "ja", "hi", "ar")
    low = {code: found[code] for code in codes if found[code][0] < 0.85 * found[code][1]}
    assert low == {}, misses
    assert found["all"][0] >= 0.95 * found["all"][1]
