"""The command that judges a model, and what it prints."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from kinema.cli import options as opt

if TYPE_CHECKING:
    from kinema.eval.judge import Judge
    from kinema.eval.score import Asked, Shape
    from kinema.types import Sampling


@click.command(
    name="eval",
    epilog="""\b
Examples:
  kinema eval animatic --clips 200
  kinema eval storybook --split B1 --steps 4 --out eval/b1-draft
""",
)
@click.argument("model")
@opt.options(
    click.option("--split", metavar="NAME", default="A", help="Held-out prompts: A if not said."),
    click.option("--clips", metavar="N", default="100", help="How many; 100 if not said."),
    click.option("--size", metavar="WxH", default="256x256", help="Of the clips; 256x256."),
    click.option("--frames", metavar="N", default="17", help="Of each clip, 12 a second; 17."),
    opt.STEPS,
    opt.GUIDANCE,
    opt.WEIGHTS,
    click.option("--referee", metavar="DIR", help="Who judges; the one of this package if any."),
    click.option("--tasks", metavar="N", default="0", help="Prompts for other tasks as well; 0."),
    click.option("--against", metavar="REPORT", help="A report.json to compare shares with."),
    click.option("--trust", is_flag=True, help="Judge also where the referee is often wrong."),
    click.option("--out", metavar="DIR", help="Folder of clips and report; eval/MODEL-SPLIT."),
    opt.AS_JSON,
)
def evaluate(**given: Any) -> None:
    """Judge MODEL: what its clips show, beside what real clips show to the same referee."""
    from msgspec.structs import replace

    from kinema.cli.inputs import number
    from kinema.eval import report as reports
    from kinema.eval.cases import cases
    from kinema.eval.making import Maker
    from kinema.eval.report import gaps
    from kinema.eval.score import score
    from kinema.eval.tasks import task_measures
    from kinema.types import to_builtins

    asked, shape, sampling = _read(given)
    judge = _judge(given)
    name = f"{asked.model.replace(':', '-')}-{asked.split}"
    out = Path(given["out"] or Path("eval") / name)
    before = reports.read(Path(given["against"])) if given["against"] else None
    weights = Path(given["weights"]).expanduser() if given["weights"] else None
    maker = Maker(asked.model, shape, out / "clips", weights=weights, sampling=sampling)
    quiet = given["as_json"] or not sys.stderr.isatty()

    def told(done: int, total: int) -> None:
        if not quiet:
            click.echo(f"\r{done} of {total} clips", nl=done == total, err=True)

    found, made, real = score(maker, asked, shape, judge, on_clip=told)
    few = number(given["tasks"], "tasks", int, "a whole number")
    others = cases(asked.split, few, shape.seconds)
    measured = found.measures | task_measures(maker, others, shape, out / "tasks")
    if before is not None:
        measured |= gaps(found, before)
    found = replace(found, weights=maker.hash, measures=measured)
    reports.write(found, out, made, real)
    if given["as_json"]:
        click.echo(json.dumps(to_builtins(found)))
    else:
        click.echo(reports.markdown(found))
        click.echo(f"{out}/report.md, report.json, sheet.png and the clips")


def _read(given: Mapping[str, Any]) -> tuple[Asked, Shape, Sampling]:
    """What is evaluated, out of the words of the command line."""
    from kinema.cli.inputs import number
    from kinema.engine.cards import card, is_pipeline
    from kinema.eval.score import Asked, Shape
    from kinema.types import Sampling, Size

    model: str = given["model"]
    if not is_pipeline(model):
        card(model)  # a name that nobody has is refused before anything is read
    steps, guidance = given["steps"], given["guidance"]
    sampling = Sampling(
        steps=None if steps is None else number(steps, "steps", int, "a whole number"),
        guidance=None if guidance is None else number(guidance, "guidance", float, "a number"),
    )
    chosen = [f"{steps} steps" if steps else "", f"guidance {guidance}" if guidance else ""]
    said = ", ".join(filter(None, chosen)) or "the model's own steps and guidance"
    frames = number(given["frames"], "frames", int, "a whole number, 1 more than a multiple of 4")
    shape = Shape(Size.parse(given["size"]), frames, Fraction(12))
    command = shlex.join(["kinema", *sys.argv[1:]])
    clips = number(given["clips"], "clips", int, "a whole number")
    return Asked(model, given["split"], clips, sampling=said, command=command), shape, sampling


def _judge(given: Mapping[str, Any]) -> Judge:
    from kinema.errors import WeightsError
    from kinema.eval.judge import Judge
    from kinema.weights.packaged import packaged

    folder = Path(given["referee"]).expanduser() if given["referee"] else packaged("referee")
    if folder is None:
        problem = "none came with this build"
        allowed = "--referee DIR, made by `kinema train referee` and `kinema pack runs/referee DIR`"
        raise WeightsError("referee", problem, allowed)
    return Judge(folder, trusted=given["trust"])


COMMANDS: Final = (evaluate,)
