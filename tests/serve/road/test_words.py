"""What viewers say is understood, or refused with what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kinema.errors import RequestError
from kinema.serve.road.words import Keep, Restart, Steer, understood


def test_words_are_told_apart():
    assert understood('{"do":"steer","prompt":"a cat"}') == Steer(prompt="a cat")
    assert understood('{"do":"keep","seconds":10}') == Keep(seconds=10.0)
    assert understood('{"do":"restart"}') == Restart()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", '{"do":"dance"}', '{"do":"steer"}', '{"do":"hold","x":1}',
     '{"do":"keep","seconds":-1}', '{"do":"restart","seed":-1}', '{"do":"here"}}{', "\ud800"],
)  # fmt: skip
def test_what_is_no_word_is_refused(text: str):
    with pytest.raises(RequestError):
        understood(text)


@settings(max_examples=200, deadline=None)
@given(some.text())
def test_no_text_breaks_it(text: str):
    try:
        understood(text)
    except RequestError as error:
        assert str(error)


def test_a_word_has_an_end():
    with pytest.raises(RequestError, match="too long"):
        understood('{"do":"steer","prompt":"' + "a" * (1 << 16) + '"}')
