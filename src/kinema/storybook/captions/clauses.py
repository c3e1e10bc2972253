"""Clauses: who does what to whom, in any form that a sentence may need."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kinema.storybook import sanity
from kinema.storybook.captions.mentions import Mention
from kinema.storybook.captions.phrasebook import (
    book,
    inflected,
    unreserved,
    verbs_of,
    words_for,
)
from kinema.storybook.catalogue import catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.inflection import with_article
from kinema.storybook.scene import Actor, Beat, Scene
from kinema.storybook.splits import RESERVED_VERBS
from kinema.storybook.visibility import Visible

_BE = {"base": "are", "third": "is", "past": "was"}
_SOLO = ("in circles", "in a circle")
_TARGETED = ("chase", "circle", "flee", "follow", "hug", "jump_over", "meet")
_VERB_OF = {
    "chasing": "chase", "circling": "circle", "following": "follow", "hugging": "hug",
    "jumping_over": "jump_over", "meeting": "meet",
}  # fmt: skip
_PLACED = ("left_of", "right_of", "beside", "behind", "in_front_of", "on_top_of", "between")
_DIRECTION_SHARE = {"short": 0.15, "medium": 0.4, "dense": 0.7}
_USUAL_VERB = 0.55


@dataclass(frozen=True, slots=True)
class Doing:
    """A verb with all that belongs to it: "chase", "a rabbit", "to the left".

    ``verb`` is a base form; ``tail`` follows it; ``subject`` is who does it; ``told`` are the slots
    that it tells.
    """

    subject: Mention
    verb: str
    tail: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()

    def finite(self, who: str | None = None, *, plural: bool | None = None) -> str:
        """A sentence without its full stop: "a fox chases a rabbit"."""
        many = self.subject.plural if plural is None else plural
        form = "base" if many else "third"
        return self._join(who or self.subject.full, inflected(self.verb)[form])

    def past(self) -> str:
        """The same in the past: "a fox chased a rabbit"."""
        return self._join(self.subject.full, inflected(self.verb)["past"])

    def progressive(self) -> str:
        """The same as it goes on: "a fox is chasing a rabbit"."""
        be = _BE["base" if self.subject.plural else "third"]
        return self._join(self.subject.full, be, inflected(self.verb)["ing"])

    def gerund(self) -> str:
        """A noun phrase: "a fox chasing a rabbit"."""
        return self._join(self.subject.full, inflected(self.verb)["ing"])

    def predicate(self, form: str) -> str:
        """The verb and its tail alone, in one of the four forms."""
        return self._join(inflected(self.verb)[form])

    def told_by(self, who: str) -> str:
        """The sentence with a pronoun or "the fox" for its subject."""
        return self.finite(who, plural=self.subject.plural or who == "they")

    def _join(self, *words: str) -> str:
        return " ".join((*words, *self.tail))


@dataclass(frozen=True, slots=True)
class Telling:
    """What a caption is about, and how: its scene, length and split, and what the clip shows.

    ``objects`` are the mentions of all who are told of, by actor id.
    """

    scene: Scene
    length: str
    split: str
    visible: Visible | None
    objects: dict[str, Mention]


def deed(telling: Telling, actor: Actor, beat: Beat, who: Mention, dice: Dice) -> Doing:
    """What an actor does in a beat, with whom or what it does it.

    A target that is not told of is not to be seen, and the verb does without it.
    """
    action = beat.action
    target = telling.objects.get(beat.target or "")
    verb = _verb(telling, actor, action, dice, aimed=target is not None)
    tail: list[str] = []
    told = {"action"}
    if action in _TARGETED and target is not None:
        tail.append(target.full)
        told |= target.said
    elif action in _TARGETED and action != "circle":
        verb, told = {"flee": "run away", "jump_over": "jump"}.get(action, "run"), set()
    thing = _handled(actor, action, dice)
    if thing is not None:
        verb = "drink" if action == "eat" and actor.holds in book().nouns.drinks else verb
        tail.append(thing)
        told.add("holds")
    tail += _manner(telling, actor, beat, dice, verb, told)
    return Doing(subject=who, verb=verb, tail=tuple(tail), told=frozenset(told))


def _verb(telling: Telling, actor: Actor, action: str, dice: Dice, *, aimed: bool) -> str:
    """A base form that says the action of that actor."""
    options = verbs_of(action, actor.subject)
    if action == "circle":
        options = tuple(v for v in options if aimed != v.endswith(_SOLO)) or options
    if not sanity.shows_sky(catalogue().settings[telling.scene.setting]):
        options = tuple(v for v in options if "sky" not in v) or options
    reserved = tuple(v for v in RESERVED_VERBS.get(action, ()) if v in options)
    if telling.split == "F" and reserved:
        return dice.pick(f"reserved {action}", reserved)
    options = unreserved(options)
    if dice.happens(f"usual {action}", _USUAL_VERB):
        return options[0]
    return dice.pick(f"verb {action}", options)


def _handled(actor: Actor, action: str, dice: Dice) -> str | None:
    """What the action is done with; None where it is done with nothing."""
    if action not in sanity.HANDLED or actor.holds is None:
        return None
    name = thing_name(actor.holds, dice)
    known = action == "play" and dice.happens("the instrument", 0.6)
    return f"the {name}" if known else a_thing(name)


def thing_name(held: str, dice: Dice) -> str:
    """The name of a thing that is held or worn."""
    accessory = catalogue().accessories.get(held)
    if accessory is None:
        return held
    names = unreserved(accessory.phrases)
    return names[0] if dice.happens("thing usual", 0.75) else dice.pick("thing", names[:2])


def a_thing(name: str) -> str:
    """A thing with the article that its noun takes."""
    nouns = book().nouns
    if name in nouns.mass or name in nouns.many or name in ("sunglasses", "glasses", "flowers"):
        return name
    if name in ("coffee", "tea", "milk", "cocoa", "hot chocolate", "honey"):
        return name
    return with_article(name)


def _manner(
    telling: Telling, actor: Actor, beat: Beat, dice: Dice, verb: str, told: set[str]
) -> list[str]:
    """Adverbs of pace and direction, where the clip shows them."""
    tail = []
    travels = catalogue().actions[beat.action].locomotion
    pace = f"{beat.pace:g}"
    if travels and pace in book().said["pace"] and dice.happens("pace said", 0.8):
        tail.append(dice.pick("pace", words_for("pace", pace)))
        told.add("pace")
    scene, visible = telling.scene, telling.visible
    seen = None if visible is None else visible.actors.get(actor.id)
    shows = beat.direction is not None and (seen is None or seen.heading == beat.direction)
    sided = any(r.kind in ("left_of", "right_of") for r in scene.relations)
    share = 0.0 if sided or not travels or not shows else _DIRECTION_SHARE[telling.length]
    if dice.happens("way said", share):
        ways = words_for("direction", beat.direction or "")
        if verb == "run":  # "runs from right to left" would be a flight
            ways = tuple(way for way in ways if not way.startswith("from"))
        tail.append(dice.pick("way", ways))
        told.add("direction")
    return tail


def related(kind: str, doing: Doing, other: Mention, dice: Dice, third: Mention | None) -> Doing:
    """The deed of a first actor, told together with how it stands to the second."""
    if kind in _VERB_OF:
        return replace(doing, told=doing.told | {"relation"})
    verbs = book().relation_verbs.get(kind)
    told = doing.told | other.said | {"relation"}
    if verbs:
        verb = verbs[0] if dice.happens("relation usual", 0.7) else dice.pick("relation", verbs)
        told -= {"action"}  # the verb of the relation stands for it
        return replace(doing, verb=verb, tail=(other.full, *doing.tail), told=frozenset(told))
    preposition = dice.pick("preposition", words_for("relation", kind))
    if kind == "between" and third is not None:
        told |= third.said
        place = f"{preposition} {other.full} and {third.full}"
    else:
        place = f"{preposition} {other.full}"
    verb = doing.verb
    if kind == "on_top_of" and verb in ("look around", "look about", "gaze"):
        verb = "stand"
    return replace(doing, verb=verb, tail=(*doing.tail, place), told=frozenset(told))


def passive(doing: Doing, other: Mention) -> str | None:
    """Such as 'a rabbit is chased by a fox', for verbs that take it; None for the others."""
    if doing.verb not in ("chase", "follow", "pursue"):
        return None
    be = _BE["base" if other.plural else "third"]
    return f"{other.full} {be} {inflected(doing.verb)['past']} by {doing.subject.full}"
