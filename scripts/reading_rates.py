"""How many slots of held-out prompts the reader reads right, slot by slot, with every miss.

Usage: PYTHONPATH=src python scripts/reading_rates.py [free | languages | CODE ...]
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinema.errors import PromptError
from kinema.storybook.casting import ACTORS_MAX
from kinema.storybook.catalogue import catalogue
from kinema.storybook.reader import read
from kinema.storybook.scene import Actor, Scene

DATA = Path(__file__).parents[1] / "tests" / "data"
PLURAL_SLOTS = {
    "colours": "colour",
    "sizes": "size",
    "emotions": "emotion",
    "holds": "holds",
    "wears": "wears",
    "directions": "direction",
    "counts": "count",
}
SCENE_SLOTS = ("setting", "time", "weather", "camera", "style")
MIRRORED = {
    "left_of": "right_of",
    "right_of": "left_of",
    "behind": "in_front_of",
    "in_front_of": "behind",
    **{kind: kind for kind in ("beside", "meeting", "hugging")},
}
Judgement = tuple[str, bool, str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A held-out prompt: its set ("free" or a language), its text and its labels."""

    source: str
    text: str
    labels: dict[str, Any]


def prompts(names: list[str]) -> Iterator[Prompt]:
    """The prompts of the sets named: free, languages, or codes of languages."""
    if "free" in names:
        lines = (DATA / "prompts_free.txt").read_text(encoding="utf-8").splitlines()
        rows = tomllib.loads((DATA / "prompts_free.toml").read_text(encoding="utf-8"))["prompt"]
        for row in rows:
            yield Prompt("free", lines[row["line"] - 1], row)
    document = tomllib.loads((DATA / "prompts_languages.toml").read_text(encoding="utf-8"))
    for row in document["prompt"]:
        if "languages" in names or row["language"] in names:
            yield Prompt(row["language"], row["text"], row)


def judge(prompt: Prompt) -> list[Judgement]:
    """Every labelled slot: its name, whether it is read right, and what was read and wanted."""
    try:
        scene = read(prompt.text).scene
    except PromptError:
        scene = Scene(setting="", time="", weather="", style="")
    judged: list[Judgement] = []
    labels = prompt.labels
    for slot in SCENE_SLOTS:
        if slot in labels:
            said = scene.camera.move if slot == "camera" else getattr(scene, slot)
            judged.append((slot, said in _listed(labels[slot]), f"{said} for {labels[slot]}"))
    cast = _cast(scene, labels, prompt.text)
    judged += _subjects(scene, labels, cast, prompt.text)
    judged += _actions(labels, cast)
    for key, slot in PLURAL_SLOTS.items():
        for handle, wanted in labels.get(key, {}).items():
            said = _looks(cast.get(handle, []), slot, wanted)
            judged.append((slot, said == "", f"{handle} {said} for {wanted}"))
    for relation in labels.get("relations", ()):
        found = _related(scene, cast, relation)
        there = [(r.kind, r.subject, r.object) for r in scene.relations]
        judged.append(("relation", found, f"{there} for {relation}"))
    for name in labels.get("absent", ()):
        judged.append(("absent", name not in _everything(scene), f"{name} is there"))
    return judged


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _literal(actor: Actor, text: str) -> bool:
    """True where the prompt says the very name of an actor's subject.

    The world has gained names since the labels were written; they are accepted as README.md says.
    """
    return re.search(rf"\b{re.escape(actor.subject)}(s|es)?\b", text.lower()) is not None


def _cast(scene: Scene, labels: dict[str, Any], text: str) -> dict[str, list[Actor]]:
    """The actors of each labelled subject by its handle."""
    entries = [_listed(entry) for entry in labels.get("subjects", ()) if entry != "*"]
    firsts = Counter(entry[0] for entry in entries)
    seen: Counter[str] = Counter()
    cast: dict[str, list[Actor]] = {}
    used: set[str] = set()
    for entry in entries:
        seen[entry[0]] += 1
        handle = entry[0] if seen[entry[0]] == 1 else f"{entry[0]}#{seen[entry[0]]}"
        fitting = [a for a in scene.actors if a.subject in entry and a.id not in used]
        if not fitting:
            labelled = {name for other in entries for name in other}
            fitting = [
                a for a in scene.actors
                if _literal(a, text) and a.subject not in labelled and a.id not in used
            ][:1]  # fmt: skip
        if fitting and firsts[entry[0]] > 1:
            head = fitting[0]
            fitting = [a for a in fitting if a is head or (a.group and a.group == head.group)]
        else:
            fitting = [a for a in fitting if a.subject == fitting[0].subject]
        used |= {actor.id for actor in fitting}
        cast[handle] = fitting
    return cast


