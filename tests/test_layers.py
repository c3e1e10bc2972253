"""The direction of imports, as pyproject.toml writes it down and design section 4 draws it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
    "tool"
]["importlinter"]["contracts"]

# A contract cannot name a package that is not there yet; each must join when it comes.
WITHOUT_TORCH = {
    "errors", "types", "config", "media", "trust", "storybook", "sample", "sound", "engine.cards",
    "serve.api", "serve.store",
}  # fmt: skip
WITHOUT_WEB = {
    "errors", "types", "config", "weights", "media", "ops", "trust", "storybook", "models",
    "sample", "sound", "engine", "eval", "data", "studio", "train",
}  # fmt: skip


def lint(package_root: Path, config: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports("
    program += "config_filename=sys.argv[1], no_cache=True, no_logo=True))"
    return subprocess.run(
        [sys.executable, "-c", program, str(config)],
        cwd=package_root,
        env={**os.environ, "PYTHONPATH": str(package_root)},
        capture_output=True,
        text=True,
        check=False,
    )


def forbidden(name: str) -> dict[str, Any]:
    return next(c for c in CONTRACTS if c["type"] == "forbidden" and name in c["forbidden_modules"])


def test_every_contract_is_kept():
    result = lint(ROOT / "src", ROOT / "pyproject.toml")
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(CONTRACTS)} kept, 0 broken" in result.stdout


@pytest.mark.parametrize(
    ("module", "line", "complaint"),
    [
        ("errors.py", "import kinema.cli", "kinema.errors is not allowed to import kinema.cli"),
        ("trust/planted.py", "import torch", "kinema.trust is not allowed to import torch"),
        ("media/planted.py", "import fastapi", "kinema.media is not allowed to import fastapi"),
        ("utils.py", "", "kinema.utils"),
        ("storybook/planted.py", "import kinema.engine", "not allowed to import kinema.engine"),
    ],
)
def test_a_planted_violation_is_named(tmp_path: Path, module: str, line: str, complaint: str):
    shutil.copytree(ROOT / "src" / "kinema", tmp_path / "kinema", ignore=python_only)
    with (tmp_path / "kinema" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{line}\n")
    result = lint(tmp_path, ROOT / "pyproject.toml")
    assert result.returncode == 1, result.stdout + result.stderr
    assert complaint in result.stdout


@pytest.mark.parametrize(
    ("library", "packages"), [("torch", WITHOUT_TORCH), ("fastapi", WITHOUT_WEB)]
)
def test_every_package_that_must_do_without_a_library_is_in_its_contract(
    library: str, packages: set[str]
):
    house = ROOT / "src" / "kinema"
    places = {name: house / name.replace(".", "/") for name in packages}
    expected = {
        f"kinema.{name}"
        for name, place in places.items()
        if place.is_dir() or place.with_suffix(".py").is_file()
    }
    assert set(forbidden(library)["source_modules"]) == expected


def python_only(folder: str, names: list[str]) -> list[str]:
    return [n for n in names if not (n.endswith(".py") or (Path(folder) / n).is_dir())]
