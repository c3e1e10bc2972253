"""Scenes said in other languages, plainly: who, in what colour, does what, where and when.

English has a grammar of its own (`captions`). These are one headline a scene, made of phrases that
are looked up: what the held-out split of other languages is sampled from. Never trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from kinema.storybook import sanity
from kinema.storybook.catalogue import catalogue
from kinema.storybook.languages.tables import document, forms_of, headlines, normal, table
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.scene import Actor, Scene
from kinema.types import Value, from_builtins

_ODD: Final = frozenset("(),;/")  # names with these are no names that anybody says


class _Manner(Value, kw_only=True):
    """How one language says a scene; data/languages/say.toml describes the fields."""

    order: tuple[str, ...]
    joint: str = " "
    end: str = "."
    capitals: bool = False
    subject: str = "{}"
    colour: str = "{}"
    action: str = "{}"
    target: str = "{action} {}"
    feminine: tuple[str, ...] = ()
    colours: dict[str, str]
    settings: dict[str, str]
    times: dict[str, str]
    weathers: dict[str, str]
    actions: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saying:
    """A scene in another language, and the slots of the scene that its words tell."""

    text: str
    told: frozenset[str]


def say(scene: Scene, code: str) -> Saying | None:
    """Say a scene in a language: subject, colour, action and whom it is done to, place, light.

    Args:
        scene: Any scene; it need not be staged.
        code: One of `tables.LANGUAGES`.

    Returns:
        One line, or None for what the plain grammar has no words for: several counted together, a
        second event, two who do not act on each other, nobody, a subject without a name there.
        Colour, time and weather are left out where they cannot be seen.

    Raises:
        KeyError: There is no such language.

    Example:
        >>> from kinema.storybook.reader import read
        >>> say(read("a blue fox runs in the forest at night").scene, "es").text
        'Zorro de color azul corre en el bosque de noche.'
    """
    manner = _manners()[code]
    if not scene.actors or any(len(actor.beats) != 1 or actor.group for actor in scene.actors):
        return None
    lead, *others = scene.actors
    name, verb = _name(lead, code, manner), _verb(lead, others, code, manner)
    if name is None or verb is None:
        return None
    gender = int(name.endswith(manner.feminine)) if manner.feminine else 0
    parts = {
        "subject": manner.subject.format(name),
        "action": manner.action.format(_agreeing(verb, gender)),
        "setting": manner.settings[scene.setting],
    }
    if lead.colour is not None and scene.style not in sanity.COLOURLESS:
        colour = _agreeing(manner.colours[lead.colour], gender)
        parts["colour"] = _agreeing(manner.colour, gender).format(colour)
    if sanity.time_shows(scene):
        parts["time"] = manner.times[scene.time]
    if scene.weather in manner.weathers:
        parts["weather"] = manner.weathers[scene.weather]
    text = manner.joint.join(parts[part] for part in manner.order if part in parts)
    return Saying(text[0].upper() + text[1:] + manner.end, frozenset(parts))


def _agreeing(forms: str, gender: int) -> str:
    """The form that goes with the gender, of one form or two."""
    return forms.split("|")[gender] if "|" in forms else forms


def _name(actor: Actor, code: str, manner: _Manner) -> str | None:
    name = _names(code).get(actor.subject)
    if name is not None and manner.capitals:
        head, _, noun = name.rpartition(" ")
        name = f"{head} {noun[0].upper()}{noun[1:]}".strip()
    return name


def _verb(lead: Actor, others: list[Actor], code: str, manner: _Manner) -> str | None:
    """What the first one does, with whom it is done to; None where others only stand there."""
    beat = lead.beats[0]
    verb = _verbs(code).get(beat.action)
    done_to = catalogue().actions[beat.action].needs_target
    if verb is None or done_to != bool(others):
        return None
    if not others:
        return None if "{}" in verb else verb
    if len(others) > 1 or others[0].id != beat.target:
        return None
    whom = _name(others[0], code, manner)
    if whom is None:
        return None
    patterns = (
        form if "{}" in form else manner.target.replace("{action}", form)
        for form in verb.split("|")
    )
    return "|".join(pattern.format(whom) for pattern in patterns)


@cache
def _manners() -> dict[str, _Manner]:
    return from_builtins(document("say"), dict[str, _Manner])


@cache
def _names(code: str) -> dict[str, str]:
    """By subject, the first of its names that means this subject and no other."""
    meanings = table(code).glosses
    found: dict[str, str] = {}
    for subject, name in headlines(code):
        if not _ODD & set(name) and meanings.get(normal(name, code)) == subject:
            found.setdefault(subject, name)
    return {
        sense.value: name
        for gloss, name in reversed(found.items())
        for sense in lexicon().senses.get(phrase_key(gloss), ())[:1]
        if sense.slot == "subject"
    }


@cache
def _verbs(code: str) -> dict[str, str]:
    """By action, its verb in the third person; masculine|feminine where the two differ."""
    own = _manners()[code].actions
    agrees = bool(_manners()[code].feminine)
    verbs: dict[str, str] = {}
    for gloss, forms in forms_of(code):
        for sense in lexicon().senses.get(phrase_key(gloss), ()):
            if sense.slot == "action":
                verbs.setdefault(sense.value, _feminine(forms) if agrees else forms[0])
    return verbs | own


def _feminine(forms: tuple[str, ...]) -> str:
    """Masculine and feminine of a verb: Hindi ends in -ta and -ti, Arabic begins with y- and t-."""
    first = forms[0]
    if first.endswith("\u0924\u093e"):
        return f"{first}|{first[:-1]}\u0940"
    if first.startswith("\u064a"):
        return f"{first}|\u062a{first[1:]}"
    return first
