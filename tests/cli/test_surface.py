"""The frozen surface: commands and options may be added, never renamed (design section 5).

After adding one, write `surface.txt` anew: python tests/cli/test_surface.py > tests/cli/surface.txt
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from kinema.cli import commands

SNAPSHOT = Path(__file__).with_name("surface.txt")

# Written by hand from design section 5, so that the snapshot cannot lose them.
DESIGN = {
    "generate": "-o --model --size --seconds --fps --seed --quality --steps --guidance --negative "
    "--image --variations --json --guide --strength --weights --from --strict --style --character",
    "remix": "--strength --model --weights",
    "extend": "--seconds --backward --model --weights",
    "edit": "--mask --model --weights",
    "loop": "--model --weights",
    "blend": "--curve --model --weights",
    "recut": "--keep --model --weights",
    "storyboard": "-o --model --weights",
    "stream": "-o --play --model --weights",
    "cache gc": "",
    "explain": "--json",
    "models": "--json",
    "estimate": "--model --weights",
    "doctor": "--json",
}


def surface(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, sub in sorted(command.commands.items()):
            yield from surface(sub, (*path, name))
        return
    arguments = [p.make_metavar(click.Context(command)) for p in command.params if is_argument(p)]
    options = sorted(opt for p in command.params if not is_argument(p) for opt in p.opts)
    yield " ".join((*path, *arguments, *options))


def is_argument(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument)


def test_the_surface_is_as_it_was_written_down():
    assert list(surface(commands)) == SNAPSHOT.read_text("utf-8").splitlines()


@pytest.mark.parametrize("command", DESIGN)
def test_what_the_design_promises_is_there(command: str):
    (line,) = [row for row in surface(commands) if row.startswith(command + " ")]
    assert set(DESIGN[command].split()) <= set(line.split())


def test_every_command_and_option_says_what_it_is_for():
    for group in (commands, commands.commands["cache"]):
        assert isinstance(group, click.Group)
        for command in group.commands.values():
            assert command.help
            for parameter in command.params:
                assert is_argument(parameter) or getattr(parameter, "help", None), parameter.name


def test_help_and_version_load_nothing_heavy():
    program = (
        "import sys; from kinema.cli import run; status = run(sys.argv[1:]);"
        "print(status, sorted({'numpy', 'cv2', 'av', 'rich', 'torch', 'msgspec'} & "
        "sys.modules.keys()), file=sys.stderr)"
    )
    for args in (["--help"], ["generate", "--help"], ["--version"]):
        out = subprocess.run(
            [sys.executable, "-c", program, *args], capture_output=True, check=True
        )
        assert out.stderr.split() == [b"0", b"[]"]


if __name__ == "__main__":
    sys.stdout.write("\n".join(surface(commands)) + "\n")
