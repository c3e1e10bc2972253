"""What `serve` and `work` do with their options."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from kinema.config import Config, load_config
from kinema.errors import RequestError


def run_server(given: dict[str, Any]) -> None:
    """Serve until interrupted."""
    from kinema.serve.run import default_data, serve

    config, file = _config(given)
    server = config.server
    if given["host"] is not None:
        server = replace(server, host=given["host"])
    if given["port"] is not None:
        server = replace(server, port=_port(given["port"]))
    data = _folder(given["data"]) or default_data()

    def ready(url: str) -> None:
        click.echo(f"Kinema serves {url} (the Videos API under {url}/v1), data in {data}")

    def keyed(key: str) -> None:
        click.echo(f"The first key, which may make others and is shown only now: {key}", err=True)

    serve(
        replace(config, server=server),
        data,
        config_file=file,
        worker=not given["no_worker"],
        on_ready=ready,
        on_key=keyed,
    )


def run_worker(given: dict[str, Any]) -> None:
    """Work until interrupted."""
    from kinema.serve.run import default_data, work

    config, _ = _config(given)
    places = {name: given[name] for name in ("database", "storage") if given[name] is not None}
    if len(places) == 1:
        missing = "storage" if "database" in places else "database"
        raise RequestError(missing, "is missing", "--database and --storage together, or --data")
    data = _folder(given["data"]) or default_data()
    if given["ray"] is not None:
        _spread(given, data)
        return
    work(replace(config, **places), data, name=given["name"] or socket.gethostname())


def _spread(given: dict[str, Any], data: Path) -> None:
    """Work on every GPU of a cluster."""
    from kinema.serve.jobs.placement import place

    if given["name"] is not None:
        raise RequestError("name", "is each worker's own on a cluster", "no --name with --ray")
    arguments = ["--data", str(data)]
    for name in ("config", "database", "storage"):
        if given[name] is not None:
            arguments += [f"--{name}", given[name]]
    place(arguments, given["ray"])


def _config(given: dict[str, Any]) -> tuple[Config, Path | None]:
    file = Path(given["config"]).resolve() if given["config"] is not None else None
    return load_config(file), file


def _folder(text: str | None) -> Path | None:
    return None if text is None else Path(text).expanduser().resolve()


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise RequestError("port", f"cannot read {text!r}", "0 to 65535")
    return int(text)
