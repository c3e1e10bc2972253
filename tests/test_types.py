from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kinema import types
from kinema.errors import PromptError, RequestError
from kinema.types import (
    FRAMES_MAX,
    PROMPT_LIMIT,
    Clip,
    Event,
    FrameRule,
    ImageInput,
    Log,
    ModelCard,
    Preview,
    Progress,
    Request,
    Sampling,
    Size,
    Task,
    Value,
    check_request,
    check_text,
    from_builtins,
    from_json,
    parse_seconds,
    to_builtins,
    to_json,
)

VALUES = [v for v in vars(types).values() if isinstance(v, type) and issubclass(v, Value)]

# What a type's own annotation does not tell hypothesis: text that JSON can carry, times that are
# written in at most 18 digits, finite numbers, and files named by content.
printable = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)
times = st.builds(Fraction, st.integers(0, 600_000), st.sampled_from([1, 2, 3, 1000, 1001]))
rates = st.builds(Fraction, st.integers(2000, 59_000), st.sampled_from([1000, 1001, 1999]))
sizes = st.builds(Size, width=st.integers(1, 9999), height=st.integers(1, 9999))
files = st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True)
finite = st.floats(0, 1e6)
facts = st.dictionaries(printable, st.integers() | printable | st.booleans(), max_size=3)

cards = st.builds(types.Card, prompt=printable, seconds=times, transition=times)
pictures = st.builds(ImageInput, file=files, at=times, role=st.sampled_from(types.ImageRole))
people = st.builds(types.CharacterRef, name=st.sampled_from(["Mia", "Old Tom"]), looks=printable)
requests = st.builds(
    Request,
    task=st.sampled_from(Task),
    prompt=printable,
    negative=printable,
    size=st.builds(Size, width=st.integers(128, 1920), height=st.integers(128, 1920)),
    frames=st.integers(1, 600),
    fps=rates,
    seed=st.integers(0, 2**63 - 1),
    quality=st.sampled_from(types.Quality),
    sampling=st.builds(Sampling, steps=st.none() | st.integers(1, 1000)),
    images=st.lists(pictures, max_size=2).map(tuple),
    clip=st.none() | files,
    strength=st.none() | st.floats(0, 1),
    keep=st.none() | st.builds(types.Span, start=times, end=times),
    direction=st.sampled_from(types.Direction),
    cards=st.lists(cards, max_size=2).map(tuple),
    characters=st.lists(people, max_size=2).map(tuple),
    style=st.none() | printable,
    strict=st.booleans(),
)
clips = st.builds(
    Clip,
    file=files,
    request=requests,
    model=printable,
    versions=st.dictionaries(printable, printable, max_size=2),
    fingerprint=printable,
    scene=st.none() | facts,
    reading=st.none() | facts,
    timings=st.dictionaries(printable, finite, max_size=2),
)
model_cards = st.builds(
    ModelCard,
    name=printable,
    family=printable,
    summary=printable,
    licence=st.builds(types.Licence, id=printable, commercial=st.booleans()),
    tasks=st.dictionaries(st.sampled_from(Task), st.sampled_from(types.Grounding)),
    features=st.lists(st.sampled_from(types.Feature), unique=True).map(tuple),
    sizes=st.builds(
        types.SizeRule,
        side_min=st.integers(1, 256),
        side_max=st.integers(256, 4096),
        buckets=st.lists(sizes, max_size=2).map(tuple),
    ),
    frames=st.builds(FrameRule, minimum=st.integers(1, 9), maximum=st.integers(9, 999)),
    fps=st.tuples(times, times),
    default_size=sizes,
    default_fps=times,
    default_seconds=times,
    steps=st.dictionaries(st.sampled_from(types.Quality), st.integers(1, 99)),
    cost=st.builds(
        types.Cost,
        seconds_fixed=finite,
        seconds_per_megapixel=finite,
        megabytes_fixed=finite,
        megabytes_per_megapixel=finite,
        measured=printable,
    ),
    notes=st.dictionaries(st.sampled_from(Task), printable, max_size=2),
)
events = st.one_of(
    st.builds(Progress, stage=printable, done=st.integers(0, 99), total=st.integers(1, 99)),
    st.builds(Preview, media_type=printable, image=st.binary(max_size=64)),
    st.builds(Log, message=printable),
)
contacts = st.builds(types.Contact, actor=printable, kind=printable, at=times)
mouth_keys = st.builds(types.MouthKey, at=times, open=st.floats(0, 1))
values = st.one_of(requests, clips, model_cards, contacts, mouth_keys)


