"""Commands that stay: serve and work."""

from __future__ import annotations

from typing import Any, Final

import click

from kinema.cli import options as opt

DATA = click.option("--data", metavar="DIR", help="Folder for clips, jobs and logs.")
CONFIG = click.option("--config", metavar="FILE", help="How the installation is set up, in TOML.")


@click.command()
@opt.options(
    click.option("--host", metavar="H", help="Address to listen on; 127.0.0.1 where not given."),
    click.option("--port", metavar="P", help="Port to listen on; 8000 where not given, 0 for any."),
    DATA,
    CONFIG,
    click.option("--no-worker", is_flag=True, help="Start no worker; others take the jobs."),
)
def serve(**given: Any) -> None:
    """Serve OpenAI's Videos API and the studio from this machine."""
    from kinema.cli.installing import run_server

    run_server(given)


@click.command()
@opt.options(
    DATA,
    CONFIG,
    click.option("--database", metavar="URL", help="Database of the server."),
    click.option("--storage", metavar="URL", help="Its storage: a folder, or s3://BUCKET/PREFIX."),
    click.option("--name", metavar="NAME", help="Of this worker; the machine's where not given."),
    click.option(
        "--ray", metavar="ADDRESS", help="One worker on each GPU of a Ray cluster; auto for ours."
    ),
)
def work(**given: Any) -> None:
    """Make clips for a server, on this machine or another."""
    from kinema.cli.installing import run_worker

    run_worker(given)


COMMANDS: Final = (serve, work)
"""In the order of the help page."""
