"""Two documents compared, and edits of two people that meet or do not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_films import project
from test_edits import some_step

from kinema.errors import RequestError
from kinema.studio.difference import clash, difference
from kinema.studio.document import Project, canonical
from kinema.studio.edits import Operation, edit, insert, inverse, move, remove, rename, set_to


def shaken(data: st.DataObject, now: Project, steps: int = 4) -> Project:
    for _ in range(steps):
        try:
            now, _ = edit(now, some_step(data.draw, now))
        except RequestError:
            continue
    return now


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_the_difference_makes_the_one_document_of_the_other_and_back(data: st.DataObject):
    old = shaken(data, project())
    new = shaken(data, old)
    operations = difference(old, new)
    made, done = edit(old, operations)
    assert canonical(made) == canonical(new)
    back, _ = edit(made, [inverse(operation) for operation in reversed(done)])
    assert canonical(back) == canonical(old)
    assert (operations == []) == (canonical(old) == canonical(new))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_steps_that_do_not_meet_give_the_same_in_any_order(data: st.DataObject):
    start = project()
    one, two = some_step(data.draw, start), some_step(data.draw, start)
    if clash(one, two) is not None or clash(two, one) is not None:
        return
    try:
        forth, _ = edit(edit(start, one)[0], two)
        back, _ = edit(edit(start, two)[0], one)
    except RequestError:
        return  # what it refers to is gone, which is said
    if all(operation.op.value in ("set", "rename") for operation in [*one, *two]):
        assert canonical(forth) == canonical(back)
    assert sorted(forth.shots) == sorted(back.shots)


@pytest.mark.parametrize(
    ("mine", "other", "meets"),
    [
        (set_to("shots/a/prompt", "x"), set_to("shots/a/prompt", "y"), True),
        (set_to("shots/a/prompt", "x"), set_to("shots/a/prompt", "x"), False),
        (set_to("shots/a/prompt", "x"), set_to("shots/a/camera", "y"), False),
        (set_to("shots/a/prompt", "x"), set_to("shots/ab/prompt", "y"), False),
        (set_to("shots/a/prompt", "x"), remove("shots/a"), True),
        (remove("shots/a"), set_to("shots/a/prompt", "x"), True),
        (set_to("shots/b/prompt", "x"), rename("shots/a", "b"), True),
        (insert("t/items/a", {}), insert("t/items/b", {}), False),
        (move("t/items/a", "b"), move("t/items/a", None), True),
        (move("t/items/a", "b"), move("t/items/c", None), False),
    ],
)
def test_edits_meet_where_both_change_the_same(mine: Operation, other: Operation, meets: bool):
    assert (clash([mine], [other]) == mine.at) is meets
