"""The prompt reader: words in, a scene out, and how each word was understood."""

from __future__ import annotations

import re

import msgspec

from kinema.errors import PromptError, RequestError
from kinema.storybook.casting import bind_relations, cast, home_of, stable_choice, stand_in_for
from kinema.storybook.catalogue import catalogue
from kinema.storybook.draft import Draft, Findings
from kinema.storybook.inflection import with_article
from kinema.storybook.languages import Gloss, english
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.parser import Parser
from kinema.storybook.reading import Reading, Word
from kinema.storybook.scene import Actor, Camera, Scene
from kinema.types import CharacterRef

_EXAMPLES = (
    "a fox", "two cats", "a red car", "a robot", "a meadow", "the beach", "at night", "in the rain",
)  # fmt: skip
_SAID = ("exact", "synonym", "nearest")
NEUTRAL = {"weather": "clear", "camera": "static", "style": "storybook"}
_GENTLE = ("push_in", "push_in", "orbit", "zoom_in")
_ALONG = ("tracking", "tracking", "truck_right", "truck_left")
_PURSUITS = ("chase", "flee", "follow")
_SCENERY = re.compile(
    r"(?<![^.!?;\n])[^.!?;\n]*\b(?:can|could) be seen\b[^.!?;\n]*"
    r"\b(?:in the (?:background|distance)|(?:farther|further) back|around the scene)\b",
    re.IGNORECASE,
)
"""A sentence that lists what stands about."""
_OVER_SCENERY = ("pan_right", "pan_left", "crane_up", "truck_right")


def read(
    prompt: str,
    *,
    seed: int = 0,
    style: str | None = None,
    characters: tuple[CharacterRef, ...] = (),
    negative: str = "",
) -> Reading:
    """Read a prompt as a scene of the storybook world.

    What the prompt names is in the scene; what it leaves open is chosen by the catalogue and the
    seed, always in the same way. Words that the world does not have are replaced by the nearest
    that it has, and the reading says so.

    Args:
        prompt: English or one of nine other languages, in any style: a sentence, several, or a
            list of tags.
        seed: Chooses what is left open (the camera move), and is the scene's seed.
        style: Key or name of a style; goes before what the prompt says.
        characters: Names that the prompt may use, with what they look like.
        negative: What is not to be seen, in words.

    Returns:
        The reading. Its scene is not placed yet: every actor's ``place`` is None.

    Raises:
        PromptError: No word of the prompt can be read.
        RequestError: There is no such style.

    Cost:
        About a millisecond for a sentence; the first call builds the word index.
    """
    gloss = english(prompt)
    text, scenery = _without_scenery(gloss.text)
    parser = Parser(text, character_drafts(characters))
    found = parser.parse()
    require_content(prompt, parser.words)
    words = sorted([*parser.words, *scenery], key=lambda word: word.start)
    notes = list(found.notes)
    if style is not None:
        found.style = style_key(style)
    if negative.strip():
        _take_out(found, negative)
    drafts = _settle_drafts(found, words, notes)
    setting = found.setting or home_of(drafts, found.weather)
    cast_by = cast(drafts, setting, notes)
    actors = tuple(actor for draft in drafts for actor in cast_by.get(id(draft), ()))
    scene = Scene(
        setting=setting,
        time=found.time or "morning",
        weather=fit_weather(found.weather or "clear", setting, notes),
        camera=_camera(found, actors, cast_by, seed),
        style=found.style or "storybook",
        actors=actors,
        relations=bind_relations(found.relations, cast_by),
        seed=seed,
    )
    if found.time is not None and catalogue().settings[setting].fixed_light:
        notes.append(f"the time of day does not show here ({setting.replace('_', ' ')})")
    return finish(gloss, scene, words, notes)


def _without_scenery(text: str) -> tuple[str, list[Word]]:
    """Blank out sentences about the background ("Trees can be seen farther back").

    Every place brings its own scenery; the things that such a sentence lists do not act.
    """
    aside = [match for match in _SCENERY.finditer(text) if match[0].strip()]
    said = text
    for match in aside:
        said = said[: match.start()] + " " * len(match[0]) + said[match.end() :]
    if not said.strip():
        return text, []
    words = [
        Word(
            text=word[0], start=match.start() + word.start(), end=match.start() + word.end(),
            slot="scenery", value="", how="understood",
        )
        for match in aside
        for word in re.finditer(r"\w+", match[0])
    ]  # fmt: skip
    return said, words


def character_drafts(characters: tuple[CharacterRef, ...]) -> dict[str, Draft]:
    """What each named character looks like, by its name as the word index writes names."""
    drafts: dict[str, Draft] = {}
    for character in characters:
        looks = Parser(english(character.looks).text, {}).parse()
        known = [draft for draft in looks.drafts if draft.subject in catalogue().subjects]
        fallback = (
            "person" if "person" in catalogue().subjects else next(iter(catalogue().subjects))
        )
        draft = known[0] if known else Draft(subject=fallback)
        draft.name, draft.count = character.name, 1
        drafts[phrase_key(character.name)] = draft
    return drafts


def style_key(style: str) -> str:
    """Key of a style said by key or by any of its names; raises `RequestError` if there is none."""
    styles = catalogue().styles
    if style in styles:
        return style
    for sense in lexicon().senses.get(phrase_key(style), ()):
        if sense.slot == "style" and sense.how != "nearest":
            return sense.value
    raise RequestError("style", f"there is no style {style!r}", ", ".join(styles))


