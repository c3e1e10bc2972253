"""Mentions: what a parser does with nouns, and with the words that stand for them."""

from __future__ import annotations

from kinema.storybook.clause import Modifiers
from kinema.storybook.draft import Draft
from kinema.storybook.lexicon import Sense
from kinema.storybook.walk import Walk
from kinema.storybook.wording import Phrase


class Mentions(Walk):
    """Articles, numbers, adjectives, nouns, names and pronouns: who is meant."""

    def _on_det(self, phrase: Phrase) -> None:
        self._clause.mods = Modifiers(article=phrase.sense.value)
        self._context.open = True

    def _on_count(self, phrase: Phrase) -> None:
        values = self._clause.mods.values
        bare = self._wording.noun_ahead(phrase.end) is None
        splits = phrase.sense.value == "1" and bare and self._wording.is_modifier(phrase.end)
        if splits and self._clause.split_off():
            return
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
        if not after_verb and self._is_unknown_noun(phrase.end):
            return  # "green shadows"
        for draft in self._clause.targets:
            self._clause.describe(draft, phrase.sense.slot, phrase.sense.value)

    def _on_material(self, phrase: Phrase) -> None:
        """As any adjective, but "turn the fox into gold" ends there."""
        clause = self._clause
        alone = not clause.mods.any and self._wording.noun_ahead(phrase.end) is None
        if alone and clause.edit == "swap" and clause.swapped is not None:
            clause.describe(clause.swapped, "material", phrase.sense.value)
            clause.swapped, clause.edit = None, ""
        else:
            self._on_modifier(phrase)

    def _on_colour(self, phrase: Phrase) -> None:
        """As any adjective; who turns into gold is made of it."""
        turns = self._clause.edit == "swap" or self._context.role == "becomes"
        if turns and phrase.sense.value in self._world.materials and not self._clause.mods.any:
            self._on_material(phrase._replace(sense=phrase.sense._replace(slot="material")))
        else:
            self._on_modifier(phrase)

    def _is_unknown_noun(self, j: int) -> bool:
        if j >= len(self._tokens) or self._tokens[j].mark or self._tokens[j].norm.endswith("ly"):
            return False
        return not self._wording.slots_at(j)[0]

    _on_size = _on_emotion = _on_tone = _on_modifier

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
        if not same and mods.article == "the":
            same = clause.doers(sense.value)
        if same and mods.count is None and mods.article in ("the", "") and clause.edit != "add":
            fitting = [d for d in same if mods.values.get("colour") in (None, d.colour)]
            if fitting and (sense.form == "one" or mods.article):
                clause.apply_modifiers(fitting[-1])
                return fitting[-1]
        count = mods.count or (1 if sense.form == "one" else 3)
        draft = Draft(subject=sense.value, count=count, counted=mods.count is not None)
        draft.since = clause.told
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

    def _on_pronoun(self, phrase: Phrase) -> None:
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
            who = clause.of_gender(self._tokens[phrase.start].norm)
            clause.focus = [who] if who is not None else clause.focus

    def _on_anaphor(self, phrase: Phrase) -> None:
        """Read "the little guy" as whoever was named last."""
        if self._clause.latest is not None:
            self._clause.place(self._clause.latest, new_clause=self._is_new_clause(phrase.end))

    def _on_nobody(self, _: Phrase) -> None:
        """What nobody does is not shown: the rest of the clause is passed over."""
        self._clause.drop_modifiers()
        self._skips = True

    def _on_bystander(self, _: Phrase) -> None:
        """Pass over what somebody does whom the scene does not show."""
        self._clause.drop_modifiers()
        self._clause.focus = [Draft(subject="")]
        self._clause.expect("")
        self._context.acted = False

    def _on_of_them(self, _: Phrase) -> None:
        """Take a number that comes late: "hedgehogs, four of them"."""
        clause = self._clause
        if clause.latest is not None and clause.mods.count:
            clause.latest.count, clause.latest.counted = clause.mods.count, True
        clause.drop_modifiers()

    def _on_everyone(self, _: Phrase) -> None:
        clause = self._clause
        clause.drop_modifiers()
        clause.focus = [draft for draft in clause.found.drafts if draft.subject != "?"]
        clause.expect("")
        self._context.acted = False

    def _on_relative(self, phrase: Phrase) -> None:
        if self._clause.latest is not None:
            many = self._tokens[phrase.end - 1].norm == "are"
            self._clause.focus = self._clause.listed if many else [self._clause.latest]
        self._clause.expect("")

    def _on_abreast(self, _: Phrase) -> None:
        for other in self._clause.focus[1:]:
            self._clause.found.relations.append(("beside", self._clause.focus[0], other))

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
        if self._wording.noun_ahead(i + 1) is None:
            self._context.open = False
        self._context.last = "unknown"