@given(values)
def test_every_value_comes_back_from_json_as_it_was(value: Value):
    assert from_json(to_json(value), type(value)) == value
    assert from_builtins(to_builtins(value), type(value)) == value


@given(values)
def test_plain_data_is_what_json_says(value: Value):
    assert json.loads(json.dumps(to_builtins(value))) == json.loads(to_json(value))


@given(events)
def test_an_event_comes_back_as_its_own_kind(event: Event):
    assert msgspec.json.decode(to_json(event), type=Event) == event


@given(requests)
def test_a_request_within_the_limits_passes_the_check(request: Request):
    check_request(request)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_what_is_no_request_is_refused_and_never_crashes(data: bytes | str):
    try:
        from_json(data, Request)
    except RequestError as error:
        assert error.field
        assert error.problem


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.sampled_from(Request.__struct_fields__), json_values)
def test_a_wrong_field_is_named_whatever_it_holds(field: str, value: Any):
    try:
        from_builtins({field: value}, Request)
    except RequestError as error:
        assert error.field.startswith(field)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_every_value_is_frozen_and_refuses_unknown_keys(kind: type[Value]):
    assert kind.__struct_config__.frozen
    assert kind.__struct_config__.forbid_unknown_fields


def test_a_request_has_at_most_25_fields():
    assert len(msgspec.structs.fields(Request)) <= 25


@pytest.mark.parametrize(
    ("text", "field", "problem"),
    [
        ('{"size": {"width": 640}}', "size", "`height`"),
        ('{"size": {"width": "640", "height": 360}}', "size.width", "`int`"),
        ('{"size": {"width": 640, "height": 360, "deep": 1}}', "size", "`deep`"),
        ('{"images": [{"file": "fox.png"}]}', "images[0].file", "sha256"),
        ('{"length": 4}', "request", "`length`"),
        ('{"task": "dance"}', "task", "'dance'"),
        ('{"fps": 24}', "fps", '"3/2"'),
        ('{"fps": "1/0"}', "fps", "'1/0'"),
        ('{"frames": 0}', "frames", ">= 1"),
        ('{"frames": 1e999}', "frames", "out of range"),
        ('{"seed": -1}', "seed", ">= 0"),
        ('{"strength": 1.5}', "strength", "<= 1.0"),
        ('{"sampling": {"steps": 0}}', "sampling.steps", ">= 1"),
        ('{"characters": [{"name": "1", "looks": ""}]}', "characters[0].name", "regex"),
        ('{"prompt": "\ud800"}', "request", "surrogates"),
        ("{", "request", "truncated"),
        ("[]", "request", "`object`"),
    ],
)
def test_a_refusal_names_the_field(text: str, field: str, problem: str):
    with pytest.raises(RequestError) as caught:
        from_json(text, Request)
    assert caught.value.field == field
    assert problem in caught.value.problem


def test_a_wrong_key_of_a_table_is_named_by_the_table():
    with pytest.raises(RequestError) as caught:
        from_json('{"file": "x"}', Clip)
    assert caught.value.field == "file"
    card = {"name": "", "family": "", "summary": "", "licence": {"id": ""}}
    with pytest.raises(RequestError) as caught:
        from_builtins({**card, "tasks": {"dance": "exact"}}, ModelCard)
    assert caught.value.field == "tasks"


def test_json_nested_without_end_is_refused():
    nested = "[" * 100_000 + "]" * 100_000
    with pytest.raises(RequestError):
        from_json(f'{{"scene": {nested}}}', Clip)


@given(sizes)
def test_a_size_reads_what_it_writes(size: Size):
    assert Size.parse(str(size)) == size
    assert Size.parse(f" {size.width} X {size.height} ") == size


@given(st.text(max_size=12))
def test_what_is_no_size_is_refused_by_field(text: str):
    try:
        size = Size.parse(text)
    except RequestError as error:
        assert error.field == "size"
        assert "1280x720" in error.allowed
    else:
        assert f"{size.width}x{size.height}" == str(size)