def require_content(prompt: str, words: list[Word]) -> None:
    """Refuse a prompt of which nothing can be read; the error gives examples of what can."""
    if any(word.how in _SAID for word in words):
        return
    examples = ", ".join(_EXAMPLES)
    problem = (
        "it is empty"
        if not prompt.strip()
        else "no word of it can be read as anything in the storybook world"
    )
    raise PromptError("prompt", problem, f"a sentence about things such as {examples}")


def fit_weather(weather: str, setting: str, notes: list[str]) -> str:
    """The weather, or clear where it cannot be seen, with a note."""
    if weather in catalogue().settings[setting].weathers:
        return weather
    notes.append(f"{weather.replace('_', ' ')} cannot be seen here ({setting.replace('_', ' ')})")
    return "clear"


def finish(gloss: Gloss, scene: Scene, words: list[Word], notes: list[str]) -> Reading:
    """A reading of the prompt itself, whose notes also say which words were not understood."""
    words, notes = gloss.words(words), gloss.notes(notes)
    unknown = dict.fromkeys(repr(word.text.rstrip("-")) for word in words if word.how == "unknown")
    if unknown:
        notes = [*notes, "not understood: " + ", ".join(unknown)]
    return Reading(
        prompt=gloss.prompt,
        scene=scene,
        words=tuple(words),
        notes=tuple(dict.fromkeys(notes)),
        language=gloss.language,
    )


def _take_out(found: Findings, negative: str) -> None:
    """Deny all that the negative text names, and all that else its words can mean."""
    parser = Parser(english(negative).text, {})
    found.denied |= parser.parse().denied
    for word in parser.words:
        found.denied |= {
            (sense.slot, sense.value)
            for sense in lexicon().senses.get(phrase_key(word.text), ())
            if sense.slot in (word.slot, "subject", "accessory")
        }


def _settle_drafts(found: Findings, words: list[Word], notes: list[str]) -> list[Draft]:
    """Drafts to cast: unknown nouns get a stand-in, denied ones go, loose words find a home."""
    for slot in NEUTRAL:
        if (slot, getattr(found, slot)) in found.denied:
            setattr(found, slot, NEUTRAL[slot])
    known = [draft for draft in found.drafts if draft.subject != "?"]
    for draft in found.drafts:
        if draft.subject == "?" and (draft.events or not known) and draft.unknown:
            draft.subject = stand_in_for(draft)
            shown = with_article(draft.subject)
            notes.append(f"{draft.unknown!r} is not in the storybook world; {shown} stands in")
            _mark_as_nearest(words, draft)
    drafts = [
        draft for draft in found.drafts
        if draft.subject in catalogue().subjects and ("subject", draft.subject) not in found.denied
    ]  # fmt: skip
    loose = found.loose
    if not drafts and (loose.holds or loose.wears):
        thing = (loose.holds or loose.wears or "").replace("-", " ")
        drafts = [
            Draft(subject="person" if "person" in catalogue().subjects else stand_in_for(loose))
        ]
        notes.append(f"somebody has to hold the {thing}: {with_article(drafts[0].subject)} does")
    denied = {value for slot, value in found.denied if slot in ("subject", "accessory")}
    for draft in drafts:
        draft.holds = None if draft.holds in denied else draft.holds
        draft.wears = None if draft.wears in denied else draft.wears
    if drafts:
        _give_loose(loose, drafts[0])
    return drafts


def _mark_as_nearest(words: list[Word], draft: Draft) -> None:
    for index, word in enumerate(words):
        if word.how == "unknown" and word.text == draft.unknown:
            words[index] = msgspec.structs.replace(
                word, slot="subject", value=draft.subject, how="nearest"
            )


def _give_loose(loose: Draft, draft: Draft) -> None:
    """What was said of nobody in particular ("dancing, robot") is said of the first subject."""
    for stage, event in loose.events.items():
        own = draft.event(stage)
        for name in ("action", "direction", "emotion", "pace", "target"):
            if getattr(own, name) is None:
                setattr(own, name, getattr(event, name))
    for name in ("colour", "material", "size", "tone", "holds", "wears"):
        if getattr(draft, name) is None:
            setattr(draft, name, getattr(loose, name))


def _camera(
    found: Findings, actors: tuple[Actor, ...], cast_by: dict[int, list[Actor]], seed: int
) -> Camera:
    """The move that was said, or one that suits what happens."""
    target = actors[0].id if actors else None
    if found.camera_target is not None and cast_by.get(id(found.camera_target)):
        target = cast_by[id(found.camera_target)][0].id
    if found.camera is not None:
        return Camera(move=found.camera, target=target)
    if not actors:
        return Camera(move=stable_choice(seed, "camera", _OVER_SCENERY))
    leader = actors[0]
    first = leader.beats[0]
    if first.action in ("launch", "rise"):
        return Camera(move="tilt_up", target=target)
    if first.action == "fall":
        return Camera(move="tilt_down", target=target)
    travels = catalogue().actions[first.action].locomotion and first.direction not in (
        "toward",
        "away",
    )
    if not travels or first.action in ("circle", "hop"):
        return Camera(move=stable_choice(seed, "camera", _GENTLE), target=target)
    if first.action in _PURSUITS and len(leader.beats) == 1:
        return Camera(move="tracking", target=target)
    if len(actors) > 1 or len(leader.beats) > 1:
        return Camera(move="static", target=target)
    return Camera(move=stable_choice(seed, "camera", _ALONG), target=target)
