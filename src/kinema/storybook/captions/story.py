"""The story of a scene: what a caption of some length tells, before it is put into sentences."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from kinema.storybook import sanity
from kinema.storybook.captions.clauses import Doing, Telling, a_thing, deed, related, thing_name
from kinema.storybook.captions.mentions import Mention, mention, parties
from kinema.storybook.captions.phrasebook import (
    inflected,
    places_of,
    sayable,
    unreserved,
    ways_through,
    words_for,
)
from kinema.storybook.catalogue import catalogue
from kinema.storybook.dice import Dice
from kinema.storybook.scene import Actor, Scene
from kinema.storybook.visibility import Visible

PLAIN: Final = "storybook"
"""The look of the world itself, which is not worth a word."""

# How often a slot is told at a length, where it can be told at all.
_SHARES: Final = {
    "short": {"place": 0.5, "time": 0.12, "weather": 0.2, "camera": 0.08, "style": 0.35},
    "medium": {"place": 0.85, "time": 0.6, "weather": 0.75, "camera": 0.6, "style": 0.85},
    "dense": {"place": 1.0, "time": 0.95, "weather": 1.0, "camera": 0.95, "style": 1.0},
}
_QUIET: Final = {"weather": "clear", "camera": "static", "style": PLAIN}
_QUIET_SHARE = 0.25
_COMPANION_DEED = {"short": 0.0, "medium": 0.4, "dense": 1.0}
_SIDES = {"left_of": ("left", "right"), "right_of": ("right", "left")}


@dataclass(slots=True)
class Story:
    """What is told, part by part; ``told`` gathers the slots of the parts that were used."""

    scene: Scene
    dice: Dice
    length: str
    split: str
    lead: Doing | None = None
    after: Doing | None = None
    companion: Doing | None = None
    lead_target: Mention | None = None
    kind: str = ""
    joint: str = ""
    place: str = ""
    time: str = ""
    weather: str = ""
    camera: str = ""
    style: str = ""
    told: set[str] = field(default_factory=set)

    def adverbs(self) -> list[str]:
        """Place, weather and time, in some order; the place is mostly first."""
        parts = [part for part in (self.place, self.weather, self.time) if part]
        if self.dice.happens("place first", 0.7) or len(parts) < 2:
            return parts
        return self.dice.shuffle("adverbs", parts)

    def slots_in(self, text: str) -> frozenset[str]:
        """All slots that a caption made of this story tells."""
        parts = {"setting": self.place, "time": self.time, "weather": self.weather}
        used = {slot for slot, part in parts.items() if part and part in text}
        return frozenset(self.told | used)

    def core(self, *, form: str = "finite") -> str:
        """What happens: a sentence (finite, progressive, past) or a noun phrase (gerund)."""
        assert self.lead is not None
        self.told |= self.lead.told | self.lead.subject.said
        if self.companion is not None:
            self.told |= self.companion.told | self.companion.subject.said
        if self.after is not None:
            self.told |= self.after.told
        if self.joint:
            return self._together(form)
        text = getattr(self.lead, form)()
        if self.companion is not None and self.kind in _SIDES and form == "finite":
            return self._on_both_sides()
        if self.companion is not None:
            text = f"{text} while {self.companion.told_by(self.companion.subject.again)}"
        if self.after is not None:
            text = self._with_next(text, form)
        return text

    def _together(self, form: str) -> str:
        """Both do the same, beside each other."""
        assert self.lead is not None and self.companion is not None
        both = f"{self.lead.subject.full} and {self.companion.subject.full}"
        verb = inflected(self.lead.verb)
        does = {
            "finite": verb["base"], "gerund": verb["ing"], "progressive": f"are {verb['ing']}",
            "past": verb["past"],
        }[form]  # fmt: skip
        return f"{both} {does} {self.joint}"

    def _on_both_sides(self) -> str:
        """Such as 'a fox on the left dances while a bear on the right sleeps'."""
        assert self.lead is not None and self.companion is not None
        one, two = _SIDES[self.kind]
        here = self.dice.pick("here", words_for("side", one))
        there = self.dice.pick("there", words_for("side", two))
        first = replace(self.lead, tail=self.lead.tail[:-1])  # without "to the left of a bear"
        second = self.companion
        return (
            f"{first.told_by(f'{first.subject.full} {here}')} while "
            f"{second.told_by(f'{second.subject.full} {there}')}"
        )

    def _with_next(self, text: str, form: str) -> str:
        assert self.lead is not None and self.after is not None
        joint = self.dice.pick("joint", unreserved(words_for("sequence", "then")))
        if form == "gerund":
            return f"{text} and {joint.removeprefix('and ')} {self.after.predicate('ing')}"
        if form == "past":
            return f"{text}, {joint} {self.after.predicate('past')}"
        who = self.lead.subject.pronoun
        if who == "they" and not self.lead.subject.plural:
            who = self.lead.subject.again
        if form == "finite" and self.dice.happens("shared subject", 0.5):
            bare = "base" if self.lead.subject.plural else "third"
            return f"{text} and {joint.removeprefix('and ')} {self.after.predicate(bare)}"
        return f"{text}, {joint} {self.after.told_by(who)}"


def tell(scene: Scene, dice: Dice, length: str, split: str, visible: Visible | None) -> Story:
    """Choose what a caption of that length tells: words, and what is left out."""
    story = Story(scene=scene, dice=dice, length=length, split=split)
    _tell_actors(story, visible)
    _tell_surroundings(story)
    return story


def _tell_actors(story: Story, visible: Visible | None) -> None:
    """Who does what, as far as it is to be seen."""
    scene, dice, length = story.scene, story.dice, story.length
    shown = [p for p in parties(scene) if all(_shows(visible, actor) for actor in p)]
    if not shown:
        return
    alone = len(scene.actors) == 1
    mentions = {
        party[0].id: mention(
            scene, party, dice.within(party[0].id), length, split=story.split, alone=alone
        )
        for party in shown
    }
    telling = Telling(scene, length, story.split, visible, mentions)
    actor = shown[0][0]
    who = _equipped(mentions[actor.id], actor, dice, length)
    story.lead = deed(telling, actor, actor.beats[0], who, dice)
    others = [mentions[party[0].id] for party in shown[1:]]
    if others and scene.relations:
        story.kind, story.lead_target = scene.relations[0].kind, others[0]
        third = others[1] if len(others) > 1 else None
        story.lead = related(story.kind, story.lead, others[0], dice, third)
        _tell_companion(story, telling, shown[1][0], others[0])
    if len(actor.beats) > 1:
        story.after = _next(story, telling, actor, who)


def _shows(visible: Visible | None, actor: Actor) -> bool:
    if visible is None or any(beat.action == "hug" for beat in actor.beats):
        return True  # who is hugged is half hidden, and yet to be seen
    return visible.shows(actor.id)


def _equipped(who: Mention, actor: Actor, dice: Dice, length: str) -> Mention:
    """The mention with what the actor carries or wears."""
    plain = length == "short" and dice.happens("bare", 0.5)
    if plain or actor.beats[0].action in sanity.HANDLED:
        return who
    if actor.holds is not None:
        joint = dice.pick("hold", ("with", "holding", "carrying"))
        thing, slot = a_thing(thing_name(actor.holds, dice)), "holds"
    elif actor.wears is not None:
        joint = dice.pick("wear", ("with", "wearing"))
        thing, slot = a_thing(thing_name(actor.wears, dice)), "wears"
    else:
        return who
    return replace(who, full=f"{who.full} {joint} {thing}", said=who.said | {slot})


def _tell_companion(story: Story, telling: Telling, actor: Actor, who: Mention) -> None:
    """What the second one does, where the relation does not say it already."""
    beat, dice = actor.beats[0], story.dice
    if story.kind not in (*_SIDES, "beside", "behind", "in_front_of", "on_top_of"):
        return
    assert story.lead is not None
    doing = deed(telling, actor, beat, who, dice.within("companion"))
    first = story.scene.actors[0].beats[0].action
    if story.kind == "beside" and first == beat.action and dice.happens("jointly", 0.6):
        story.companion = doing
        story.joint = f"{dice.pick('each', words_for('relation', 'beside')[:2])} each other"
        story.lead = replace(story.lead, tail=())
    elif beat.action != "look_around" and dice.happens("both told", _COMPANION_DEED[story.length]):
        story.companion = doing


def _next(story: Story, telling: Telling, actor: Actor, who: Mention) -> Doing:
    """The second event: another deed, or another feeling."""
    first, second = actor.beats[0], actor.beats[1]
    dice = story.dice.within("next")
    if second.action == first.action and second.emotion != first.emotion and second.emotion:
        word = words_for("emotion", second.emotion)[0]
        verb = "start" if word.endswith("ing") else dice.pick("turn", ("become", "get"))
        return Doing(subject=who, verb=verb, tail=(word,), told=frozenset(("emotion",)))
    brief = replace(telling, length="short", objects={})
    return deed(brief, actor, second, who, dice)


def _tell_surroundings(story: Story) -> None:
    """Place, time, weather, camera and style, each told or left out."""
    scene, dice = story.scene, story.dice
    if _wanted(story, "place"):
        moves = story.lead is not None and any(
            catalogue().actions[beat.action].locomotion for beat in scene.actors[0].beats
        )
        options = ways_through(scene.setting) if moves else places_of(scene.setting)
        story.place = dice.pick("place", unreserved(options))
    if sanity.time_shows(scene) and _wanted(story, "time"):
        story.time = _one(story, "time", scene.time, "adverb")
    if _wanted(story, "weather", scene.weather):
        story.weather = _one(story, "weather", scene.weather, "adverb")
    if _wanted(story, "camera", scene.camera.move):
        story.camera = scene.camera.move
    if _wanted(story, "style", scene.style):
        story.style = scene.style


def _wanted(story: Story, slot: str, value: str | None = None) -> bool:
    share = _SHARES[story.length][slot]
    if value is not None and _QUIET.get(slot) == value:
        share *= _QUIET_SHARE
    return story.dice.happens(f"{slot} told", share)


def _one(story: Story, slot: str, name: str, use: str) -> str:
    options = sayable(story.scene, slot, name, use)
    if not options:
        return ""
    return story.dice.pick(slot, options)
