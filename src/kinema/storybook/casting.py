"""From drafts to actors: what a prompt leaves open is filled in here.

Nothing here reads words. A draft becomes as many actors as were counted, each with an id that is
stable through remixes; events become beats; actions that cannot happen where they are told become
the nearest that can, and a note says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from kinema.storybook.catalogue import Setting, Subject, catalogue
from kinema.storybook.chance import chance
from kinema.storybook.draft import Draft, Event
from kinema.storybook.inflection import with_article
from kinema.storybook.scene import SECOND_BEAT, Actor, Beat, Relation

ACTORS_MAX: Final = 8
"""Actors in a scene at most; more are counted down, and a note says so."""

LOST_TARGET: Final = {
    "chase": "run", "flee": "run", "follow": "walk", "jump_over": "jump", "hug": "wave",
    "meet": "walk",
}  # fmt: skip
"""What is done instead where there is nobody to do it to."""

# What locomotion becomes in a medium where it cannot happen.
_ADAPTED = {"air": "fly", "water": "swim", "underwater": "swim", "space": "float"}
_HOME = {"air": "sky", "water": "lake", "underwater": "underwater", "space": "outer_space"}
GILDED: Final = ("object", "vehicle")
"""Groups whose members are made of gold where they are called golden; others only look it."""

_RECOLOURED = {"black": "dark", "white": "light", "orange": "medium-dark"}


def stable_choice(seed: int, topic: str, options: Sequence[str]) -> str:
    """One of the options, always the same for a seed and a topic, on every machine."""
    return options[int(chance(seed, topic) * len(options))]


def home_of(drafts: Sequence[Draft], weather: str | None) -> str:
    """The setting to choose where a prompt names none: home of the first subject.

    Of its homes, that one is chosen where its action can happen, the weather shows and most of
    the others are at home too.
    """
    world = catalogue()
    first = next((draft for draft in drafts if draft.subject in world.subjects), None)
    if first is None:
        return "snowy_field" if weather == "snow" else "meadow"
    subject = world.subjects[first.subject]
    event = first.events.get(0)
    action = event.action if event and event.action not in (None, "move") else subject.actions[0]
    allowed = world.actions[action].media if action in world.actions else ()
    media = [medium for medium in subject.medium if not allowed or medium in allowed]
    places = [
        place
        for medium in (*media, *subject.medium, *allowed, "land")
        for place in _homes(subject, medium, weather)
    ]
    fitting = [
        place for place in places if weather is None or weather in world.settings[place].weathers
    ]
    known = [world.subjects[draft.subject] for draft in drafts if draft.subject in world.subjects]
    return max(
        fitting or places,
        key=lambda place: sum(world.settings[place].medium in other.medium for other in known),
    )


def _homes(subject: Subject, medium: str, weather: str | None) -> tuple[str, ...]:
    settings = catalogue().settings
    if medium in _HOME:
        own = tuple(
            place
            for place in subject.surfaces
            if place in settings and settings[place].medium == medium
        )
        return (*own, _HOME[medium])
    if weather == "snow":
        return ("snowy_field", "meadow")
    own = tuple(
        place
        for place in subject.surfaces
        if place in settings and settings[place].medium == "land"
    )
    return (
        *own,
        "city_street" if subject.group == "vehicle" and "drive" in subject.actions else "meadow",
    )


def stand_in_for(draft: Draft) -> str:
    """A subject for a noun that is not known, chosen by what it does."""
    world = catalogue()
    event = draft.events.get(0)
    wanted = event.action if event else None
    preferred = {"fly": "air", "swim": "underwater", "sail": "water", "float": "space"}.get(
        wanted or ""
    )
    if wanted == "drive":
        names = [name for name, subject in world.subjects.items() if "drive" in subject.actions]
    elif preferred:
        names = [name for name, subject in world.subjects.items() if subject.medium[0] == preferred]
    else:
        names = [name for name, subject in world.subjects.items() if subject.body == "plush"]
    return names[0] if names else next(iter(world.subjects))


def cast(
    drafts: Sequence[Draft],
    setting: str,
    notes: list[str],
    there: dict[int, list[Actor]] | None = None,
) -> dict[int, list[Actor]]:
    """Make actors of drafts.

    Args:
        drafts: What the parser found; those whose subject the catalogue lacks are passed over.
        setting: Key of the setting they act in.
        notes: Sentences about what was changed are added here.
        there: Actors who are in the scene already, by the ``id()`` of the draft that means them.

    Returns:
        The actors of each draft, by the draft's ``id()``; beats and targets are filled in.
    """
    subjects = catalogue().subjects
    cast_by: dict[int, list[Actor]] = dict(there or {})
    ids = {actor.id for actors in cast_by.values() for actor in actors}
    room = max(0, ACTORS_MAX - len(ids))
    known = [draft for draft in drafts if draft.subject in subjects]
    shares = _shares(known, room)
    for draft, count in zip(known, shares, strict=True):
        if count < draft.count:
            notes.append(
                f"at most {ACTORS_MAX} actors fit: {draft.count} {draft.subject} became {count}"
            )
        cast_by[id(draft)] = [_actor(draft, number, count, ids, notes) for number in range(count)]
    where = catalogue().settings[setting]
    for draft in known:
        cast_by[id(draft)] = [
            _with_beats(actor, draft, number, cast_by, where, notes)
            for number, actor in enumerate(cast_by[id(draft)])
        ]
    return {key: actors for key, actors in cast_by.items() if actors}


def _shares(drafts: Sequence[Draft], room: int) -> list[int]:
    """How many of each fit, so that nobody is missing.

    Groups that nobody counted give way first, then the largest.
    """
    shares = [draft.count if index < room else 0 for index, draft in enumerate(drafts)]
    while sum(shares) > room:
        spare = [index for index, share in enumerate(shares) if share > 1]
        first = max(spare, key=lambda index: (not drafts[index].counted, shares[index], index))
        shares[first] -= 1
    return shares


def _actor(draft: Draft, number: int, count: int, ids: set[str], notes: list[str]) -> Actor:
    slug = draft.subject.replace(" ", "-")
    serial = next(n for n in range(1, 1000) if f"{slug}-{n}" not in ids)
    own_id = f"{slug}-{serial}"
    ids.add(own_id)
    subject = catalogue().subjects[draft.subject]
    looks = looks_of(subject, draft, notes if number == 0 else [])
    return Actor(
        id=own_id,
        subject=draft.subject,
        beats=(),
        name=draft.name,
        colour=looks.colour,
        material=looks.material,
        size=draft.size,
        tone=looks.tone,
        holds=draft.holds,
        wears=draft.wears,
        group=f"{slug}-group-{serial - number}" if count > 1 else None,
        phase=round((len(ids) - 1) * 0.381966 % 1.0, 4),
    )


class Looks(NamedTuple):
    """Colour, skin tone and material of a subject, None where it keeps its own."""

    colour: str | None
    tone: str | None
    material: str | None


def looks_of(subject: Subject, said: Draft, notes: list[str]) -> Looks:
    """Looks that a subject can have: black, white and brown people have a tone.

    A material takes the place of the colour, but glass may be tinted; golden things are of gold.
    """
    material = said.material
    if material is None and said.colour == "gold" and subject.group in GILDED:
        material = "gold"
    if material is not None:
        tinted = material == "glass" and said.colour in catalogue().colours
        if said.colour not in (None, material) and not tinted:
            notes.append(f"{material} has a colour of its own: {said.colour} is left out")
        return Looks(said.colour if tinted else None, _tone(subject, said.tone), material)
    colour, tone = _colour_and_tone(subject, said.colour, said.tone, notes)
    return Looks(colour, tone, None)


def looks_over(old: Actor, said: Looks) -> dict[str, str | None]:
    """The looks that an actor has after something was said of them, as fields of `Actor`.

    What is not said stays, but of colour and material only the last counts, except in glass.
    """
    material, colour = said.material or old.material, said.colour or old.colour
    if said.material is not None and material != "glass":
        colour = None
    elif said.colour is not None and material != "glass":
        material = None
    return {"colour": colour, "material": material, "tone": said.tone or old.tone}


def _tone(subject: Subject, tone: str | None) -> str | None:
    return tone if subject.tones else None


def _colour_and_tone(
    subject: Subject, colour: str | None, tone: str | None, notes: list[str]
) -> tuple[str | None, str | None]:
    if subject.tones:
        if tone is None and colour in _RECOLOURED:
            return None, _RECOLOURED[colour]
        return (colour if subject.colours else None), tone
    if colour is not None and colour not in catalogue().colours:
        return None, None  # its own colour, which is none of those that can be put on
    if colour is not None and not subject.colours and colour != subject.own_colour:
        notes.append(f"{subject.name!r} keeps its own colours: {colour} is left out")
        return None, None
    return colour, None


def _with_beats(
    actor: Actor,
    draft: Draft,
    number: int,
    cast_by: dict[int, list[Actor]],
    where: Setting,
    notes: list[str],
) -> Actor:
    events = _events(draft)
    beats: list[Beat] = []
    notes_here = notes if number == 0 else []
    for stage in sorted(events):
        event = events[stage]
        action = event.action or (
            beats[-1].action if beats else default_action(draft.subject, where)
        )
        target = None
        if event.target is not None and cast_by.get(id(event.target)):
            others = cast_by[id(event.target)]
            target = others[number % len(others)].id
        if target is None:
            action = LOST_TARGET.get(action, action) if action != "flee" else action
        beats.append(
            Beat(
                action=fit_action(
                    draft.subject, action, where, notes_here, said=event.action is not None
                ),
                at=SECOND_BEAT * stage,
                direction=event.direction,
                target=target,
                emotion=event.emotion or (beats[-1].emotion if beats else None),
                pace=event.pace or (beats[-1].pace if beats and event.action is None else 1.0),
            )
        )
    return msgspec.structs.replace(actor, beats=tuple(beats))


def _events(draft: Draft) -> dict[int, Event]:
    """The draft's events from the first beat on, with what it does if nothing is said."""
    events = dict(draft.events)
    first = events.get(0, Event())
    later = [stage for stage in sorted(events) if stage and events[stage].action is not None]
    silent = first == Event() and draft.fallback is None and draft.like is None
    if silent and later and draft.since == later[0]:  # who comes later has done it from the start
        first = events.pop(later[0])
    if first.action is None:
        given = draft.like.events.get(0) if draft.like else None
        fallback = given if given and given.action else draft.fallback
        if fallback is draft.fallback and fallback is not None and not _is_alive(draft.subject):
            fallback = Event(action="move" if fallback.action == "flee" else fallback.action)
        if fallback is not None:
            first = Event(
                action=fallback.action,
                direction=first.direction or fallback.direction,
                emotion=first.emotion,
                pace=first.pace or fallback.pace,
                target=fallback.target if fallback.target is not draft else None,
            )
    events[0] = first
    return events


