"""English inflection by rule: plurals, verb forms and articles of the catalogue's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Past tense (and participle where it differs) of verbs that do not just add -ed.
_IRREGULAR = {
    "run": "ran", "fly": "flew flown", "swim": "swam swum", "fall": "fell fallen",
    "sleep": "slept", "eat": "ate eaten", "read": "read", "rise": "rose risen",
    "shrink": "shrank shrunk", "spin": "spun", "grow": "grew grown", "drive": "drove driven",
    "go": "went gone", "creep": "crept", "leap": "leapt", "sit": "sat", "stand": "stood",
    "ride": "rode ridden", "flee": "fled", "lie": "lay lain", "shake": "shook shaken",
    "freeze": "froze frozen", "sing": "sang sung", "speak": "spoke spoken", "think": "thought",
    "bite": "bit bitten", "drink": "drank drunk", "throw": "threw thrown", "catch": "caught",
    "swing": "swung", "spring": "sprang sprung", "blow": "blew blown", "hide": "hid hidden",
    "get": "got gotten", "become": "became", "take": "took taken", "say": "said",
    "sink": "sank sunk", "fight": "fought", "write": "wrote written", "draw": "drew drawn",
    "build": "built", "wake": "woke woken", "dig": "dug", "feed": "fed", "shoot": "shot",
    "have": "had", "do": "did done", "set": "set", "burst": "burst", "hang": "hung",
    "teach": "taught", "tell": "told", "speed": "sped", "tread": "trod", "be": "was been",
    "hold": "held", "see": "saw seen", "come": "came", "sweep": "swept", "slide": "slid",
    "listen": "listened", "wander": "wandered", "hover": "hovered", "open": "opened",
}  # fmt: skip
_THIRD = {"be": "is", "have": "has", "do": "does", "go": "goes"}
_PLURALS = {
    "man": "men", "woman": "women", "child": "children", "mouse": "mice", "goose": "geese",
    "person": "people", "wolf": "wolves", "fish": "fish", "sheep": "sheep", "deer": "deer",
    "ox": "oxen", "elf": "elves", "calf": "calves", "leaf": "leaves", "knife": "knives",
    "fireman": "firemen", "snowman": "snowmen", "policeman": "policemen", "moose": "moose",
    "aircraft": "aircraft", "bison": "bison", "thief": "thieves", "octopus": "octopuses",
}  # fmt: skip
# First words that sound otherwise than they are written.
_CONSONANTS = frozenset(
    ("european", "one", "ufo", "ukulele", "unicorn", "uniform", "union", "university", "used",
     "ute")
)  # fmt: skip
_VOWELS = frozenset(("8", "f1", "honest", "hour", "hourglass", "suv", "x"))
_DOUBLED = re.compile(r"^[^aeiou]*[aeiou][bdgmnprt]$")


def plural_of(noun: str) -> str:
    """The plural of an English noun (phrase), by rule: "fire truck" gives "fire trucks"."""
    head, _, last = noun.rpartition(" ")
    if last in _PLURALS:
        many = _PLURALS[last]
    elif re.search(r"(s|x|z|ch|sh)$", last):
        many = last + "es"
    elif re.search(r"[^aeiou]y$", last):
        many = last[:-1] + "ies"
    else:
        many = last + "s"
    return f"{head} {many}" if head else many


def with_article(phrase: str) -> str:
    """The phrase with "a" or "an", by how its first word sounds: "an owl", "a unicorn"."""
    first = re.split(r"[ -]", phrase, maxsplit=1)[0].lower()
    vowel = (first[0] in "aeiou" and first not in _CONSONANTS) or first in _VOWELS
    return f"an {phrase}" if vowel else f"a {phrase}"


def verb_forms(verb: str) -> Iterator[tuple[str, str]]:
    """Every form of a verb (phrase), its first word inflected, as (phrase, form)."""
    first, _, rest = verb.partition(" ")
    rest = f" {rest}" if rest else ""
    yield verb, "base"
    if first in _THIRD:
        third = _THIRD[first]
    elif re.search(r"(s|x|z|ch|sh|o)$", first):
        third = first + "es"
    else:
        third = first[:-1] + "ies" if re.search(r"[^aeiou]y$", first) else first + "s"
    yield third + rest, "third"
    doubled = first + first[-1] if _doubles(first) else first
    if first.endswith("ie"):
        stem = first[:-2] + "y"
    else:
        stem = first[:-1] if re.search(r"[^eoy]e$", first) and first != "be" else doubled
    yield stem + "ing" + rest, "ing"
    if first in _IRREGULAR:
        for past in _IRREGULAR[first].split():
            yield past + rest, "past"
    elif first.endswith("e"):
        yield first + "d" + rest, "past"
    else:
        yield (
            (first[:-1] + "ied" if re.search(r"[^aeiou]y$", first) else doubled + "ed") + rest,
            "past",
        )


def _doubles(verb: str) -> bool:
    return bool(_DOUBLED.match(verb)) or verb in ("begin", "spin", "quiz")
