"""The held-out splits: what training never sees, fixed by the names of things.

    A   nothing but other seeds
    B1  pairs of subject and action         B2  subject and setting     B3  action and camera move
    C   triples of subject, action and setting whose pairs are all seen
    D   pairs of colour (or material) and subject, of count and subject
    E   minimal pairs: one seed, one thing changed (`pairs.minimal_pair`)
    F   words of captions: synonyms (`RESERVED_NOUNS`) and verbs (`RESERVED_VERBS`) that training
        never reads
    G   sentences of captions: templates that training never reads (`captions.RESERVED_TEMPLATES`)
    H   subjects that the world does not have (`unseen_subjects`)
    I   other languages (`languages.tables.LANGUAGES`): scenes said plainly (`languages.say`), and
        the prompts written by hand in tests/data/prompts_languages.toml

Whether a cell is held out depends on a stable hash of its names alone, so the splits stay what they
are while the catalogue grows. The sampler enforces them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Final

from kinema.storybook.catalogue import catalogue
from kinema.storybook.chance import chance
from kinema.storybook.inflection import plural_of, verb_forms
from kinema.storybook.lexicon import lexicon, phrase_key
from kinema.storybook.scene import Scene

BY_SCENE: Final = ("B1", "B2", "B3", "C", "D")
"""Splits that are made of scenes; the others are made of captions or of pairs."""

_SALT = 2026  # changing it makes every model trained before incomparable
_SHARES = {"B1": 0.10, "B2": 0.10, "B3": 0.10, "C": 0.10, "D": 0.12}

RESERVED_NOUNS: Final[dict[str, tuple[str, ...]]] = {
    "airplane": ("aeroplane", "airliner"), "alien": ("extraterrestrial",),
    "baby": ("infant",), "bat": ("fruit bat",),
    "bear": ("grizzly",), "bee": ("honeybee",), "bicycle": ("push bike",),
    "bird": ("songbird",), "boy": ("lad",), "bus": ("coach",), "camel": ("dromedary",),
    "car": ("automobile",), "cat": ("pussycat",), "chef": ("cook",), "child": ("kid",),
    "construction worker": ("builder",), "cookie": ("biscuit",), "cow": ("dairy cow",),
    "cyclist": ("bicyclist",), "deer": ("stag",), "detective": ("sleuth",),
    "dinosaur": ("brontosaurus",), "dog": ("hound",), "dove": ("pigeon",),
    "doughnut": ("donut",), "dragon": ("wyvern",), "duck": ("mallard",),
    "eagle": ("bald eagle",), "fairy": ("pixie",), "farmer": ("rancher",),
    "ghost": ("phantom",), "gift": ("present",), "girl": ("lass",),
    "hamburger": ("cheeseburger",), "helicopter": ("chopper",), "hippo": ("hippopotamus",),
    "horse": ("stallion",), "house": ("cottage",), "jeep": ("suv",), "kitten": ("kitty",),
    "ladybug": ("ladybird",), "man": ("fellow",), "monkey": ("chimpanzee",),
    "motorcycle": ("motorbike",), "octopus": ("kraken",), "old man": ("grandfather",),
    "old woman": ("grandmother",), "otter": ("sea otter",), "owl": ("barn owl",),
    "person": ("pedestrian",), "pig": ("swine",), "piglet": ("piggy",), "pine tree": ("fir",),
    "police officer": ("cop",), "puppy": ("doggo",), "rabbit": ("hare",), "race car": ("racer",),
    "rhino": ("rhinoceros",), "robot": ("android",), "rocket": ("space rocket",),
    "rooster": ("cockerel",), "sailboat": ("yacht",), "scooter": ("moped",), "sheep": ("ewe",),
    "ship": ("steamer",), "squirrel": ("chipmunk",), "steam train": ("locomotive",),
    "superhero": ("hero",), "t-rex": ("tyrannosaurus",), "taxi": ("cab",),
    "teddy bear": ("stuffed bear",), "tree": ("oak",), "truck": ("lorry",),
    "turtle": ("tortoise",), "ufo": ("flying saucer",), "van": ("minibus",),
    "violin": ("fiddle",), "wizard": ("sorcerer",),
    "wolf": ("grey wolf",), "woman": ("mum",),
}  # fmt: skip
"""Names of subjects that training captions never use, by subject: split F."""

RESERVED_VERBS: Final[dict[str, tuple[str, ...]]] = {
    "chase": ("pursue",), "cheer": ("rejoice",), "dance": ("boogie", "groove"),
    "drive": ("accelerate",), "eat": ("munch on", "devour"), "fall": ("plummet",),
    "flee": ("escape from",), "float": ("levitate",), "fly": ("swoop",), "follow": ("trail",),
    "grow": ("swell",), "hop": ("skip",), "jump": ("leap",), "jump_over": ("vault over",),
    "launch": ("lift off",), "look_around": ("gaze",), "play": ("strum",), "read": ("study",),
    "rise": ("climb into the sky",), "roll": ("tumble",), "run": ("scurry", "gallop", "scamper"),
    "sail": ("set sail",), "shiver": ("shudder",), "shrink": ("deflate",),
    "sleep": ("slumber", "snooze"), "spin": ("whirl",), "swim": ("go for a swim",),
    "walk": ("saunter", "amble", "trudge"), "wave": ("beckon",),
}  # fmt: skip
"""Verbs that training captions never use, by action: split F."""

_UNSEEN = (
    "abacus", "accordionist", "anteater", "armadillo", "bagpipe", "bobsled", "cash register",
    "centipede", "cement mixer", "dishwasher", "forklift", "gargoyle", "gazebo", "harpsichord",
    "hovercraft", "hyena", "iguana", "kettle", "lemur", "lighthouse", "lobsterman", "meerkat",
    "narwhal", "ostrich", "pelican", "piranha", "platypus", "pterodactyl", "quokka", "scarecrow",
    "seahorse", "segway", "sphinx", "submarine", "toaster", "toucan", "tuba", "vacuum cleaner",
    "walrus", "washing machine", "windmill", "xylophone", "yak", "zeppelin",
)  # fmt: skip


def cell_is_held_out(split: str, *names: str) -> bool:
    """True where training never shows these names together.

    Args:
        split: One of `BY_SCENE`.
        names: The cell: (subject, action) for B1, (subject, setting) for B2, (action, camera move)
            for B3, (subject, action, setting) for C, (colour, material or count, subject) for D.

    Raises:
        KeyError: There is no such split of scenes.

    Example:
        >>> cell_is_held_out("B2", "fox", "beach") == cell_is_held_out("B2", "fox", "beach")
        True
    """
    if split == "C":
        subject, action, setting = names
        if cell_is_held_out("B1", subject, action) or cell_is_held_out("B2", subject, setting):
            return False
    return chance(_SALT, "split", split, *names) < _SHARES[split]


def split_of(scene: Scene) -> frozenset[str]:
    """The splits of scenes that a scene belongs to; only A where all of it may be trained on.

    The camera's pair is made with what the first actor does; every actor counts for the others.
    """
    found = {split for split, names in _cells(scene) if _held_out(split, names)}
    return frozenset(found or {"A"})


def held_out(scene: Scene) -> bool:
    """True where training must not see the scene."""
    return any(_held_out(split, names) for split, names in _cells(scene))


@cache
def _held_out(split: str, names: tuple[str, ...]) -> bool:
    return cell_is_held_out(split, *names)


def _cells(scene: Scene) -> list[tuple[str, tuple[str, ...]]]:
    """All cells of a scene, by split."""
    cells: list[tuple[str, tuple[str, ...]]] = []
    groups = Counter(actor.group or actor.id for actor in scene.actors)
    for number, actor in enumerate(scene.actors):
        subject = actor.subject
        cells.append(("B2", (subject, scene.setting)))
        for action in {beat.action for beat in actor.beats}:
            cells.append(("B1", (subject, action)))
            cells.append(("C", (subject, action, scene.setting)))
            if number == 0:
                cells.append(("B3", (action, scene.camera.move)))
        if actor.colour is not None:
            cells.append(("D", (actor.colour, subject)))
        if actor.material is not None:
            cells.append(("D", (actor.material, subject)))
        count = groups[actor.group or actor.id]
        if count > 1:
            cells.append(("D", (str(count), subject)))
    return cells


@cache
def reserved_words() -> frozenset[str]:
    """Every form of every reserved noun and verb (phrase), in lower case."""
    nouns = [noun for words in RESERVED_NOUNS.values() for noun in words]
    verbs = [verb for words in RESERVED_VERBS.values() for verb in words]
    forms = {form for verb in verbs for form, _ in verb_forms(verb)}
    return frozenset((*nouns, *map(plural_of, nouns), *forms))


def is_reserved(phrase: str) -> bool:
    """True where a phrase holds a reserved word, whole."""
    padded = f" {phrase.lower()} "
    return any(f" {word} " in padded for word in reserved_words())


@cache
def unseen_subjects() -> tuple[str, ...]:
    """Nouns that the catalogue has no subject for: split H."""
    known = lexicon().senses
    own = ("exact", "synonym")
    return tuple(
        noun
        for noun in _UNSEEN
        if noun not in catalogue().subjects
        and not any(s.slot == "subject" and s.how in own for s in known.get(phrase_key(noun), ()))
    )
