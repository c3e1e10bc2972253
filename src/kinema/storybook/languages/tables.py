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
    document = tomllib.loads(_data(f"{code}.toml"))
    names: dict[str, str] = {}
    for phrase, name in _names().get(code, {}).items():
        names[normal(phrase, code)] = name
    glosses = dict(names)
    paradigms = document.get("paradigms", {})
    for english, forms in document["words"].items():
        for form in _forms(forms, paradigms):
            glosses[normal(form, code)] = english
    for english, forms in document.get("nouns", {}).items():
        for form in _forms(forms, paradigms):
            glosses[normal(form, code)] = english
            names[normal(form, code)] = english
    posts = {
        normal(form, code): english
        for english, forms in document.get("posts", {}).items()
        for form in _forms(forms, paradigms)
    }
    spaces = document.get("spaces", True)
    return Table(
        code=code,
        glosses=glosses,
        posts=posts,
        plurals=tuple((normal(a, code), normal(b, code), n) for a, b, n in document["plurals"]),
        longest=max(
            len(p.replace("'", "' ").split()) if spaces else len(p) for p in (*glosses, *posts)
        ),
        spaces=spaces,
        order=document.get("order", "svo"),
        follows=document.get("follows", False),
        prefixes=tuple((normal(a, code), b) for a, b in document.get("prefixes", ())),
        names=frozenset(names),
    )


@cache
def latin_words() -> dict[str, frozenset[str]]:
    """Every single word that a language with Latin letters knows, by its code."""
    return {
        code: frozenset(word for phrase in table(code).glosses for word in phrase.split())
        for code in LATIN
    }


def _forms(forms: str, paradigms: dict[str, str]) -> Iterator[str]:
    for form in forms.split():
        stem, _, paradigm = form.partition(":")
        for ending in paradigms[paradigm].split() if paradigm else ("",):
            yield (stem + (ending if ending != "-" else "")).replace("_", " ")


@cache
def _names() -> dict[str, dict[str, str]]:
    document: dict[str, Any] = tomllib.loads(_data("names.toml"))
    return {
        code: {phrase: name for name, phrases in rows.items() for phrase in phrases.split("|")}
        for code, rows in document.items()
    }


def _data(name: str) -> str:
    folder = files("kinema.storybook").joinpath("data", "languages")
    return folder.joinpath(name).read_text(encoding="utf-8")
