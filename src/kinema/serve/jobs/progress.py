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
        self._promised = promised
        self._shares = _SHARES[stepped]
        self._stage, self._first = "", (0, 0.0)  # units that were done first, and when
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
        if isinstance(event, Progress) and (event.stage != self._stage or not self._first[0]):
            self._stage, self._first = event.stage, (event.done, now)
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
        share = self._shares.get(event.stage, 0.0)
        stages = list(self._shares)
        at = stages.index(event.stage) if event.stage in stages else 0
        before = sum(self._shares[stage] for stage in stages[:at])
        done = before + share * event.done / max(event.total, 1)
        later = sum(self._shares[stage] for stage in stages[at + 1 :])
        remaining = self._remaining(event, share, later)
        with self._database.write() as connection:
            store.advance(
                connection,
                self._turn,
                progress=min(99, int(100 * done)),
                phase=event.stage,
                remaining=None if remaining is None else round(remaining, 2),
            )

    def _remaining(self, event: Progress, share: float, later: float) -> float | None:
        """Seconds that are left, from what the units of the stage take and what was promised.

        The first unit is no measure of the others: what all of them share is made in it.
        """
        first, since = self._first
        units, spent = event.done - first, time.monotonic() - since
        if self._promised is None:
            return spent / units * (event.total - event.done) if units else event.eta
        promised = max(self._promised * share / max(event.total, 1), 1e-6)
        doubt = min(3.0, max(1e-3, _DOUBT * event.total))
        pace = (doubt * promised + spent) / (doubt + units)
        rest = later * self._promised * pace / promised
        return pace * (event.total - event.done) + rest
