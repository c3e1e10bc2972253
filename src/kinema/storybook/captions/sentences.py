"""Sentences: templates that turn a story into a short or a medium caption.

`TEMPLATES` are what training reads, `RESERVED` what it never does (split G): constructions of their
own (relative clauses, the past, questions, stage directions), not other words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kinema.storybook.captions.clauses import passive
from kinema.storybook.captions.phrasebook import camera_clauses, inflected, phrases, places_of
from kinema.storybook.captions.story import Story
from kinema.storybook.catalogue import catalogue
from kinema.storybook.inflection import with_article

Template = Callable[[Story], str]
SHORT_WORDS: Final = (3, 8)
"""Words of a short caption, at least and at most."""

_SEEN = {"we see": "we see", "here is": "here are", "this is": "these are", "there is": "there are"}
_CLIPS = ("a video of", "a clip of", "a scene with", "footage of", "a short film of")
_ASKED = ("show me", "make a video of", "create a clip of", "I want to see")
_SLOWLY = ("slowly ", "gently ", "smoothly ")


def _plain(story: Story) -> str:
    return _line(story.core(), *story.adverbs())


def _progressive(story: Story) -> str:
    return _line(story.core(form="progressive"), *story.adverbs())


def _fronted(story: Story) -> str:
    parts = story.adverbs()
    if not parts:
        return _plain(story)
    first = story.dice.pick("front", range(len(parts)))
    rest = [part for index, part in enumerate(parts) if index != first]
    return _line(f"{parts[first]}, {story.core()}", *rest)


def _seen(story: Story) -> str:
    opening = story.dice.pick("opening", tuple(_SEEN))
    opening = _SEEN[opening] if _several(story) else opening
    return _line(opening, story.core(form="gerund"), *story.adverbs())


def _clip(story: Story) -> str:
    opening = story.dice.pick("opening", _CLIPS)
    return _line(opening, story.core(form="gerund"), *story.adverbs())


def _asked(story: Story) -> str:
    opening = story.dice.pick("opening", _ASKED)
    return _line(opening, story.core(form="gerund"), *story.adverbs())


def _fragment(story: Story) -> str:
    return ", ".join((_line(story.core(form="gerund"), story.place), *_rest(story)))


def _turned_round(story: Story) -> str:
    """The passive, where there is one."""
    if story.lead is None or story.after is not None or story.companion is not None:
        return _plain(story)
    party = [actor.id for actor in story.scene.actors[1:]]
    text = passive(story.lead, story.lead_target) if story.lead_target and party else None
    if text is None:
        return _plain(story)
    story.core()
    return _line(text, *story.adverbs())


TEMPLATES: Final[Mapping[str, tuple[Template, float]]] = {
    "plain": (_plain, 5.0), "progressive": (_progressive, 1.5), "fronted": (_fronted, 2.0),
    "seen": (_seen, 1.5), "clip": (_clip, 1.5), "asked": (_asked, 0.8),
    "fragment": (_fragment, 1.2), "passive": (_turned_round, 0.8),
}  # fmt: skip


def _relative(story: Story) -> str:
    """Such as 'A fox that is walking through the forest.'."""
    if story.joint or story.companion is not None or story.after is not None:
        return _line("this one shows", story.core(form="gerund"), *story.adverbs())
    assert story.lead is not None
    story.core()
    be = "are" if story.lead.subject.plural else "is"
    predicate = story.lead.predicate("ing")
    return _line(story.lead.subject.full, "that", be, predicate, *story.adverbs())


def _once(story: Story) -> str:
    opening = f"once, {story.place}," if story.place else "once"
    rest = [part for part in (story.weather, story.time) if part]
    return _line(opening, story.core(form="past"), *rest)


def _question(story: Story) -> str:
    return _line("could you show", story.core(form="gerund"), *story.adverbs()) + "?"


def _picture_this(story: Story) -> str:
    return _line("imagine", story.core(form="gerund"), *story.adverbs())


def _script(story: Story) -> str:
    """Stage directions: "Scene: in the forest, at dusk. A fox walks."""
    where = ", ".join(story.adverbs())
    action = sentence(story.core())
    return f"scene: {where}. {action}" if where else f"scene: {action}"


def _watch(story: Story) -> str:
    return _line("look at", story.core(form="gerund"), *story.adverbs())


RESERVED: Final[Mapping[str, tuple[Template, float]]] = {
    "relative": (_relative, 1.0), "once": (_once, 1.0), "question": (_question, 1.0),
    "picture this": (_picture_this, 1.0), "script": (_script, 1.0), "watch": (_watch, 1.0),
}  # fmt: skip


def medium(story: Story) -> tuple[str, str]:
    """One or two sentences, and the name of their template."""
    if story.lead is None:
        return _with_camera(story, landscape(story)), "landscape"
    table = RESERVED if story.split == "G" else TEMPLATES
    name = story.dice.weigh("template", {key: weight for key, (_, weight) in table.items()})
    if story.split != "G" and story.after is None and story.companion is None:
        led = _led(story)
        if led is not None:
            return _with_camera(story, led), "led"
    return _with_camera(story, table[name][0](story)), name


