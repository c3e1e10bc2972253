"""The models that can be asked for here, by the names that clients know and by our own.

What the original took for each of its names, its clients may count on: these sizes and lengths and
no others. Our own names take whatever their card allows.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from kinema.config import Config
from kinema.engine.cards import cards
from kinema.serve.api.errors import invalid
from kinema.serve.store import paces
from kinema.serve.store.cards import published
from kinema.serve.store.database import Database
from kinema.types import ModelCard, Request

FRESH: Final = 2.0
"""Seconds for which the list of models is not asked for again."""
USUAL: Final = "sora-2"
"""The model of who names none."""
SECONDS: Final = ("4", "8", "12", "16", "20")


@dataclass(frozen=True, slots=True)
class Tier:
    """What the original took for one of its models; the first of each is the usual one."""

    sizes: tuple[str, ...]
    seconds: tuple[str, ...] = SECONDS


_SMALL: Final = ("720x1280", "1280x720")
_LARGE: Final = ("1024x1792", "1792x1024", "1080x1920", "1920x1080")
_TIERS: Final = {"sora-2": Tier(_SMALL), "sora-2-pro": Tier(_SMALL + _LARGE)}
_DATED: Final = {
    "sora-2-2025-10-06": "sora-2",
    "sora-2-2025-12-08": "sora-2",
    "sora-2-pro-2025-10-06": "sora-2-pro",
}


def tier(alias: str) -> Tier | None:
    """What the original took for a name; None for a name that is ours."""
    return _TIERS.get(_DATED.get(alias, alias))


class Installed:
    """The models of an installation. Shared by threads."""

    def __init__(self, config: Config, database: Database) -> None:
        self._config, self._database = config, database
        self._asked = -FRESH
        self._cards: dict[str, ModelCard] = {}
        self._jobs: dict[str, tuple[paces.Past, ...]] = {}

    def cards(self) -> dict[str, ModelCard]:
        """The cards of the models that workers run; those that run anywhere, before one came."""
        if time.monotonic() - self._asked >= FRESH:
            with self._database.read() as connection:
                found = published(connection)
            known = {name: card for name, (card, _) in found.items()}
            self._jobs = {name: jobs for name, (_, jobs) in found.items()}
            self._cards = known or {one.name: one for one in cards() if not one.needs}
            self._asked = time.monotonic()
        return self._cards

    def promised(self, request: Request) -> float | None:
        """Seconds of work that a request will take here, None where nobody can tell yet.

        Cost:
            A millisecond, and half a second for the first prompt that is read.
        """
        card = self.cards().get(request.model)
        if card is None:
            return None
        like = paces.traits(request, card)
        seconds = paces.said(request, like)
        if seconds is None:
            return None
        return round(seconds * paces.factor(self._jobs.get(request.model, ()), like), 2)

    def names(self) -> list[str]:
        """Every name that can be asked for."""
        aliases = self._config.aliases
        dated = [name for name, usual in _DATED.items() if usual in aliases]
        own = [name for name in self.cards() if name not in aliases]
        return [*aliases, *dated, *own]

    def behind(self, alias: str) -> tuple[ModelCard, ...]:
        """The models that may answer for a name, in order.

        Raises:
            ApiError: There is no such name, or no worker runs what stands behind it.
        """
        known = self.cards()
        wanted = self._config.aliases.get(_DATED.get(alias, alias), (alias,))
        found = tuple(known[name] for name in wanted if name in known)
        if not found:
            allowed = ", ".join(f"'{name}'" for name in self.names())
            message = f"Invalid value: '{alias[:80]}'. Supported values are: {allowed}."
            raise invalid(message, "model")
        return found
