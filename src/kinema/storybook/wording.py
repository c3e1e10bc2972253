"""Which sense of a phrase is meant: the parser's eyes on the words around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kinema.storybook.lexicon import Lexicon, Sense, Token, lexicon, nearest_noun, nearest_spelling

MODIFIERS = ("colour", "size", "emotion", "tone", "material")
NOUNS = ("subject", "accessory", "setting", "weather", "time", "style", "camera")
_OPENERS = ("det", "count", *MODIFIERS)
_ACTORS = ("subject", "pronoun", "name", "aux", "pace", "each_other", "not")
# At, over and under the moon or the stars means night; anything else about them is a place.
_MOON_IS_LIGHT = ("at", "over", "under", "like", "of", "")
_BARE_PLACES = ("show", "inside", "home", "race", "traffic", "table", "surf", "party", "orbit")
# Verbs that need a noun after them: "runs after a cat" chases, "runs after lunch" does not.
_AIMED = ("chase", "circle", "follow", "jump_over")
_PARTICLES = ("after", "around", "over", "across", "behind")
_HOLDING = ("hold", "wear", "with", "in")


class Phrase(NamedTuple):
    """Tokens ``start`` up to ``end``, and what they are taken for."""

    sense: Sense
    start: int
    end: int


class Context:
    """What has been read just before a phrase.

    ``last`` is the slot of the last item, ``prep`` the open preposition ("" for none), ``open`` is
    True inside a noun phrase (after an article, a number or an adjective), ``role`` what the next
    noun is to be ("hold", "agent" ...).
    """

    __slots__ = ("acted", "last", "open", "prep", "role", "subject")

    def __init__(self) -> None:
        self.last = ""
        self.prep = ""
        self.role = ""
        self.open = False
        self.subject = False
        self.acted = False


class Wording:
    """The tokens of one prompt with the senses that they can have."""

    def __init__(self, tokens: list[Token], names: dict[str, Sense]) -> None:
        self.tokens = tokens
        self._book: Lexicon = lexicon()
        self._names = names

    def senses(self, i: int, j: int) -> tuple[Sense, ...]:
        """All senses of the phrase of tokens ``i`` to ``j``."""
        key = " ".join([token.norm for token in self.tokens[i:j]])
        if key in self._names:
            return (self._names[key],)
        return self._book.senses.get(key, ())

    def slots_at(self, i: int) -> tuple[set[str], int]:
        """Slots of the longest phrase at token ``i`` (none if unknown), and the token after it."""
        for j in range(min(len(self.tokens), i + self._book.longest), i, -1):
            senses = self.senses(i, j)
            if senses:
                return {sense.slot for sense in senses}, j
        return set(), i + 1

    def noun_ahead(self, i: int, *, over_comma: bool = False) -> str | None:
        """Slot of the noun that the adjectives at token ``i`` lead to; None if they lead to none.

        One unknown word is passed over; with ``over_comma`` also a comma before an adjective.
        """
        unknown = 0
        for _ in range(6):
            if i >= len(self.tokens):
                return None
            slots, after = self.slots_at(i)
            if "subject" in slots and not self._leads_on(slots, after):
                return "subject"
            if self._can_be_passed(i, slots, over_comma=over_comma):
                i = after
            elif not slots and not self.tokens[i].mark and unknown < 1:
                unknown += 1
                i += 1
            else:
                return next((slot for slot in NOUNS if slot in slots), None)
        return None

    def _can_be_passed(self, i: int, slots: set[str], *, over_comma: bool) -> bool:
        """True for what can stand between an article and its noun."""
        token = self.tokens[i]
        if slots & {*MODIFIERS, "count"} or (slots == {"ignored"} and not token.mark):
            return True
        if token.norm == ",":
            return over_comma and bool(self.slots_at(i + 1)[0] & set(MODIFIERS))
        if "and" in slots:
            return "colour" in self.slots_at(i + 1)[0]
        return "action" in slots and token.norm.endswith("ing") and not slots & set(NOUNS)

    def _leads_on(self, slots: set[str], after: int) -> bool:
        """True for a word that is a noun or an adjective ("orange") with a noun right after it."""
        return bool(slots & set(MODIFIERS)) and bool(
            self.slots_at(after)[0] & {"subject", *MODIFIERS}
        )

    def subject_ahead(self, i: int) -> str | None:
        """The subject (its key) that the noun phrase at token ``i`` is about."""
        for _ in range(6):
            if i >= len(self.tokens) or self.tokens[i].mark:
                return None
            slots, after = self.slots_at(i)
            if "subject" in slots and not self._leads_on(slots, after):
                return next(s.value for s in self.senses(i, after) if s.slot == "subject")
            if not slots & {"det", "count", *MODIFIERS}:
                return None
            i = after
        return None

    def phrase_ahead(self, i: int) -> bool:
        """True where a noun phrase that can be an object starts at token ``i``."""
        if i >= len(self.tokens):
            return False
        slots, after = self.slots_at(i)
        if slots & {"subject", "accessory", "name"}:
            return True
        if slots & {"det", "count"}:
            return self.noun_ahead(after) in ("subject", "accessory", None)
        return bool(slots & set(MODIFIERS)) and self.noun_ahead(i) in ("subject", "accessory")

    def ends_phrase(self, i: int) -> bool:
        """True where no noun of the same phrase can follow at token ``i``."""
        for sense in self.senses(i, i + 1):
            if sense.slot == "prep" or sense.form in ("third", "past"):
                return True
        return self.noun_ahead(i) is None

    def opens_clause(self, i: int) -> bool:
        """True where only articles, numbers and adjectives lead up to token ``i`` in its clause."""
        for j in range(i - 1, -1, -1):
            slots = {sense.slot for sense in self.senses(j, j + 1)}
            if self.tokens[j].mark or slots & {"and", "sequence"}:
                return True
            if slots and not slots & {"det", "count", "ignored", *MODIFIERS}:
                return False
        return True

    def is_modifier(self, i: int) -> bool:
        """True where an adjective starts at token ``i``."""
        return i < len(self.tokens) and bool(self.slots_at(i)[0] & set(MODIFIERS))

    def is_joined(self, j: int) -> bool:
        """True where a hyphen joins the word before token ``j`` to one that is no noun."""
        if j >= len(self.tokens) or self.tokens[j].mark:
            return False
        before = self.tokens[j - 1]
        hyphen = before.end == self.tokens[j].start and before.end - before.start > len(before.norm)
        return hyphen and self.noun_ahead(j) is None

    def _object_ahead(self, i: int) -> bool:
        if i < len(self.tokens) and self.slots_at(i)[0] & {"pronoun", "each_other"}:
            return True
        return self.phrase_ahead(i)

    def is_verb(self, i: int) -> bool:
        """True where an action or an auxiliary starts at token ``i``."""
        return i < len(self.tokens) and bool(
            self.slots_at(i)[0] & {"action", "aux", "hold", "wear"}
        )

    def pick(self, i: int, context: Context) -> tuple[Sense, int] | None:
        """The sense of the longest phrase at token ``i`` that fits, and the token after it."""
        for j in range(min(len(self.tokens), i + self._book.longest), i, -1):
            senses = self.senses(i, j)
            if senses:
                ranked = [(self._rank(sense, i, j, context), sense) for sense in senses]
                rank, best = max(ranked, key=lambda pair: pair[0])
                if rank > 0:
                    return best, j
        return None

    def pick_misspelt(self, i: int, context: Context) -> Sense | None:
        """The sense of the word that token ``i`` probably misspells, as a nearest one."""
        norm = self.tokens[i].norm
        key = nearest_spelling(norm)
        if key is None:
            return None
        senses = self._book.senses[key]
        best = max(senses, key=lambda sense: self._rank(sense, i, i + 1, context))
        return best._replace(how="nearest")

    def pick_nearest(self, i: int, text: str) -> Sense | None:
        """The subject nearest to the noun ``text`` at token ``i``; a name in capitals is none."""
        if text[0].isupper() and i and not self.tokens[i - 1].mark:
            return None
        return nearest_noun(self.tokens[i].norm)

    def camera_phrase(self, i: int) -> tuple[Sense, int] | None:
        """The camera move said in a clause that starts with "the camera" at token ``i``."""
        words, ends = ["camera"], [i]
        j = self.slots_at(i)[1]
        while j < len(self.tokens) and len(words) < 6 and not self.tokens[j].mark:
            norm = self.tokens[j].norm
            filler = self.slots_at(j)[0] & {"det", "aux", "pace", "ignored"} or norm in (
                "to", "steadily", "then", "completely", "perfectly", "absolutely", "at",
            )  # fmt: skip
            if norm in self._book.stems or not filler:
                words.append(self._book.stems.get(norm, norm))
                ends.append(j + 1)
            j += 1
        for count in range(len(words), 1, -1):
            for sense in self._book.senses.get(" ".join(words[:count]), ()):
                if sense.slot == "camera":
                    return sense, ends[count - 1]
        return None

    def _rank(self, sense: Sense, i: int, j: int, context: Context) -> float:
        """How well a sense fits here; 0 rules it out."""
        judge = _JUDGES.get(sense.slot)
        if judge is None:
            return _PLAIN_RANKS.get(sense.slot, 3.0)
        return judge(self, Phrase(sense, i, j), context)

    def _rank_noun(self, phrase: Phrase, context: Context) -> float:
        if phrase.sense.form == "many" and context.last in ("subject", "name"):
            after = self.slots_at(phrase.end)[0] if phrase.end < len(self.tokens) else set[str]()
            if after & {"det", "pronoun"}:  # a verb: "an astronaut plants a flag"
                return 0.0
        if context.subject and context.prep == "in" and not context.role:
            if context.last == "prep" and "colour" in self._slots(phrase):
                return 2.4  # "a scooter in orange"
            if context.last == "colour" and "action" in self._slots(phrase) and not context.acted:
                return 0.0  # "a mosquito in red flies"
        if context.open or context.role or context.prep:
            return 5.0
        return 3.0 if not context.subject or context.last in ("and", ",", "sequence") else 2.5

    def _rank_accessory(self, phrase: Phrase, context: Context) -> float:
        held = phrase.end < len(self.tokens) and "in_hand" in self.slots_at(phrase.end)[0]
        return 6.0 if held or context.role in _HOLDING or context.prep == "in" else 2.6

    def _rank_action(self, phrase: Phrase, context: Context) -> float:
        sense, j = phrase.sense, phrase.end
        if (
            sense.value in _AIMED
            and self.tokens[j - 1].norm in _PARTICLES
            and not self._object_ahead(j)
        ):
            return 0.0
        describes = sense.form == "ing" and self.noun_ahead(j) is not None
        if context.last in ("det", "count") and not describes:
            return 1.0
        if context.last == "pace" and sense.form == "base" and "camera" in self._slots(phrase):
            return 2.0  # "a slow orbit"
        if context.last in _ACTORS or (context.prep == "to" and sense.form == "base"):
            return 5.5
        if sense.form == "ing":
            return 3.6
        return 3.2 if context.subject and not context.open else 2.0

    def _slots(self, phrase: Phrase) -> set[str]:
        return {sense.slot for sense in self.senses(phrase.start, phrase.end)}

    def _rank_anaphor(self, phrase: Phrase, context: Context) -> float:
        if self.tokens[phrase.end - 1].norm == "both" and not self.is_verb(phrase.end):
            return 0.0
        return 6.0 if context.subject else 0.0

    def _rank_relative(self, phrase: Phrase, context: Context) -> float:
        if self.tokens[phrase.start].norm != "that" or phrase.end - phrase.start > 1:
            return 3.0
        after_noun = context.last in ("subject", "name", "accessory") and not context.open
        return 5.0 if after_noun and self.is_verb(phrase.end) else 0.0

    def _rank_pronoun(self, phrase: Phrase, _: Context) -> float:
        return 0.0 if self.noun_ahead(phrase.end) and "det" in self._slots(phrase) else 3.1

    def _rank_modifier(self, phrase: Phrase, context: Context) -> float:
        if phrase.end < len(self.tokens) and self.tokens[phrase.end].norm == "one":
            return 6.0
        if self.noun_ahead(phrase.end, over_comma=context.open):
            return 5.8
        if context.last == "aux":
            return 5.6
        return 4.0 if context.subject and not context.open else 2.8

    def _rank_material(self, phrase: Phrase, context: Context) -> float:
        """As any adjective; said of nothing in particular ("clay") it may rather be a style."""
        rank = self._rank_modifier(phrase, context)
        before = [token.norm for token in self.tokens[max(0, phrase.start - 2) : phrase.start]]
        if self.noun_ahead(phrase.end, over_comma=context.open) == "subject":
            return rank
        if "everything" in before:
            return min(rank, 2.0)
        named = context.last in ("subject", "name", "pronoun", "relative", "aux", "accessory")
        return rank if named else min(rank, 3.0)

    def _rank_setting(self, phrase: Phrase, context: Context) -> float:
        word = self.tokens[phrase.end - 1].norm
        if word in ("moon", "stars"):
            return 5.5 if context.prep not in _MOON_IS_LIGHT else 1.0
        if self.tokens[phrase.start].norm == "the" and not context.prep:
            return 0.0
        if context.prep:
            return 2.0 if context.prep in ("of", "like") else 5.4
        return 0.4 if word in _BARE_PLACES else 2.7

    def _rank_camera(self, phrase: Phrase, context: Context) -> float:
        after_subject = context.last in ("subject", "pronoun", "name", "aux")
        return 0.5 if after_subject and phrase.end - phrase.start < 3 else 4.2

    def _rank_style(self, phrase: Phrase, context: Context) -> float:
        first = self.senses(phrase.start, phrase.start + 1)
        if first and first[0].slot == "colour" and self.noun_ahead(phrase.end) == "subject":
            return 0.0
        return 2.2 if context.last in ("subject", "aux") else 3.4

    def _rank_relation(self, phrase: Phrase, _: Context) -> float:
        if phrase.end >= len(self.tokens):
            return 0.0
        place = "setting" in self.slots_at(phrase.end)[0]
        return 6.0 if place or self._object_ahead(phrase.end) else 0.0

    def _rank_aux(self, phrase: Phrase, _: Context) -> float:
        slots, j = set[str](), phrase.end
        while j < len(self.tokens) and (not slots or slots == {"ignored"}):
            slots, j = self.slots_at(j)
            if not slots:
                break
        return 5.7 if slots & {"emotion", "action", "aux", "not"} else 2.9

    def _rank_hold(self, phrase: Phrase, _: Context) -> float:
        said_article = self.tokens[phrase.end - 1].norm in ("a", "an")
        return 2.9 if said_article or self.phrase_ahead(phrase.end) else 1.0


_PLAIN_RANKS = {
    "time": 3.1, "weather": 3.1, "prep": 2.9, "with": 2.9, "pace": 2.9, "ignored": 2.4,
}  # fmt: skip
_JUDGES: dict[str, Callable[[Wording, Phrase, Context], float]] = {
    "subject": Wording._rank_noun,
    "accessory": Wording._rank_accessory,
    "action": Wording._rank_action,
    **dict.fromkeys(MODIFIERS, Wording._rank_modifier),
    "material": Wording._rank_material,
    "setting": Wording._rank_setting,
    "camera": Wording._rank_camera,
    "style": Wording._rank_style,
    "relation": Wording._rank_relation,
    **dict.fromkeys(("anaphor", "bystander", "everyone"), Wording._rank_anaphor),
    "pronoun": Wording._rank_pronoun,
    "relative": Wording._rank_relative,
    "aux": Wording._rank_aux,
    "hold": Wording._rank_hold,
}
