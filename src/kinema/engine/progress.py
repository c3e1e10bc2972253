"""How far a stage is, and when it will be done."""

from __future__ import annotations

import time

from kinema.types import Event, OnEvent, Progress


class Meter:
    """Counts the units of one stage and tells a listener after each, with the time that is left.

    The forecast is the mean of all units so far; there is none before the first is done.
    """

    def __init__(self, stage: str, total: int, on_event: OnEvent) -> None:
        self.stage = stage
        self.total = total
        self.done = self._begun = 0
        self._on_event = on_event
        self._started = time.monotonic()
        on_event(Progress(stage=stage, done=0, total=total))

    def skip(self, done: int) -> None:
        """So many units were done by an earlier run, and say nothing about the pace of this one."""
        self.done = self._begun = done

    def step(self) -> None:
        """One more unit is done."""
        self.done += 1
        spent = time.monotonic() - self._started
        eta = spent / (self.done - self._begun) * (self.total - self.done)
        self._on_event(Progress(stage=self.stage, done=self.done, total=self.total, eta=eta))


def ignore(event: Event) -> None:
    """A listener that does not listen."""


def never() -> bool:
    """Nobody asks to stop."""
    return False
