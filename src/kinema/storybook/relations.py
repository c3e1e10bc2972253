"""Who is what to whom in a scene: partners, mounts, meetings, chases."""

from __future__ import annotations

from kinema.storybook.scene import Actor, Scene


def partner(scene: Scene, actor: Actor, kinds: tuple[str, ...], action: str) -> Actor | None:
    """Whom an action is done to: the beat's own target, else the relation's object."""
    others = {other.id: other for other in scene.actors if other.id != actor.id}
    for beat in actor.beats:
        if beat.action == action and beat.target in others:
            return others[beat.target]
    for relation in scene.relations:
        if relation.kind in kinds and relation.subject == actor.id and relation.object in others:
            return others[relation.object]
    return None


def mount_of(scene: Scene, actor: Actor) -> str | None:
    """The id of whom the actor sits on; None where it sits on nobody."""
    ids = {other.id for other in scene.actors}
    for relation in scene.relations:
        seated = relation.kind in ("on_top_of", "riding") and relation.subject == actor.id
        if seated and relation.object in ids:
            return None if relation.object == actor.id else relation.object
    return None


def meeting(scene: Scene, actor: Actor) -> Actor | None:
    """Whom the actor comes to meet; None where it meets nobody."""
    for relation in scene.relations:
        pair = (relation.subject, relation.object)
        if relation.kind == "meeting" and actor.id in pair and pair[0] != pair[1]:
            other = pair[1] if pair[0] == actor.id else pair[0]
            return next((one for one in scene.actors if one.id == other), None)
    return None


def pack(scene: Scene, actor: Actor) -> str:
    """The id of the actor at the head of the chase that this one is in; its own id outside any."""
    seen = [actor.id]
    while True:
        ahead = partner(scene, actor, ("chasing", "following"), "chase")
        ahead = ahead or partner(scene, actor, (), "follow")
        if ahead is None or ahead.id in seen:
            return actor.id
        seen.append(ahead.id)
        actor = ahead
