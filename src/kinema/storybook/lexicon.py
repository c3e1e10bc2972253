"""Words and what they can mean: tokens of a prompt, inflection, and the index of every phrase.

A phrase may have several senses ("duck" swims and ducks, "orange" is eaten and is a colour); which
one is meant is for the parser to say. The index is built once from the catalogue and never changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from kinema.storybook.catalogue import Catalogue, Term, catalogue
from kinema.storybook.inflection import plural_of, verb_forms


class Token(NamedTuple):
    """A word or a mark of a prompt: its normal form and where it lies, ``prompt[start:end]``."""

    norm: str
    start: int
    end: int
    mark: bool


class Sense(NamedTuple):
    """One thing that a phrase can mean.

    ``how`` is exact, synonym or nearest. ``form`` is base, third, ing or past for verbs, one or
    many for nouns, and empty for everything else.
    """

    slot: str
    value: str
    how: str
    form: str = ""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Senses by phrase (normal forms joined by spaces); the longest phrase has ``longest`` words.

    ``stems`` gives the base form of every inflected verb that a camera phrase uses; ``words`` are
    all single words that occur in a phrase.
    """

    senses: dict[str, tuple[Sense, ...]]
    longest: int
    stems: dict[str, str]
    spellings: tuple[tuple[str, str, int], ...]
    unread: frozenset[str]
    words: frozenset[str]


_WORD = re.compile(r"[^\W_]+(?:['\u2019](?!s\b)[^\W_]+)*|['\u2019]s\b|[^\s\w]|_+", re.IGNORECASE)
_JOINERS = frozenset("-_\u2010\u2011")
_STATUES = ("statue", "statues", "figurine", "figurines", "sculpture", "figure")
_OF_WHAT = ("made", "of", "out", "into", "to", "cast", "moulded", "molded")
_CONTENT = frozenset(
    (
        "subject",
        "setting",
        "action",
        "time",
        "weather",
        "camera",
        "style",
        "colour",
        "size",
        "emotion",
    )
)


def tokenise(text: str) -> list[Token]:
    """Words and marks in order; together with white space they tile the text.

    A hyphen or underscore between two words belongs to the word before it, so that "push-in" is
    read like "push in".
    """
    tokens: list[Token] = []
    for match in _WORD.finditer(text):
        piece, start, end = match[0], match.start(), match.end()
        word = piece[0].isalnum() or (len(piece) > 1 and piece[0] in "'\u2019")
        after_word = bool(tokens) and tokens[-1].end == start and not tokens[-1].mark
        if piece[0] in _JOINERS and after_word and text[end : end + 1].isalnum():
            tokens[-1] = tokens[-1]._replace(end=end)
            continue
        tokens.append(Token(_normal(piece) if word else piece, start, end, not word))
    return tokens


def _normal(word: str) -> str:
    if word.isascii():
        plain = word.lower()
        return "grey" if plain == "gray" else plain
    plain = unicodedata.normalize("NFKD", word.casefold().replace("\u2019", "'"))
    return "".join(c for c in plain if not unicodedata.combining(c)) or word


def phrase_key(phrase: str) -> str:
    """The phrase as the index holds it: normal forms joined by single spaces."""
    return " ".join(token.norm for token in tokenise(phrase))


@cache
def lexicon() -> Lexicon:
    """The index over the whole catalogue, built once (some tens of milliseconds)."""
    world = catalogue()
    found: dict[str, list[Sense]] = {}
    for phrase, sense in _own_words(world):
        key = phrase_key(phrase)
        if all(sense.slot != other.slot for other in found.get(key, ())):
            found.setdefault(key, []).append(sense)
    own = {key: {sense.slot for sense in senses} for key, senses in found.items()}
    for phrase, sense in _stand_ins(world):
        key = phrase_key(phrase)
        taken = own.get(key, set()) | {other.slot for other in found.get(key, ())}
        if sense.slot not in taken:
            found.setdefault(key, []).append(sense)
    spellings = tuple(
        (key, _sound(key), _letters(_sound(key)))
        for key, senses in found.items()
        if len(key) >= 5 and key.isalpha() and any(_can_be_misspelt(sense) for sense in senses)
    )
    return Lexicon(
        senses={key: tuple(senses) for key, senses in found.items()},
        longest=max(key.count(" ") + 1 for key in found),
        stems=_camera_stems(world),
        spellings=spellings,
        unread=world.unread,
        words=frozenset(word for key in found for word in key.split()),
    )


