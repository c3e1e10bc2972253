"""Word order: what a language says in its own order is put into that of English."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from kinema.storybook.languages.tables import Table
from kinema.storybook.lexicon import lexicon, phrase_key

_MODIFIERS = ("colour", "size", "emotion", "tone", "material")
_NOUNS = ("subject", "accessory", "setting", "time", "weather", "style", "camera")
_PLACES = ("setting", "time", "weather")
_FIRST = ("pace", "sequence", "not", "ignored", "pronoun")
_BREAKS = ("sequence", "and")


@dataclass(frozen=True, slots=True)
class Item:
    """An English word or phrase; ``kind`` is "post", "mark" or "" (its English says what it is)."""

    english: str
    kind: str
    start: int = 0
    end: int = 0


@dataclass(slots=True)
class _Chunk:
    """A noun with what belongs to it, and the postposition after it."""

    items: list[Item]
    post: str = ""

    @property
    def noun(self) -> str:
        return self.items[-1].english


def arranged(items: list[Item], own: Table) -> list[Item]:
    """The items in English order."""
    if own.order == "sov":
        return _verbs_second(items)
    if own.follows:
        items = _adjectives_first(items)
    elif own.posts:
        items = _places_first(items)
    return _subject_first(items)


@lru_cache(maxsize=8192)
def part(english: str) -> str:
    """What an English gloss is: noun, adjective, verb, opener (article, number), or its slot."""
    senses = lexicon().senses.get(phrase_key(english), ())
    slots = [sense.slot for sense in senses]
    if not slots:
        return ""
    if any(s.slot == "action" and s.form in ("third", "ing") for s in senses):
        return "verb"
    if any(slot in ("relation", "hold", "wear", "edit") for slot in slots):
        return "verb" if not any(s in ("subject", "accessory") for s in slots) else "noun"
    if any(slot in _MODIFIERS for slot in slots):
        return "adjective"
    if any(slot in _NOUNS for slot in slots):
        return "noun"
    return "opener" if slots[0] in ("det", "count") else slots[0]


def _is_place(english: str) -> bool:
    return any(s.slot in _PLACES for s in lexicon().senses.get(phrase_key(english), ()))


def _is_actor(item: Item) -> bool:
    return not item.kind and part(item.english) == "noun" and not _is_place(item.english)


def _adjectives_first(items: list[Item]) -> list[Item]:
    """Move adjectives that follow a noun to before it: "zorro rojo" is a red fox."""
    out: list[Item] = []
    noun = -1  # where the last noun lies in ``out``, while only adjectives have followed it
    for item in items:
        what = "mark" if item.kind else part(item.english)
        if what == "adjective" and noun >= 0:
            out.insert(noun, item)
            noun += 1
            continue
        out.append(item)
        noun = len(out) - 1 if what == "noun" else -1
    return out


def _places_first(items: list[Item]) -> list[Item]:
    """Move what says where, after a noun, to before it: "in a cat behind" is behind a cat."""
    out: list[Item] = []
    for item in items:
        if item.kind != "post":
            out.append(item)
            continue
        start = len(out)
        while start and not out[start - 1].kind and part(out[start - 1].english) != "verb":
            start -= 1
            if out[start].english == "in":
                del out[start]
                break
            if out[start].english == "," or part(out[start].english) in _BREAKS:
                start += item.english != "between"
                if item.english != "between":
                    break
        out.insert(start, item)
    return out


def _subject_first(items: list[Item]) -> list[Item]:
    """Move a verb that opens the prompt to after its subject: "corre un zorro"."""
    kinds = ["mark" if item.kind else part(item.english) for item in items]
    verb = next((i for i, kind in enumerate(kinds) if kind == "verb"), None)
    if verb is None or any(
        kind == "noun" and not _is_place(item.english)
        for kind, item in zip(kinds[:verb], items[:verb], strict=True)
    ):
        return items
    j = verb + 1
    while j < len(items) and kinds[j] in ("opener", "adjective"):
        j += 1
    if j >= len(items) or kinds[j] != "noun" or _is_place(items[j].english):
        return items
    return [*items[:verb], *items[verb + 1 : j + 1], items[verb], *items[j + 1 :]]


def _verbs_second(items: list[Item]) -> list[Item]:
    """Clauses whose verb comes last, with postpositions, as clauses of English."""
    out: list[Item] = []
    chunks: list[_Chunk] = []
    waiting: list[Item] = []
    i = 0
    while i < len(items):
        item = items[i]
        what = item.kind or part(item.english)
        if what == "post" and chunks and not waiting:
            chunks[-1].post = _joined(chunks[-1].post, item.english)
        elif what == "noun":
            chunks.append(_Chunk([*waiting, item]))
            waiting = []
        elif what == "verb":
            i = _clause(items, i, chunks, waiting, out)
            chunks, waiting = [], []
        elif what == "mark" or what in _BREAKS:
            out += _said(_subject_to_front(chunks)) + waiting + [item]
            chunks, waiting = [], []
        elif what in ("adjective", "opener"):
            waiting.append(item)
        elif what != "post":
            chunks.append(_Chunk([*waiting, item]))
            waiting = []
        i += 1
    return out + _said(_subject_to_front(chunks)) + waiting


def _joined(old: str, new: str) -> str:
    """Of two postpositions the one that says more counts."""
    return new if not old or old.startswith("@") else old


def _clause(
    items: list[Item], i: int, chunks: list[_Chunk], waiting: list[Item], out: list[Item]
) -> int:
    """Put out a clause whose verb is item ``i``; returns the last item that belonged to it."""
    tail = [items[i]]
    while i + 1 < len(items) and not items[i + 1].kind and part(items[i + 1].english) == "aux":
        i += 1
    subject = next((c for c in chunks if c.post == "@subject"), None)
    if subject is None:
        j = i + 1
        while j < len(items) and part(items[j].english) in ("opener", "adjective"):
            j += 1
        if j < len(items) and _is_actor(items[j]):  # "the cat that holds an umbrella"
            out += [*waiting, *items[i + 1 : j + 1], *tail, *_said(_objects_first(chunks, None))]
            after = items[j + 1] if j + 1 < len(items) else None
            if after is not None and after.kind == "post":
                out.append(Item("and", "", after.start, after.end))
                return j + 1
            return j
        actors = [c for c in chunks if not c.post and part(c.noun) == "noun"]
        bare = [c for c in actors if not _is_place(c.noun)]
        subject = bare[0] if bare else None
    head = list(subject.items) if subject is not None else []
    before = [c for c in chunks if part(c.noun) in _FIRST]
    out += _said(before) + head + tail
    out += _said(_objects_first([c for c in chunks if c not in before], subject)) + waiting
    return i


def _subject_to_front(chunks: list[_Chunk]) -> list[_Chunk]:
    """The order of a clause without a verb: who there is, then where."""
    return sorted(chunks, key=lambda chunk: chunk.post != "@subject")


def _objects_first(chunks: list[_Chunk], subject: _Chunk | None) -> list[_Chunk]:
    others = [chunk for chunk in chunks if chunk is not subject]
    objects = [chunk for chunk in others if chunk.post == "@object" and not _is_place(chunk.noun)]
    return objects + [chunk for chunk in others if chunk not in objects]


def _said(chunks: list[_Chunk]) -> list[Item]:
    """Chunks with their postpositions before them; "of a forest" comes after what is in it."""
    out: list[Item] = []
    later: list[Item] = []
    for chunk in chunks:
        first = chunk.items[0]
        if chunk.post == "@of" and _is_place(chunk.noun):
            later += [replace(first, english="in"), *chunk.items]
            continue
        if chunk.post and not chunk.post.startswith("@"):
            out.append(replace(first, english=chunk.post))
        elif chunk.post == "@object" and _is_place(chunk.noun):
            out.append(replace(first, english="through"))
        out += [*chunk.items, *later]
        later = []
    return out + later
