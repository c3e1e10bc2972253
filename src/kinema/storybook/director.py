"""The director: completes a scene, so that everybody is to be seen and has room for what they do.

Places, directions and rhythms follow from the scene's seed and the actors' ids alone. What a scene
already says is kept: an actor with a place stays there, and new ones come in where there is room.
"""

from __future__ import annotations

from msgspec.structs import replace

from kinema.storybook.bodies import drawn_height, manner, shown, subject_of
from kinema.storybook.catalogue import Subject, catalogue
from kinema.storybook.chance import chance
from kinema.storybook.framing import headroom
from kinema.storybook.layout import Spot, goes, lay_out
from kinema.storybook.relations import meeting, mount_of, pack, partner
from kinema.storybook.scene import Actor, Beat, Place, Scene

_HIGH = 1.6  # metres; nobody floats higher
_DRIFTS = {"space": 0.3, "air": 0.4, "underwater": 0.6}  # metres by which heights differ
_LOW = {"space": 0.1, "air": 0.1, "underwater": 0.35}
_SUNK = {"quadruped": 0.42}  # share of a swimmer's height that is under water
_GROUNDED = ("launch", "rise", "fall", "sleep", "jump")


def stage(scene: Scene) -> Scene:
    """The same scene with every actor placed, directed and in its own rhythm.

    Actors that have a place keep it; beats that have a direction keep it. Staging a staged scene
    changes nothing.

    Args:
        scene: Any scene of the catalogue's subjects, settings and actions.

    Returns:
        A scene in which every actor has a `Place` and every beat that covers ground a direction.

    Raises:
        KeyError: A subject or the setting is not in the catalogue.

    Cost:
        Well under a millisecond an actor.
    """
    scene = replace(scene, actors=tuple(_answering(scene, actor) for actor in scene.actors))
    scene = replace(scene, actors=tuple(_directed(scene, actor) for actor in scene.actors))
    missing = [actor for actor in scene.actors if actor.place is None]
    if not missing:
        return scene
    spots = lay_out(scene)
    return replace(scene, actors=tuple(_placed(scene, actor, spots) for actor in scene.actors))


def _answering(scene: Scene, actor: Actor) -> Actor:
    """Who is chased or followed while idling runs or walks ahead."""
    if actor.place is not None:
        return actor
    for other in scene.actors:
        for kind, action, answer in (("chasing", "chase", "flee"), ("following", "follow", "walk")):
            hunted = partner(scene, other, (kind,), action)
            if hunted is None or hunted.id != actor.id:
                continue
            beats = tuple(
                replace(beat, action=answer) if beat.action == "look_around" else beat
                for beat in actor.beats
            )
            return replace(actor, beats=beats or (Beat(action=answer),))
    return actor


def _directed(scene: Scene, actor: Actor) -> Actor:
    """Give a direction to each beat that covers ground and has none."""
    beats: list[Beat] = []
    going = _usual_direction(scene, actor)
    for beat in actor.beats:
        if goes(scene, actor, beat) and beat.direction is None:
            beat = replace(beat, direction=going)
        going = beat.direction or going
        beats.append(beat)
    return replace(actor, beats=tuple(beats))


def _usual_direction(scene: Scene, actor: Actor) -> str:
    head = next(one for one in scene.actors if one.id == pack(scene, actor))
    for one in (head, actor):
        for beat in one.beats:
            if beat.direction in ("left", "right"):
                return beat.direction
    if head.place is not None:
        return "right" if head.place.facing > 0 else "left"
    other = meeting(scene, actor)
    if other is not None:
        first = next(one for one in scene.actors if one.id in (actor.id, other.id))
        return "right" if first.id == actor.id else "left"
    return "right" if chance(scene.seed, "direction") < 0.7 else "left"


def _placed(scene: Scene, actor: Actor, spots: dict[str, Spot]) -> Actor:
    if actor.place is not None:
        return actor
    spot = spots[actor.id]
    place = Place(
        x=round(spot.x, 4),
        z=round(spot.z, 4),
        y=round(_altitude(scene, actor, spot, spots), 4),
        facing=_facing(scene, actor, spot, spots),
    )
    main = actor.id == scene.actors[0].id
    phase = actor.phase or (0.0 if main else round(chance(scene.seed, actor.id, "phase"), 3))
    return replace(actor, place=place, phase=phase)


def _facing(scene: Scene, actor: Actor, spot: Spot, spots: dict[str, Spot]) -> int:
    first = actor.beats[0] if actor.beats else Beat(action="look_around")
    if goes(scene, actor, first) and first.direction in ("left", "right"):
        return 1 if first.direction == "right" else -1
    target = spots.get(first.target or "")
    if target is not None and abs(target.x - spot.x) > 0.05:
        return 1 if target.x > spot.x else -1
    if len(scene.actors) > 1 and abs(spot.x) > 0.3:
        return 1 if spot.x < 0 else -1
    return -1 if subject_of(actor).faces == "left" else 1


def _altitude(scene: Scene, actor: Actor, spot: Spot, spots: dict[str, Spot]) -> float:
    """Height of the actor's feet: by what it stands, flies, swims or floats in."""
    mount = mount_of(scene, actor)
    if mount is not None and mount in spots:
        other = next(one for one in scene.actors if one.id == mount)
        return spots[mount].y + drawn_height(other)
    action = actor.beats[0].action if actor.beats else "look_around"
    way, art, height = manner(scene, actor, action), shown(actor, action), drawn_height(actor)
    medium = catalogue().settings[scene.setting].medium
    spread = chance(scene.seed, actor.id, "height") - 0.5
    top = max(min(_HIGH, headroom(scene, spot.z, height) - 0.25), 0.0)
    if medium in _DRIFTS:
        if medium == "underwater" and not _swims(art, way, action):
            return 0.0
        middle = 1.5 - height / 2 + _DRIFTS[medium] * spread
        return min(max(middle, _LOW[medium]), top)
    winged = art.loop == "flap" and art.gait == "wings" and art.medium[0] == "air"
    hovers = winged and way == "rest" and action not in _GROUNDED
    if way == "fly" or hovers or (action == "float" and medium != "water"):
        return min(1.25 + 0.5 * spread, top)
    if medium != "water":
        return 0.0
    afloat = art.gait == "hull" or art.medium[0] == "water"
    if afloat or not (way == "swim" or action == "float"):
        return -0.05
    return -_SUNK.get(art.gait, 0.3) * height


def _swims(art: Subject, way: str, action: str) -> bool:
    return way == "swim" or action in ("float", "fly", "circle") or art.gait == "fins"
