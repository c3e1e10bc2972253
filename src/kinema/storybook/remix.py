"""Remix: a prompt changes a scene, and only what the prompt names changes."""

from __future__ import annotations

from typing import Final

import msgspec

from kinema.errors import RequestError
from kinema.storybook.casting import (
    ACTORS_MAX,
    LOST_TARGET,
    bind_relations,
    cast,
    fit_action,
    looks_of,
    looks_over,
)
from kinema.storybook.catalogue import catalogue
from kinema.storybook.chance import chance
from kinema.storybook.draft import Draft, Findings
from kinema.storybook.languages import english
from kinema.storybook.parser import Parser
from kinema.storybook.reader import NEUTRAL, character_drafts, finish, fit_weather, require_content
from kinema.storybook.reading import Reading
from kinema.storybook.scene import SECOND_BEAT, Actor, Beat, Scene
from kinema.types import CharacterRef

STRENGTHS: Final = {"subtle": 0.25, "mild": 0.5, "strong": 0.75}
"""The named strengths of a remix."""

NEW_SEED_ABOVE: Final = 0.7
"""Above this strength scenery and placement are new; what is not named still stays."""


def remix(
    scene: Scene, prompt: str, *, strength: float = 0.5, characters: tuple[CharacterRef, ...] = ()
) -> Reading:
    """Change a scene as a prompt says, and leave alone what it does not name.

    "The fox", "it", or a bare verb or adjective is about those who are there: they keep id, place
    and rhythm. A subject that is not there joins them after "add", "another", "with" or beside one
    who is there; otherwise it takes the place of the only one there is, or of the first group.
    "Replace the fox with a cat" and "remove the fox" do what they say.

    Args:
        scene: The scene to change, placed or not.
        prompt: What is to be different.
        strength: 0 to 1. Above `NEW_SEED_ABOVE` a new seed is derived from scene and prompt, and
            actors lose their places.
        characters: Names that the prompt may use, with what they look like.

    Returns:
        The reading of the prompt, with the changed scene.

    Raises:
        PromptError: No word of the prompt can be read.
        RequestError: ``strength`` is out of range.
    """
    if not 0.0 <= strength <= 1.0:
        raise RequestError(
            "strength", f"{strength:g} is out of range", "0 to 1, or subtle, mild, strong"
        )
    gloss = english(prompt)
    parser = Parser(gloss.text, character_drafts(characters), going_on=True)
    found = parser.parse()
    require_content(prompt, parser.words)
    notes = list(found.notes)
    changed = _change_place_and_light(scene, found)
    changed = _change_actors(changed, found, notes)
    if changed.setting != scene.setting:
        changed = _fit_to_setting(changed, scene, notes)
    changed = msgspec.structs.replace(
        changed,
        weather=fit_weather(changed.weather, changed.setting, notes),
        **_valid_references(changed),
    )
    if strength > NEW_SEED_ABOVE:
        seed = int(chance(scene.seed, "remix", prompt) * 2**53)
        actors = tuple(msgspec.structs.replace(actor, place=None) for actor in changed.actors)
        changed = msgspec.structs.replace(changed, seed=seed, actors=actors)
    return finish(gloss, changed, parser.words, notes)


def _change_place_and_light(scene: Scene, found: Findings) -> Scene:
    for slot, value in (
        ("weather", scene.weather),
        ("camera", scene.camera.move),
        ("style", scene.style),
    ):
        if (slot, value) in found.denied and getattr(found, slot) is None:
            setattr(found, slot, NEUTRAL[slot])
    camera = scene.camera
    if found.camera is not None:
        target = camera.target or (scene.actors[0].id if scene.actors else None)
        camera = msgspec.structs.replace(camera, move=found.camera, target=target)
    setting = found.setting or scene.setting
    return msgspec.structs.replace(
        scene,
        setting=setting,
        time=found.time or scene.time,
        weather=found.weather or scene.weather,
        camera=camera,
        style=found.style or scene.style,
    )


