"""Pages of a table, in the order in which its rows arrived, from one row on to the next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, select


def page_of(
    connection: Connection,
    table: Table,
    *conditions: ColumnElement[bool],
    limit: int,
    after: str | None = None,
    newest_first: bool = True,
) -> tuple[Sequence[RowMapping], bool]:
    """Some rows of a table, and whether more follow.

    A page goes on behind ``after`` even where that row is gone: who deletes each thing that a list
    shows still gets to its end. Ids sort by time, and tell where the row was.

    Args:
        connection: To read with.
        table: Has the columns ``number``, which counts up, and ``id``, as `ids.new_id` makes them.
        conditions: Which rows belong to the list.
        limit: The most rows; 0 asks only whether there are any.
        after: The last row of the page before.
        newest_first: In which direction.
    """
    query = select(table).where(*conditions)
    if after is not None:
        here = select(table.c.number).where(table.c.id == after, *conditions)
        number = connection.execute(here).scalar()
        column, mark = (table.c.id, after) if number is None else (table.c.number, number)
        query = query.where(column < mark if newest_first else column > mark)
    order = table.c.number.desc() if newest_first else table.c.number.asc()
    found = connection.execute(query.order_by(order).limit(limit + 1)).mappings().all()
    return found[:limit], len(found) > limit
