"""Operations: undo is the inverse, nothing is lost, and the document always holds together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_films import SCREENPLAY, project

from kinema.errors import RequestError
from kinema.studio.anchors import solve
from kinema.studio.compile import MAIN, aligned
from kinema.studio.document import Project, canonical, check, from_document, to_document
from kinema.studio.edits import (
    History,
    Operation,
    edit,
    insert,
    inverse,
    move,
    removal_of_shot,
    remove,
    rename,
    replay,
    set_to,
)

PICTURE = f"sequences/{MAIN}/tracks/picture/items"
WALK = "forest-dawn.mia-walks-slowly"


def some_step(draw: Callable[[st.SearchStrategy[Any]], Any], now: Project) -> list[Operation]:
    """Edits that fit the document as it is."""
    shots = sorted(now.shots)
    track = next(track for track in now.sequences[MAIN].tracks if track.id == "picture")
    items = [item.id for item in track.items]
    kind = draw(
        st.sampled_from(["prompt", "seed", "trim", "move", "add", "remove", "rename", "line"])
    )
    shot = draw(st.sampled_from(shots))
    match kind:
        case "prompt":
            return [set_to(f"shots/{shot}/prompt", draw(st.text("abc \u00e9\u0301", max_size=9)))]
        case "seed":
            return [set_to(f"shots/{shot}/seed", draw(st.one_of(st.none(), st.integers(0, 9))))]
        case "trim":
            trim = {"start": draw(st.integers(-9, 9)), "frames": draw(st.integers(1, 30))}
            return [set_to(f"{PICTURE}/{draw(st.sampled_from(items))}/trim", trim)]
        case "move":
            name = draw(st.sampled_from(items))
            before = draw(st.sampled_from([*[each for each in items if each != name], None]))
            return [move(f"{PICTURE}/{name}", before)]
        case "add":
            name = f"new{draw(st.integers(0, 10**6))}"
            item = {"id": f"cut.{name}", "ref": name}
            before = draw(st.sampled_from([*items, None]))
            new = insert(f"shots/{name}", {"prompt": "a duck", "length": {"seconds": "1"}})
            return [new, insert(f"{PICTURE}/cut.{name}", item, before)]
        case "remove":
            return removal_of_shot(now, shot) if len(items) > 1 else []
        case "rename":
            return [rename(f"shots/{shot}", f"new{draw(st.integers(0, 10**6))}")]
        case _:
            line = draw(st.sampled_from(sorted(now.lines)))
            words = {"value": draw(st.text("xyz ", min_size=1, max_size=30))}
            return [set_to(f"lines/{line}/text/en", words)]


@given(st.data())
@settings(max_examples=25)
def test_undoing_everything_gives_the_same_bytes_and_redoing_it_too(data: st.DataObject):
    start = project()
    history = History(start)
    for _ in range(data.draw(st.integers(1, 12))):
        step = some_step(data.draw, history.project)
        try:
            history.do(*step)
        except RequestError:  # a new id that is in use
            continue
        check(history.project)
    end, steps = canonical(history.project), len(history.done)
    while history.undo():
        check(history.project)
    assert canonical(history.project) == canonical(start)
    assert len(history.undone) == steps
    while history.redo():
        pass
    assert canonical(history.project) == end


@given(st.data())
@settings(max_examples=25)
def test_after_any_edits_nothing_overlaps_and_no_frame_is_lost(data: st.DataObject):
    history = History(project())
    for _ in range(data.draw(st.integers(1, 12))):
        try:
            history.do(*some_step(data.draw, history.project))
        except RequestError:
            continue
    cut = solve(history.project, MAIN, "en")
    assert sum(placed.frames for placed in cut.picture) == cut.frames
    reach = 0
    for placed in cut.picture:
        assert placed.start == reach
        assert placed.frames > 0
        reach = placed.end


@given(st.data())
@settings(max_examples=25)
def test_every_operation_is_taken_back_by_its_inverse(data: st.DataObject):
    before = project()
    step = some_step(data.draw, before)
    after, done = edit(before, step)
    back, _ = edit(after, [inverse(operation) for operation in reversed(done)])
    assert canonical(back) == canonical(before)


def test_a_renamed_shot_keeps_its_places_its_anchors_and_its_seed():
    before = project()
    after, _ = edit(before, [rename(f"shots/{WALK}", "walk")])
    assert after.shots["walk"] == before.shots[WALK]
    assert "walk" in after.scenes[0].shots
    starts = [item.start for track in after.sequences[MAIN].tracks for item in track.items]
    assert "shot.walk.start" in starts
    assert WALK.encode() not in canonical(after).replace(f"cut.{WALK}".encode(), b"")


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        (set_to("shots/nobody/prompt", "x"), "shots/nobody/prompt"),
        (remove(f"shots/{WALK}"), "scenes/forest-dawn/shots"),
        (set_to(f"shots/{WALK}/sed", 1), f"shots.{WALK}[...]"),
        (set_to(f"shots/{WALK}/seed", "x"), "shots[...].seed"),
        (insert(f"{PICTURE}/other", {"id": "this", "ref": WALK}), f"{PICTURE}/other"),
        (insert(f"{PICTURE}/i", {"id": "i", "ref": "nobody"}), f"{PICTURE}/i/ref"),
        (insert(f"shots/{WALK}", {}), f"shots/{WALK}"),
        (move(f"shots/{WALK}", None), f"shots/{WALK}"),
        (move(f"{PICTURE}/cut.{WALK}", "nobody"), "before"),
        (rename(f"shots/{WALK}", MAIN), f"shots/{WALK}"),
        (set_to("a/b/c", 1), "[...]"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(operation: Operation, field: str):
    start = project()
    history = History(start)
    with pytest.raises(RequestError) as caught:
        history.do(set_to("title", "changed"), operation)
    assert history.project == start
    assert history.done == []
    if "[...]" not in field:
        assert caught.value.field == field


def test_edits_survive_a_script_that_was_written_anew():
    base = project()
    hands: list[Operation] = []
    now = base
    for operation in (
        set_to(f"shots/{WALK}/camera", "slow push in"),
        set_to("shots/meadow-noon.mia-meets-otto/prompt", "Mia hugs Otto"),
        set_to("shots/meadow-noon.mia-and-otto-dance/seed", 5),
        set_to("look/style", "watercolour"),
    ):
        now, done = edit(now, [operation])
        hands += done
    script = SCREENPLAY.replace("Mia walks slowly", "Mia walks very slowly")
    script = script.replace("Mia meets Otto", "Mia meets Otto here")
    script = script.replace("FADE TO BLACK.\n\nMia and Otto dance. [[1s]]\n", "")
    script += "\nA duck swims on a lake. [[1s]]\n"
    anew, renames = aligned(base, project(script))
    found = replay(anew, hands)
    assert {each.now for each in renames} == {WALK, "meadow-noon.mia-meets-otto"}
    assert found.project.shots[WALK].camera == "slow push in"
    assert found.project.shots["meadow-noon.mia-meets-otto"].prompt == "Mia hugs Otto"
    assert found.project.look.style == "watercolour"
    assert [each.at for each in found.conflicts] == ["shots/meadow-noon.mia-meets-otto/prompt"]
    assert [each.at for each in found.orphans] == ["shots/meadow-noon.mia-and-otto-dance/seed"]
    assert len(found.applied) + len(found.orphans) == len(hands)


def test_a_document_is_read_as_it_was_written():
    document: dict[str, Any] = to_document(project())
    assert from_document(document) == project()
    document["shots"][WALK]["wobble"] = 1
    with pytest.raises(RequestError, match="wobble"):
        from_document(document)
