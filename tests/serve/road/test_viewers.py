"""Viewers get every message, or jump to where a player can begin."""

from __future__ import annotations

import asyncio
from typing import Any

from kinema.serve.road.viewers import BEHIND_MAX, Audience, Viewer


async def heard(viewer: Viewer) -> list[Any]:
    """All that a viewer has been sent, to the end."""
    viewer.put(None)
    found: list[Any] = []
    while (message := await viewer.get()) is not None:
        found.append(message)
    return found


def test_one_who_cannot_keep_up_jumps_to_a_key_piece():
    async def play() -> list[Any]:
        viewer = Viewer()
        for number in range(BEHIND_MAX + 3):
            viewer.put(b"%d" % number, key=number == 0)
        await asyncio.sleep(0)
        for _ in range(BEHIND_MAX):
            await viewer.get()
        viewer.put(b"no beginning")
        viewer.put("an event")
        viewer.put(b"key", key=True)
        viewer.put(b"next")
        await asyncio.sleep(0)
        return await heard(viewer)

    assert asyncio.run(play()) == ["an event", b"key", b"next"]


def test_one_who_may_miss_nothing_gets_all():
    async def play() -> list[Any]:
        viewer = Viewer(most=None)
        for number in range(3 * BEHIND_MAX):
            viewer.put(b"%d" % number)
        return await heard(viewer)

    assert len(asyncio.run(play())) == 3 * BEHIND_MAX


def test_one_who_comes_late_begins_at_the_newest_key_piece():
    async def play() -> list[Any]:
        audience, viewer = Audience(b"init"), Viewer()
        for piece, key in ((b"a", True), (b"b", False), (b"c", True), (b"d", False)):
            audience.show(piece, key=key)
        audience.join(viewer, {"event": "ready"})
        audience.show(b"e", key=False)
        audience.tell("held", at=1.0)
        await asyncio.sleep(0)
        audience.leave(viewer)
        audience.show(b"f", key=False)
        return await heard(viewer)

    found = asyncio.run(play())
    assert found[1:5] == [b"init", b"c", b"d", b"e"]
    assert found[5:] == ['{"event": "held", "at": 1.0}']


def test_one_who_comes_too_late_is_told_so():
    async def play() -> list[Any]:
        audience, viewer = Audience(b"init"), Viewer()
        audience.show(b"a", key=True)
        audience.dismiss("ended", reason="left")
        audience.join(viewer, {"event": "ready"})
        return await heard(viewer)

    assert asyncio.run(play()) == ['{"event": "ended", "reason": "left"}']