def _is_alive(name: str) -> bool:
    return catalogue().subjects[name].group in ("animal", "person", "character", "vehicle")


def default_action(name: str, where: Setting) -> str:
    """What a subject does at a place if nothing is said: its default, or a way to move there."""
    subject = catalogue().subjects[name]
    first = subject.actions[0]
    return first if _can_happen(first, where) else _way_to_move(subject, where)


def fit_action(name: str, action: str, where: Setting, notes: list[str], *, said: bool) -> str:
    """The action, or the nearest one that the subject can do at that place.

    ``action`` may be "move": however the subject gets about there. A note is written where a
    wish is changed (``said``), or where the subject is out of its element.
    """
    world = catalogue()
    subject, row = world.subjects[name], world.actions.get(action)
    if row is None:
        return _way_to_move(subject, where)
    if subject.group == "vehicle" and action in ("walk", "run") and action not in subject.actions:
        return _way_to_move(subject, where)
    who, does = with_article(name), action.replace("_", " ")
    place = where.name.replace("_", " ")
    if said and action in subject.excludes:
        instead = _way_to_move(subject, where) if row.locomotion else default_action(name, where)
        notes.append(f"{who} cannot {does}: it {world.actions[instead].third}")
        return instead
    if not _can_happen(action, where):
        instead = _way_to_move(subject, where)
        notes.append(f"{who} cannot {does} here ({place}): it {world.actions[instead].third}")
        return instead
    if not said and where.medium not in subject.medium:
        notes.append(f"{who} is out of its element here ({place}): it {row.third}")
    return action


