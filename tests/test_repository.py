"""What is true of the repository as a whole: size, words, documents, dependencies."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import shlex
import subprocess
import tempfile
import tomllib
from pathlib import Path

import click
import pytest

import kinema

ROOT = Path(__file__).resolve().parents[1]
TREE_LIMIT = 61 * 2**20
FILE_LIMIT = 16 * 10**6
LINE_LIMIT = 600

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
PYTHON_FILES = sorted(
    path
    for folder in ("src", "scripts", "tests", "benchmarks", "examples")
    for path in (ROOT / folder).rglob("*.py")
)
MODULES = sorted(module.name for module in pkgutil.walk_packages(kinema.__path__, prefix="kinema."))


def tracked_files() -> list[Path]:
    """Everything that git holds or would take with the next `git add`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for name in names.split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.requires("git checkout")
def test_the_tracked_tree_stays_small():
    sizes = {path: path.stat().st_size for path in tracked_files()}
    assert sizes, "git lists no file"
    assert sum(sizes.values()) < TREE_LIMIT
    assert {str(path): size for path, size in sizes.items() if size > FILE_LIMIT} == {}


@pytest.mark.requires("git checkout")
def test_no_file_tells_where_it_was_written():
    # A clone that lies in a folder everybody has (/tmp) would forbid an innocent word.
    places = {f"{ROOT.parent}/", f"{Path.home()}/"} - {"//", f"{tempfile.gettempdir()}/", "/tmp/"}
    forbidden = [place.encode() for place in places] + [b"this " + b"session"]
    found = [
        f"{path.relative_to(ROOT)}: {word.decode()}"
        for path in tracked_files()
        if b"\0" not in (data := path.read_bytes())
        for word in forbidden
        if word in data
    ]
    assert found == []


def test_no_python_file_is_too_long_to_read():
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in PYTHON_FILES}
    assert len(lengths) > 10
    assert {str(path): lines for path, lines in lengths.items() if lines > LINE_LIMIT} == {}


def test_every_module_says_what_it_is_for():
    modules = [path for path in PYTHON_FILES if ROOT / "src" in path.parents]
    silent = [path for path in modules if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert silent == []


def test_every_module_can_be_imported():
    for name in MODULES:
        # Alembic's script is run by it and not imported.
        if not name.endswith(("__main__", "migrations.env")):
            importlib.import_module(name)


def test_every_public_name_of_the_package_exists():
    names = getattr(kinema, "__all__", [])
    assert sorted(set(names)) == sorted(names)
    assert [name for name in names if not hasattr(kinema, name)] == []


def requirement_names() -> list[str]:
    extras = PROJECT["optional-dependencies"].values()
    wanted = [*PROJECT["dependencies"], *(line for extra in extras for line in extra)]
    names = [re.match(r"[A-Za-z0-9._-]+", line) for line in wanted]
    return sorted({match[0] for match in names if match})


def pinned() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {name.lower().replace("_", "-"): version for name, version in pins}


def test_every_dependency_is_pinned_and_its_reason_written_down():
    reasons = (ROOT / "docs/adr/0002-dependencies.md").read_text("utf-8")
    assert [name for name in requirement_names() if name not in pinned()] == []
    assert [name for name in requirement_names() if f"`{name}`" not in reasons] == []


def test_the_core_install_holds_no_torch():
    assert not any(line.startswith("torch") for line in PROJECT["dependencies"])


def test_the_changelog_has_a_place_for_what_is_not_released():
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]" in changelog


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs/adr").glob("*.md")), ids=lambda path: path.stem
)
def test_a_decision_says_what_was_turned_down_and_what_would_change_it(path: Path):
    text = path.read_text("utf-8")
    for heading in ("## Context", "## Choice", "## Turned down", "## What would change our mind"):
        assert heading in text, f"{path.name} lacks {heading!r}"
    assert len(text.splitlines()) <= 60


def documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.mark.parametrize("path", documents(), ids=lambda path: path.name)
def test_every_link_into_the_repository_leads_somewhere(path: Path):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text("utf-8"))
    targets += re.findall(r'(?:src|href)="(?!https?:|#)([^"#]+)"', path.read_text("utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def commands_in(path: Path) -> list[str]:
    """The lines of the document's code blocks that call `kinema`, continuation lines joined."""
    blocks = re.findall(
        r"```(?:sh|bash|console|text)?\n(.*?)```", path.read_text("utf-8"), re.DOTALL
    )
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [
        line for line in (raw.removeprefix("$ ") for raw in lines) if line.startswith("kinema ")
    ]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_every_command_in_the_documents_can_be_given(name: str):
    for line in commands_in(ROOT / name):
        assert complaint_about(line) is None, line


def test_the_readme_shows_the_command_that_makes_a_video():
    assert any(line.startswith("kinema generate ") for line in commands_in(ROOT / "README.md"))


def test_a_command_that_does_not_exist_would_be_noticed():
    assert complaint_about("kinema imagine 'a fox'") == "no command imagine"
    assert complaint_about("kinema generate 'a fox' --sizee 640x360") == "no option --sizee"


def complaint_about(line: str) -> str | None:
    """What is wrong with a command line, judged by the names of its command and options."""
    commands = importlib.import_module("kinema.cli").commands
    assert isinstance(commands, click.Group)
    command_name, *words = shlex.split(line, comments=True)[1:]
    if command_name.startswith("-"):
        return None
    command = commands.get_command(click.Context(commands), command_name)
    if command is None:
        return f"no command {command_name}"
    known = {"--help"} | {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
    for word in words:
        option = word.split("=")[0]
        if re.match(r"--?[a-z]", option) and option not in known:
            return f"no option {option}"
    return None
