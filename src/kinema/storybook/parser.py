"""The prompt parser: one walk over the words, from left to right, that fills in drafts.

Each phrase has a sense (`wording` chooses it), each sense a slot, each slot a method: marks and
joints in `walk`, nouns in `mentions`, verbs, places and light here. Every word of the prompt ends
up in ``words`` with what it was taken for.
"""

from __future__ import annotations

from kinema.storybook.clause import HOLDING, RIDING, TARGETED
from kinema.storybook.draft import Event, Findings
from kinema.storybook.inflection import with_article
from kinema.storybook.lexicon import Sense
from kinema.storybook.mentions import Mentions
from kinema.storybook.wording import MODIFIERS, Phrase

_EXCEPTIONS = ("except", "but", "besides")
_BESIDE_A_VERB = ("aux", "pace", "ignored")
_BESIDE_A_NOUN = ("det", "sequence", "size", "colour", "ignored")
_LEADING = ("prep", "with")
_SAID_WITH = ("in", "on", "under", "near", "across", "along", "out", "among", "above", "high")


class Parser(Mentions):
    """Reads one prompt.

    ``names`` are drafts of named characters, by name as the index writes it. ``going_on`` is True
    where a scene is there already, so that "then it sleeps" is about its next event.
    """

    def parse(self) -> Findings:
        """Walk over all words once."""
        i = 0
        while i < len(self._tokens):
            i = self._step(i)
        self._clause.settle()
        return self._clause.found

    def _step(self, i: int) -> int:
        if self._tokens[i].norm in _EXCEPTIONS:
            self._skips = False
        if self._skips and not self._tokens[i].mark:
            self._note_word(i, i + 1, Sense("ignored", "", "understood"))
            return i + 1
        picked = self._wording.pick(i, self._context)
        if picked is None and self._tokens[i].mark:
            self._on_mark(i)
            return i + 1
        if picked is None:
            sense = self._guess(i)
            if sense is None:
                self._on_unknown(i)
                return i + 1
            picked = sense, i + 1
        elif picked[0].slot in MODIFIERS and self._suits_no_actor(picked[1]):
            picked = Sense("ignored", "", "understood"), picked[1]
        elif picked[0].how == "nearest":
            picked = self._stand_in(picked[0], i, picked[1]), picked[1]
        sense, j = picked
        if sense.slot == "camera_word":
            sense, j = self._wording.camera_phrase(i) or (Sense("ignored", "", "understood"), j)
        self._note_word(i, j, sense)
        getattr(self, f"_on_{sense.slot}")(Phrase(sense, i, j))
        if sense.slot != "ignored":
            self._context.last = sense.slot
        return j

    def _suits_no_actor(self, j: int) -> bool:
        """True for an adjective of a place, a light or a weather: "golden sunset"."""
        return self._wording.noun_ahead(j) in ("setting", "weather", "time")

    def _guess(self, i: int) -> Sense | None:
        """What a word that the index lacks misspells, or else its nearest kin."""
        text = self._text(i, i + 1)
        sense = self._wording.pick_misspelt(i, self._context)
        if sense is not None:
            self._say(f"{text!r} is read as {sense.value.replace('_', ' ')!r}")
            return sense
        kin = self._wording.pick_nearest(i, text)
        return None if kin is None else self._stand_in(kin, i, i + 1)

    def _stand_in(self, sense: Sense, i: int, j: int) -> Sense:
        """Say what stands in, unless the word only describes the next one."""
        text, name = self._text(i, j), sense.value.replace("_", " ")
        ahead = self._wording.subject_ahead(j) if sense.slot == "colour" else None
        if ahead is not None and self._world.subjects[ahead].own_colour == text.lower():
            return Sense("colour", text.lower(), "exact")
        if sense.slot == "subject" and (
            self._owns_what_follows(j) or self._describes_what_follows(j)
        ):
            return sense._replace(how="understood")
        if sense.slot == "subject":
            self._say(f"{text!r} is not in the storybook world; {with_article(name)} stands in")
        else:
            self._say(
                f"{text!r} is not in the storybook world; the nearest {sense.slot} is {name!r}"
            )
        return sense

    # Verbs

    def _on_action(self, phrase: Phrase) -> None:
        clause, action = self._clause, phrase.sense.value
        if action == "fall" and self._falls_from_the_sky():
            return
        if self._denies(phrase):
            for draft in clause.targets:
                if self._context.role != "camera" and draft.fallback is None:
                    draft.fallback = Event(action="look_around")
            return
        if self._is_passive(phrase.sense, phrase.end):
            self._expect_agent(TARGETED.get(action, action))
            return
        if self._describes_a_noun(phrase.sense, phrase.end):
            clause.mods.action = action if phrase.sense.form == "ing" else clause.mods.action
            return
        clause.drop_modifiers()
        clause.gather()
        self._context.acted = True
        if action in RIDING and self._is_ridden(self._wording.subject_ahead(phrase.end)):
            clause.relation = "riding"
            clause.expect("relation")
            return
        for draft in clause.targets:
            clause.act(draft, action)
        clause.stage_is_new = clause.linked = False
        clause.relation = TARGETED.get(action, "")
        clause.expect(self._role_after(action, phrase.end))

    def _falls_from_the_sky(self) -> bool:
        """True where the weather is what falls: "snow slowly falls", not "a fox in snow falls"."""
        before = reversed(self.words[:-1])
        told = next((word.slot for word in before if word.slot not in _BESIDE_A_VERB), "")
        return told == "weather" and next(
            (word.slot not in _LEADING for word in before if word.slot not in _BESIDE_A_NOUN), True
        )

    def _role_after(self, action: str, j: int) -> str:
        if action in TARGETED:
            return "relation"
        if action == "flee":
            return "flee"
        if action in HOLDING:
            return "hold"
        return "with" if self._wording.phrase_ahead(j) else ""

    def _describes_a_noun(self, sense: Sense, j: int) -> bool:
        """True for "running" in "a running fox"."""
        if sense.form == "past":  # "a parked car"
            return self._clause.mods.any and self._wording.noun_ahead(j) == "subject"
        if sense.form != "ing" or sense.value in HOLDING or sense.value in TARGETED:
            return False
        bare = "subject" in self._wording.slots_at(j)[0] and not self._context.subject
        return (self._clause.mods.any or bare) and self._wording.noun_ahead(j) == "subject"

    def _is_passive(self, sense: Sense, j: int) -> bool:
        if sense.form != "past" or j >= len(self._tokens) or self._tokens[j].norm != "by":
            return False
        return sense.value in (*TARGETED, *HOLDING) and bool(self._clause.focus)

    def _expect_agent(self, relation: str) -> None:
        """The next noun is who does it to the focus: "is chased by", "is ridden by"."""
        self._clause.expect("agent")
        self._clause.relation = relation
        self._context.acted = True

    def _on_passive(self, phrase: Phrase) -> None:
        self._clause.drop_modifiers()
        if self._clause.focus:
            self._expect_agent(phrase.sense.value)

    def _on_becomes(self, phrase: Phrase) -> None:
        self._clause.drop_modifiers()
        self._clause.expect("becomes")
        who = self._clause.latest.subject if self._clause.latest is not None else "it"
        text = self._text(phrase.start, phrase.end)
        self._say(f"{text!r}: nobody changes into another here; the {who} stays as it is")

    def _on_hold(self, phrase: Phrase) -> None:
        self._clause.drop_modifiers()
        self._clause.expect(phrase.sense.slot)

    _on_wear = _on_hold

    def _on_with(self, _: Phrase) -> None:
        self._clause.drop_modifiers()
        if self._clause.edit != "swap" and self._context.role not in ("hold", "camera"):
            self._clause.expect("with")

    def _on_relation(self, phrase: Phrase) -> None:
        clause = self._clause
        clause.drop_modifiers()
        if self._denies(phrase):
            return
        if (
            not self._wording.phrase_ahead(phrase.end)
            and "pronoun" not in self._wording.slots_at(phrase.end)[0]
        ):
            clause.expect("")
            self._context.prep = "at"
            return
        clause.relation = phrase.sense.value
        clause.expect("relation")

    def _on_direction(self, phrase: Phrase) -> None:
        for draft in self._clause.targets:
            draft.event(self._clause.told).direction = phrase.sense.value
        self._context.prep = ""

    def _on_side(self, phrase: Phrase) -> None:
        if self._context.last in (".", ",", ""):  # "on the left a fox sits"
            self._clause.side = phrase.sense.value
        elif self._clause.latest is not None:
            self._clause.latest.side = phrase.sense.value
        self._context.prep = ""

    def _on_pace(self, phrase: Phrase) -> None:
        slots = self._wording.slots_at(phrase.end)[0] if phrase.end < len(self._tokens) else set()
        if not slots & {"camera", "camera_word"}:
            for draft in self._clause.targets:
                draft.event(self._clause.told).pace = float(phrase.sense.value)

    # Place, light, camera, style

    def _on_setting(self, phrase: Phrase) -> None:
        if not self._denies(phrase):
            said = bool(self._context.prep) or self._tokens[phrase.start].norm in _SAID_WITH
            aside = self._context.role == "camera" or self._context.prep in ("to", "from")
            sure = 0 if aside else 1 + 2 * said - (phrase.sense.how == "nearest")
            self._clause.found.places.append((sure, phrase.sense.value))
        self._clause.drop_modifiers()
        self._context.prep = ""

    def _on_term(self, phrase: Phrase) -> None:
        """A time, weather, camera move or style: the first counts, unless it was only near."""
        self._clause.drop_modifiers()
        self._context.prep = ""
        if self._context.role in ("with", "hold"):
            self._context.role = ""
        if self._denies(phrase):
            return
        found, slot = self._clause.found, phrase.sense.slot
        before = getattr(found, slot)
        if before is None or (self._certainty[slot] == "nearest" and phrase.sense.how != "nearest"):
            setattr(found, slot, phrase.sense.value)
            self._certainty[slot] = phrase.sense.how
        elif before != phrase.sense.value:
            kept, left_out = before.replace("_", " "), phrase.sense.value.replace("_", " ")
            self._say(f"one {slot} at a time: {kept!r} is kept, {left_out!r} left out")

    _on_time = _on_weather = _on_style = _on_term

    def _on_camera(self, phrase: Phrase) -> None:
        self._on_term(phrase)
        self._context.role = "camera"

    def _on_edit(self, phrase: Phrase) -> None:
        clause = self._clause
        clause.drop_modifiers()
        clause.expect("")
        if self._context.subject and phrase.sense.value == "add" and clause.latest is not None:
            clause.latest.added = True
        clause.edit = phrase.sense.value
        if self._tokens[phrase.end - 1].norm in ("a", "an", "into", "to", "with"):
            clause.swapped = clause.latest or clause.found.loose
