"""``import kinema`` is free, and everything it promises is there."""

from __future__ import annotations

import subprocess
import sys

import pytest

import kinema
from kinema import errors


@pytest.mark.parametrize("name", kinema.__all__)
def test_every_public_name_loads_and_is_listed(name: str):
    assert getattr(kinema, name) is getattr(kinema, name)
    assert name in dir(kinema)


def test_every_error_is_public():
    classes = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.KinemaError)
    }
    assert classes <= set(kinema.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        kinema.nothing  # noqa: B018 - looking is the test


def test_importing_the_package_loads_nothing():
    program = "import sys, kinema; print(sorted(m for m in sys.modules if m.startswith('kinema')))"
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert out.stdout.strip() == b"['kinema']"
