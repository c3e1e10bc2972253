"""Mentions: how a caption names the actors: articles, adjectives, numbers, pronouns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from kinema.storybook import sanity
from kinema.storybook.captions.phrasebook import book, names_of, unreserved, words_for
from kinema.storybook.casting import GILDED
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.inflection import plural_of, with_article
from kinema.storybook.invention import gender
from kinema.storybook.scene import Actor, Scene
from kinema.storybook.splits import RESERVED_NOUNS, unseen_subjects

_HYPERNYM = 0.04
_SYNONYM = 0.22
_MODIFIER = {"short": 0.75, "medium": 0.9, "dense": 1.0}
_TONE_SHARE = 0.15
_JOINED: Final = re.compile(r" (in|of|on|with|from|to|playing|doing|using|taking|lifting|turning) ")
_PRONOUNS: Final = {"female": "she", "male": "he"}


@dataclass(frozen=True, slots=True)
class Mention:
    """One actor, or several counted together, as a caption names them.

    full: at first ("a small red fox", "three ducks"). again: later ("the fox", "the ducks").
    pronoun: it, she, he or they. plural: whether verbs are plural after a noun. bare: without an
    article. ids: the actors. said: slots that the words tell.
    """

    full: str
    again: str
    pronoun: str
    plural: bool
    bare: str
    ids: tuple[str, ...]
    said: frozenset[str]


def in_capitals(text: str) -> str:
    """The text with names and abbreviations as they are written."""
    for name in book().nouns.capitals:
        text = re.sub(rf"\b{re.escape(name)}(?=s?\b)", name, text, flags=re.IGNORECASE)
    return text


def parties(scene: Scene) -> tuple[tuple[Actor, ...], ...]:
    """The actors, those who were counted together as one party."""
    found: dict[str, list[Actor]] = {}
    for actor in scene.actors:
        found.setdefault(actor.group or actor.id, []).append(actor)
    return tuple(tuple(actors) for actors in found.values())


def mention(
    scene: Scene, party: tuple[Actor, ...], dice: Dice, length: str, *, split: str, alone: bool
) -> Mention:
    """Name a party, with as many of its looks as the length has room for.

    Args:
        scene: Whose actors they are; under a style without colours none is named.
        party: One actor, or several of a kind.
        dice: Chooses words and what is left out.
        length: short, medium or dense.
        split: "F" uses reserved names where there are any, "H" nouns that the world does not have;
            otherwise neither is used.
        alone: Whether nobody else is in the scene, so that "an animal" is clear enough.
    """
    actor = party[0]
    subject = catalogue().subjects[actor.subject]
    count = len(party)
    coloured = (
        actor.colour is not None or actor.material is not None or scene.style in sanity.COLOURLESS
    )
    names = _sayable(subject, coloured=coloured, several=count > 1)
    name, told = _name(subject, names, dice, split=split, alone=alone and length != "dense")
    looks, said = _looks(scene, actor, dice, length, split)
    many = _plural(subject, name) if count > 1 else name
    bare = " ".join((*looks, many))
    nouns = book().nouns
    slots = set(said)
    slots.add("subject" if told else "unseen" if split == "H" else "kind")
    if count > 1:
        slots.add("count")
        number = dice.pick("number", book().counts.get(str(count), (str(count),)))
        full, again = f"{number} {bare}", f"the {many}"
    elif name in nouns.proper:
        full = bare if not looks else f"the {bare}"
        again = name
    elif name in nouns.the:
        full = again = f"the {bare}"
    elif name in nouns.mass or name in nouns.many:
        full, again = bare, f"the {name}"
    else:
        full, again = with_article(bare), f"the {name}"
    plural = count > 1 or name in nouns.many
    return Mention(
        full=full,
        again=again,
        pronoun="they" if plural else _pronoun(subject),
        plural=plural,
        bare=bare,
        ids=tuple(actor.id for actor in party),
        said=frozenset(slots),
    )


def _sayable(subject: Subject, *, coloured: bool, several: bool) -> tuple[str, ...]:
    """The names that fit: no "blue whale" in red, no "wheats", no "men in suits" but its own."""
    nouns, looks = book().nouns, _words_of_looks()
    own, *others = names_of(subject.name)
    return (own, *(
        name
        for name in others
        if not (coloured and set(re.split(r"[ -]", name)) & looks)
        and not (several and (name in nouns.mass or name in nouns.many or _JOINED.search(name)))
    ))  # fmt: skip


@cache
def _words_of_looks() -> frozenset[str]:
    """Words in a name that say what colour a thing has, or what it is made of."""
    world = catalogue()
    terms = [
        *world.materials.values(),
        *(world.colours[n] for n in world.materials.keys() & world.colours.keys()),
    ]
    words = [*world.colours, *world.materials, "crystal"]
    words += [phrase for term in terms for phrase in term.phrases if " " not in phrase]
    return frozenset(words)


def _name(
    subject: Subject, names: tuple[str, ...], dice: Dice, *, split: str, alone: bool
) -> tuple[str, bool]:
    """A name, and whether it tells which subject is meant."""
    if split == "H" and alone:
        return dice.pick("unseen", unseen_subjects()), False
    reserved = RESERVED_NOUNS.get(subject.name)
    if split == "F" and reserved:
        return dice.pick("reserved", reserved), True
    kind = book().hypernyms.get(subject.group)
    if alone and kind and split == "train" and dice.happens("hypernym", _HYPERNYM):
        return dice.pick("kind", kind), False
    usual, *others = unreserved(names)
    synonym = others and dice.happens("synonym", _SYNONYM)
    return (dice.pick("name", others) if synonym else usual), True


def _plural(subject: Subject, name: str) -> str:
    return subject.plural if name == subject.name and subject.plural else plural_of(name)


def _pronoun(subject: Subject) -> str:
    if subject.group != "person":
        return "it"
    return _PRONOUNS.get(gender(subject.name), "they")


def _looks(
    scene: Scene, actor: Actor, dice: Dice, length: str, split: str
) -> tuple[list[str], set[str]]:
    """Adjectives in the order of English, and the slots that they tell.

    It is size, feeling, tone, colour, material; what is of a material shows no tone of skin.
    """
    share = 1.0 if split == "E" else _MODIFIER[length]  # pairs differ in these words
    emotion = actor.beats[0].emotion
    values = {
        "size": actor.size,
        "emotion": emotion,
        "tone": actor.tone if dice.happens("tone said", _TONE_SHARE) else None,
        "colour": actor.colour if scene.style not in sanity.COLOURLESS else None,
        "material": actor.material if scene.style not in sanity.COLOURLESS else None,
    }
    if actor.material is not None:
        values["tone"] = None
    if actor.tone is not None and actor.group is not None:
        values["tone"] = None  # everybody of a group has a tone of their own
    told = {
        slot: value
        for slot, value in values.items()
        if value is not None and dice.happens(f"{slot} kept", share)
    }
    if length == "short" and len(told) > 1:
        told = dict(list(told.items())[-1:])
    as_colour = {"material": "colour"} if _is_golden(actor) else {}
    adjectives = [_adjective(as_colour.get(s, s), value, dice) for s, value in told.items()]
    return adjectives, set(told)


def _is_golden(actor: Actor) -> bool:
    """True for what is of gold where it is called golden; any coin is a golden coin."""
    subject = catalogue().subjects[actor.subject]
    always = any(word.startswith("gold") for word in subject.words)
    return actor.material == "gold" and subject.group in GILDED and not always


def _adjective(slot: str, value: str, dice: Dice) -> str:
    words = words_for(slot, value)
    usual = dice.happens(f"{slot} usual", 0.6)
    return words[0] if usual else dice.pick(f"{slot} word", words)