def _can_be_misspelt(sense: Sense) -> bool:
    return sense.slot in _CONTENT and sense.form in ("", "one", "many", "base", "ing")


def _own_words(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    for subject in world.subjects.values():
        yield from _noun_words(subject.name, subject.words, subject.plural)
    yield from _place_words(world)
    for action in world.actions.values():
        plain = action.name.replace("_", " ")
        for verb in dict.fromkeys((plain, *action.verbs)):
            how = "exact" if verb == plain else "synonym"
            for phrase, form in verb_forms(verb):
                yield phrase, Sense("action", action.name, how, form)
    for slot, table in _tables(world).items():
        for term in table.values():
            yield from _term_words(slot, term)
    yield from _statue_words(world)
    yield from _accessory_words(world)
    yield from _grammar_words(world)


def _place_words(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    for setting in world.settings.values():
        plain = setting.name.replace("_", " ")
        words = dict.fromkeys((plain, *setting.words, *setting.phrases))
        for word in words:
            yield word, Sense("setting", setting.name, "exact" if word == plain else "synonym")
        for word in words:
            if " " not in word and not word.endswith("s"):
                yield plural_of(word), Sense("setting", setting.name, "synonym")


def _noun_words(
    name: str, words: tuple[str, ...], plural: str | None
) -> Iterator[tuple[str, Sense]]:
    for word in dict.fromkeys((name, *words)):
        how = "exact" if word == name else "synonym"
        many = plural if word == name and plural else plural_of(word)
        yield word, Sense("subject", name, how, "one")
        yield many, Sense("subject", name, how, "many")


def _statue_words(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    """Phrases such as "golden statue of a": what follows is made of that."""
    for term in world.materials.values():
        dyed = world.colours[term.name].phrases if term.name in world.colours else ()
        for words in dict.fromkeys((term.name, *term.phrases, *dyed)):
            if words.split()[0] in _OF_WHAT:
                continue
            for noun in _STATUES:
                for article in ("", " a", " an", " the"):
                    phrase = f"{words} {noun} of{article}"
                    yield phrase, Sense("material", term.name, "synonym")


def _accessory_words(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    for accessory in world.accessories.values():
        for phrase in accessory.phrases:
            yield phrase, Sense("accessory", accessory.name, "exact", "one")
            yield plural_of(phrase), Sense("accessory", accessory.name, "exact", "many")


def _grammar_words(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    for row in world.grammar:
        for phrase in row.phrases:
            if row.slot == "action":
                form = "ing" if phrase.endswith("ing") else "third"
                yield phrase, Sense(row.slot, row.value, "exact", form)
            else:
                yield phrase, Sense(row.slot, row.value, "understood")


def _tables(world: Catalogue) -> dict[str, dict[str, Term]]:
    return {
        "time": world.times,
        "weather": world.weathers,
        "camera": world.cameras,
        "style": world.styles,
        "colour": world.colours,
        "size": world.sizes,
        "emotion": world.emotions,
        "tone": world.tones,
        "material": world.materials,
        "relation": world.relations,
    }


def _term_words(slot: str, term: Term) -> Iterator[tuple[str, Sense]]:
    plain = term.name.replace("_", " ")
    for phrase in dict.fromkeys((plain, *term.phrases)):
        sense = Sense(slot, term.name, "exact" if phrase == plain else "synonym")
        if slot == "camera":
            yield from (
                (inflected, sense) for inflected, form in verb_forms(phrase) if form != "past"
            )
        else:
            yield phrase, sense


def _stand_ins(world: Catalogue) -> Iterator[tuple[str, Sense]]:
    tables: dict[str, Iterable[str]] = {
        "subject": world.subjects,
        "setting": world.settings,
        "action": world.actions,
        **_tables(world),
    }
    for row in world.stand_ins:
        name = next((name for name in row.names if name in tables[row.slot]), None)
        if name is None:
            continue
        for phrase in row.phrases:
            if row.slot == "subject":
                yield phrase, Sense("subject", name, "nearest", "one")
                yield plural_of(phrase), Sense("subject", name, "nearest", "many")
            elif row.slot == "action":
                yield from (
                    (verb, Sense("action", name, "nearest", form))
                    for verb, form in verb_forms(phrase)
                )
            else:
                yield phrase, Sense(row.slot, name, "nearest")


def _camera_stems(world: Catalogue) -> dict[str, str]:
    verbs = {
        phrase.split()[1]
        for term in world.cameras.values()
        for phrase in term.phrases
        if phrase.startswith("camera ")
    }
    return {inflected: verb for verb in verbs for inflected, _ in verb_forms(verb)}


@lru_cache(maxsize=4096)
def nearest_spelling(word: str) -> str | None:
    """The word of the index that ``word`` most probably misspells, or None.

    The first letter must be right; one other may be off or two be swapped in words of five letters
    or more, two in words of eight or more, and doubled letters or "f" for "ph" do not count. A
    letter "s" at the end is never taken for a mistake. Costs about a millisecond the first time a
    word is asked for.
    """
    book = lexicon()
    if word in book.unread or word in book.words:
        return None
    return like_spelling(word, book.spellings)


def nearest_noun(word: str) -> Sense | None:
    """The subject that stands in for a noun which neither catalogue nor stand-ins know, or None.

    The table is made from WordNet's hypernyms (`scripts/build_nearest.py`) and read the first time
    that a word is asked for, which costs some milliseconds.
    """
    table = _nearest_nouns()
    if word in table:
        return Sense("subject", table[word], "nearest", "one")
    if not word.endswith("s"):
        return None
    for short, end in (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"), ("ves", "fe")):
        one = word.removesuffix(short) + end
        if one in table and plural_of(one) == word:
            return Sense("subject", table[one], "nearest", "many")
    return None


@cache
def _nearest_nouns() -> dict[str, str]:
    """Subjects by noun."""
    text = files("kinema.storybook").joinpath("data", "nearest.txt").read_text(encoding="utf-8")
    rows = (line.split(": ", 1) for line in text.splitlines())
    return {noun: subject for subject, nouns in rows for noun in nouns.split()}


def like_spelling(word: str, spellings: tuple[tuple[str, str, int], ...]) -> str | None:
    """The spelling nearest to a word by the rules of `nearest_spelling`, real word or not."""
    if len(word) < 5 or len(word) > 24 or not word.isalpha():
        return None
    sound = _sound(word)
    allowed = 2 if len(sound) >= 8 else 1
    letters, best, least = _letters(sound), None, allowed + 1
    for spelling, other_sound, other_letters in spellings:
        if spelling.endswith("s") != word.endswith("s"):
            continue
        if other_sound[0] != sound[0] or (letters ^ other_letters).bit_count() > 2 * allowed:
            continue
        if abs(len(other_sound) - len(sound)) < least:
            edits = _edits(sound, other_sound, least - 1)
            if edits < least:
                best, least = spelling, edits
    return best


def _sound(word: str) -> str:
    """The word with one spelling for one sound: elephant gives elefant."""
    return re.sub(r"(.)\1", r"\1", word.replace("ph", "f").replace("ck", "k"))


def _letters(word: str) -> int:
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 32)
    return mask


def _edits(a: str, b: str, limit: int) -> int:
    """Letters to insert, delete, replace or swap to make ``b`` of ``a``; stops above ``limit``."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        current = [i]
        for j, other in enumerate(b, start=1):
            cost = min(row[j] + 1, current[-1] + 1, row[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, row = row, current
    return row[-1]
