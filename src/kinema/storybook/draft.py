"""What the parser has found in a prompt, before defaults are filled in.

A draft becomes one or more actors; an event becomes a beat. Drafts are compared by identity: two
dogs of one prompt are two drafts.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Event:
    """What a draft does from one beat on. ``action`` may be "move": however its kind moves."""

    action: str | None = None
    direction: str | None = None
    emotion: str | None = None
    pace: float | None = None
    target: Draft | None = None


@dataclass(slots=True, eq=False)
class Draft:
    """A subject that the prompt names.

    ``subject`` is "" for whoever "it" may be and for actions without a subject, and "?" for a noun
    that is not known (``unknown`` is that noun). ``fallback`` is what it does if nothing else is
    said: the chased flee. ``since`` is the stage at which it was first named. ``like`` is the draft
    whose actions it shares ("dances with a cat").
    """

    subject: str
    count: int = 1
    name: str | None = None
    colour: str | None = None
    material: str | None = None
    size: str | None = None
    tone: str | None = None
    holds: str | None = None
    wears: str | None = None
    side: str | None = None
    unknown: str = ""
    counted: bool = False
    added: bool = False
    events: dict[int, Event] = field(default_factory=dict)
    fallback: Event | None = None
    like: Draft | None = None
    since: int = 0

    def event(self, stage: int) -> Event:
        """The event at that beat, made if there is none."""
        return self.events.setdefault(stage, Event())


@dataclass(slots=True)
class Findings:
    """All that a prompt names. Slots that it does not name are None, so that remix can keep them.

    ``places`` are settings as (how surely they are the scene's, name). ``denied`` are (slot,
    value) pairs that are not to be seen. ``relations`` are (kind, subject, object). ``swaps`` are
    pairs of drafts, the old and the new. ``loose`` gathers what is said of nobody in particular.
    """

    drafts: list[Draft] = field(default_factory=list)
    loose: Draft = field(default_factory=lambda: Draft(subject=""))
    places: list[tuple[int, str]] = field(default_factory=list)
    time: str | None = None
    weather: str | None = None
    camera: str | None = None
    style: str | None = None
    camera_target: Draft | None = None
    denied: set[tuple[str, str]] = field(default_factory=set)
    relations: list[tuple[str, Draft, Draft]] = field(default_factory=list)
    swaps: list[tuple[Draft, Draft]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def setting(self) -> str | None:
        """The first of the places that are most surely meant."""
        return max(self.places, key=lambda place: place[0])[1] if self.places else None
