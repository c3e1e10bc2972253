"""A project on disk: plain files that git can compare, each written whole or not at all.

project.json    the document as it is now, one entity a row
base.json       what the brief was compiled into, before any edit
edits.jsonl     the edits since, one a row
versions/       every document that there was, by its hash
assets/         files that the document names by content
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.media import FileStore
from kinema.media.staging import naming_output
from kinema.studio.compile import Compiled, aligned
from kinema.studio.document import (
    Project,
    canonical,
    digest,
    from_document,
    to_document,
)
from kinema.studio.edits import Operation, Replayed, edit, replay
from kinema.types import FileId, from_json, to_json

_DOCUMENT: Final = "project.json"


class ProjectFolder:
    """A project that lies in a folder.

    Args:
        path: The folder; made when something is written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._assets = FileStore(path / "assets")

    def exists(self) -> bool:
        """Whether a project lies there."""
        return (self.path / _DOCUMENT).is_file()

    def read(self) -> Project:
        """The document as it is now; raises `MediaError` where there is none that can be read."""
        return self._document(_DOCUMENT)

    def edits(self) -> list[Operation]:
        """The edits since the brief was compiled, oldest first.

        A last row that was cut short, as a power cut leaves it, is left out.
        """
        file = self.path / "edits.jsonl"
        if not file.is_file():
            return []
        rows = file.read_bytes().split(b"\n")
        return [from_json(row, Operation) for row in rows[:-1] if row.strip()]

    def compiled(self, compiled: Compiled) -> Replayed:
        """Take in a brief that was compiled anew, with the edits of this folder on top.

        Shots and lines that were only reworded keep their ids, so that edits find them.
        """
        base = compiled.project
        if (self.path / "base.json").is_file():
            base, _ = aligned(self._document("base.json"), base)
        found = replay(base, self.edits())
        self.keep(compiled.files)
        self._write("base.json", base)
        self._write(_DOCUMENT, found.project)
        self._version(found.project)
        return found

    def edit(self, operations: Iterable[Operation]) -> Project:
        """Carry out edits and write them down; all or none, as `edits.edit`."""
        project, done = edit(self.read(), operations)
        rows = b"".join(to_json(operation) + b"\n" for operation in done)
        with naming_output(), (self.path / "edits.jsonl").open("ab") as file:
            file.write(rows)
            file.flush()
            os.fsync(file.fileno())
        self._write(_DOCUMENT, project)
        self._version(project)
        return project

    def keep(self, files: Mapping[FileId, Path]) -> None:
        """Copy files that the document names into the folder."""
        for path in files.values():
            self._assets.add(path)

    def files(self) -> dict[FileId, Path]:
        """The files of the folder, by content."""
        found = (self.path / "assets").glob("??/[!.]*")
        return {f"sha256:{path.parent.name}{path.name}": path for path in sorted(found)}

    def versions(self) -> list[str]:
        """The hashes of all documents that there were."""
        return sorted(path.stem for path in (self.path / "versions").glob("*.json"))

    def version(self, name: str) -> Project:
        """The document of that hash."""
        if name not in self.versions():
            raise RequestError("version", f"there is no {name!r}", ", ".join(self.versions()[:8]))
        return self._document(f"versions/{name}.json")

    def _version(self, project: Project) -> None:
        if not (self.path / "versions" / f"{digest(project)}.json").is_file():
            self._write(f"versions/{digest(project)}.json", project)

    def _document(self, name: str) -> Project:
        file = self.path / name
        try:
            document = json.loads(file.read_bytes())
        except (OSError, ValueError) as error:
            problem = f"{name} cannot be read: {error}"
            raise MediaError("project", problem, "the folder of a project") from error
        return from_document(document)

    def _write(self, name: str, project: Project) -> None:
        write_document(self.path / name, project)


def write_document(file: Path, project: Project) -> None:
    """Write a document into a file, whole or not at all; raises `OutputError`."""
    with naming_output():
        file.parent.mkdir(parents=True, exist_ok=True)
        with media.staged(file) as part:
            part.write_bytes(_by_rows(to_document(project)))


def _by_rows(document: dict[str, Any]) -> bytes:
    """JSON with one entity a row, so that a change of one is a change of one row."""
    rows: list[bytes] = []
    for key in sorted(document):
        value = document[key]
        name = canonical([key])[1:-1]
        if isinstance(value, dict) and value:
            table = cast("dict[str, Any]", value)
            inner = b",\n".join(b"  " + canonical({k: table[k]})[1:-1] for k in sorted(table))
            rows.append(name + b": {\n" + inner + b"\n}")
        elif isinstance(value, list) and value:
            inner = b",\n".join(b"  " + canonical(each) for each in cast("list[Any]", value))
            rows.append(name + b": [\n" + inner + b"\n]")
        else:
            rows.append(name + b": " + json.dumps(value, ensure_ascii=False).encode())
    return b"{\n" + b",\n".join(rows) + b"\n}\n"
