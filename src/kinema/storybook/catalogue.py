"""The catalogue: every subject, place, action, light, weather, camera, style and word of the world.

Rows are data (`data/*.toml`, subjects in `data/subjects/*.toml`), read once; this module gives them
types and says no to a bad row.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from kinema.types import Value, from_builtins

_T = TypeVar("_T")

_GROUPS = ("animals", "characters", "food", "objects", "people", "plants", "vehicles")


class Subject(Value, kw_only=True):
    """One subject: what it is called, how big it is, how it is drawn and how it moves.

    name: its key and its usual English name ("fire truck"); words: other names that people use.
    sprite: concept of the atlas. body: "sprite" (the art is the whole body), "plush" (a head on a
    toy body), "person" (art of a whole person).
    group: animal, person, character, vehicle, food, object, plant.
    medium: land, air, water (afloat), underwater, space; the first is where it is at home.
    metres: true height in metres; height: the height it is drawn at beside others (compressed
    scale, 0.6 to 2.6, so that a mouse can be seen beside an elephant).
    faces: left, right or front: which way the art looks.
    loop: what the art's loop shows: gait, flap, swim, wheels, gesture, blink, still; gesture says
    which gesture ("hides in its shell"). cycles: how many strides (or wing beats) one loop holds.
    stride: metres of ground covered in one cycle at the drawn height.
    gait: biped, quadruped, hop, slither, wheels, wings, fins, hull, none.
    actions: what it does best, the first being its default; excludes: what would be no picture of
    it at all (a gesture of the whole body, such as a bow, anybody can do whom a prompt asks to).
    variants: for an action, the subject (its name) whose art shows it better: a man who runs is
    drawn as "running man", a bird that flies as "dove".
    colours: False where recolouring would look wrong (black, white or many-coloured art).
    tones: True for people with skin tones. emotions: sprite concept per emotion for plush heads.
    mouth: where a mouth opens, (x, y, width) in 256 px of the art; None where none can be seen.
    tint: body colour of a plush as (r, g, b) 0-255 where the head's own would be wrong; limbs:
    colour of its arms and legs where they differ from the body (a panda's).
    hurries: True where the art's gesture would be absurd while it covers ground (a turtle that
    hides in its shell): it is cut short then; elsewhere a gesture runs out on the way.
    stiff: True where no legs can be told apart in the art of a walker: it bobs along instead.
    tilt: degrees by which the nose of the art is above where it belongs (level; of a rocket:
    upright); the figure turns it back. floor: the row of the art, of 256, from which painted ground
    is cut away; 0 for none. share: how much of the height the art shows (a swimmer's head and arms:
    0.35). aspect: drawn width over height where tilt, floor or share change it, else 0.0.
    waterline: height share below which a hull is under water; water art is cut there.
    surfaces: the settings (keys) that the art fits, empty for any of its media.
    own_colour: the colour word that changes nothing.
    sampled: False where it is shown to whoever asks for it, but never sampled.
    """

    name: str
    sprite: str
    group: str
    medium: tuple[str, ...]
    height: float
    metres: float
    words: tuple[str, ...] = ()
    plural: str | None = None
    body: str = "sprite"
    faces: str = "left"
    loop: str = "still"
    gesture: str | None = None
    cycles: float = 1.0
    stride: float = 0.8
    gait: str = "none"
    actions: tuple[str, ...] = ("look_around",)
    excludes: tuple[str, ...] = ()
    variants: dict[str, str] = msgspec.field(default_factory=dict)
    colours: bool = True
    tones: bool = False
    emotions: dict[str, str] = msgspec.field(default_factory=dict)
    mouth: tuple[float, float, float] | None = None
    tint: tuple[int, int, int] | None = None
    limbs: tuple[int, int, int] | None = None
    hurries: bool = False
    stiff: bool = False
    tilt: float = 0.0
    floor: int = 0
    share: float = 1.0
    aspect: float = 0.0
    waterline: float = 0.0
    surfaces: tuple[str, ...] = ()
    own_colour: str | None = None
    sampled: bool = True


class Prop(Value, kw_only=True):
    """Scenery of a setting: an atlas concept, its height range in metres, how many, and where.

    where: "far" (behind the action), "near" (low things around it), "side" (lining a road), "back"
    (one big thing at the very back), "wall" (furniture along the back wall of a room).
    """

    sprite: str
    low: float
    high: float
    count: int
    where: str = "far"
    sways: bool = False


class FarLayer(Value, kw_only=True):
    """A silhouette on the horizon: its kind, distance in metres and colour (r, g, b) 0-255.

    Kinds: hill, mountain, snow_mountain, trees, pines, dune, mesa, city, reef, moon_hill.
    """

    kind: str
    distance: float
    colour: tuple[int, int, int]


class Setting(Value, kw_only=True):
    """A place: its medium, its ground (kind and two colours), silhouettes, scenery, indoor wall.

    foreground: "flowers", "leaves", "grass" or None, blurred close to the lens.
    fixed_light: True where time of day and weather do not show (space, moon, under water partly).
    """

    name: str
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    medium: str
    ground: str | None = None
    ground_colours: tuple[tuple[int, int, int], tuple[int, int, int]] = ((0, 0, 0), (0, 0, 0))
    far: tuple[FarLayer, ...] = ()
    props: tuple[Prop, ...] = ()
    wall: str | None = None
    wall_colours: tuple[tuple[int, int, int], tuple[int, int, int]] = ((0, 0, 0), (0, 0, 0))
    foreground: str | None = None
    shoreline: bool = False
    weathers: tuple[str, ...] = ("clear",)
    fixed_light: bool = False


class Action(Value, kw_only=True):
    """Something an actor does.

    ``third`` is its third person ("walks"), ``verbs`` are base forms of every verb (or verb phrase)
    that means it; ``locomotion`` is True where it covers ground; ``media`` are the media it can
    happen in (empty for all); ``needs_target`` where it is done to another.
    """

    name: str
    third: str
    verbs: tuple[str, ...]
    locomotion: bool = False
    media: tuple[str, ...] = ()
    needs_target: bool = False


class Term(Value, kw_only=True):
    """A closed-class value (time, weather, camera, style ...) and every phrase that means it."""

    name: str
    phrases: tuple[str, ...]


class Accessory(Value, kw_only=True):
    """A thing to hold, or to wear where ``worn``. ``name`` is its concept in the atlas."""

    name: str
    phrases: tuple[str, ...]
    worn: bool = False


class StandIn(Value, kw_only=True):
    """What is shown for words that the world has nothing for.

    It is the first of ``names`` that exists in the table that ``slot`` names (subject, setting,
    time, weather, camera, style, colour, action, relation, emotion).
    """

    slot: str
    names: tuple[str, ...]
    phrases: tuple[str, ...]


class Grammar(Value, kw_only=True):
    """Words that say how other words belong together.

    ``slot`` is what the prompt reader calls them, ``value`` what they mean there.
    """

    slot: str
    value: str
    phrases: tuple[str, ...]


class Catalogue(Value, kw_only=True):
    """All rows, each table keyed by name.

    ``unread`` are words that are no misspelling of ours. ``joined`` gives, for a thing to ride, the
    action whose art shows a rider and it in one (a cyclist).
    """

    subjects: dict[str, Subject]
    settings: dict[str, Setting]
    actions: dict[str, Action]
    times: dict[str, Term]
    weathers: dict[str, Term]
    cameras: dict[str, Term]
    styles: dict[str, Term]
    colours: dict[str, Term]
    sizes: dict[str, Term]
    emotions: dict[str, Term]
    tones: dict[str, Term]
    materials: dict[str, Term]
    relations: dict[str, Term]
    accessories: dict[str, Accessory]
    stand_ins: tuple[StandIn, ...]
    grammar: tuple[Grammar, ...]
    unread: frozenset[str]
    joined: dict[str, str]


@cache
def catalogue() -> Catalogue:
    """The whole catalogue, read once from the package's data (a few milliseconds)."""
    words = _read("words.toml")
    return Catalogue(
        subjects=_subjects(),
        settings=_table(_read("settings.toml"), "setting", Setting),
        actions=_table(words, "action", Action),
        times=_table(words, "time", Term),
        weathers=_table(words, "weather", Term),
        cameras=_table(words, "camera", Term),
        styles=_table(words, "style", Term),
        colours=_table(words, "colour", Term),
        sizes=_table(words, "size", Term),
        emotions=_table(words, "emotion", Term),
        tones=_table(words, "tone", Term),
        materials=_table(words, "material", Term),
        relations=_table(words, "relation", Term),
        accessories=_table(words, "accessory", Accessory),
        stand_ins=from_builtins(_read("near.toml")["near"], tuple[StandIn, ...]),
        grammar=from_builtins(_read("grammar.toml")["grammar"], tuple[Grammar, ...]),
        unread=frozenset(_read("unread.toml")["unread"].split()),
        joined=words["joined"],
    )


def _read(*name: str) -> dict[str, Any]:
    return tomllib.loads(
        files("kinema.storybook").joinpath("data", *name).read_text(encoding="utf-8")
    )


def _subjects() -> dict[str, Subject]:
    """The rows of all groups; what a row leaves out it takes from its kind."""
    kinds = _read("subjects", "kinds.toml")
    rows: list[dict[str, Any]] = []
    for name in _GROUPS:
        document = _read("subjects", f"{name}.toml")
        for row in document["subject"]:
            rows.append({"group": document["group"], **kinds[row.pop("kind")], **row})
    return _table({"subject": rows}, "subject", Subject)


def _table(document: dict[str, Any], key: str, kind: type[_T]) -> dict[str, _T]:
    """Rows ``[[key]]`` of a document by their names; two of one name are an error."""
    rows: dict[str, _T] = {}
    for row in document[key]:
        if row["name"] in rows:
            raise ValueError(f"the catalogue has two rows [[{key}]] named {row['name']!r}")
        rows[row["name"]] = from_builtins(row, kind)
    return rows
