"""Which language a prompt is in, by its script, and by its words where that is Latin."""

from __future__ import annotations

import re

from kinema.storybook.languages.tables import latin_words, normal
from kinema.storybook.lexicon import lexicon

_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
)
_WORD = re.compile(r"[^\W\d_]+")
_KNOWN = 0.75  # share of English words above which nothing else is asked


def language_of(prompt: str) -> str:
    """The code of the prompt's language; "en" where nothing else fits better.

    Costs microseconds for English; tables are read when a prompt does not look like English.
    """
    for code, script in _SCRIPTS:
        if script.search(prompt):
            return code
    words = [normal(word, "") for word in _WORD.findall(prompt[:2000])]
    if not words:
        return "en"
    known = sum(word in lexicon().words for word in words)
    if known >= _KNOWN * len(words):
        return "en"
    best, most = "en", float(known)
    for code, own in latin_words().items():
        hits = float(sum(word in own for word in words))
        if hits > most:
            best, most = code, hits
    return best