def _change_actors(scene: Scene, found: Findings, notes: list[str]) -> Scene:
    actors = _without_denied(scene, found)
    cast_by: dict[int, list[Actor]] = {}
    for old, other in found.swaps:
        if other.subject not in catalogue().subjects:
            continue
        cast_by[id(other)] = _take_over(_meant(old, actors), other, actors, scene, notes)
    new = _join_or_take_over(scene, found, actors, cast_by, notes)
    there = {actor.id for actor in actors}
    cast_by = {key: [a for a in group if a.id in there] for key, group in cast_by.items()}
    cast_by[id(found.loose)] = list(actors)
    cast_by = cast(new, scene.setting, notes, cast_by)
    actors += [actor for draft in new for actor in cast_by.get(id(draft), [])]
    for draft in (found.loose, *found.drafts):
        if id(draft) in cast_by and draft not in new:
            _apply(draft, cast_by, actors, scene, notes)
    camera = scene.camera
    if found.camera_target is not None and cast_by.get(id(found.camera_target)):
        target = cast_by[id(found.camera_target)][0].id
        camera = msgspec.structs.replace(camera, target=target)
    relations = dict.fromkeys((*scene.relations, *bind_relations(found.relations, cast_by)))
    return msgspec.structs.replace(
        scene, actors=tuple(actors), relations=tuple(relations), camera=camera
    )


def _without_denied(scene: Scene, found: Findings) -> list[Actor]:
    """The actors who stay, without the things that the prompt takes from them."""
    denied = {value for slot, value in found.denied if slot in ("subject", "accessory")}
    unmade = {value for slot, value in found.denied if slot in ("material", "colour")}
    return [
        msgspec.structs.replace(
            actor,
            holds=None if actor.holds in denied else actor.holds,
            wears=None if actor.wears in denied else actor.wears,
            material=None if actor.material in unmade else actor.material,
        )
        for actor in scene.actors
        if ("subject", actor.subject) not in found.denied
    ]


def _join_or_take_over(
    scene: Scene,
    found: Findings,
    actors: list[Actor],
    cast_by: dict[int, list[Actor]],
    notes: list[str],
) -> list[Draft]:
    """Say of every draft which actors it means; returns those who are new to the scene."""
    new: list[Draft] = []
    swapped = [draft for pair in found.swaps for draft in pair]
    for draft in found.drafts:
        if draft in swapped or draft.subject not in catalogue().subjects:
            continue
        meant = [] if draft.added else _meant(draft, actors)
        if meant:
            cast_by[id(draft)] = _counted(draft, meant, actors) if draft.counted else meant
        elif draft.added or not actors or _joins(draft, found, actors):
            new.append(draft)
        else:
            cast_by[id(draft)] = _take_over(_first_group(actors), draft, actors, scene, notes)
    return new


def _meant(draft: Draft, actors: list[Actor]) -> list[Actor]:
    """Those in the scene that a draft is about: of its name, or of its subject."""
    if draft.name is not None:
        return [actor for actor in actors if actor.name == draft.name]
    if not draft.subject:
        return actors[:1]
    return [actor for actor in actors if actor.subject == draft.subject]


def _counted(draft: Draft, meant: list[Actor], actors: list[Actor]) -> list[Actor]:
    """As many of them as the prompt counts: the last leave, or others like the first come."""
    for actor in meant[draft.count :]:
        del actors[_index(actors, actor.id)]
    kept, first = meant[: draft.count], meant[0]
    ids = {actor.id for actor in actors}
    stem = first.id.rpartition("-")[0] or first.id
    while len(kept) < draft.count and len(actors) < ACTORS_MAX:
        new_id = next(
            f"{stem}-{n}" for n in range(1, ACTORS_MAX + len(ids) + 2) if f"{stem}-{n}" not in ids
        )
        phase = round((first.phase + len(kept) * 0.381966) % 1.0, 4)
        twin = msgspec.structs.replace(first, id=new_id, name=None, place=None, phase=phase)
        ids.add(new_id)
        actors.append(twin)
        kept.append(twin)
    return kept


def _first_group(actors: list[Actor]) -> list[Actor]:
    group = actors[0].group
    return [
        actor for actor in actors if actor.id == actors[0].id or (group and actor.group == group)
    ]


def _joins(draft: Draft, found: Findings, actors: list[Actor]) -> bool:
    """True for a subject that is told together with one who is there, or does something with it."""
    others = [other for other in found.drafts if other is not draft and _meant(other, actors)]
    return (
        bool(others)
        or draft.like is not None
        or any(
            draft in (a, b) and (a.subject == "" or b.subject == "") for _, a, b in found.relations
        )
    )


