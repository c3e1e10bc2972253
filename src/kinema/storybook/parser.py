"""The prompt parser: one walk over the words, from left to right, that fills in drafts.

Each phrase has a sense (`wording` chooses it), each sense a slot, each slot a method below. Every
word of the prompt ends up in ``words`` with what it was taken for.
"""

from __future__ import annotations

from kinema.storybook.catalogue import catalogue
from kinema.storybook.clause import HOLDING, RIDING, TARGETED, Clause, Modifiers
from kinema.storybook.draft import Draft, Event, Findings
from kinema.storybook.inflection import with_article
from kinema.storybook.lexicon import Sense, tokenise
from kinema.storybook.reading import Word
from kinema.storybook.wording import MODIFIERS, Phrase, Wording

_STOPS = frozenset(".!?;:\u2026\u3002")
_PAUSES = frozenset(",()\u2013\u2014/|")
_SAID_WITH = ("in", "on", "under", "near", "across", "along", "out", "among", "above", "high")


class Parser:
    """Reads one prompt.

    ``names`` are drafts of named characters, by name as the index writes it. ``going_on`` is True
    where a scene is there already, so that "then it sleeps" is about its next event.
    """

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
        self._certainty: dict[str, str] = {}

    def parse(self) -> Findings:
        """Walk over all words once."""
        i = 0
        while i < len(self._tokens):
            i = self._step(i)
        self._clause.settle()
        return self._clause.found

    def _step(self, i: int) -> int:
        picked = self._wording.pick(i, self._context)
        if picked is None and self._tokens[i].mark:
            self._on_mark(i)
            return i + 1
        if picked is None:
            sense = self._wording.pick_misspelt(i, self._context)
            if sense is None:
                self._on_unknown(i)
                return i + 1
            self._say(f"{self._text(i, i + 1)!r} is read as {sense.value.replace('_', ' ')!r}")
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

    # Marks and joints

    def _on_mark(self, i: int) -> None:
        self._note_word(i, i + 1, Sense("mark", "", "understood"))
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
        self._clause.linked = True

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
        if phrase.sense.value == "after" and clause.focus and self._wording.subject_ahead(phrase.end):
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

    # Nouns

    def _on_det(self, phrase: Phrase) -> None:
        self._clause.mods = Modifiers(article=phrase.sense.value)
        self._context.open = True

    def _on_count(self, phrase: Phrase) -> None:
        values = self._clause.mods.values
        if phrase.sense.value == "1" and self._clause.mods.article == "the" and values:
            fitting = [
                draft
                for draft in self._clause.found.drafts
                if all(getattr(draft, slot, None) == value for slot, value in values.items())
            ]
            if fitting:  # "the white one"
                self._clause.drop_modifiers()
                self._clause.place(fitting[-1], new_clause=True)
                return
        self._clause.mods.count = int(phrase.sense.value)
        self._context.open = True

    def _on_modifier(self, phrase: Phrase) -> None:
        if self._denies(phrase):
            return
        mods = self._clause.mods
        ahead = self._wording.noun_ahead(phrase.end, over_comma=mods.any)
        after_verb = self._context.last == "aux" and not mods.any
        if mods.any or (ahead is not None and not after_verb):
            mods.values.setdefault(phrase.sense.slot, phrase.sense.value)
            self._context.open = True
            return
        for draft in self._clause.targets:
            self._clause.describe(draft, phrase.sense.slot, phrase.sense.value)

    _on_colour = _on_size = _on_emotion = _on_tone = _on_modifier

    def _on_subject(self, phrase: Phrase) -> None:
        if self._denies(phrase):
            return
        owner = self._owns_what_follows(phrase.end)
        if owner or (phrase.sense.form == "one" and self._describes_what_follows(phrase.end)):
            self._say(f"{self._text(phrase.start, phrase.end)!r} only describes what follows it")
            self._context.open = True
        elif self._context.prep == "like":
            self._say(
                f"{self._text(phrase.start, phrase.end)!r} is only a comparison and is not shown"
            )
            self._clause.drop_modifiers()
            self._context.prep = ""
        elif self._context.role == "becomes":
            self._clause.drop_modifiers()
            self._clause.expect("")
        elif self._is_held(phrase.sense.value):
            self._hold(phrase.sense.value, self._context.role == "wear", phrase.end)
        else:
            if self._context.prep in ("in", "on") and self._is_ridden(phrase.sense.value):
                self._context.prep = "aboard"
            if self._told_backwards and self._clause.found.loose.events:
                self._tell_forwards()
            draft = self._resolve(phrase.sense)
            self._clause.place(draft, new_clause=self._is_new_clause(phrase.end))

    def _tell_forwards(self) -> None:
        """The main clause begins: "before it sleeps the raccoon eats"."""
        self._clause.stage, self._told_backwards = 1 - self._clause.stage, False
        self._clause.stage_is_new = True
        self._clause.focus = []
        self._context.acted = False

    def _on_name(self, phrase: Phrase) -> None:
        draft = self._names[phrase.sense.value]
        if draft not in self._clause.found.drafts:
            self._clause.found.drafts.append(draft)
        self._clause.apply_modifiers(draft)
        if not self._owns_what_follows(phrase.end):
            self._clause.place(draft, new_clause=self._is_new_clause(phrase.end))

    def _is_new_clause(self, j: int) -> bool:
        """True where "and a cat" goes on with a verb, so that the cat is no second object."""
        return self._clause.linked and self._context.role != "camera" and self._wording.is_verb(j)

    def _owns_what_follows(self, j: int) -> bool:
        if j >= len(self._tokens) or self._tokens[j].norm != "'s":
            return False
        slots, _ = self._wording.slots_at(j + 1)
        return self._wording.noun_ahead(j + 1) is not None or not slots

    def _describes_what_follows(self, j: int) -> bool:
        """True where another noun follows at once: "robot dog"."""
        if j >= len(self._tokens) or self._tokens[j].mark:
            return False
        if self._wording.is_joined(j):
            return True  # "honey-coloured"
        slots, after = self._wording.slots_at(j)
        if after < len(self._tokens) and self._wording.slots_at(after)[0] & {"det", "pronoun"}:
            return False  # "an astronaut plants a flag"
        return "subject" in slots and ("action" not in slots or self._wording.is_verb(after))

    def _is_held(self, subject: str) -> bool:
        hugs = self._context.role == "relation" and self._clause.relation == "hugging"
        if self._context.role not in ("hold", "with", "wear") and not hugs:
            return False
        row = self._world.subjects[subject]
        return row.group in ("food", "object") or (row.group == "plant" and row.metres <= 1.6)

    def _resolve(self, sense: Sense) -> Draft:
        """The draft that this noun means: one already named ("the fox"), or a new one."""
        clause, mods = self._clause, self._clause.mods
        same = [draft for draft in clause.found.drafts if draft.subject == sense.value]
        if same and mods.count is None and mods.article in ("the", "") and clause.edit != "add":
            fitting = [d for d in same if mods.values.get("colour") in (None, d.colour)]
            if fitting and (sense.form == "one" or mods.article):
                clause.apply_modifiers(fitting[-1])
                return fitting[-1]
        count = mods.count or (1 if sense.form == "one" else 3)
        draft = Draft(subject=sense.value, count=count, counted=mods.count is not None)
        draft.added = clause.edit == "add" or mods.article == "another"
        clause.found.drafts.append(draft)
        clause.apply_modifiers(draft)
        return draft

    def _on_accessory(self, phrase: Phrase) -> None:
        if self._denies(phrase):
            return
        if phrase.sense.form == "one" and self._describes_what_follows(phrase.end):
            self._say(f"{self._text(phrase.start, phrase.end)!r} only describes what follows it")
            return
        worn = self._world.accessories[phrase.sense.value].worn and self._context.role != "hold"
        self._hold(phrase.sense.value, worn or self._context.role == "wear", phrase.end)

    def _hold(self, name: str, worn: bool, j: int) -> None:
        """Put a thing into somebody's hands; "and a ..." after it may be held as well."""
        self._context.acted = self._context.acted or self._context.role in ("hold", "wear")
        self._clause.hold(name, worn=worn)
        slots, after = self._wording.slots_at(j) if j < len(self._tokens) else (set(), j)
        if "and" in slots and self._wording.phrase_ahead(after):
            self._context.role = "with"

    def _on_pronoun(self, _: Phrase) -> None:
        clause, role = self._clause, self._context.role
        clause.drop_modifiers()
        if clause.edit == "swap" and clause.swapped is None:
            clause.swapped = clause.latest or clause.found.loose
        if role == "camera":
            clause.found.camera_target = clause.latest
        elif role == "relation":
            clause.relate_back()
        clause.expect("")
        if self._context.last in (".", ",", "and", "sequence", ""):
            self._context.acted = False

    def _on_anaphor(self, phrase: Phrase) -> None:
        """ "The little guy" is whoever was named last."""
        if self._clause.latest is not None:
            self._clause.place(self._clause.latest, new_clause=self._is_new_clause(phrase.end))

    def _on_everyone(self, _: Phrase) -> None:
        clause = self._clause
        clause.drop_modifiers()
        clause.focus = [draft for draft in clause.found.drafts if draft.subject != "?"]
        clause.expect("")
        self._context.acted = False

    def _on_relative(self, _: Phrase) -> None:
        if self._clause.latest is not None:
            self._clause.focus = [self._clause.latest]
        self._clause.expect("")

    def _on_abreast(self, _: Phrase) -> None:
        first, *others = self._clause.focus or [None]
        for other in others:
            if first is not None:
                self._clause.found.relations.append(("beside", first, other))

    def _on_each_other(self, _: Phrase) -> None:
        if self._context.role == "relation" and self._clause.focus:
            self._clause.relate_each_other()
        self._context.role = ""

    def _on_unknown(self, i: int) -> None:
        """A word that nothing is like: perhaps a noun that does something, else only unknown."""
        self._note_word(i, i + 1, Sense("unknown", "", "unknown"))
        clause = self._clause
        alone = self._wording.ends_phrase(i + 1) and not self._context.prep
        acts = self._wording.opens_clause(i) and self._wording.is_verb(i + 1)
        alone = alone and (acts or not clause.found.drafts)
        if self._context.open and alone and not self._context.role and not self._negated:
            draft = Draft(subject="?", count=clause.mods.count or 1, unknown=self._text(i, i + 1))
            clause.apply_modifiers(draft)
            clause.found.drafts.append(draft)
            clause.place(draft, new_clause=False)
        self._context.last = "unknown"

    # Verbs

    def _on_action(self, phrase: Phrase) -> None:
        clause, action = self._clause, phrase.sense.value
        if self._denies(phrase):
            for draft in clause.targets:
                if self._context.role != "camera" and draft.fallback is None:
                    draft.fallback = Event(action="look_around")
            return
        if self._is_passive(phrase.sense, phrase.end):
            self._expect_agent(TARGETED.get(action, action))
            return
        if self._describes_a_noun(phrase.sense, phrase.end):
            clause.mods.action = action
            return
        clause.drop_modifiers()
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

    def _role_after(self, action: str, j: int) -> str:
        if action in TARGETED:
            return "relation"
        if action == "flee":
            return "flee"
        if action in HOLDING:
            return "hold"
        return "with" if self._wording.phrase_ahead(j) else ""

    def _is_ridden(self, subject: str | None) -> bool:
        return subject is not None and self._world.subjects[subject].group == "vehicle"

    def _describes_a_noun(self, sense: Sense, j: int) -> bool:
        """True for "running" in "a running fox"."""
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
        if self._clause.latest is not None:
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
