"""Fountain screenplays into scripts (https://fountain.io/syntax).

A paragraph of action is one shot; who speaks is heard over the shot before. Of the title page,
``Title``, ``Cast`` (one "NAME = looks" a line) and every setting of a board are read. ``[[3s]]`` in
or behind a paragraph says how long its shot lasts.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from kinema.errors import RequestError
from kinema.studio.document import LineKind
from kinema.studio.script import Beat, Part, Said, Script
from kinema.types import parse_seconds

_HEADING: Final = re.compile(r"(?:INT\.?/EXT|I/E|INT|EXT|EST)[. ]\s*(?P<rest>.+)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\s*#[\w.-]+#\s*$")
_NOTE: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
_SECONDS: Final = re.compile(r"(?P<seconds>\d+(?:\.\d+|/\d+)?)\s*(?:s|sec|seconds)")
_KEY: Final = re.compile(r"(?P<key>[A-Za-z][A-Za-z ]{0,30}):\s*(?P<value>.*)")
_TIMES: Final = ("dawn", "morning", "noon", "afternoon", "evening", "sunset", "dusk", "night")
_INSIDE: Final = ("in", "on", "at", "under", "by", "inside")
_SOFT, _SLOW = Fraction(1), Fraction(3, 2)


def read_fountain(text: str, file: str) -> Script:
    """Read a screenplay.

    Args:
        text: Its text.
        file: Its name, for messages and for where each line is from.

    Raises:
        RequestError: It has no action, or a setting cannot be read; the field is "FILE:LINE".
    """
    rows = _without_boneyard(text).replace("\r\n", "\n").split("\n")
    script = Script(title="")
    first = _title_page(rows, script, file)
    _Reader(script, rows, file).read(first)
    if not any(part.beats for part in script.parts):
        raise RequestError(file, "shows nothing", "a scene heading and a paragraph of action")
    script.title = script.title or file.rpartition("/")[2].partition(".")[0]
    return script


class _Reader:
    """Goes through the blocks of a screenplay, which are parted by blank rows."""

    def __init__(self, script: Script, rows: list[str], file: str) -> None:
        self.script, self.rows, self.file = script, rows, file
        self.transition, self.dips = Fraction(0), False
        self.titles: list[Said] = []

    def read(self, first: int) -> None:
        number = first
        while number < len(self.rows):
            if not self.rows[number].strip():
                number += 1
                continue
            end = number
            while end < len(self.rows) and self.rows[end].strip():
                end += 1
            self._block(self.rows[number:end], number + 1)
            number = end
        if self.titles:
            self._beat("")

    def _block(self, rows: list[str], number: int) -> None:
        head = rows[0].strip()
        heading = _HEADING.fullmatch(head)
        if heading is not None or re.match(r"\.[^.]", head):
            self._heading(head, heading)
            rows, number = rows[1:], number + 1
            if rows:
                self._block(rows, number)
        elif head.startswith("#") or re.fullmatch(r"={3,}", head):
            if rows[1:]:
                self._block(rows[1:], number + 1)
        elif head.startswith("="):
            self._part().synopsis = head[1:].strip()
        elif head.startswith(">") and head.endswith("<"):
            self._title(rows, number)
        elif self._is_transition(head):
            self._transition(head)
        elif len(rows) > 1 and self._is_cue(head):
            self._dialogue(rows, number)
        else:
            self._action(rows, number)

    def _part(self) -> Part:
        if not self.script.parts:
            self.script.parts.append(Part(heading=self.script.title or "film"))
        return self.script.parts[-1]

    def _heading(self, head: str, match: re.Match[str] | None) -> None:
        text = _NUMBER.sub("", match["rest"] if match else head[1:]).strip()
        place, _, time = text.rpartition(" - ")
        place, time = (place, time.lower()) if place else (time, "")
        words = _place_words(place.lower())
        if time in _TIMES:
            words += f" at {time}"
        elif time == "day":
            words += " at noon"
        self.script.parts.append(Part(heading=text, words=words))

    def _is_transition(self, head: str) -> bool:
        forced = head.startswith(">")
        return forced or (head == head.upper() and bool(re.search(r"TO:$|^FADE (IN|OUT|TO)", head)))

    def _transition(self, head: str) -> None:
        name = head.lstrip("> ").upper()
        if "DISSOLVE" in name:
            self.transition, self.dips = _SOFT, False
        elif "FADE" in name or "DIP" in name:
            self.transition, self.dips = _SLOW, True

    def _is_cue(self, head: str) -> bool:
        name = re.sub(r"\(.*?\)", "", head).strip(" ^")
        return head.startswith("@") or (name == name.upper() and bool(re.search(r"[^\W\d_]", name)))

    def _beat(self, prompt: str) -> Beat:
        beat = Beat(prompt, transition=self.transition, dips=self.dips, said=self.titles)
        self.transition, self.dips, self.titles = Fraction(0), False, []
        self._part().beats.append(beat)
        return beat

    def _action(self, rows: list[str], number: int) -> None:
        text = " ".join(row.strip() for row in rows)
        notes = _NOTE.findall(text)
        text = " ".join(_NOTE.sub(" ", text).split()).lstrip("!").rstrip(".")
        part = self._part()
        if text:
            beat = self._beat(_plain(text))
        elif part.beats:
            beat = part.beats[-1]
        else:
            return
        for note in notes:
            match = _SECONDS.fullmatch(note.strip())
            if match is not None:
                beat.seconds = parse_seconds(match["seconds"], f"{self.file}:{number}")

    def _title(self, rows: list[str], number: int) -> None:
        """A title lies over the shot that comes after it."""
        text = " ".join(_plain(row.strip().strip("><").strip()) for row in rows)
        self.titles.append(Said(LineKind.TITLE, {"": text}, at=f"{self.file}:{number}"))

    def _dialogue(self, rows: list[str], number: int) -> None:
        cue = rows[0].strip().lstrip("@").rstrip(" ^")
        name = re.sub(r"\(.*?\)", "", cue).strip()
        off = bool(re.search(r"\((V\.?O\.?|O\.?S\.?)\)", cue, re.IGNORECASE))
        narrates = name.upper() in ("NARRATOR", "VOICE")
        direction, words = "", list[str]()
        for row in rows[1:]:
            text = _NOTE.sub("", row).strip()
            if re.fullmatch(r"\(.*\)", text):
                direction = text[1:-1].strip()
            elif text:
                words.append(_plain(text.lstrip("~ ")))
        if not words:
            return
        person = "" if narrates else _person(name, self.script)
        part = self._part()
        beat = part.beats[-1] if part.beats else self._beat(f"{person} talks" if person else "")
        kind = LineKind.NARRATION if off or narrates else LineKind.SPEECH
        said = Said(kind, {"": " ".join(words)}, person, direction, f"{self.file}:{number + 1}")
        beat.said.append(said)


def _title_page(rows: list[str], script: Script, file: str) -> int:
    """Read ``Key: value`` rows up to the first blank one; returns where the screenplay begins."""
    if not rows or _KEY.fullmatch(rows[0].lstrip("\ufeff")) is None:
        return 0
    key, number = "", 0
    if _HEADING.fullmatch(rows[0].strip()) or rows[0].strip().upper().endswith("TO:"):
        return 0
    for number, row in enumerate(rows):
        if not row.strip():
            break
        match = _KEY.fullmatch(row.lstrip("\ufeff"))
        if match is not None and not row[0].isspace():
            key, value = match["key"].strip().lower(), match["value"].strip()
        else:
            value = row.strip()
        if not value:
            continue
        if key == "title":
            script.title = f"{script.title} {_plain(value)}".strip()
        elif key == "cast":
            name, equals, looks = value.partition("=")
            if not equals or not looks.strip():
                raise RequestError(f"{file}:{number + 1}", f"cannot read {value!r}", "NAME = looks")
            script.cast[name.strip()] = (looks.strip(), None)
        else:
            script.settings[key] = value
    return number


def _person(name: str, script: Script) -> str:
    """How the cast writes a name that a cue has in capitals."""
    known = {each.upper(): each for each in script.cast}
    return known.get(name.upper(), name.title())


def _place_words(place: str) -> str:
    first = place.partition(" ")[0]
    if not place or first in _INSIDE:
        return place
    article = "" if first in ("a", "an", "the") else ("an " if place[0] in "aeiou" else "a ")
    return f"in {article}{place}"


def _plain(text: str) -> str:
    """Without the marks of emphasis."""
    return re.sub(r"(?<!\\)(\*{1,3}|_)(?=\S)(.+?)(?<=\S)\1", r"\2", text).replace("\\", "")


def _without_boneyard(text: str) -> str:
    """Comments cut out; their rows stay, so that later rows keep their numbers."""
    return re.sub(r"/\*.*?(\*/|\Z)", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)
