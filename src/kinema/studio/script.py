"""What a brief says, whoever wrote it in whatever form: scenes of beats, each one shot."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from kinema.studio.document import LineKind

SECONDS = Fraction(4)
"""How long a shot lasts where nothing says it."""


@dataclass(slots=True)
class Said:
    """A line of the script; ``text`` by language, ``at`` is "FILE:LINE" or the path of a key."""

    kind: LineKind
    text: dict[str, str]
    speaker: str = ""
    direction: str = ""
    at: str = ""


@dataclass(slots=True)
class Beat:
    """One shot of the script. ``transition`` is how it comes in, in seconds, 0 for a cut."""

    prompt: str
    seconds: Fraction = SECONDS
    transition: Fraction = Fraction(0)
    dips: bool = False
    image: Path | None = None
    said: list[Said] = field(default_factory=list["Said"])
    name: str = ""
    seed: int | None = None


@dataclass(slots=True)
class Part:
    """One scene of the script; ``words`` say where and when it plays, as a prompt does."""

    heading: str
    words: str = ""
    synopsis: str = ""
    beats: list[Beat] = field(default_factory=list[Beat])


@dataclass(slots=True)
class Music:
    """A piece of sound under the film; ``start`` is an anchor, ``gain`` in decibels."""

    file: Path
    start: str = ""
    gain: int = 0
    licence: str = ""
    credit: str = ""


@dataclass(slots=True)
class Script:
    """A whole brief. ``settings`` are texts as they were written, by lower-case key."""

    title: str
    settings: dict[str, str] = field(default_factory=dict[str, str])
    cast: dict[str, tuple[str, Path | None]] = field(
        default_factory=dict[str, tuple[str, Path | None]]
    )
    parts: list[Part] = field(default_factory=list[Part])
    music: list[Music] = field(default_factory=list[Music])


def slug(text: str, words: int = 4) -> str:
    """The first words of a text as an id: "Mia runs, fast!" becomes "mia-runs-fast"."""
    found = re.findall(r"[a-z0-9]+", text.lower())[:words]
    return "-".join(found)[:40].strip("-") or "x"


class Names:
    """Ids that are all different: the second "forest" becomes "forest-2"."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)

    def free(self, wanted: str) -> str:
        """That id, or the first with a number that nobody has."""
        name, count = wanted, 1
        while name in self._taken:
            count += 1
            name = f"{wanted}-{count}"
        self._taken.add(name)
        return name


def spoken_of(names: Mapping[str, str], text: str) -> tuple[str, ...]:
    """The ids of those whose names a text says, in the order of the cast."""
    return tuple(
        key
        for key, name in names.items()
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    )
