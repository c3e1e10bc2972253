"""The tables of the database, on SQLite and on Postgres alike.

Times are seconds since 1970 as floats. JSON columns hold values of `kinema.types` as builtins.
Every row that belongs to somebody names its project, and every query of the API goes through it.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects import postgresql

METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_Json = JSON().with_variant(postgresql.JSONB(), "postgresql")
_Ordered = JSON()  # JSONB would bring the names of a document into an order of its own
_Serial = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER counts up by itself there


def _id() -> Column[str]:
    return Column("id", String(80), primary_key=True)


def _project() -> Column[str]:
    return Column("project", String(80), ForeignKey("projects.id"), nullable=False, index=True)


projects = Table(
    "projects",
    METADATA,
    _id(),
    Column("name", String(200), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("limits", _Json),  # LimitsConfig; null for the installation's
    Column("share", Float, nullable=False, server_default="1"),  # weight in the fair share
)

keys = Table(
    "keys",
    METADATA,
    _id(),
    _project(),
    Column("name", String(200), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),  # SHA-256 of the key
    Column("hint", String(20), nullable=False),
    Column("admin", Boolean, nullable=False, server_default="0"),  # may make projects and keys
    Column("created_at", Float, nullable=False),
    Column("used_at", Float),
    Column("revoked_at", Float),
)

clips = Table(
    "clips",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),  # order of arrival, for pages
    Column("id", String(80), nullable=False, unique=True),
    _project(),
    Column("kind", String(20), nullable=False),  # types.Task
    Column("status", String(20), nullable=False, index=True),  # the four of the Videos API
    Column("state", String(20), nullable=False),  # ours: also paused, held, cancelled, deleted
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("phase", String(20), nullable=False, server_default=""),
    Column("alias", String(120), nullable=False),  # the model that was asked for
    Column("model", String(120), nullable=False),  # the one that answers
    Column("prompt", Text, nullable=False),
    Column("seconds", String(20), nullable=False),  # of the finished clip, as the API writes it
    Column("size", String(20), nullable=False),
    Column("request", _Json, nullable=False),  # types.Request
    Column("inputs", _Json, nullable=False),  # file id (sha256:...) -> {key, suffix}
    Column("source", String(80)),  # clip that this one changes
    Column("spread", String(80)),  # variations of one wish
    Column("extensions", Integer, nullable=False, server_default="0"),
    Column("batch", String(80), index=True),
    Column("priority", Integer, nullable=False, server_default="0"),
    Column("created_at", Float, nullable=False, index=True),
    Column("started_at", Float),
    Column("completed_at", Float),
    Column("expires_at", Float),
    Column("promised", Float),  # seconds of work said at submit
    Column("remaining", Float),  # seconds left, said last
    Column("poll_after", Integer, nullable=False, server_default="1000"),
    Column("worker", String(80)),
    Column("run", Integer, nullable=False, server_default="0"),  # times it was enqueued anew
    Column("error", _Json),  # {code, message, param, fixes}
    Column("assets", _Json),  # variant -> {key, bytes, sha256, media_type}
    Column("facts", _Json),  # types.Clip of the finished clip
    Column("favourite", Boolean, nullable=False, server_default="0"),
    Column("title", String(200), nullable=False, server_default=""),
    Column("tags", _Json, nullable=False, server_default="[]"),
    Index("ix_clips_project_number", "project", "number"),
    Index("ix_clips_state_priority", "state", "priority", "number"),
)

files = Table(
    "files",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(80), nullable=False, unique=True),
    _project(),
    Column("filename", String(255), nullable=False),
    Column("purpose", String(40), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("key", String(255), nullable=False),
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float),
)

characters = Table(
    "characters",
    METADATA,
    _id(),
    _project(),
    Column("name", String(80), nullable=False),
    Column("looks", Text, nullable=False),
    Column("key", String(255), nullable=False),  # object: the clip it was made from
    Column("sha256", String(64), nullable=False),
    Column("created_at", Float, nullable=False),
)

looks = Table(
    "looks",
    METADATA,
    _id(),
    _project(),
    Column("name", String(200), nullable=False),
    Column("words", Text, nullable=False, server_default=""),  # added to the prompt
    Column("negative", Text, nullable=False, server_default=""),
    Column("style", String(80)),  # of the model's card
    Column("created_at", Float, nullable=False),
)

batches = Table(
    "batches",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(80), nullable=False, unique=True),
    _project(),
    Column("status", String(20), nullable=False),
    Column("endpoint", String(80), nullable=False),
    Column("window", String(20), nullable=False),
    Column("input_file", String(80), nullable=False),
    Column("output_file", String(80)),
    Column("error_file", String(80)),
    Column("counts", _Json, nullable=False),
    Column("errors", _Json),
    Column("metadata", _Json),
    Column("output_kept", Integer),  # seconds that its results are kept; null for as other files
    Column("times", _Json, nullable=False),  # status -> when it was reached
    Column("created_at", Float, nullable=False),
    Column("expires_at", Float, nullable=False),
)

batch_lines = Table(
    "batch_lines",
    METADATA,
    Column("batch", String(80), ForeignKey("batches.id"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("custom_id", String(512), nullable=False),
    Column("start", BigInteger, nullable=False),  # where it stands in the input file
    Column("end", BigInteger, nullable=False),
    Column("clip", String(80)),
    Column("answer", _Json),  # {status_code, body}, or {code, message}, where there is no clip
)

endpoints = Table(
    "endpoints",
    METADATA,
    _id(),
    _project(),
    Column("name", String(200), nullable=False),
    Column("url", Text, nullable=False),
    Column("event_types", _Json, nullable=False),
    Column("secrets", _Json, nullable=False),  # [{secret, until}], newest first; null: no end
    Column("created_at", Float, nullable=False),
    Column("updated_at", Float, nullable=False),
)

deliveries = Table(
    "deliveries",
    METADATA,
    _id(),
    _project(),
    Column("endpoint", String(80), ForeignKey("endpoints.id"), nullable=False, index=True),
    Column("event", String(80), nullable=False),  # evt_..., the same for all endpoints
    Column("body", Text, nullable=False),  # the very bytes that are signed
    Column("state", String(20), nullable=False, index=True),  # waiting, delivered, given_up
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_at", Float, nullable=False),
    Column("answers", _Json, nullable=False),  # [{at, status, problem}]
    Column("created_at", Float, nullable=False),
    UniqueConstraint("endpoint", "event"),
)

storyboards = Table(
    "storyboards",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(80), nullable=False, unique=True),
    _project(),
    Column("title", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("version", Integer, nullable=False),  # steps that were done
    Column("document", _Ordered, nullable=False),  # studio's Project
    Column("base", _Ordered),  # what its script became, before any edit; null without a script
    Column("created_at", Float, nullable=False),
    Column("changed_at", Float, nullable=False),
)

storyboard_steps = Table(
    "storyboard_steps",
    METADATA,
    Column("board", String(80), ForeignKey("storyboards.id"), primary_key=True),
    Column("version", Integer, primary_key=True),  # that the step made
    Column("key", String(80)),  # the client's, so that a step that comes twice is done once
    Column("origin", String(20), nullable=False),  # edit, undo, redo, script, import ...
    Column("operations", _Ordered, nullable=False),  # with what was there before
    Column("by", String(80), nullable=False, server_default=""),
    Column("why", String(200), nullable=False, server_default=""),
    Column("undoes", Integer),  # the step that this one takes back
    Column("at", Float, nullable=False),
    UniqueConstraint("board", "key"),
)

storyboard_files = Table(
    "storyboard_files",
    METADATA,
    Column("board", String(80), ForeignKey("storyboards.id"), primary_key=True),
    Column("file", String(80), primary_key=True),  # sha256:...
    Column("key", String(255), nullable=False, index=True),
    Column("suffix", String(10), nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("filename", String(255), nullable=False),
    Column("at", Float, nullable=False),
)

storyboard_takes = Table(
    "storyboard_takes",
    METADATA,
    Column("board", String(80), ForeignKey("storyboards.id"), primary_key=True),
    Column("shot", String(120), primary_key=True),
    Column("clip", String(80), primary_key=True),
    Column("film", String(120), nullable=False),  # the deliverable that it was made for
    Column("first", Integer, nullable=False),  # its frame in which the shot begins
    Column("at", Float, nullable=False),
)

shot_clips = Table(
    "shot_clips",
    METADATA,
    Column("project", String(80), ForeignKey("projects.id"), primary_key=True),
    Column("key", String(64), primary_key=True),  # of all that is seen in it
    Column("clip", String(80), nullable=False, index=True),
    Column("at", Float, nullable=False),
)

exports = Table(
    "exports",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    Column("id", String(80), nullable=False, unique=True),
    _project(),
    Column("board", String(80), ForeignKey("storyboards.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),  # mp4, otio, zip ...
    Column("film", String(120), nullable=False),  # which deliverable
    Column("key", String(64), nullable=False, index=True),  # of document and takes
    Column("state", String(20), nullable=False, index=True),
    Column("progress", Integer, nullable=False, server_default="0"),
    Column("run", Integer, nullable=False, server_default="0"),
    Column("document", _Ordered, nullable=False),  # as it was when it was asked for
    Column("takes", _Json, nullable=False),  # shot -> {clip} or {key, suffix, sha256}
    Column("result", _Json),  # {key, bytes, sha256, media_type, filename}
    Column("error", _Json),  # {code, message}
    Column("created_at", Float, nullable=False),
    Column("completed_at", Float),
)

events = Table(
    "events",
    METADATA,
    Column("number", _Serial, primary_key=True, autoincrement=True),
    _project(),
    Column("type", String(40), nullable=False),  # clip.created, job.progress, job.preview ...
    Column("clip", String(80)),
    Column("data", _Json, nullable=False),
    Column("at", Float, nullable=False),
)

workers = Table(
    "workers",
    METADATA,
    _id(),  # stable over restarts
    Column("host", String(200), nullable=False),
    Column("models", _Json, nullable=False),
    Column("address", String(200)),  # of its fast road
    Column("token", String(80)),  # what the API shows there
    Column("state", String(20), nullable=False),
    Column("memory", _Json),
    Column("measures", Text),  # in the format of Prometheus
    Column("since", Float, nullable=False),
    Column("seen_at", Float, nullable=False),
)

lives = Table(
    "lives",
    METADATA,
    _id(),
    _project(),
    Column("worker", String(80), nullable=False),
    Column("since", Float, nullable=False),  # workers.since of the one that began it
    Column("alias", String(120), nullable=False),  # the model that was asked for
    Column("model", String(120), nullable=False),
    Column("prompt", Text, nullable=False),  # the newest
    Column("request", _Json, nullable=False),  # types.Request it begins with
    Column("state", String(20), nullable=False),  # open, held, idle, ended
    Column("viewers", Integer, nullable=False, server_default="0"),
    Column("reason", String(20)),  # why it ended
    Column("reel", _Json, nullable=False, server_default="[]"),  # [{prompt, start, end, clips}]
    Column("created_at", Float, nullable=False),
    Column("ended_at", Float),
)

cards = Table(
    "cards",
    METADATA,
    Column("name", String(120), primary_key=True),
    Column("card", _Json, nullable=False),  # types.ModelCard as a worker has it
    Column("calibration", _Json),
    Column("worker", String(80)),
    Column("at", Float, nullable=False),
)

usage = Table(
    "usage",
    METADATA,
    Column("project", String(80), ForeignKey("projects.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("jobs", Integer, nullable=False, server_default="0"),
    Column("failed", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),  # of video
    Column("work", Float, nullable=False, server_default="0"),  # seconds of a worker
    Column("bytes", BigInteger, nullable=False, server_default="0"),
)

retries = Table(
    "retries",
    METADATA,
    Column("project", String(80), ForeignKey("projects.id"), primary_key=True),
    Column("body", String(64), primary_key=True),  # SHA-256 of path and body
    Column("clip", String(80), nullable=False),
    Column("at", Float, nullable=False, index=True),
)

installation = Table(
    "installation",
    METADATA,
    Column("name", String(200), primary_key=True),  # token:PLACE, turn:WORK
    Column("value", String(64), nullable=False, server_default=""),  # SHA-256 of a workers' token
    Column("at", Float, nullable=False),
)
