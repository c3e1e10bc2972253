"""Captions of a film, out as WebVTT, SRT or ASS and in again, and titles that lie over it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from textwrap import wrap
from typing import Final

import pysubs2
from pysubs2.exceptions import Pysubs2Error

from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.media.staging import naming_output
from kinema.studio.anchors import Cut, Placed, is_spoken, words_of
from kinema.studio.document import Project, TextState, TrackKind, Words, digest
from kinema.studio.edits import Operation, set_to
from kinema.types import Size, to_builtins

_NAMES: Final = {".vtt": "vtt", ".srt": "srt", ".ass": "ass"}
FORMATS: Final = tuple(_NAMES)
"""Endings of caption files."""

FONT: Final = "Noto Sans"
"""The typeface of ASS files; that of the package where words are burnt in."""
_LINES: Final = 2
_LETTERS, _LETTERS_UPRIGHT = 42, 32
_GAP: Final = Fraction(83, 1000)
_NEAR_A_CUT: Final = Fraction(1, 2)
_TITLE: Final = "Title"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words on the screen from ``start`` up to ``end``, in seconds; at most two lines.

    ``line`` is the id of what it says, "" where that is not known.
    """

    start: Fraction
    end: Fraction
    text: str
    line: str = ""
    is_title: bool = False


def cues(project: Project, cut: Cut, language: str, size: Size) -> list[Cue]:
    """What is said and shown in words, in the order of time.

    A line that needs more than two rows becomes several cues, each for its share of the time.
    Cues end 0.083 seconds before the next one begins; a cue does not reach over a cut by less than
    half a second.

    Args:
        project: The document.
        cut: Its sequence, solved for the same language.
        language: Which one.
        size: Of the film: upright films have rows of 32 letters instead of 42.
    """
    width = _LETTERS_UPRIGHT if size.height > size.width else _LETTERS
    cuts = [placed.start / cut.fps for placed in cut.picture[1:]]
    spoken: list[Cue] = []
    titles: list[Cue] = []
    for placed in cut.on(TrackKind.SPEECH, TrackKind.OVERLAY):
        line = project.lines[placed.item.ref]
        text = words_of(line, language, project.base_language)
        pieces = _pieces(placed, cut.fps, text, width)
        if is_spoken(line):
            spoken += pieces
        else:
            titles += [Cue(each.start, each.end, each.text, each.line, True) for each in pieces]
    spoken.sort(key=lambda cue: (cue.start, cue.line))
    return sorted(
        [*_apart([_off_cuts(cue, cuts) for cue in spoken]), *titles],
        key=lambda cue: (cue.start, cue.is_title, cue.line),
    )


def write(path: Path, shown: Iterable[Cue], size: Size) -> None:
    """Write cues into a file whose ending says the format; times are rounded to its clock.

    Raises:
        RequestError: The ending is none of `FORMATS`.
        OutputError: The place cannot be written to.
    """
    _check_format(path)
    script = pysubs2.SSAFile()
    script.info |= {"PlayResX": str(size.width), "PlayResY": str(size.height), "WrapStyle": "2"}
    short = min(size.width, size.height)
    script.styles["Default"] = _style(short / 18, pysubs2.Alignment.BOTTOM_CENTER, short / 16)
    script.styles[_TITLE] = _style(short / 10, pysubs2.Alignment.TOP_CENTER, size.height / 7)
    for cue in shown:
        event = pysubs2.SSAEvent(
            start=_milliseconds(cue.start),
            end=_milliseconds(cue.end),
            name=cue.line,
            style=_TITLE if cue.is_title else "Default",
        )
        event.text = _escaped(cue.text, path)
        script.events.append(event)
    text = script.to_string(_NAMES[path.suffix.lower()])
    if path.suffix.lower() != ".ass":
        text = _unescaped(text)
    with media.staged(path) as part, naming_output():
        part.write_text(text, encoding="utf-8")


def read(path: Path) -> list[Cue]:
    """Read captions of any of the `FORMATS`.

    Raises:
        MediaError: The file is missing or broken.
    """
    _check_format(path)
    try:
        script = pysubs2.load(str(path), encoding="utf-8-sig")
    except (OSError, UnicodeError, ValueError, Pysubs2Error) as error:
        problem = f"{path.name} cannot be read: {error}"
        raise MediaError("captions", problem, "WebVTT, SRT or ASS in UTF-8") from error
    return [
        Cue(
            Fraction(event.start, 1000),
            Fraction(event.end, 1000),
            _plain(event.text, path),
            event.name,
            event.style == _TITLE,
        )
        for event in script.events
        if not event.is_comment
    ]


