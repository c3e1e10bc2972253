"""Random scenes of the whole catalogue, for property tests."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from kinema.storybook.bodies import SIZES
from kinema.storybook.camera import MOVES
from kinema.storybook.catalogue import catalogue
from kinema.storybook.scene import Actor, Beat, Camera, Relation, Scene

DIRECTIONS = ("left", "right", "away", "toward")
RELATIONS = (
    "left_of", "right_of", "behind", "in_front_of", "on_top_of", "beside", "chasing", "circling",
    "jumping_over", "following", "meeting", "between", "hugging", "riding", "passing",
)  # fmt: skip


@st.composite
def beats(draw: st.DrawFn, ids: tuple[str, ...] = (), most: int = 3) -> tuple[Beat, ...]:
    """One to ``most`` beats at growing times; actions of all kinds, done to any of ``ids``."""
    made, at = [], Fraction(0)
    for _ in range(draw(st.integers(1, most))):
        made.append(
            Beat(
                action=draw(st.sampled_from(tuple(catalogue().actions))),
                at=at,
                direction=draw(st.sampled_from((None, None, *DIRECTIONS))),
                target=draw(st.sampled_from((None, *ids))),
                emotion=draw(st.sampled_from((None, *catalogue().emotions))),
                pace=draw(st.sampled_from((0.5, 1.0, 2.0))),
            )
        )
        at += draw(st.sampled_from((Fraction(1, 2), Fraction(2), Fraction(7, 3))))
    return tuple(made)


@st.composite
def actors(draw: st.DrawFn, name: str, ids: tuple[str, ...] = (), most_beats: int = 3) -> Actor:
    """One actor without a place."""
    return Actor(
        id=name,
        subject=draw(st.sampled_from(tuple(catalogue().subjects))),
        beats=draw(beats(ids, most_beats)),
        size=draw(st.sampled_from((None, None, *SIZES))),
        group=draw(st.sampled_from((None, "group"))),
        material=draw(st.sampled_from((None, None, *catalogue().materials))),
    )


@st.composite
def scenes(
    draw: st.DrawFn,
    most: int = 4,
    most_beats: int = 3,
    related: bool = True,
    loops: bool = False,
) -> Scene:
    """A scene that nobody has staged: any setting, camera, actors and (where wanted) relations.

    Args:
        draw: Hypothesis' own.
        most: Most actors.
        most_beats: Most beats of each.
        related: Whether actors have targets and relations, sensible or not.
        loops: Whether the scene is a loop.
    """
    names = tuple(f"actor-{index}" for index in range(draw(st.integers(1, most))))
    relation = st.builds(
        Relation,
        kind=st.sampled_from(RELATIONS),
        subject=st.sampled_from(names),
        object=st.sampled_from(names),
    )
    return Scene(
        setting=draw(st.sampled_from(tuple(catalogue().settings))),
        weather=draw(st.sampled_from(("clear", "storm"))),
        camera=Camera(move=draw(st.sampled_from(MOVES))),
        actors=tuple(draw(actors(name, names if related else (), most_beats)) for name in names),
        relations=tuple(draw(st.lists(relation, max_size=2))) if related else (),
        seed=draw(st.integers(0, 2**63 - 1)),
        loop=draw(st.sampled_from((Fraction(1), Fraction(5, 2), Fraction(4)))) if loops else None,
    )
