from __future__ import annotations

import inspect
import re

import pytest

from kinema import errors
from kinema.errors import KinemaError, MissingPart, RequestError

CLASSES = {
    name: kind
    for name, kind in vars(errors).items()
    if inspect.isclass(kind) and issubclass(kind, Exception)
}


def drawn_parents() -> dict[str, str | None]:
    """Each class of the tree in the module's docstring, and the class it is drawn under."""
    parents: dict[str, str | None] = {}
    above: list[tuple[int, str]] = []
    for row in (errors.__doc__ or "").splitlines():
        match = re.match(r"(?P<lead> {4}(?:[| ] {3})*(?:[|`]-- )?)(?P<name>[A-Z]\w+)", row)
        if match is None:
            continue
        column = len(match["lead"])
        above = [(c, name) for c, name in above if c < column]
        parents[match["name"]] = above[-1][1] if above else None
        above.append((column, match["name"]))
    return parents


def test_the_tree_on_the_page_is_the_tree_in_the_code():
    real = {name: kind.__mro__[1].__name__ for name, kind in CLASSES.items()}
    assert drawn_parents() == {**real, "KinemaError": None}


def test_every_kind_of_error_has_its_own_code():
    codes = [kind.code for kind in CLASSES.values() if issubclass(kind, KinemaError)]
    assert len(codes) == len(set(codes)) == len(CLASSES)


@pytest.mark.parametrize(
    "kind", [k for k in CLASSES.values() if issubclass(k, RequestError)], ids=lambda k: k.__name__
)
def test_a_request_error_names_the_field_and_what_is_allowed(kind: type[RequestError]):
    error = kind("images[0].at", "is after the end", "0 to 4")
    assert (error.field, error.problem, error.allowed) == (
        "images[0].at",
        "is after the end",
        "0 to 4",
    )
    assert str(error) == "images[0].at: is after the end; allowed: 0 to 4"
    assert str(kind("prompt", "is empty")) == "prompt: is empty"


def test_a_missing_part_says_the_command_that_adds_it():
    error = MissingPart("torch", "pip install 'kinema[torch]'")
    assert str(error) == "torch is not installed; add it with: pip install 'kinema[torch]'"
