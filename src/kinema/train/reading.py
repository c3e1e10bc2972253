"""What a referee is worth: how many real clips it reads right that it was not trained on."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch

from kinema.data.stream import Bucket, StreamConfig, stream
from kinema.errors import WeightsError
from kinema.models.referee import PART, Referee, config_of, save_referee
from kinema.storybook.labels import SLOTS, classes
from kinema.train import checkpoint

FILE: Final = "reading.json"
_SEED: Final = 31
_AT_ONCE: Final = 32
_STEM: Final = f"{PART}."

Rows = dict[str, dict[str, tuple[int, int]]]


def measure(
    run: Path, *, clips: float = math.inf, seconds: float = math.inf, processes: int = 0
) -> Rows:
    """Try the referee of a run on clips of split A; what was counted before is counted on.

    Args:
        run: Folder of the run.
        clips: So many, of all calls together, at least;
        seconds: or as many as there is time for.
        processes: That draw them.

    Returns:
        By slot and class: how many were read right, of how many. It is also kept in the run.

    Raises:
        WeightsError: There is no referee.
    """
    began = time.monotonic()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    network = referee_of(run).to(device)
    config = network.config
    state = json.loads((run / FILE).read_text("utf-8")) if (run / FILE).is_file() else {}
    rows: Rows = {
        slot: {name: (right, count) for name, (right, count) in found.items()}
        for slot, found in state.get("reading", {}).items()
    }
    bucket = Bucket(config.side, config.side, config.frames, _AT_ONCE)
    shown = StreamConfig((bucket,), _SEED, config.fps, "A", processes, finer=0.5)
    batches = stream(shown, state.get("position", 0))
    position = state.get("position", 0)
    while position * _AT_ONCE < clips and time.monotonic() - began < seconds:
        batch = next(batches)
        position = batch.position
        assert batch.labels_BS is not None
        pixels = torch.from_numpy(batch.pixels_BTHWC).to(device).float() / 127.5 - 1.0
        with torch.inference_mode():
            said = [logits.argmax(1).cpu().numpy() for logits in network(pixels)[0]]
        for number, slot in enumerate(SLOTS):
            _count(rows.setdefault(slot, {}), slot, said[number], batch.labels_BS[:, number])
    batches.close()
    (run / FILE).write_text(json.dumps({"position": position, "reading": rows}), "utf-8")
    return rows


def referee_of(run: Path) -> Referee:
    """The smoothed referee of a run.

    Raises:
        WeightsError: The run trained something else.
    """
    made = checkpoint.progress_of(run).get("made", {})
    config: Mapping[str, Any] = made.get("networks", {}).get(PART, {})
    if not config:
        raise WeightsError("run", f"{run.name}/ is no run of the referee", "a run of referee")
    network = Referee(config_of(config))
    found = checkpoint.weights_of(run)
    network.load_state_dict({k.removeprefix(_STEM): v for k, v in found.items()})
    return network.eval().requires_grad_(False)


def pack_referee(run: Path, out: Path, *, clips: int = 1024) -> str:
    """Write the referee of a run as a folder that ``kinema eval --referee`` takes.

    What it is worth comes from the run's `FILE`; where there is none it is tried on ``clips``
    first.

    Returns:
        How large it is, and what it reads, for people.
    """
    known = run / FILE
    rows: Rows = (
        json.loads(known.read_text("utf-8"))["reading"]
        if known.is_file()
        else measure(run, clips=clips)
    )
    said = checkpoint.progress_of(run)
    about = {key: said["made"][key] for key in ("objective", "data", "kinema")}
    about |= {"recipe": said["recipe"], "steps": said["step"]}
    manifest = save_referee(out, referee_of(run), classes(), rows, about)
    size = sum(file.size for part in manifest.parts.values() for file in part.files)
    shares = ", ".join(f"{slot} {_share(found):.0%}" for slot, found in rows.items() if found)
    return f"{out}: {size / 1e6:.1f} MB, reads {shares}"


def _count(rows: dict[str, tuple[int, int]], slot: str, said: Any, wanted: Any) -> None:
    names = classes()[slot]
    for one, other in zip(said.tolist(), wanted.tolist(), strict=True):
        if other >= 0:
            right, count = rows.get(names[other], (0, 0))
            rows[names[other]] = (right + (one == other), count + 1)


def _share(rows: Mapping[str, tuple[int, int]]) -> float:
    return sum(right for right, _ in rows.values()) / sum(count for _, count in rows.values())
