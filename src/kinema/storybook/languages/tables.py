"""The word tables of the languages: authored phrases, and names of subjects from Unicode's CLDR.

An authored file says per English gloss by which forms a language says it. ``stem:paradigm`` stands
for the stem with every ending of that paradigm, and ``_`` for a space within a phrase.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

LATIN: Final = ("es", "fr", "de", "pt", "it")
LANGUAGES: Final = (*LATIN, "zh", "ja", "hi", "ar")
"""Codes of the languages that can be read besides English."""

_ARABIC: Final = str.maketrans("أإآىةؤئ", "ااايهوي", "ـ")


@dataclass(frozen=True, slots=True)
class Table:
    """One language.

    glosses: English by phrase, in normal form. posts: English by postposition, of a language that
    has them; "@subject", "@object" and "@of" are what only says how words belong together.
    plurals: endings of plurals as (ending, what the singular has instead, "many", "one" or "two").
    longest: of the phrases, in words, or in letters where ``spaces`` is False.
    order: "svo" or "sov". follows: True where adjectives follow their noun. prefixes: what may be
    written together with the word after it, as (letters, English).
    """

    code: str
    glosses: dict[str, str]
    posts: dict[str, str]
    plurals: tuple[tuple[str, str, str], ...]
    longest: int
    spaces: bool
    order: str
    follows: bool
    prefixes: tuple[tuple[str, str], ...]
    names: frozenset[str]


def normal(text: str, code: str) -> str:
    """Text in the form that tables are written in: lower case, without accents."""
    plain = text.casefold().replace("\u2019", "'").replace("-", " ")
    plain = unicodedata.normalize("NFKD", plain)
    if code == "ar":
        plain = plain.translate(_ARABIC)
    if code in ("ja", "zh", "hi"):  # their marks are letters
        return unicodedata.normalize("NFKC", plain)
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def table(code: str) -> Table:
    """The table of a language, read once (about ten milliseconds)."""
    rows = document(code)
    names: dict[str, str] = {}
    for phrase, name in _names().get(code, {}).items():
        names[normal(phrase, code)] = name
    glosses = dict(names)
    for english, forms in forms_of(code):
        glosses |= {normal(form, code): english for form in forms}
    for english, forms in forms_of(code, "nouns"):
        own = {normal(form, code): english for form in forms}
        glosses, names = glosses | own, names | own
    posts = {
        normal(form, code): english for english, forms in forms_of(code, "posts") for form in forms
    }
    spaces = rows.get("spaces", True)
    return Table(
        code=code,
        glosses=glosses,
        posts=posts,
        plurals=tuple((normal(a, code), normal(b, code), n) for a, b, n in rows["plurals"]),
        longest=max(
            len(p.replace("'", "' ").split()) if spaces else len(p) for p in (*glosses, *posts)
        ),
        spaces=spaces,
        order=rows.get("order", "svo"),
        follows=rows.get("follows", False),
        prefixes=tuple((normal(a, code), b) for a, b in rows.get("prefixes", ())),
        names=frozenset(names),
    )


@cache
def latin_words() -> dict[str, frozenset[str]]:
    """Every single word that a language with Latin letters knows, by its code."""
    return {
        code: frozenset(word for phrase in table(code).glosses for word in phrase.split())
        for code in LATIN
    }


@cache
def document(name: str) -> dict[str, Any]:
    """A file of the languages' data, as it is written."""
    folder = files("kinema.storybook").joinpath("data", "languages")
    return tomllib.loads(folder.joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@cache
def forms_of(code: str, kind: str = "words") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """English glosses of a language's words, nouns or posts, and every form that says them."""
    rows = document(code)
    paradigms = rows.get("paradigms", {})
    return tuple(
        (english, tuple(_forms(forms, paradigms))) for english, forms in rows.get(kind, {}).items()
    )


def headlines(code: str) -> Iterator[tuple[str, str]]:
    """Subjects and their names as they are written, those of the language's own table first."""
    for english, forms in forms_of(code, "nouns"):
        yield english, forms[0]
    for phrase, name in _names().get(code, {}).items():
        yield name, phrase


def _forms(forms: str, paradigms: dict[str, str]) -> Iterator[str]:
    for form in forms.split():
        stem, _, paradigm = form.partition(":")
        for ending in paradigms[paradigm].split() if paradigm else ("",):
            yield (stem + (ending if ending != "-" else "")).replace("_", " ")


@cache
def _names() -> dict[str, dict[str, str]]:
    return {
        code: {phrase: name for name, phrases in rows.items() for phrase in phrases.split("|")}
        for code, rows in document("names").items()
    }
