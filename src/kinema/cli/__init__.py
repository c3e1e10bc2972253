"""The ``kinema`` command. Each command reads its options, then calls one function of the engine.

Exit status: 0 done, 2 the request is wrong (the message names the field and what is allowed), 130
cancelled, 1 anything else. Only click is imported to print a help page; the rest loads on use.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from kinema import __version__
from kinema.cli import change, create, inform, judging, live, producing, serving, training
from kinema.errors import Cancelled, KinemaError, RequestError
from kinema.ops.cpu import wait_briefly

DONE, FAILED, WRONG, CANCELLED = 0, 1, 2, 130


class _InOrder(click.Group):
    """Lists its commands as a newcomer needs them, not by the alphabet."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


@click.group(
    cls=_InOrder,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  kinema generate "a red fox walks through a snowy forest at dawn"
  kinema remix a-red-fox-walks.mp4 "make it night"
  kinema explain "two ducks swim on a lake"
""",
)
@click.version_option(__version__, prog_name="kinema")
def commands() -> None:
    """Describe a video in words, get the video; change it with words.

    KINEMA_DEBUG=1 shows where an error comes from.
    """


for _group in (create, change, producing, live, serving, training, judging, inform):
    for _command in _group.COMMANDS:
        commands.add_command(_command)


def main() -> NoReturn:
    """Run the command line of this process and exit."""
    wait_briefly()
    sys.exit(run(sys.argv[1:]))


def run(args: Sequence[str]) -> int:
    """Run one command line; returns its exit status and prints errors for people to read."""
    as_json = "--json" in args
    try:
        commands.main(args=list(args), prog_name="kinema", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return _failed(error.exit_code, "usage", error.format_message(), as_json)
    except (Cancelled, KeyboardInterrupt, click.Abort):
        return _told(CANCELLED, "cancelled", "cancelled; nothing was left behind", as_json)
    except RequestError as error:
        return _told(WRONG, error.code, str(error), as_json, field=error.field)
    except KinemaError as error:
        return _told(FAILED, error.code, str(error), as_json)
    except BrokenPipeError:
        # Whoever read our output has gone; a second complaint at exit would be noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get("KINEMA_DEBUG") == "1":
            raise
        problem = f"{type(error).__name__}: {error} (KINEMA_DEBUG=1 shows where)"
        return _told(FAILED, "error", problem, as_json)
    return DONE


def _told(status: int, code: str, message: str, as_json: bool, field: str = "") -> int:
    click.echo(f"kinema: {message}", err=True)
    return _failed(status, code, message, as_json, field)


def _failed(status: int, code: str, message: str, as_json: bool, field: str = "") -> int:
    if as_json:
        error = {"code": code, "field": field, "message": message}
        click.echo(json.dumps({"error": error}, ensure_ascii=False))
    return status
