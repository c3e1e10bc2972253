"""A prompt as English words in English order, each with the stretch of the prompt it came from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import msgspec

from kinema.storybook.inflection import plural_of
from kinema.storybook.languages.detect import language_of
from kinema.storybook.languages.order import Item, arranged, part
from kinema.storybook.languages.tables import Table, normal, table
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.reading import Word

FOREIGN = "\u02bc"
"""Put after a word that no table knows, so that it is not taken for an English one."""

_PIECE = re.compile(
    r"[^\W_](?:[^\W_]|[\u0300-\u036f\u0900-\u0903\u093a-\u094f\u0962\u0963\u064b-\u0652])*"
    r"['\u2019]?|[^\s\w]|_+"
)
_MARKS = str.maketrans(
    "\uff0c\u3002\uff01\uff1f\uff1b\uff1a\u3001\u060c\u061b\u061f\u0964", ",.!?;:,,;?."
)  # of Chinese and Japanese, Arabic, Hindi
_KEPT = ("subject", "accessory", "style", "camera")


@dataclass(frozen=True, slots=True)
class Gloss:
    """A prompt in English.

    ``spans`` are (start, end in ``text``, start, end in the prompt) of each word, in the order of
    ``text``; empty for a prompt that is English already.
    """

    prompt: str
    language: str
    text: str
    spans: tuple[tuple[int, int, int, int], ...] = ()

    def words(self, words: list[Word]) -> list[Word]:
        """The words of a reading of ``text``, moved to where they stand in the prompt."""
        if not self.spans:
            return words
        moved = []
        for word in words:
            own = [span for span in self.spans if span[0] < word.end and word.start < span[1]]
            start = min((span[2] for span in own), default=0)
            end = max((span[3] for span in own), default=0)
            moved.append(
                msgspec.structs.replace(word, text=self.prompt[start:end], start=start, end=end)
            )
        return sorted(moved, key=lambda word: (word.start, word.end))

    def notes(self, notes: list[str]) -> list[str]:
        """Notes without the sign of foreign words."""
        return [note.replace(FOREIGN, "") for note in notes] if self.spans else notes


def english(prompt: str) -> Gloss:
    """The prompt in English words; the prompt itself where it is English.

    Cost:
        Microseconds for English, under a millisecond for others once their table is read.
    """
    language = language_of(prompt)
    if language == "en":
        return Gloss(prompt, language, prompt)
    own = table(language)
    items = arranged([item for item in _items(prompt, own) if item.english], own)
    text, spans = "", []
    for item in items:
        text += " " if text and item.english[0].isalnum() else ""
        spans.append((len(text), len(text) + len(item.english), item.start, item.end))
        text += item.english
    return Gloss(prompt, language, text, tuple(spans))


def _items(prompt: str, own: Table) -> list[Item]:
    return _spaced(prompt, own) if own.spaces else _unspaced(prompt, own)


def _spaced(prompt: str, own: Table) -> list[Item]:
    """Longest phrases of words."""
    pieces = [
        (match.start(), match.end())
        for match in _PIECE.finditer(prompt)
        if match[0] != "-" or prompt[match.start() - 1 : match.start()].isspace()
    ]
    keys = [normal(prompt[start:end], own.code) for start, end in pieces]
    items: list[Item] = []
    i = 0
    while i < len(pieces):
        for j in range(min(len(pieces), i + own.longest), i, -1):
            found = _known(" ".join(keys[i:j]).replace("' ", "'"), own)
            if found is not None:
                items.append(replace(found, start=pieces[i][0], end=pieces[j - 1][1]))
                i = j
                break
        else:
            items += _unknown(prompt, pieces[i], keys[i], own)
            i += 1
    return items


def _unspaced(prompt: str, own: Table) -> list[Item]:
    """Longest phrases of letters."""
    items: list[Item] = []
    i = 0
    while i < len(prompt):
        for j in range(min(len(prompt), i + own.longest), i, -1):
            found = _known(normal(prompt[i:j], own.code), own)
            if found is not None:
                items.append(replace(found, start=i, end=j))
                i = j
                break
        else:
            match = re.compile(r"[a-zA-Z0-9]+").match(prompt, i)
            end = match.end() if match else i + 1
            if not prompt[i:end].isspace():
                items += _unknown(prompt, (i, end), normal(prompt[i:end], own.code), own)
            i = end
    return items


def _known(key: str, own: Table) -> Item | None:
    if key in own.posts:
        return Item(own.posts[key], "post")
    if key in own.glosses:
        return Item(own.glosses[key], "")
    first, space, rest = key.partition(" ")
    for ending, instead, number in own.plurals:
        if not first.endswith(ending) or len(first) <= len(ending) + 1:
            continue
        stem = first[: len(first) - len(ending)] + instead + space + rest
        if stem in own.names:
            name = own.glosses[stem]
            many = {"many": plural_of(name), "one": name, "two": f"two {plural_of(name)}"}
            return Item(many[number], "")
        if stem in own.glosses and part(own.glosses[stem]) in ("adjective", "verb"):
            return Item(own.glosses[stem], "")
    return None


def _unknown(prompt: str, span: tuple[int, int], key: str, own: Table) -> list[Item]:
    """A mark, a word written together with what comes before it, an international word."""
    start, end = span
    text = prompt[start:end]
    if not text[0].isalnum():
        return [Item(text.translate(_MARKS), "mark", start, end)]
    for letters, gloss in own.prefixes:
        rest = _known(key[len(letters) :], own) if key.startswith(letters) else None
        if rest is not None and len(key) > len(letters) + 1:
            before = [Item(word, "", start, end) for word in gloss.split()]
            return [*before, replace(rest, start=start, end=end)]
    if text.isdigit():
        return [Item(text, "", start, end)]
    senses = lexicon().senses.get(phrase_key(text), ()) if text.isascii() else ()
    kept = any(sense.slot in _KEPT for sense in senses) and len(text) > 3
    return [Item(text if kept else text + FOREIGN, "", start, end)]
