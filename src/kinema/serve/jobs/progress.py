"""What a running job says of itself: how far it is, how long it will be, what it looks like."""

from __future__ import annotations

import time
from typing import Final

from kinema.serve.jobs.patience import may_pass
from kinema.serve.store import clips as store
from kinema.serve.store.clips import Turn
from kinema.serve.store.database import Database, is_away
from kinema.serve.store.events import append
from kinema.serve.store.objects import Objects, preview_key
from kinema.types import Event, Preview, Progress

EVERY: Final = 0.25
"""Seconds between two looks at the database, and between two lines of progress."""
_PREVIEW_EVERY: Final = 1.0

_SHARES: Final = {
    True: {"condition": 0.03, "sample": 0.77, "decode": 0.17, "publish": 0.03},
    False: {"condition": 0.02, "sample": 0.03, "decode": 0.88, "publish": 0.07},
}
"""Shares of the work by stage, for a model that samples in steps and for one that does not."""
_DOUBT: Final = 0.1  # of a stage's units, 3 at most, for which the promise is believed


class Outlook:
    """Foretells how far a job is and how long it will be, from what it says and what was promised.

    Args:
        promised: Seconds of work that were said at submit, None where nothing was said.
        stepped: Whether the model samples in steps.
    """

    def __init__(self, promised: float | None, *, stepped: bool) -> None:
        self._promised, self._shares = promised, _SHARES[stepped]
        self._stage, self._first = "", (0, 0.0)  # units that were done first, and when

    def hear(self, event: Progress, now: float) -> None:
        """Listen to every event; the first unit of a stage is no measure of the others.

        What all of them share is made in it.
        """
        if event.stage != self._stage or not self._first[0]:
            self._stage, self._first = event.stage, (event.done, now)

    def percent(self, event: Progress) -> int:
        """How much is done, 99 at most before all is."""
        before, share, _ = self._around(event)
        return min(99, int(100 * (before + share * event.done / max(event.total, 1))))

    def left(self, event: Progress, now: float) -> float | None:
        """Seconds that are left, None where nobody can tell yet."""
        first, since = self._first
        units, spent = event.done - first, now - since
        if self._promised is None:
            return spent / units * (event.total - event.done) if units else event.eta
        _, share, later = self._around(event)
        promised = max(self._promised * share / max(event.total, 1), 1e-6)
        doubt = min(3.0, max(1e-3, _DOUBT * event.total))
        pace = (doubt * promised + spent) / (doubt + units)
        return pace * (event.total - event.done) + later * self._promised * pace / promised

    def _around(self, event: Progress) -> tuple[float, float, float]:
        """The shares of the work before, in and after the stage of an event."""
        stages = list(self._shares)
        at = stages.index(event.stage) if event.stage in stages else 0
        share = self._shares.get(event.stage, 0.0)
        before = sum(self._shares[stage] for stage in stages[:at])
        return before, share, sum(self._shares[stage] for stage in stages[at + 1 :])


class Reporter:
    """Listens to the engine on behalf of one clip, and asks whether it is still wanted.

    Args:
        database: Where the clip's row is.
        objects: Where previews go.
        turn: The clip, and who makes it.
        project: Whose it is.
        promised: Seconds of work that were said at submit, None where nothing was said.
        stepped: Whether the model samples in steps.
        deadline: When the job is given up, on the monotonic clock.
    """

    def __init__(
        self,
        database: Database,
        objects: Objects,
        turn: Turn,
        *,
        project: str,
        promised: float | None,
        stepped: bool,
        deadline: float,
    ) -> None:
        self.timed_out = False
        self._database, self._objects = database, objects
        self._turn, self._project = turn, project
        self._outlook = Outlook(promised, stepped=stepped)
        self._deadline = deadline
        # Nobody sees what is said of a step that is over at once, and it would cost more than that.
        self._told = time.monotonic()
        self._shown = self._told + EVERY - _PREVIEW_EVERY
        self._asked = -60.0
        self._stopped = False

    def on_event(self, event: Event) -> None:
        """Pass on what the engine says, not more often than anybody can look.

        A line that cannot be written now is left out: the next one says more.
        """
        now = time.monotonic()
        if isinstance(event, Progress):
            self._outlook.hear(event, now)
        try:
            if isinstance(event, Progress) and now - self._told >= EVERY:
                self._told = now
                self._progress(event)
            elif isinstance(event, Preview) and now - self._shown >= _PREVIEW_EVERY:
                self._shown = now
                self._preview(event)
        except Exception as error:
            if not may_pass(error):
                raise

    def cancelled(self) -> bool:
        """Whether to stop: nobody wants the clip any more, for now or for ever, or time is up.

        While the database cannot be reached nobody can say so, and the work goes on.
        """
        now = time.monotonic()
        if now - self._asked >= EVERY and not self._stopped:
            self._asked = now
            self.timed_out = now > self._deadline
            self._stopped = self.timed_out or not self._is_held()
        return self._stopped

    def _is_held(self) -> bool:
        try:
            with self._database.read() as connection:
                return store.is_held(connection, self._turn)
        except Exception as error:
            if is_away(error):
                return True
            raise

    def _preview(self, event: Preview) -> None:
        self._objects.put(preview_key(self._turn.clip), event.image)
        url = f"/v1/kinema/previews/{self._turn.clip}"
        data = {"url": url, "media_type": event.media_type}
        with self._database.write() as connection:
            append(connection, self._project, "job.preview", data, clip=self._turn.clip)

    def _progress(self, event: Progress) -> None:
        left = self._outlook.left(event, time.monotonic())
        with self._database.write() as connection:
            store.advance(
                connection,
                self._turn,
                progress=self._outlook.percent(event),
                phase=event.stage,
                remaining=None if left is None else round(left, 2),
            )
