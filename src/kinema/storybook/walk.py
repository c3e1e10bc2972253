"""The walk over a prompt: what all its parts share, and the marks and joints between them."""

from __future__ import annotations

from kinema.storybook.catalogue import catalogue
from kinema.storybook.clause import Clause
from kinema.storybook.draft import Draft
from kinema.storybook.lexicon import Sense, tokenise
from kinema.storybook.reading import Word
from kinema.storybook.wording import Phrase, Wording

_STOPS = frozenset(".!?;:\u2026\u3002")
_PAUSES = frozenset(",()\u2013\u2014/|")


class Walk:
    """The state of a parser, and what it does at marks, conjunctions and prepositions."""

    def __init__(self, prompt: str, names: dict[str, Draft], *, going_on: bool = False) -> None:
        self.words: list[Word] = []
        self._prompt = prompt
        self._tokens = tokenise(prompt)
        self._names = names
        self._wording = Wording(self._tokens, {key: Sense("name", key, "exact") for key in names})
        self._world = catalogue()
        self._clause = Clause()
        self._context = self._clause.context
        self._going_on = going_on
        self._clause.stage_is_new = not going_on
        self._negated = False
        self._may_negate = False
        self._told_backwards = False
        self._skips = False
        self._certainty: dict[str, str] = {}

    def _text(self, i: int, j: int) -> str:
        return self._prompt[self._tokens[i].start : self._tokens[j - 1].end].rstrip(
            "-_\u2010\u2011"
        )

    def _note_word(self, i: int, j: int, sense: Sense) -> None:
        start, end = self._tokens[i].start, self._tokens[j - 1].end
        text = self._prompt[start:end]
        self.words.append(
            Word(text=text, start=start, end=end, slot=sense.slot, value=sense.value, how=sense.how)
        )

    def _say(self, note: str) -> None:
        self._clause.found.notes.append(note)

    def _is_ridden(self, subject: str | None) -> bool:
        return subject is not None and self._world.subjects[subject].group == "vehicle"

    def _on_mark(self, i: int) -> None:
        self._note_word(i, i + 1, Sense("mark", "", "understood"))
        self._skips = False
        norm = self._tokens[i].norm
        if norm in _STOPS:
            self._close_clause()
            self._context.subject = bool(self._clause.focus)
            self._context.acted = self._clause.linked = True
            self._context.last = "."
        elif norm in _PAUSES:
            if self._told_backwards:
                self._clause.stage, self._told_backwards = 1 - self._clause.stage, False
            self._may_negate, self._negated = self._negated, False
            self._context.last = ","
            self._context.prep = ""
            if self._context.role != "camera":
                self._context.role = ""
            self._clause.linked = True
            if not self._wording.noun_ahead(i + 1):
                self._clause.drop_modifiers()

    def _close_clause(self) -> None:
        self._clause.drop_modifiers()
        self._clause.expect("")
        self._negated = self._may_negate = self._told_backwards = False
        self._clause.edit = ""

    def _on_ignored(self, _: Phrase) -> None:
        """Changes nothing that can be seen."""

    _on_in_hand = _on_ignored

    def _on_and(self, _: Phrase) -> None:
        self._clause.linked = self._clause.lists = True

    def _on_or(self, _: Phrase) -> None:
        self._negated = self._negated or self._may_negate

    def _on_not(self, _: Phrase) -> None:
        self._negated = True

    def _denies(self, phrase: Phrase) -> bool:
        """True, once, after a negation: what is said is not to be seen."""
        edit = self._clause.edit
        if edit == "instead" and phrase.sense.slot != "subject":
            edit = self._clause.edit = ""
            self._negated = True
        denied, self._negated = self._negated or edit == "remove", False
        self._may_negate = denied
        if denied:
            things = ("subject", "accessory")
            meant = self._wording.senses(phrase.start, phrase.end)
            both = [
                sense for sense in meant if phrase.sense.slot in things and sense.slot in things
            ]
            for sense in (phrase.sense, *both):
                self._clause.found.denied.add((sense.slot, sense.value))
            self._clause.drop_modifiers()
        return denied

    def _on_aux(self, _: Phrase) -> None:
        self._context.prep = ""

    def _on_prep(self, phrase: Phrase) -> None:
        self._clause.drop_modifiers()
        if self._context.role == "agent":
            return
        self._context.prep = phrase.sense.value
        keeps = phrase.sense.value == "of" or (
            phrase.sense.value == "on" and self._context.role == "hold"
        )
        if self._context.role in ("hold", "wear", "with") and not keeps:
            self._context.role = ""

    def _on_sequence(self, phrase: Phrase) -> None:
        clause, found = self._clause, self._clause.found
        whom = self._wording.subject_ahead(phrase.end)
        if phrase.sense.value == "after" and clause.focus and whom is not None:
            clause.drop_modifiers()
            clause.relation = "following"
            clause.expect("relation")
            return
        started = bool(found.drafts or found.loose.events or self._going_on)
        self._close_clause()
        clause.linked = phrase.sense.value == "while"
        self._context.acted = self._context.acted or phrase.sense.value == "while"
        if phrase.sense.value == "first":
            clause.stage = 0
        elif phrase.sense.value == "while":
            clause.stage_is_new = False
        elif not started and phrase.sense.value in ("before", "after"):
            clause.stage, self._told_backwards = (1 if phrase.sense.value == "before" else 0), True
        elif started and phrase.sense.value == "after":
            for draft in found.drafts:
                draft.events = {
                    stage + (stage >= clause.stage): event for stage, event in draft.events.items()
                }
        elif started and not clause.stage_is_new:
            clause.next_stage()