def _take_over(
    old: list[Actor], draft: Draft, actors: list[Actor], scene: Scene, notes: list[str]
) -> list[Actor]:
    """Let a new subject take the places of actors who leave; ids, places and rhythm stay."""
    changed = []
    where = catalogue().settings[scene.setting]
    for actor in old:
        looks = looks_of(catalogue().subjects[draft.subject], draft, [])
        beats = tuple(
            msgspec.structs.replace(
                beat, action=fit_action(draft.subject, beat.action, where, notes, said=True)
            )
            for beat in actor.beats
        )
        taken = msgspec.structs.replace(
            actor,
            subject=draft.subject,
            name=draft.name,
            beats=beats,
            **looks._asdict(),
        )
        actors[_index(actors, actor.id)] = taken
        changed.append(taken)
    return changed


def _index(actors: list[Actor], actor_id: str) -> int:
    return next(index for index, actor in enumerate(actors) if actor.id == actor_id)


def _apply(
    draft: Draft,
    cast_by: dict[int, list[Actor]],
    actors: list[Actor],
    scene: Scene,
    notes: list[str],
) -> None:
    """Change looks and beats of the actors that a draft is about."""
    for number, actor in enumerate(cast_by[id(draft)]):
        index = _index(actors, actor.id)
        now = actors[index]
        subject = catalogue().subjects[now.subject]
        looks = looks_of(subject, draft, notes if number == 0 else [])
        actors[index] = msgspec.structs.replace(
            now,
            **looks_over(now, looks),
            size=draft.size or now.size,
            holds=draft.holds or now.holds,
            wears=draft.wears or now.wears,
            beats=_merge_beats(now, draft, cast_by, scene, notes if number == 0 else []),
        )


def _merge_beats(
    actor: Actor, draft: Draft, cast_by: dict[int, list[Actor]], scene: Scene, notes: list[str]
) -> tuple[Beat, ...]:
    beats = {beat.at: beat for beat in actor.beats}
    where = catalogue().settings[scene.setting]
    events = draft.events or ({0: draft.fallback} if draft.fallback is not None else {})
    for stage, event in sorted(events.items()):
        at = SECOND_BEAT * stage
        earlier = [beats[time] for time in sorted(beats) if time <= at]
        before = earlier[-1] if earlier else Beat(action="look_around")
        action, target = before.action, before.target
        if event.action is not None:
            action = fit_action(actor.subject, event.action, where, notes, said=True)
            others = cast_by.get(id(event.target), []) if event.target is not None else []
            target = others[0].id if others else None
        beats[at] = msgspec.structs.replace(
            before,
            at=at,
            action=action,
            target=target,
            direction=event.direction or (before.direction if event.action is None else None),
            emotion=event.emotion or before.emotion,
            pace=event.pace or (before.pace if event.action is None else 1.0),
        )
        for later in [
            time for time in beats if time > at and beats[time].emotion == before.emotion
        ]:
            beats[later] = msgspec.structs.replace(beats[later], emotion=beats[at].emotion)
    return tuple(beats[at] for at in sorted(beats))


def _fit_to_setting(scene: Scene, before: Scene, notes: list[str]) -> Scene:
    """Adapt actions to a new medium; who does something else there is placed anew."""
    where, was = catalogue().settings[scene.setting], catalogue().settings[before.setting]
    if where.medium == was.medium:
        return scene
    actors = []
    for actor in scene.actors:
        told = [notes] + [[] for _ in actor.beats]
        fitted = [
            fit_action(actor.subject, beat.action, where, said, said=False)
            for beat, said in zip(actor.beats, told, strict=False)
        ]
        beats = tuple(
            msgspec.structs.replace(beat, action=action)
            for beat, action in zip(actor.beats, fitted, strict=True)
        )
        actors.append(msgspec.structs.replace(actor, beats=beats, place=None))
    return msgspec.structs.replace(scene, actors=tuple(actors))


def _valid_references(scene: Scene) -> dict[str, object]:
    """Relations, beats and camera without those who have left."""
    ids = {actor.id for actor in scene.actors}
    actors = tuple(
        msgspec.structs.replace(
            actor,
            beats=tuple(
                _without_target(beat) if beat.target not in (None, *ids) else beat
                for beat in actor.beats
            ),
        )
        for actor in scene.actors
    )
    target = (
        scene.camera.target
        if scene.camera.target in ids
        else (scene.actors[0].id if scene.actors and scene.camera.target else None)
    )
    return {
        "actors": actors,
        "relations": tuple(
            relation for relation in scene.relations if {relation.subject, relation.object} <= ids
        ),
        "camera": msgspec.structs.replace(scene.camera, target=target),
    }


def _without_target(beat: Beat) -> Beat:
    action = LOST_TARGET.get(beat.action, beat.action)
    return msgspec.structs.replace(beat, target=None, action=action)
