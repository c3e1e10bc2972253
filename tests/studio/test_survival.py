"""Forty edits by hand live through twenty-five changes of the script, or are listed."""

from __future__ import annotations

import random
from difflib import SequenceMatcher

import pytest

from kinema.studio.compile import aligned, compile_script
from kinema.studio.document import Project
from kinema.studio.edits import Operation, edit, replay, set_to
from kinema.studio.fountain import read_fountain

WHO = ("fox", "panda", "cat", "dog", "rabbit", "horse", "bear", "owl", "frog", "penguin")
DOES = ("runs quickly through the deep snow", "sits quietly under a tall tree", "dances slowly")
PLACES = ("FOREST - DAWN", "BEACH - NOON", "MEADOW - NIGHT", "STREET - EVENING")

Script = list[tuple[str, list[str]]]


def written(scenes: Script) -> str:
    rows = ["Title: Long", ""]
    for heading, shots in scenes:
        rows += [f"EXT. {heading}", "", *(row for shot in shots for row in (shot, ""))]
    return "\n".join(rows)


def compiled(scenes: Script) -> Project:
    return compile_script("film", read_fountain(written(scenes), "long.fountain")).project


def first_script() -> Script:
    return [
        (place, [f"A {who} {does}." for who in WHO[3 * n - n : 3 * n - n + 4] for does in DOES])
        for n, place in enumerate(PLACES)
    ]


def changed(chance: random.Random, scenes: Script) -> tuple[Script, set[str]]:
    """One change of the script, and the paragraphs that it touches."""
    now = [(heading, list(shots)) for heading, shots in scenes]
    _, shots = now[chance.randrange(len(now))]
    at = chance.randrange(len(shots))
    kind = chance.choice(["reword", "reword", "rewrite", "insert", "delete", "scene", "cast"])
    touched = {shots[at]}
    if kind == "reword":
        shots[at] = shots[at].replace(".", " again.")
    elif kind == "rewrite":
        shots[at] = f"Nothing moves but clouds, number {chance.randrange(1000)}."
    elif kind == "insert":
        touched = set()
        shots.insert(at, f"A new duck number {chance.randrange(1000)} swims.")
    elif kind == "delete" and len(shots) > 1:
        del shots[at]
    elif kind == "scene":
        touched = set()
        now.insert(chance.randrange(len(now)), (f"CAVE {chance.randrange(99)}", ["Bats sleep."]))
    else:
        who = chance.choice(WHO)
        touched = {shot for _, every in now for shot in every if f" {who} " in shot}
        now = [(h, [shot.replace(f" {who} ", f" old {who} ") for shot in s]) for h, s in now]
    return now, touched


@pytest.mark.parametrize("seed", range(2))
def test_edits_by_hand_survive_a_script_that_changes_and_changes(seed: int):
    chance = random.Random(seed)
    scenes = first_script()
    base = compiled(scenes)
    names = sorted(base.shots)
    text_of = {name: base.shots[name].prompt for name in names}
    fields = (("camera", "slow pan"), ("notes", "ask Mia"), ("framing", "wide"), ("seed", 7))
    places = [(name, *each) for name in names for each in fields]
    edits: list[Operation] = []
    now = base
    for name, field, value in chance.sample(places, 40):
        now, done = edit(now, [set_to(f"shots/{name}/{field}", value)])
        edits += done
    touched = set[str]()
    untouched_lost, untouched = 0, 0
    for _ in range(25):
        scenes, changes = changed(chance, scenes)
        touched |= {change.rstrip(".") for change in changes}
        base, _ = aligned(base, compiled(scenes))
        found = replay(base, edits)
        applied = [operation.at for operation in found.applied]
        listed = [operation.at for operation in found.orphans]
        assert sorted([*applied, *listed]) == sorted(operation.at for operation in edits)
        assert {operation.at for operation in found.conflicts} <= set(applied)
        for operation in edits:
            _, name, field = operation.at.split("/")
            if operation.at in applied:
                assert getattr(found.project.shots[name], field) == operation.now
                text = base.shots[name].prompt
                assert SequenceMatcher(None, text, text_of[name]).ratio() > 0.5, (text, name)
                text_of[name] = text  # a shot that is reworded again and again stays itself
            if text_of[name] not in touched:
                untouched += 1
                untouched_lost += operation.at in listed
    assert untouched_lost <= 0.05 * untouched
    assert untouched > 200
