"""Commands for films of many shots: make and import."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from kinema.cli import options as opt


@click.command(
    epilog="""\b
Examples:
  kinema make film examples/film.fountain -o film
  kinema make social examples/film.toml -o posts
"""
)
@click.argument("kind")
@click.argument("brief")
@opt.options(
    click.option("-o", "--out", metavar="DIR", help="Folder of the project and its films."),
    opt.WEIGHTS,
    opt.AS_JSON,
)
def make(**given: Any) -> None:
    """Make a KIND of film (film or social) out of a script or a board.

    BRIEF is a Fountain screenplay or a TOML board. Made again, only what changed is rendered.
    """
    from kinema.cli.filming import make_project

    brief = Path(given["brief"])
    out = Path(given["out"] or brief.stem)
    weights = Path(given["weights"]) if given["weights"] else None
    make_project(given["kind"], brief, out, weights=weights, as_json=given["as_json"])


@click.command("import")
@click.argument("file")
@opt.options(
    click.option(
        "-o", "--out", metavar="DIR", help="Folder of the project; by default FILE's own."
    ),
    click.option("--film", metavar="ID", help="Of which film it is."),
    opt.AS_JSON,
)
def import_(**given: Any) -> None:
    """Take a cut or captions back into their project: what changed becomes edits.

    FILE is a cut (OTIO, FCP7 XML or EDL) or captions (TITLE.LANG.vtt, .srt or .ass).
    """
    from kinema.cli.filming import import_project

    file = Path(given["file"])
    out = Path(given["out"]) if given["out"] else file.absolute().parent.parent
    import_project(file, out, film=given["film"], as_json=given["as_json"])


COMMANDS: Final = (make, import_)
"""In the order of the help page."""
