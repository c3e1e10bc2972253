"""Dense captions: a paragraph of 40 to 80 words with light, background and the order of events."""

from __future__ import annotations

from typing import Final

from kinema.storybook import sanity
from kinema.storybook.captions.phrasebook import book, phrases
from kinema.storybook.captions.sentences import camera, landscape, sentence
from kinema.storybook.captions.story import PLAIN, Story
from kinema.storybook.catalogue import Setting, catalogue
from kinema.storybook.inflection import plural_of
from kinema.storybook.visibility import Visible

WORDS: Final = (40, 80)
"""Words of a dense caption, at least and at most; a bare scene may have less to tell."""
_INVENTORY = 3
_OPENINGS = ("in this clip,", "in this scene,", "")
_BEHIND = ("in the background", "farther back", "around the scene")


def dense(story: Story, visible: Visible | None) -> str:
    """The paragraph: what happens, then light and air, what is around, camera and style."""
    where = catalogue().settings[story.scene.setting]
    parts = _events(story)
    parts += _light(story)
    parts += _surroundings(story, where, visible)
    parts += _making(story)
    text = ""
    for part in parts:
        if len(f"{text} {part}".split()) > WORDS[1]:
            break
        text = f"{text} {part}".strip()
    for extra in _fillers(story, where):
        if len(text.split()) >= WORDS[0]:
            break
        text = f"{text} {extra}"
    return text


def _events(story: Story) -> list[str]:
    """Who does what where; the second event in a sentence of its own."""
    opening = story.dice.pick("dense opening", _OPENINGS)
    if story.lead is None:
        return [sentence(f"{landscape(story)}")]
    after, story.after = story.after, None
    adverbs = [part for part in (story.place, story.time) if part]
    first = sentence(f"{opening} {story.core()} {' '.join(adverbs)}")
    if after is None:
        return [first]
    story.told |= after.told
    subject = story.lead.subject
    who = subject.pronoun
    if who == "they" and not subject.plural:
        who = subject.again
    return [sentence(f"{opening} first, {story.core()} {' '.join(adverbs)}".strip()),
            sentence(f"then {after.told_by(who)}")]  # fmt: skip


def _light(story: Story) -> list[str]:
    """Sentences about light and weather that the scene shows."""
    scene, words, found = story.scene, book().light, []
    dim = scene.weather in sanity.CLOUDED and scene.time not in sanity.DARK
    if sanity.time_shows(scene) and scene.time in words.time and not dim:
        colourless = scene.style in sanity.COLOURLESS
        table = {**words.time, **(words.plain if colourless else {})}
        found.append(story.dice.pick("light", table[scene.time]))
        story.told.add("time")
    if scene.weather in words.weather:
        found.append(story.dice.pick("air", words.weather[scene.weather]))
        story.told.add("weather")
    return found


def _surroundings(story: Story, where: Setting, visible: Visible | None) -> list[str]:
    """What stands around, and what is underfoot."""
    known = book()
    things = [_scenery(sprite) for sprite in (visible.scenery if visible else ())]
    painted = story.scene.style != "live_action"  # else a photograph stands for the place
    if painted and not sanity.indoors(where) and story.scene.weather != "fog":
        things += [known.far[layer.kind] for layer in where.far if layer.kind in known.far]
    things = list(dict.fromkeys(things))[:_INVENTORY]
    found = []
    if things:
        place = story.dice.pick("behind", _BEHIND)
        found.append(sentence(f"{_listed(things)} can be seen {place}"))
    if painted and where.ground in known.ground and story.dice.happens("ground told", 0.6):
        found.append(sentence(f"the ground is {known.ground[where.ground]}"))
    return found


def _scenery(sprite: str) -> str:
    """The English name of scenery: several of most things, one of a few."""
    name = sprite.replace("-", " ")
    return book().scenery.get(sprite) or (name if name.endswith("s") else plural_of(name))


def _listed(things: list[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _making(story: Story) -> list[str]:
    """Camera and style."""
    found = []
    if story.camera:
        labels = phrases("camera", story.camera, "label")
        clause = camera(story)
        if not clause and labels:
            clause = story.dice.pick("camera label", labels).text
        if clause:
            found.append(sentence(clause))
            story.told.add("camera")
    if story.style and story.style != PLAIN:
        labels = phrases("style", story.style, "label")
        label = story.dice.pick("style label", labels).text if labels else ""
        plain = f"{story.style.replace('_', ' ')} style"
        found.append(sentence(f"the whole clip is in {(label or plain).removeprefix('in ')}"))
        story.told.add("style")
    return found


def _fillers(story: Story, where: Setting) -> list[str]:
    """True sentences for scenes with little to tell."""
    found = []
    if story.scene.actors:
        found.append(
            "Nobody else is to be seen."
            if len(story.scene.actors) == 1
            else "All of them can be seen clearly during the whole clip."
        )
    if sanity.indoors(where):
        found.append("The whole scene takes place indoors.")
    elif sanity.shows_sky(where):
        found.append("Far away the view fades into the distance.")
    found.append("The picture is calm, simple and easy to read from beginning to end.")
    return found
