"""How one installation is set up: a strict TOML file that need not exist.

Every field has a default that works on a laptop without a network. An unknown key is refused, so
that a misspelt wish does not go unheard. Secrets are read from the environment and from nowhere
else: a file with passwords gets copied.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

from msgspec import Meta, field
from msgspec.structs import replace

from kinema.errors import RequestError
from kinema.types import Value, from_builtins

Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]

ENVIRONMENT: Final = {
    "KINEMA_DATABASE_URL": "database URL of jobs and records, with its password",
    "KINEMA_STORAGE_URL": "where clips lie: a folder or s3://bucket/prefix",
    "KINEMA_WORKER_TOKEN": "what a worker on another machine proves itself with",
    "KINEMA_OBJECT_KEY_ID": "access key of the object store",
    "KINEMA_OBJECT_KEY": "its secret",
}
"""Variables that are read, and what they are for."""


class ServerConfig(Value, kw_only=True):
    """Where the server listens and whom it believes.

    hosts: names that a request may be addressed to besides loopback; a page elsewhere that makes
    its own name point here is refused by this list. origins: pages elsewhere that may call from a
    browser. public_url: how others reach this server, for links in webhooks.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    public_url: str = ""


class WorkerConfig(Value, kw_only=True):
    """The worker that `kinema serve` starts, or that `kinema work` is.

    jobs: how many clips at once. timeout: seconds after which a job is given up. weights: folder
    of each model that needs one. models: only these, all where empty. road: the address where it
    answers for previews and live streams, of another machine one that its server reaches. lives,
    previews: how many of these at once, beside the jobs.
    """

    jobs: Positive = 1
    road: str = "127.0.0.1"
    lives: Positive = 1
    previews: Positive = 1
    timeout: Positive = 3600
    weights: dict[str, str] = field(default_factory=dict[str, str])
    models: tuple[str, ...] = ()


class PolicyConfig(Value, kw_only=True):
    """What is allowed and for how long things are kept. Seconds, unless the name says otherwise.

    keep_clips, keep_files: 0 keeps for ever. extension, extensions, extended: the longest added
    piece, how many times, and the longest whole. fit_reference: scale a reference picture of
    another size instead of refusing it. publish_prompts: finished files carry their prompt. lives:
    live streams of one project at a time. live_idle: how long one goes on that nobody says anything
    to. live_kept: how much of its past can be kept as a clip.
    """

    keep_clips: Count = 30 * 86_400
    keep_files: Count = 30 * 86_400
    extension: Positive = 20
    extensions: Positive = 6
    extended: Positive = 120
    longest: Positive = 20
    fit_reference: bool = False
    publish_prompts: bool = False
    lives: Positive = 1
    live_idle: Positive = 120
    live_kept: Positive = 120


class LimitsConfig(Value, kw_only=True):
    """What one project may use. 0 is no limit.

    upload: bytes of one request. per_minute: jobs accepted. queued: jobs that wait or run.
    seconds_per_day: seconds of video.
    """

    upload: Positive = 512 * 1024 * 1024
    per_minute: Count = 0
    queued: Count = 0
    seconds_per_day: Count = 0


class NetworkConfig(Value, kw_only=True):
    """What the server itself fetches and calls: pictures by URL, webhooks.

    private: addresses inside private networks that may be reached all the same, as host names or
    CIDR ranges. seconds, bytes: the most that one fetch takes.
    """

    private: tuple[str, ...] = ()
    seconds: Positive = 20
    bytes: Positive = 64 * 1024 * 1024


class Config(Value, kw_only=True):
    """The whole file.

    aliases: name that clients ask for -> models in order; the first that does the task at the size
    answers. single_user: any key is good, on loopback only. database, storage: "" for the data
    folder.
    """

    server: ServerConfig = ServerConfig()
    worker: WorkerConfig = WorkerConfig()
    policy: PolicyConfig = PolicyConfig()
    limits: LimitsConfig = LimitsConfig()
    network: NetworkConfig = NetworkConfig()
    aliases: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"sora-2": ("animatic",), "sora-2-pro": ("animatic",)}
    )
    single_user: bool = True
    database: str = ""
    storage: str = ""


def load_config(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the file and the environment; the defaults where ``path`` is None.

    Raises:
        RequestError: The file cannot be read, is no TOML, or holds an unknown key or a value that
            does not fit; the message names the key.
    """
    document: object = {}
    if path is not None:
        try:
            document = tomllib.loads(path.read_text("utf-8"))
        except OSError as error:
            problem = f"cannot read {path}: {error.strerror}"
            raise RequestError("config", problem, "a TOML file") from error
        except (tomllib.TOMLDecodeError, UnicodeError) as error:
            raise RequestError("config", f"{path} is no TOML: {error}", "a TOML file") from error
    config = from_builtins(document, Config)
    return replace(
        config,
        database=environment.get("KINEMA_DATABASE_URL", config.database),
        storage=environment.get("KINEMA_STORAGE_URL", config.storage),
    )