def _can_happen(action: str, where: Setting) -> bool:
    media = catalogue().actions[action].media
    return not media or where.medium in media


def _way_to_move(subject: Subject, where: Setting) -> str:
    """How a subject gets about in a medium; out of its element it hops, swims or floats."""
    actions = catalogue().actions
    ways = [
        action for action in subject.actions if actions[action].locomotion and actions[action].media
    ]
    fitting = [action for action in ways if where.medium in actions[action].media]
    if fitting:
        return fitting[0]
    if where.medium in subject.medium:
        return ways[0] if ways else subject.actions[0]
    lively = subject.group in ("animal", "person", "character")
    wanted = (
        ("hop" if where.medium == "land" else _ADAPTED.get(where.medium, "float"))
        if lively
        else "float"
    )
    return next(
        action for action in (wanted, "float", "look_around") if action not in subject.excludes
    )


def bind_relations(
    found: Sequence[tuple[str, Draft, Draft]], cast_by: dict[int, list[Actor]]
) -> tuple[Relation, ...]:
    """Relations between actors from relations between drafts; each of a group has its own."""
    relations: dict[Relation, None] = {}
    related = {
        frozenset((id(subject), id(other))) for kind, subject, other in found if kind != "beside"
    }
    for kind, subject, other in found:
        if kind == "beside" and frozenset((id(subject), id(other))) in related:
            continue
        objects = cast_by.get(id(other), [])
        for number, actor in enumerate(cast_by.get(id(subject), [])):
            meant = objects if kind == "between" else objects[number % max(len(objects), 1) :][:1]
            for one in meant:
                if one.id != actor.id:
                    relations[Relation(kind=kind, subject=actor.id, object=one.id)] = None
    return tuple(relations)
