"""What a clause says of whom: the half of the parser that knows drafts and events, but no words.

A clause has a focus (the drafts it is about), a role that the next noun will have ("hold",
"relation", "agent" ...), and a stage (which beat is being told). The parser moves it along.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from kinema.storybook.catalogue import catalogue
from kinema.storybook.draft import Draft, Event, Findings
from kinema.storybook.scene import SECOND_BEAT
from kinema.storybook.wording import Context

STAGES: Final = 4
"""How many events in a row are kept; what comes after them is left out, and a note says so."""

HOLDING: Final = ("eat", "play", "read")
HANDLED_BY: Final = {"hold": None, **{action: action for action in HOLDING}}
"""What who has a thing in hand does, by the passive that says so ("eaten by a bear")."""
SEATED: Final = ("riding", "on_top_of")
PAUSE: Final = "pause"
"""Stops, waits, stands: what is told next takes its place."""
RIDING: Final = ("drive", "sail", "fly", "move")
"""What who sits on something does by letting it do so."""
TARGETED: Final = {
    "chase": "chasing", "follow": "following", "circle": "circling", "jump_over": "jumping_over",
    "hug": "hugging", "meet": "meeting",
}  # fmt: skip
MUTUAL: Final = ("hug", "meet")
"""What two do to each other where nobody says to whom."""
_ACTION_OF = {kind: action for action, kind in TARGETED.items()}
# What the other one does, if nothing else is said of it.
_ANSWERS = {"chasing": "flee", "following": "move", "hugging": "hug", "meeting": "meet"}
_GENDERS: Final = {
    "she": ("woman", "girl", "princess", "lady", "mermaid", "fairy", "queen", "bride", "witch"),
    "he": ("man", "boy", "prince", "king", "wizard", "knight", "cowboy", "policeman", "fireman"),
}  # fmt: skip
# What a preposition says of the focus and the noun after it, where that noun is not a place.
BY_PREP: Final = {
    "on": "on_top_of", "in": "behind", "past": "passing", "by": "", "over": "", "under": "beside",
    "aboard": "riding", "at": "beside", "through": "beside", "to": "meeting", "from": "beside",
    "around": "circling", "of": "", "like": "",
}  # fmt: skip


@dataclass(slots=True)
class Modifiers:
    """Adjectives and the like that wait for their noun."""

    count: int | None = None
    article: str = ""
    values: dict[str, str] = field(default_factory=dict)
    action: str | None = None

    @property
    def any(self) -> bool:
        """True inside a noun phrase."""
        return bool(self.article or self.values or self.count)


class Clause:
    """The state of the clause that is being read, and what it has added to the findings."""

    def __init__(self) -> None:
        self.found = Findings()
        self.context = Context()
        self.mods = Modifiers()
        self.focus: list[Draft] = []
        self.latest: Draft | None = None
        self.relation = ""
        self.stage = 0
        self.stage_is_new = True
        self.linked = False
        self.edit = ""
        self.swapped: Draft | None = None
        self.side: str | None = None
        self.parts: list[Draft] = []
        self.lists = False
        self.listed: list[Draft] = []
        self._anchor: tuple[str, Draft] | None = None
        self._waiting: list[tuple[str, bool]] = []

    @property
    def targets(self) -> list[Draft]:
        """Whom a word about somebody is about: the focus, or nobody in particular."""
        return self.focus or [self.found.loose]

    @property
    def told(self) -> int:
        """The stage that events go to; all that come after the last kept one share its place."""
        return min(self.stage, STAGES)

    def of_gender(self, pronoun: str) -> Draft | None:
        """Whom "she" or "he" means: the last woman or man named, if there is one."""
        parts = _GENDERS.get(pronoun, ())
        for draft in reversed(self.found.drafts):
            if any(part in draft.subject.split() for part in parts):
                return draft
        return None

    def doers(self, subject: str) -> list[Draft]:
        """Whom "the dancers" means where somebody was said to dance: at most the last of them."""
        row = catalogue().subjects[subject]
        if row.group != "person" or row.actions[0] in ("walk", "look_around"):
            return []
        doing = [
            draft
            for draft in self.found.drafts
            if any(event.action == row.actions[0] for event in draft.events.values())
        ]
        return doing[-1:]

    def split_off(self) -> bool:
        """Make one of the group named last the focus: "two cats, one black and one white"."""
        group = self.parts[0] if self.parts else self.latest
        if group is None or (group.count < 2 and not self.parts):
            return False
        if group.count == 1:  # the last of the group
            self.focus = [group]
            return True
        group.count -= 1
        part = replace(group, count=1, events=dict(group.events))
        self.found.drafts.insert(self.found.drafts.index(group), part)
        self.parts = [group, *self.parts[1:], part]
        self.focus = [part]
        return True

    def drop_modifiers(self) -> None:
        """Forget adjectives that found no noun."""
        self.mods = Modifiers()
        self.context.open = False

    def expect(self, role: str) -> None:
        """Give the next noun a role, whatever preposition came before."""
        self.context.role, self.context.prep = role, ""

    def next_stage(self) -> None:
        """What comes now happens one beat later."""
        self.stage += 1
        self.stage_is_new = True
        if self.stage == 2:
            late = 2 * SECOND_BEAT
            self.found.notes.append(f"the third event starts after {late} s: make the clip longer")
        if self.stage == STAGES:
            self.found.notes.append(f"only the first {STAGES} events are shown")

    def describe(self, draft: Draft, slot: str, value: str) -> None:
        """Give a draft a colour, size, tone or emotion; a second emotion is its next event."""
        if slot != "emotion":
            setattr(draft, slot, value)
            return
        told = draft.events.get(self.told)
        if told is not None and told.emotion not in (None, value):
            self.next_stage()
        draft.event(self.told).emotion = value
        self.stage_is_new = False

    def apply_modifiers(self, draft: Draft) -> None:
        """Give the waiting adjectives to the noun that they waited for."""
        for slot, value in self.mods.values.items():
            self.describe(draft, slot, value)
        if self.mods.action is not None:
            self.act(draft, self.mods.action)
        self.drop_modifiers()

    def gather(self) -> None:
        """Make the focus whole again after its parts were described."""
        if self.parts:
            self.focus, self.parts = [*self.parts[1:], self.parts[0]], []

    def act(self, draft: Draft, action: str) -> None:
        """Let a draft do something: now, or next, where a joint came before the verb."""
        event = draft.event(self.told)
        if event.action in (None, PAUSE) or (
            event.action in ("look_around", "move") and not self.linked
        ):
            event.action = action
        elif event.action != action and self.linked and not (action == PAUSE and self.stage_is_new):
            if not self.stage_is_new:
                self.next_stage()
            draft.event(self.told).action = action
        elif event.action != action and action not in ("look_around", PAUSE):
            kept, left_out = event.action.replace("_", " "), action.replace("_", " ")
            self.found.notes.append(
                f"only one thing is done at a time: {kept!r} is kept, {left_out!r} left out"
            )

    def begin(self, draft: Draft) -> None:
        """Make a draft the focus, or one of several where nouns are listed ("a dog and a cat")."""
        if self.linked and self.focus and not self.context.acted:
            if draft not in self.focus:
                self.focus.append(draft)
        else:
            self.focus = [draft]
            self.context.acted = False
        self.expect("")
        if self._anchor is not None:
            kind, anchor = self._anchor
            if kind and anchor is not draft:
                self.found.relations.append((kind, draft, anchor))
            self._anchor = None
        for name, worn in self._waiting:
            setattr(draft, "wears" if worn else "holds", name)
        self._waiting.clear()

    def place(self, draft: Draft, *, new_clause: bool) -> None:
        """Give a noun its part in the clause: actor, object, companion, the camera's target."""
        role, prep = self.context.role, self.context.prep
        before, self.latest = self.latest, draft
        draft.side, self.side = self.side or draft.side, None
        self.listed, self.lists = [*(self.listed if self.lists else []), draft], False
        self.stage_is_new = False
        self.context.subject = True
        if self.edit == "swap":
            self._swap(draft)
        elif self.edit == "instead":
            self.found.swaps.append((draft, before or self.found.loose))
            self.edit, self.latest = "", before
        elif role in ("relation", "with", "hold", "agent", "camera", "flee") and not new_clause:
            self._take_role(role, draft)
        elif prep in BY_PREP and self.focus and self.focus != [draft]:
            self.relation = self._by_the_way() if prep == "by" else BY_PREP[prep]
            self.relate(draft)
            self.context.prep = ""
        elif prep in ("on", "under", "over") and not self.focus:
            self._anchor = BY_PREP[prep], draft
            self.context.prep = ""
        else:
            self.begin(draft)

    def _by_the_way(self) -> str:
        """Who goes by something passes it, who does anything else by it is beside it."""
        told = [draft.events.get(self.told) for draft in self.focus]
        doing = {event.action for event in told if event is not None}
        going = {name for name, row in catalogue().actions.items() if row.locomotion} | {"move"}
        return "passing" if doing & going else "beside"

    def _take_role(self, role: str, draft: Draft) -> None:
        others = [other for other in self.targets if other is not draft and other.subject]
        if role == "camera":
            self.found.camera_target = draft
            self.begin(draft)
        elif role in ("with", "hold") and not others:
            self.begin(draft)
        elif role == "agent":
            self._act_upon(draft, others)
        elif role == "flee":
            for other in others:
                other.event(self.told).target = draft
                draft.fallback = Event(action="chase", target=other)
                self.found.relations.append(("chasing", draft, other))
        elif role in ("with", "hold"):
            self.relation = "beside"
            self.relate(draft)
            draft.like = others[0] if others and role == "with" else None
        elif others:
            self.relate(draft)
            self.context.acted = True
        else:
            self._anchor = self.relation, draft
            self.context.role = ""

    def relate(self, other: Draft) -> None:
        """Put the focus into the open relation with another draft."""
        for draft in self.focus:
            if draft is other or not self.relation:
                continue
            self._bind(draft, other)

    def _bind(self, draft: Draft, other: Draft) -> None:
        """Put one draft into the open relation with another."""
        told = draft.events.get(self.told)
        doing = told.action if told is not None else None
        goes_to = self.relation == "meeting" and doing not in (None, "meet")  # "runs to a dog"
        if self.relation in _ACTION_OF and not goes_to:
            self._pursue(draft, other)
            return
        if self.relation in SEATED and draft.fallback is None:
            draft.fallback = Event(action="look_around")
        elif self.relation == "passing" and doing is None:
            draft.event(self.told).action = "move"
        self.found.relations.append((self.relation, draft, other))

    def _act_upon(self, agent: Draft, others: list[Draft]) -> None:
        """Let the agent of a passive do to the focus what the verb says."""
        for other in others:
            if self.relation in HANDLED_BY:
                agent.holds = other.subject
                agent.event(self.told).action = HANDLED_BY[self.relation]
                self.found.drafts.remove(other)
                self.focus = [agent]
            else:
                self._bind(agent, other)

    def relate_back(self) -> None:
        """Relate the latest noun to the focus: the bird in "a tree with a bird on top of it".

        Where the latest noun is the focus itself, "it" is the one named before: the rabbit in "a
        rabbit runs as a fox chases it".
        """
        if self.latest is None or self.latest in self.focus:
            named = [draft for draft in self.found.drafts if draft not in self.focus]
            self.relate(named[-1] if named else self.found.loose)
            return
        subject, self.focus = self.focus, [self.latest]
        for draft in subject:
            self.relate(draft)
        self.focus = subject

    def relate_each_other(self) -> None:
        """The first of the focus does to the others what the clause says."""
        first, *others = self.focus
        if not others and first.count > 1:
            first.count -= 1
            others = [replace(first, count=1, events={})]
            self.found.drafts.append(others[0])
        self.focus = [first]
        for other in others:
            self.relate(other)
        self.focus = [first, *others]

    def _pursue(self, draft: Draft, other: Draft) -> None:
        event = draft.event(self.told)
        event.action, event.target = _ACTION_OF[self.relation], other
        if self.relation in _ANSWERS:
            answer = _ANSWERS[self.relation]
            other.fallback = Event(action=answer, target=None if answer == "move" else draft)
        self.found.relations.append((self.relation, draft, other))

    def _swap(self, draft: Draft) -> None:
        if self.swapped is None:
            self.swapped = draft
        else:
            self.found.swaps.append((self.swapped, draft))
            self.swapped, self.edit = None, ""

    def hold(self, name: str, *, worn: bool) -> None:
        """Put a thing into the hands, or on the head, of the focus, or of whoever comes next."""
        holders = [draft for draft in self.targets if draft.subject or self.edit == "add"]
        for draft in holders:
            setattr(draft, "wears" if worn else "holds", name)
        if not holders:
            self._waiting.append((name, worn))
        if "colour" in self.mods.values:
            self.found.notes.append(f"the {name.replace('-', ' ')} keeps its own colour")
        self.drop_modifiers()
        self.expect("")

    def settle(self) -> None:
        """What can only be said at the end: who stands left of whom, and things nobody holds."""
        drafts = self.found.drafts
        sided = [draft for draft in drafts if draft.side]
        if sided and len(drafts) > 1:
            first = sided[0]
            other = next(draft for draft in (*sided[1:], *drafts) if draft is not first)
            self.found.relations.append((f"{first.side}_of", first, other))
        for draft in [*drafts, self.found.loose]:
            self._pair_up(draft)
            for event in draft.events.values():
                event.action = "look_around" if event.action == PAUSE else event.action
        for kind, rider, other in list(self.found.relations):
            if kind in SEATED and not self._join(rider, other):
                if any(event.action in RIDING for event in rider.events.values()):
                    self._rename(rider, other)
                _let_drive(rider, other)
        holder = drafts[0] if drafts else self.found.loose
        for name, worn in self._waiting:
            setattr(holder, "wears" if worn else "holds", name)

    def _pair_up(self, draft: Draft) -> None:
        """Who hugs or meets, and nobody says whom: another who does so, or one of its own."""
        for stage, event in draft.events.items():
            if event.action not in MUTUAL or event.target is not None:
                continue
            others = [
                other
                for other in self.found.drafts
                if other is not draft and stage in other.events
                if other.events[stage].action == event.action
            ]
            if not others and draft.count > 1:
                draft.count -= 1
                others = [replace(draft, count=1, events={})]
                self.found.drafts.append(others[0])
            if others:
                self.stage, self.relation = stage, TARGETED[event.action]
                self._pursue(draft, others[0])
                others[0].event(stage).target = draft
                others[0].event(stage).action = event.action
                return

    def _rename(self, rider: Draft, mount: Draft) -> None:
        """Who sits on something and goes with it rides it."""
        self.found.relations = [
            ("riding", a, b) if a is rider and b is mount and kind in SEATED else (kind, a, b)
            for kind, a, b in self.found.relations
        ]

    def _join(self, rider: Draft, other: Draft) -> bool:
        """Make one of a rider and what it rides, where the rider's art shows both."""
        subjects = catalogue().subjects
        action = catalogue().joined.get(other.subject)
        if action is None or rider.subject not in subjects:
            return False
        shows = {row.variants[action] for row in subjects.values() if action in row.variants}
        if action not in subjects[rider.subject].variants and rider.subject not in shows:
            return False
        for stage, event in other.events.items():
            own = rider.event(stage)
            own.direction, own.pace = own.direction or event.direction, own.pace or event.pace
        first = rider.event(0)
        if first.action not in (None, action, "look_around", *RIDING):
            left_out = first.action.replace("_", " ")
            self.found.notes.append(
                f"only one thing is done at a time: riding is kept, {left_out!r} left out"
            )
        first.action = action
        if other.colour is not None:
            self.found.notes.append(f"the {other.subject} keeps its own colour")
        if self.found.camera_target is other:
            self.found.camera_target = rider
        self.found.drafts = [draft for draft in self.found.drafts if draft is not other]
        self.found.relations = [pair for pair in self.found.relations if other not in pair[1:]]
        return True


def _let_drive(rider: Draft, other: Draft) -> None:
    """What a rider was said to do by riding is done by what it rides."""
    for stage, event in rider.events.items():
        if event.action in RIDING:
            ridden = other.event(stage)
            ridden.action = ridden.action or event.action
            ridden.direction, event.direction = ridden.direction or event.direction, None
            ridden.pace, event.pace = ridden.pace or event.pace, None
            event.action = "look_around"
