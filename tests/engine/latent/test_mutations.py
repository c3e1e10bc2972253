"""Each task has a mutation that its test notices; `scripts/mutations.py` runs them.

Here is only what is quick: that they can still be made, and that no task is without one.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

from kinema.types import Task

ROOT = Path(__file__).resolve().parents[3]


def _script() -> Any:
    place = ROOT / "scripts" / "mutations.py"
    spec = importlib.util.spec_from_file_location("mutations", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MUTATIONS = _script().MUTATIONS


@pytest.mark.parametrize("mutation", MUTATIONS, ids=[f"{m.task}: {m.name}" for m in MUTATIONS])
def test_a_mutation_can_be_made_and_names_a_test(mutation: Any):
    text = (ROOT / mutation.path).read_text(encoding="utf-8")
    assert text.count(mutation.old) == 1
    compile(text.replace(mutation.old, mutation.new), mutation.file, "exec")
    tests = (ROOT / mutation.test_path).read_text(encoding="utf-8")
    assert f"def {mutation.test.partition('::')[2]}(" in tests


def test_every_task_has_a_mutation():
    assert set(Task) <= {mutation.task for mutation in MUTATIONS}