@pytest.mark.parametrize("text", ["", "x", "1280", "1280x", "-1x720", "1280x720x3", "1e3x720"])
def test_a_size_that_is_half_a_size_is_refused(text: str):
    with pytest.raises(RequestError):
        Size.parse(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("4", Fraction(4)),
        (" 2.5 ", Fraction(5, 2)),
        ("5/2", Fraction(5, 2)),
        ("0.1", Fraction(1, 10)),
    ],
)
def test_seconds_are_read_exactly(text: str, seconds: Fraction):
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "four", "0", "0.0", "-1", "1/0", "nan", "inf", "1e9", "1e999999999", "4 s", "1:30"]
)
def test_seconds_that_are_no_positive_time_are_refused_by_field(text: str):
    with pytest.raises(RequestError) as caught:
        parse_seconds(text, "cards[1].seconds")
    assert caught.value.field == "cards[1].seconds"
    assert "5/2" in caught.value.allowed


rules = st.builds(
    FrameRule,
    minimum=st.integers(1, 200),
    maximum=st.just(10_000),
    stride=st.integers(1, 17),
    offset=st.integers(0, 16),
)


@given(rules, st.integers(1, 5000))
def test_the_next_allowed_count_is_the_smallest_that_is_enough(rule: FrameRule, frames: int):
    count = rule.next_allowed(frames)
    assert count >= max(frames, rule.minimum)
    assert (count - rule.offset) % rule.stride == 0
    assert count - rule.stride < max(frames, rule.minimum)


@given(rules, st.integers(1, 5000))
def test_an_allowed_count_is_left_as_it_is(rule: FrameRule, frames: int):
    count = rule.next_allowed(frames)
    assert rule.next_allowed(count) == count


@given(st.integers(1, 9999), rates)
def test_the_length_of_a_request_is_exact(frames: int, fps: Fraction):
    assert Request(frames=frames, fps=fps).seconds * fps == frames


@pytest.mark.parametrize(
    ("request_", "field", "allowed"),
    [
        (Request(size=Size(width=127, height=720)), "size", "128 to 1920"),
        (Request(size=Size(width=1280, height=1921)), "size", "128 to 1920"),
        (Request(fps=Fraction(1, 2)), "fps", "1 to 60"),
        (Request(fps=Fraction(-24)), "fps", "1 to 60"),
        (Request(fps=Fraction(61)), "fps", "1 to 60"),
        (Request(frames=24 * 601), "seconds", "at most 600"),
        (Request(frames=10**400), "seconds", "at most 600"),
        (Request(frames=0), "frames", ">= 1"),
        (Request(frames=-5), "frames", ">= 1"),
        (Request(seed=-1), "seed", ">= 0"),
        (Request(strength=float("nan")), "strength", "0.0"),
        (Request(strength=1.01), "strength", "<= 1.0"),
        (Request(sampling=Sampling(steps=1001)), "sampling.steps", "<= 1000"),
        (Request(clip="fox.mp4"), "clip", "sha256"),
        (Request(prompt="a" * (PROMPT_LIMIT + 1)), "prompt", "32000"),
        (Request(negative="a\x00b"), "negative", "printable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_request_out_of_range_is_refused(request_: Request, field: str, allowed: str):
    with pytest.raises(RequestError) as caught:
        check_request(request_)
    assert caught.value.field == field
    assert allowed in str(caught.value)


def test_the_longest_request_at_the_highest_rate_passes():
    check_request(Request(frames=FRAMES_MAX, fps=Fraction(60)))


@given(st.text(st.characters(blacklist_categories=["Cs", "Cc"])), st.sampled_from("\t\n\r \u00a0~"))
def test_printable_text_of_any_language_passes(text: str, blank: str):
    check_text("prompt", text + blank + text)


@given(printable, st.characters(categories=["Cc", "Cs"]), printable)
def test_a_control_character_is_refused_and_named(before: str, control: str, after: str):
    assume(control not in "\t\n\r")
    with pytest.raises(PromptError) as caught:
        check_text("prompt", before + control + after)
    assert f"U+{ord(control):04X}" in caught.value.problem


def test_threads_may_be_the_first_to_decode_a_type_together() -> None:
    program = """
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import msgspec
from kinema.types import Value, from_builtins

sys.setswitchinterval(1e-6)
threads, data = 8, {"inner": {f"f{n}": "word" for n in range(20)}}
with ThreadPoolExecutor(threads) as pool:
    for number in range(300):
        fields = [(f"f{n}", str) for n in range(20)]
        inner = msgspec.defstruct(f"Inner{number}", fields, bases=(Value,))
        outer = msgspec.defstruct(f"Outer{number}", [("inner", inner)], bases=(Value,))
        together = Barrier(threads)

        def decode() -> None:
            together.wait()
            from_builtins(data, outer)

        for ended in [pool.submit(decode) for _ in range(threads)]:
            ended.result()
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
