"""Break each task of latent models on purpose, and see that its test notices.

Networks with random weights could satisfy a test by accident. So every task has a mutation here: a
small change of the source that breaks what the task promises, and the test that must turn red. Each
is run in a copy of the package; the table says what was found.

    scripts/mutations.py              all of them, about ten seconds each
    scripts/mutations.py loop edit    those of these tasks
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
_SOURCE: Final = Path("src/kinema/engine/latent")
_TESTS: Final = Path("tests/engine/latent")


@dataclass(frozen=True, slots=True)
class Mutation:
    """A way to break a task.

    task: what is broken. name: how, in words. file: below the package of latent models. old, new:
    what stands there once, and what takes its place. test: file and name of the test that must
    turn red.
    """

    task: str
    name: str
    file: str
    old: str
    new: str
    test: str

    @property
    def path(self) -> Path:
        """The file that is changed, from the root of the repository."""
        return _SOURCE / self.file

    @property
    def test_path(self) -> Path:
        """The file of the test, from the root of the repository."""
        return _TESTS / self.test.partition("::")[0]


MUTATIONS: Final = (
    Mutation(
        "text_to_video",
        "noise depends on the length",
        "run.py",
        "Noise((request.seed,), plan.shape",
        "Noise((request.seed + plan.shape[1],), plan.shape",
        "tasks/test_making.py::test_the_noise_of_a_seed_does_not_depend_on_the_length",
    ),
    Mutation(
        "text_to_image",
        "a still is made as a clip",
        "tasks/making.py",
        "    canvas = order.canvas()\n    prompt = ",
        "    canvas = order.canvas(5)\n    prompt = ",
        "tasks/test_making.py::test_a_still_is_one_latent_frame",
    ),
    Mutation(
        "image_to_video",
        "given frames are kept by half",
        "order.py",
        "keep[:, :, start:stop] = 1.0",
        "keep[:, :, start:stop] = 0.5",
        "tasks/test_making.py::test_first_last_and_key_frames_are_kept_bit_for_bit",
    ),
    Mutation(
        "extend",
        "the context is held at the wrong place",
        "tasks/joining.py",
        "known = {0: context}",
        "known = {1: context}",
        "tasks/test_joining.py::test_what_an_extension_goes_on_from_is_kept_bit_for_bit",
    ),
    Mutation(
        "extend",
        "what is given is not held",
        "run.py",
        "        if known is None:\n            return pulled\n",
        "        if known is None or known is not None:\n            return pulled\n",
        "tasks/test_joining.py::test_an_extension_goes_on_without_a_jump",
    ),
    Mutation(
        "remix",
        "the strength is not heard",
        "run.py",
        "level_at(steps, plan.strength)",
        "level_at(steps, 0.9)",
        "tasks/test_changing.py::test_a_remix_keeps_all_at_strength_0_and_nothing_at_strength_1",
    ),
    Mutation(
        "edit",
        "the two prompts are pulled with different strength",
        "run.py",
        "scales if same else (weak, weak)",
        "(weak, weak)",
        "tasks/test_changing.py::test_an_edit_that_asks_for_what_is_there_changes_not_a_bit",
    ),
    Mutation(
        "region_edit",
        "the mask is turned round",
        "tasks/changing.py",
        "1.0 - cells[None, None]",
        "cells[None, None]",
        "tasks/test_changing.py::test_outside_the_mask_nothing_changes",
    ),
    Mutation(
        "outpaint",
        "the clip's own pixels are not laid over",
        "tasks/changing.py",
        '    mask = around(path, "clip", request.size)\n',
        '    mask = around(path, "clip", request.size) * 0 + 1\n',
        "tasks/test_changing.py::test_outpainting_keeps_the_clip_in_the_middle",
    ),
    Mutation(
        "loop",
        "the ring is a line",
        "tasks/joining.py",
        '"ring": True',
        '"ring": False',
        "tasks/test_joining.py::test_the_seam_of_a_loop_is_no_larger_than_its_usual_step",
    ),
    Mutation(
        "loop",
        "the ring is decoded without a past",
        "tasks/joining.py",
        "before = min(CONTEXT, frames)",
        "before = min(1, frames)",
        "tasks/test_joining.py::test_a_loop_is_decoded_with_its_end_before_its_beginning",
    ),
    Mutation(
        "blend",
        "the ends are free",
        "tasks/joining.py",
        "((share_T == 0.0) | (share_T == 1.0))",
        "(share_T > 1.0)",
        "tasks/test_joining.py::test_the_ends_of_a_blend_are_the_two_clips",
    ),
    Mutation(
        "recut",
        "another stretch is kept",
        "tasks/joining.py",
        "{first: clip[:, :, first:last]}",
        "{first: clip[:, :, first - 1 : last - 1]}",
        "tasks/test_joining.py::test_a_recut_keeps_the_stretch_bit_for_bit",
    ),
    Mutation(
        "storyboard",
        "the cards come in another order",
        "tasks/making.py",
        "prompts = tuple(order.said(card.prompt) for card in cards)",
        "prompts = tuple(order.said(card.prompt) for card in reversed(cards))",
        "tasks/test_making.py::test_cards_rule_their_stretch_and_switch_where_they_say",
    ),
    Mutation(
        "stream",
        "a new prompt is not heard",
        "tasks/making.py",
        "said = order.said(prompt) if prompt else",
        "said = order.said(prompt) if not prompt else",
        "tasks/test_making.py::test_a_stream_changes_its_prompt_at_the_edge_of_a_chunk",
    ),
    Mutation(
        "stream",
        "what was left over is thrown away",
        "tasks/making.py",
        "    shown = order.pictures_in(context) - _left_over(order, before)\n",
        "    shown = order.pictures_in(context)\n",
        "tasks/test_making.py::test_no_picture_of_a_stream_is_left_out_or_shown_twice",
    ),
    Mutation(
        "guide",
        "the guide is not seen",
        "tasks/making.py",
        'return {"clip_1CTHW": clip, "strength": strength}, notes',
        'return {"strength": strength}, notes',
        "tasks/test_making.py::test_a_guide_gives_less_and_less_the_more_may_change",
    ),
    Mutation(
        "areas",
        "the prompt of an area rules everywhere",
        "tasks/making.py",
        "region_weights(masks)",
        "region_weights(masks * 0 + 1)",
        "tasks/test_making.py::test_the_prompt_of_an_area_rules_there_and_nowhere_else",
    ),
    Mutation(
        "windows",
        "a long clip is seen as a whole",
        "pulled.py",
        "seed=seed) if frames > length else None",
        "seed=seed) if frames < 0 else None",
        "tasks/test_making.py::test_a_clip_longer_than_the_model_is_seen_in_windows_that_cover_it",
    ),
    Mutation(
        "variations",
        "every seed is the same",
        "run.py",
        "Noise((request.seed,), plan.shape",
        "Noise((0,), plan.shape",
        "tasks/test_making.py::test_another_seed_is_a_variation_and_the_same_seed_the_same_clip",
    ),
    Mutation(
        "characters",
        "looks are not told",
        "order.py",
        '    return f"{before}, {looks}{comma}{after}"',
        '    return f"{before}{after}"',
        "tasks/test_making.py::test_a_character_is_told_where_its_name_stands_and_nowhere_else",
    ),
    Mutation(
        "resume",
        "the solver forgets its last step",
        "run.py",
        "                state=state,\n",
        "                state=state and State(state.latent, state.done, state.levels[-1:], "
        "state.clean[-1:]),\n",
        "test_run.py::test_a_run_that_was_stopped_goes_on_bit_for_bit",
    ),
)
"""At least one for each task and each promise that goes through all of them."""


def broken(mutation: Mutation, folder: Path) -> Path:
    """A copy of the package with the mutation in it.

    Raises:
        ValueError: What is to be replaced does not stand there, or more than once.
    """
    source = folder / "src"
    shutil.copytree(ROOT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
    path = folder / mutation.path
    text = path.read_text(encoding="utf-8")
    if text.count(mutation.old) != 1:
        found = text.count(mutation.old)
        raise ValueError(f"{mutation.name}: {mutation.old!r} stands {found} times in {path.name}")
    path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    return source


def notices(mutation: Mutation) -> bool:
    """Whether the test turns red; only a failed assertion or a refused run counts as that."""
    with tempfile.TemporaryDirectory() as folder:
        source = broken(mutation, Path(folder))
        command = [
            sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
            str(_TESTS / mutation.test),
        ]  # fmt: skip
        surroundings = {**os.environ, "PYTHONPATH": str(source)}
        ran = subprocess.run(
            command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False
        )
    return ran.returncode == 1 and " failed" in ran.stdout


def main(tasks: list[str]) -> int:
    """Run the mutations of these tasks, all for none; the number that no test noticed."""
    missed = 0
    for mutation in MUTATIONS:
        if tasks and mutation.task not in tasks:
            continue
        red = notices(mutation)
        missed += not red
        test = mutation.test.rpartition("::")[2]
        verdict = "red" if red else "NOT NOTICED"
        print(f"{mutation.task:15} {mutation.name:52} {verdict:12} {test}", flush=True)
    return missed


if __name__ == "__main__":
    sys.exit(min(1, main(sys.argv[1:])))
