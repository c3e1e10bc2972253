"""The phrase book: which of the catalogue's words captions say, and the frames they stand in.

The words are those of the catalogue; `data/captions.toml` says how they are used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from kinema.storybook import sanity
from kinema.storybook.catalogue import Subject, Term, catalogue
from kinema.storybook.inflection import plural_of, verb_forms
from kinema.storybook.scene import Scene
from kinema.storybook.splits import is_reserved
from kinema.types import Value, from_builtins

_PREPOSITIONS = ("after", "at", "before", "by", "in", "into", "on", "until")
_OF_MOTION = ("across", "along", "through", "over")


class Frame(Value, kw_only=True):
    """Parts of sentences that the phrases of a slot fit into; see the head of captions.toml."""

    slot: str
    use: str
    texts: tuple[str, ...]
    whole: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    needs: str = ""

    def takes(self, phrase: str) -> bool:
        """True where the phrase fits."""
        first, last = phrase.split()[0], phrase.split()[-1]
        return phrase in self.whole or (last in self.ends and first not in _PREPOSITIONS)


class Verbs(Value, kw_only=True):
    """Verb phrases of an action, and of whom they are said (empty: of everybody)."""

    action: str
    say: tuple[str, ...]
    names: tuple[str, ...] = ()
    gaits: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def suits(self, subject: Subject) -> bool:
        """True where they can be said of that subject."""
        if self.names:
            return any(re.search(rf"\b{name}", subject.name) for name in self.names)
        if self.gaits and subject.gait not in self.gaits:
            return False
        return not self.groups or subject.group in self.groups


class Nouns(Value, kw_only=True):
    """Nouns that need care: without an article, plural, names."""

    mass: frozenset[str]
    many: frozenset[str]
    proper: frozenset[str]
    the: frozenset[str]
    unsaid: frozenset[str]
    drinks: frozenset[str]
    capitals: tuple[str, ...]


class LightWords(Value, kw_only=True):
    """Sentences about light by time of day and by weather; ``plain`` ones name no colour."""

    time: dict[str, tuple[str, ...]]
    weather: dict[str, tuple[str, ...]]
    plain: dict[str, tuple[str, ...]]


class CameraWords(Value, kw_only=True):
    """Verbs of camera clauses, phrases that are about somebody, and those that are not said."""

    verbs: frozenset[str]
    about: frozenset[str]
    unsaid: frozenset[str]


class Book(Value, kw_only=True):
    """The whole of captions.toml."""

    frame: tuple[Frame, ...]
    verbs: tuple[Verbs, ...]
    said: dict[str, dict[str, tuple[str, ...]]]
    relation_verbs: dict[str, tuple[str, ...]]
    counts: dict[str, tuple[str, ...]]
    hypernyms: dict[str, tuple[str, ...]]
    nouns: Nouns
    scenery: dict[str, str]
    far: dict[str, str]
    ground: dict[str, str]
    light: LightWords
    camera: CameraWords


@cache
def book() -> Book:
    """The phrase book, read once (about a millisecond)."""
    text = files("kinema.storybook").joinpath("data", "captions.toml").read_text(encoding="utf-8")
    return from_builtins(tomllib.loads(text), Book)


class Said(msgspec.Struct, frozen=True):
    """A phrase ready to be put into a sentence, and what must be true for it to be said."""

    text: str
    needs: str = ""


@cache
def phrases(slot: str, name: str, use: str) -> tuple[Said, ...]:
    """Every way to say a time, weather, camera move or style in that use; may be empty."""
    found = []
    for phrase in _term(slot, name).phrases:
        for frame in book().frame:
            if frame.slot == slot and frame.takes(phrase) and frame.use == use:
                found += [Said(text.format(phrase), frame.needs) for text in frame.texts]
                break
    return tuple(found)


def sayable(scene: Scene, slot: str, name: str, use: str) -> tuple[str, ...]:
    """The ways to say it that are true of the scene: no sky indoors, no sun by night."""
    return tuple(said.text for said in phrases(slot, name, use) if _holds(scene, said.needs))


def _holds(scene: Scene, need: str) -> bool:
    where = catalogue().settings[scene.setting]
    if need == "sky":
        return sanity.shows_sky(where) and scene.weather not in sanity.CLOUDED
    if need == "bright":
        return scene.time in sanity.BRIGHT and sanity.shows_sky(where)
    if need == "light":
        return scene.time not in sanity.DARK
    return True


def _term(slot: str, name: str) -> Term:
    tables: dict[str, Mapping[str, Term]] = {
        "time": catalogue().times,
        "weather": catalogue().weathers,
        "camera": catalogue().cameras,
        "style": catalogue().styles,
    }
    return tables[slot][name]


def words_for(slot: str, name: str) -> tuple[str, ...]:
    """Adjectives, adverbs and prepositions that say it; its own name where none is chosen."""
    return book().said.get(slot, {}).get(name) or (name.replace("_", " "),)


@cache
def verbs_of(action: str, subject: str) -> tuple[str, ...]:
    """Verb phrases (base forms) that say what a subject does, the usual one first."""
    who = catalogue().subjects[subject]
    rows = [row for row in book().verbs if row.action == action]
    found = [verb for row in rows if row.suits(who) for verb in row.say]
    return tuple(dict.fromkeys(found)) or catalogue().actions[action].verbs[:2]


@cache
def inflected(verb: str) -> Mapping[str, str]:
    """A verb phrase in its four forms: base, third, ing, past."""
    forms: dict[str, str] = {}
    for phrase, form in verb_forms(verb):
        forms.setdefault(form, phrase)
    return forms


@cache
def names_of(subject: str) -> tuple[str, ...]:
    """What a subject is called, its own name first; plurals and misleading words are left out."""
    who = catalogue().subjects[subject]
    unsaid = book().nouns.unsaid
    plurals = {plural_of(name) for name in (who.name, *who.words)} | {who.plural}
    others = [w for w in who.words if w not in (*unsaid, *plurals) and not _looks_plural(w)]
    return (who.name, *others)


def _looks_plural(word: str) -> bool:
    """True for "noodles" and "pancakes", which cannot be said of one."""
    return (
        word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
        and word == plural_of(word.removesuffix("s"))
    )


@cache
def places_of(setting: str) -> tuple[str, ...]:
    """Phrases of place that suit anybody; see `ways_through`."""
    phrases_here = catalogue().settings[setting].phrases
    still = tuple(p for p in phrases_here if p.split()[0] not in _OF_MOTION)
    return still or phrases_here


@cache
def ways_through(setting: str) -> tuple[str, ...]:
    """Phrases of place that suit who moves through it."""
    return catalogue().settings[setting].phrases


@cache
def camera_clauses(move: str) -> tuple[tuple[str, bool], ...]:
    """Verb phrases (base forms) whose subject is the camera, and whether somebody must follow."""
    words = book().camera
    found = []
    for phrase in catalogue().cameras[move].phrases:
        first, _, rest = phrase.partition(" ")
        if first == "camera" and rest.split()[0] in words.verbs and phrase not in words.unsaid:
            found.append((rest, phrase in words.about))
    return tuple(found)


@cache
def unreserved(options: tuple[str, ...]) -> tuple[str, ...]:
    """The options without a reserved word; all of them where nothing else is left."""
    return tuple(option for option in options if not is_reserved(option)) or options