def short(story: Story) -> tuple[str, str]:
    """Three to eight words, and the name of their template."""
    if story.lead is None:
        return sentence(landscape(story)), "landscape"
    story.companion, story.joint = None, ""
    if story.split == "G":
        name = story.dice.weigh("template", {key: weight for key, (_, weight) in RESERVED.items()})
        return sentence(RESERVED[name][0](story)), name
    form = "gerund" if story.dice.happens("bare", 0.4) else "finite"
    led = _led(story) if story.style else None
    text = led or story.core(form=form)
    for part in (story.place, story.weather, story.time):
        if part and _count(text) + _count(part) <= SHORT_WORDS[1]:
            text = f"{text} {part}"
    if story.camera and _count(text) <= SHORT_WORDS[1] - 3:
        text = f"{text}, {_label(story, 'camera', story.camera)}"
    if story.style and led is None and _count(text) <= SHORT_WORDS[1] - 3:
        text = f"{text}, {_label(story, 'style', story.style)}"
    if form == "gerund" or led is not None:
        return (text[0].upper() + text[1:], "bare")
    return sentence(text), "short"


def landscape(story: Story) -> str:
    """A place where nobody is."""
    phrase = story.place or places_of(story.scene.setting)[0]
    story.told.add("setting")
    first, _, rest = phrase.partition(" ")
    views = [f"an empty scene {phrase}"]
    if first in ("in", "on", "across") and rest.split(" ")[0] in ("a", "an", "the"):
        views += [f"a view of {rest}", rest]
    parts = (part for part in (story.weather, story.time) if part)
    return _line(story.dice.pick("view", views), *parts)


def _led(story: Story) -> str | None:
    """Such as 'A pencil drawing of a fox walking': the style, or the camera, leads the sentence."""
    for slot in ("style", "camera"):
        name = getattr(story, slot)
        options = phrases(slot, name, "lead") if name else ()
        if options and story.dice.happens(f"{slot} leads", 0.35):
            story.told.add(slot)
            setattr(story, slot, "")
            lead = with_article(story.dice.pick(f"{slot} lead", options).text)
            return _line(lead, story.core(form="gerund"), *story.adverbs())
    return None


def _with_camera(story: Story, text: str) -> str:
    """The sentence with its camera and style, before, inside or after it."""
    scene = story.scene
    clause = camera(story) if story.camera else ""
    label = _label(story, "camera", story.camera) if story.camera else ""
    if clause and story.dice.happens("camera inside", 0.4):
        joint = story.dice.pick("camera joint", ("while", "as"))
        text = f"{text}, {joint} {clause}" if not text.endswith("?") else text
        after = "" if not text.endswith("?") else sentence(clause)
    elif clause and story.dice.happens("camera speaks", 0.65):
        after = sentence(clause)
    else:
        after = sentence(label) if label else sentence(clause) if clause else ""
    if after or clause or label:
        story.told.add("camera")
    text = text if text.endswith("?") else sentence(text)
    if text.endswith("?"):
        text = text[0].upper() + text[1:]
    text = f"{text} {after}".strip()
    if not story.style:
        return text
    label = _label(story, "style", scene.style)
    if story.dice.happens("style first", 0.4):
        return f"{sentence(label.removeprefix('in '))[:-1]}: {text[0].lower()}{text[1:]}"
    return f"{text} {sentence(label)}"


def camera(story: Story) -> str:
    """Such as 'the camera slowly pans left'; empty where no verb says the move."""
    clauses = camera_clauses(story.camera)
    if story.lead is None:
        clauses = tuple(clause for clause in clauses if not clause[1])
    if not clauses:
        return ""
    verb, about = story.dice.pick("camera verb", clauses)
    speed = story.dice.pick("camera pace", _SLOWLY) if story.dice.happens("paced", 0.3) else ""
    text = f"the camera {speed}{inflected(verb)['third']}"
    if about and story.lead is not None:
        text = f"{text} {story.lead.subject.again}"
    return text


def _label(story: Story, slot: str, name: str) -> str:
    """A name for the camera move or style, on its own."""
    story.told.add(slot)
    options = phrases(slot, name, "label") or phrases(slot, name, "lead")
    if not options:
        plain = name.replace("_", " ")
        return f"in {plain} style" if slot == "style" else plain
    text = story.dice.pick(f"{slot} label", options).text
    return text.removesuffix(" of")


def _several(story: Story) -> bool:
    assert story.lead is not None
    return story.lead.subject.plural or bool(story.joint)


def _rest(story: Story) -> list[str]:
    return [part for part in (story.time, story.weather) if part]


def _line(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _count(text: str) -> int:
    return len(text.split())


def sentence(text: str) -> str:
    """The text with a capital letter and a full stop."""
    text = text.strip()
    return text[0].upper() + text[1:] + ("" if text[-1] in ".?!" else ".")


def tags(story: Story) -> str:
    """Tags and commas: "fox, walking, forest, night, tracking shot"."""
    found = []
    if story.lead is not None:
        story.core()
        who = story.lead.subject
        found += [who.full if who.plural else who.bare, inflected(story.lead.verb)["ing"]]
        if story.lead.tail:
            found[-1] = f"{found[-1]} {' '.join(story.lead.tail)}"
    setting = catalogue().settings[story.scene.setting]
    if story.place or story.lead is None:
        story.told.add("setting")
        found.append(setting.name.replace("_", " "))
    for slot in ("time", "weather"):
        if getattr(story, slot):
            found.append(getattr(story.scene, slot).replace("_", " "))
    for slot in ("camera", "style"):
        if getattr(story, slot):
            found.append(_label(story, slot, getattr(story, slot)).removeprefix("in "))
    return ", ".join(found)