def _subjects(
    scene: Scene, labels: dict[str, Any], cast: dict[str, list[Actor]], text: str
) -> Iterator[Judgement]:
    there = ", ".join(actor.id for actor in scene.actors) or "nobody"
    for handle, actors in cast.items():
        yield "subject", bool(actors), f"{there} for {handle}"
    meant = {actor.id for actors in cast.values() for actor in actors}
    extras = set(labels.get("extras", ()))
    others = {
        a.subject
        for a in scene.actors
        if a.id not in meant and a.subject not in extras and not _literal(a, text)
    }
    free = sum(entry == "*" for entry in labels.get("subjects", ()))
    if len(others) > free or not labels.get("subjects"):
        yield "subject", len(others) <= free, f"{', '.join(others)} not asked for"


def _actions(labels: dict[str, Any], cast: dict[str, list[Actor]]) -> Iterator[Judgement]:
    named = list(labels.get("subjects", ()))
    handles, number = [], iter(cast)
    handles = [next(number) if entry != "*" else "" for entry in named]
    for handle, wanted in zip(handles, labels.get("actions", ()), strict=False):
        if wanted and handle:
            actors = cast[handle]
            said = actors[0].beats[0].action if actors else "nothing"
            yield "action", said in _listed(wanted), f"{handle} {said} for {wanted}"
    if "second" in labels and handles and handles[0]:
        actors = cast[handles[0]]
        said = [beat.action for beat in actors[0].beats][1:2] if actors else []
        good = bool(said) and said[0] in _listed(labels["second"])
        yield "second", good, f"{said} for {labels['second']}"


def _looks(actors: list[Actor], slot: str, wanted: Any) -> str:
    """What is wrong about the looks of some actors, "" where they are as wanted."""
    if not actors:
        return "nobody"
    if slot == "count":
        fitting = [min(number, ACTORS_MAX) for number in _listed(wanted)]
        return "" if len(actors) in fitting else str(len(actors))
    for actor in actors:
        first = actor.beats[0]
        said = getattr(first if slot in ("emotion", "direction") else actor, slot)
        names = {said}
        if slot == "emotion":
            names = {beat.emotion for beat in actor.beats}
        elif slot == "colour" and actor.material is not None:
            names |= {actor.material}
        elif slot == "colour" and said is None:
            names = _own_colours(actor.subject)
        if slot in ("holds", "wears") and said in catalogue().accessories:
            names |= {said.replace("-", " "), *catalogue().accessories[said].phrases}
        if not names & set(_listed(wanted)):
            return str(said)
    return ""


def _own_colours(subject: str) -> set[str]:
    """Colours that a subject has anyway: its own, and that in "red fox" for a fox."""
    row = catalogue().subjects[subject]
    named = {word.split()[0] for word in row.words if " " in word}
    return {row.own_colour or ""} | (named & set(catalogue().colours))


def _related(scene: Scene, cast: dict[str, list[Actor]], relation: list[Any]) -> bool:
    def ids(handle: str) -> set[str]:
        here = cast.get(handle) or [a for a in scene.actors if a.subject == handle]
        return {actor.id for actor in here}

    kinds, subject, *objects = relation
    for kind in _listed(kinds):
        hits = set()
        for r in scene.relations:
            if r.kind == kind and r.subject in ids(subject):
                hits |= {n for n, name in enumerate(objects) if r.object in ids(name)}
            if r.kind == MIRRORED.get(kind) and r.object in ids(subject):
                hits |= {n for n, name in enumerate(objects) if r.subject in ids(name)}
        if len(hits) == len(objects):
            return True
    return False


def _everything(scene: Scene) -> set[str]:
    said = {scene.setting, scene.time, scene.weather, scene.style, scene.camera.move}
    for actor in scene.actors:
        said |= {actor.subject, actor.holds or "", actor.wears or "", actor.colour or ""}
        said |= {beat.action for beat in actor.beats} | {beat.emotion or "" for beat in actor.beats}
    return said


def rates(names: list[str]) -> tuple[dict[str, tuple[int, int]], list[str]]:
    """Right and judged slots by name, and a line for each miss."""
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    misses = []
    for prompt in prompts(names):
        for slot, good, what in judge(prompt):
            keys = {slot, "all"} if prompt.source == "free" else {slot, prompt.source, "all"}
            for key in keys:
                count[key][0] += good
                count[key][1] += 1
            if not good:
                misses.append(f"{prompt.source} | {prompt.text} | {slot}: {what}")
    return {slot: (right, total) for slot, (right, total) in count.items()}, misses


def main() -> None:
    """Print the rates and the misses of the sets named on the command line."""
    names = sys.argv[1:] or ["free", "languages"]
    found, misses = rates(names)
    for slot, (right, total) in sorted(found.items(), key=lambda item: -item[1][1]):
        print(f"{slot:10} {right:5} of {total:5}  {right / total:6.1%}")
    print()
    print("\n".join(misses))


if __name__ == "__main__":
    main()