def translation(project: Project, cut: Cut, language: str, given: Sequence[Cue]) -> list[Operation]:
    """Edits that give the lines of a film the words of a caption file.

    A cue belongs to the line of its name, or where it has none to the line that it overlaps most.

    Raises:
        RequestError: No cue belongs to a line.
    """
    lines = {placed.item.ref: placed for placed in cut.on(TrackKind.SPEECH, TrackKind.OVERLAY)}
    found: dict[str, list[str]] = {}
    for cue in given:
        name = cue.line if cue.line in lines else _nearest(cue, lines.values(), cut.fps)
        if name is not None:
            found.setdefault(name, []).append(cue.text)
    if not found:
        raise RequestError("captions", "belong to no line of the film", "cues at its times")
    edits: list[Operation] = []
    for name, texts in found.items():
        value = " ".join(" ".join(texts).split())
        line = project.lines[name]
        if value == words_of(line, language, project.base_language):
            continue
        base = line.text[project.base_language].value
        is_base = language == project.base_language
        words = Words(
            value=value,
            state=TextState.SOURCE if is_base else TextState.DRAFT,
            of="" if is_base else digest([base]),
        )
        edits.append(set_to(f"lines/{name}/text/{language}", to_builtins(words)))
    return edits


def _pieces(placed: Placed, fps: Fraction, text: str, width: int) -> list[Cue]:
    rows = wrap(" ".join(text.split()), width, break_long_words=True) or [""]
    blocks = [rows[i : i + _LINES] for i in range(0, len(rows), _LINES)]
    weights = [sum(map(len, block)) for block in blocks]
    start, length = placed.start / fps, placed.frames / fps
    done, total = 0, max(1, sum(weights))
    found: list[Cue] = []
    for block, weight in zip(blocks, weights, strict=True):
        begin = start + length * done / total
        done += weight
        end = start + length * done / total if weight else start + length
        found.append(Cue(begin, end, "\n".join(block), placed.item.ref))
    return found


def _off_cuts(cue: Cue, cuts: Iterable[Fraction]) -> Cue:
    start, end = cue.start, cue.end
    for cut in cuts:
        if start < cut < end:
            if end - cut < _NEAR_A_CUT:
                end = cut
            elif cut - start < _NEAR_A_CUT:
                start = cut
    return Cue(start, end, cue.text, cue.line, cue.is_title)


def _apart(shown: Sequence[Cue]) -> list[Cue]:
    found: list[Cue] = []
    for cue, behind in zip_longest(shown, shown[1:]):
        end = cue.end
        if behind is not None and behind.start - _GAP > cue.start:
            end = min(end, behind.start - _GAP)
        found.append(Cue(cue.start, end, cue.text, cue.line, cue.is_title))
    return found


def _nearest(cue: Cue, lines: Iterable[Placed], fps: Fraction) -> str | None:
    shared = [
        (min(cue.end, line.end / fps) - max(cue.start, line.start / fps), line.item.ref)
        for line in lines
    ]
    best = max(shared, default=(Fraction(0), ""))
    return best[1] if best[0] > 0 else None


def _style(size: float, alignment: pysubs2.Alignment, margin: float) -> pysubs2.SSAStyle:
    return pysubs2.SSAStyle(
        fontname=FONT,
        fontsize=round(size, 1),
        bold=True,
        alignment=alignment,
        outline=round(size / 14, 1),
        shadow=0,
        marginv=round(margin),
        marginl=round(margin),
        marginr=round(margin),
    )


# What would be read as a command of ASS while the file is written, and what stands for it.
_STANDS_FOR: Final = {"\uff3c": "\\", "\uff5b": "{", "\uff5d": "}"}


def _escaped(text: str, path: Path) -> str:
    for stand_in, letter in _STANDS_FOR.items():
        text = text.replace(letter, stand_in)
    if path.suffix.lower() != ".ass":
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\n", "\\N")


def _unescaped(text: str) -> str:
    for stand_in, letter in _STANDS_FOR.items():
        text = text.replace(stand_in, letter)
    return text


def _plain(text: str, path: Path) -> str:
    text = text.replace("\\N", "\n")
    if path.suffix.lower() == ".ass":
        text = text.replace("\\n", "\n").replace("\\h", " ")
        return _unescaped(re.sub(r"\{[^}]*\}", "", text))
    text = re.sub(r"<[^>]*>", "", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _milliseconds(moment: Fraction) -> int:
    return round(moment * 1000)


def _check_format(path: Path) -> None:
    if path.suffix.lower() not in FORMATS:
        raise RequestError("captions", f"{path.name} is no caption file", ", ".join(FORMATS))
