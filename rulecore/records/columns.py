"""A whole column to typed values: Polars expressions for the ordinary forms, the cell reference for the rest.

The ordinary forms (plain decimals, plain texts) are recognised by strict patterns and converted exactly,
column by column. Every other cell goes through :func:`rulecore.records.cells.read_by`, each distinct one
once, so that the two cannot disagree about what a cell means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from attrs import field as attribute
from attrs import frozen

from rulecore.planned import PlannedField
from rulecore.records.cells import CellRules, cell_rules, read_by
from rulecore.records.characters import shown
from rulecore.records.outcome import CellFault, CellValue
from rulecore.records.storage import storage
from rulecore.records.typed_numbers import number_columns

if TYPE_CHECKING:
    import polars as pl

_SAFE: Final = (
    "!-~\u00a1-\u00ac\u00ae-\u00ff\u2010-\u2027\u2030-\u205e\u2160-\u217f"
    "\u3001-\u3029\u4e00-\u9fff\uff01-\uff5e"
)
"""Characters of ordinary texts: neither blank nor invisible, and in NFC whatever stands beside them."""

_PLAIN_TEXT: Final = f"^[{_SAFE}](?:[ {_SAFE}]*[{_SAFE}])?$"


@frozen(kw_only=True)
class BadCell:
    """A cell that was refused: its position in the column, its text as read, and why."""

    position: int
    text: str
    fault: CellFault


@frozen(kw_only=True)
class TypedColumn:
    """A column of typed values (null: not applicable, or refused) and the cells that were refused."""

    values: pl.Series = attribute(eq=False)
    bad: tuple[BadCell, ...] = ()


def type_column(cells: pl.Series, field: PlannedField) -> TypedColumn:
    """Return the typed values of a column of raw cells, of any dtype, under the field's declaration."""
    return type_columns(cells.alias("cells").to_frame(), [("cells", field)])[0]


def type_columns(cells: pl.DataFrame, columns: Sequence[tuple[str, PlannedField]]) -> list[TypedColumn]:
    """Return columns of raw cells typed, each under the declaration of its field."""
    rules = {field.name: cell_rules(field) for _name, field in columns}
    dtypes = {field.name: _dtype(field) for _name, field in columns}
    # A column that two fields read is made for each of them.
    chosen = dict(columns)
    wanted = [(name, rules[field.name], dtypes[field.name]) for name, field in chosen.items()]
    fast = number_columns(cells, wanted)
    return [
        _type_column(
            cells[name],
            field,
            rules[field.name],
            dtypes[field.name],
            fast.get(name) if chosen[name] is field else None,
        )
        for name, field in columns
    ]


def _dtype(field: PlannedField) -> pl.DataType:
    held = storage(field.type)
    assert held is not None  # noqa: S101 - cell_rules refuses fields without storage
    return held.dtype()


def _type_column(
    cells: pl.Series, field: PlannedField, rules: CellRules, dtype: pl.DataType, fast: pl.Series | None
) -> TypedColumn:
    import polars as pl

    if fast is not None and not fast.null_count():
        return TypedColumn(values=fast.alias(field.name))
    cells = _plain(cells, rules)
    fast = _ordinary(cells, rules, dtype) if fast is None else fast
    if fast is None:
        values, slow = pl.Series(field.name, [None], dtype=dtype).new_from_index(0, cells.len()), None
    else:
        values = fast.alias(field.name)
        slow = values.is_null()
        if not slow.any():
            return TypedColumn(values=values)
    positions = (
        pl.Series("position", range(cells.len()), dtype=pl.UInt32) if slow is None else slow.arg_true()
    )
    rest = cells if slow is None else cells.filter(slow)
    if rest.dtype == pl.Date:
        rest = rest.cast(pl.String)  # Polars has dates after the year 9999, Python has none
    read, bad = _by_reference(rest, positions, rules, dtype)
    return TypedColumn(values=values.scatter(positions, read) if rest.len() else values, bad=bad)


def _plain(cells: pl.Series, rules: CellRules) -> pl.Series:
    """Return numbers and categories as the text they mean, exactly; what has no such text stays as it is."""
    import polars as pl

    dtype = cells.dtype
    if dtype in (pl.Categorical, pl.Enum) or dtype.is_integer() or dtype.is_decimal():
        return cells.cast(pl.String)
    if dtype == pl.Null or (dtype == pl.Date and rules.kind != "date"):
        return cells.cast(pl.String)
    if dtype == pl.Datetime:
        naive = cells.dt.replace_time_zone(None).cast(pl.String)
        return naive.str.replace(r" 00:00:00(?:\.0+)?$", "")
    if dtype.is_float():
        # Polars writes the shortest text that gives the same float back, as Python's repr does.
        text = cells.cast(pl.String)
        return text.str.replace(r"^(-?[0-9]+)\.0$", "$1") if rules.kind == "text" else text
    return cells


def _ordinary(cells: pl.Series, rules: CellRules, dtype: pl.DataType) -> pl.Series | None:
    """Return the typed values of cells in an ordinary form, null for others; None if none can be."""
    import polars as pl

    match rules.kind, cells.dtype:
        case "number", pl.String:
            return number_columns(cells.alias("cells").to_frame(), [("cells", rules, dtype)]).get("cells")
        case "text", pl.String if not rules.allowed:
            return _plain_texts(cells, rules)
        case "flag", pl.Boolean:
            return cells
        case "date", pl.Date:
            low, high = (rules.dates.low, rules.dates.high) if rules.dates is not None else (None, None)
            inside = cells.is_not_null()
            inside = inside if low is None else inside & (cells >= low)
            inside = inside if high is None else inside & (cells <= high)
            return cells.to_frame("cell").select(pl.when(inside).then("cell")).to_series()
        case _:
            return None


def _plain_texts(cells: pl.Series, rules: CellRules) -> pl.Series:
    """Return texts of ordinary characters as they are, unless they are tokens."""
    import polars as pl

    cells = cells.alias("cell")
    plain = cells.str.contains(_PLAIN_TEXT)
    # Tokens are compared folded, which never makes a text shorter: mostly none is short enough to be one.
    tokens = rules.tokens | rules.refused_tokens
    longest = max((len(token) for token in tokens), default=0)
    short = (cells.str.len_chars() <= longest).fill_null(value=False) if longest else None
    if short is not None and short.any():
        # Of the short ones only those whose folding is their lower case are judged here.
        rows = short.arg_true()
        few = cells.gather(rows)
        judged = few.str.contains("^[ -~\u4e00-\u9fff]*$") & ~few.str.to_lowercase().is_in(sorted(tokens))
        plain = plain.scatter(rows, plain.gather(rows) & judged)
    if not plain.null_count() and plain.all():
        return cells
    return cells.to_frame().select(pl.when(plain).then("cell")).to_series()


def _by_reference(
    cells: pl.Series, positions: pl.Series, rules: CellRules, dtype: pl.DataType
) -> tuple[pl.Series, tuple[BadCell, ...]]:
    """Read cells by the reference, each distinct one once."""
    import polars as pl

    if cells.dtype.is_nested() or cells.dtype == pl.Object:
        outcomes = [(cell, *read_by(cell, rules)) for cell in cells]
        bad = [
            BadCell(position=position, text=shown(cell), fault=fault)
            for position, (cell, _value, fault) in zip(positions, outcomes, strict=True)
            if fault is not None
        ]
        return pl.Series("read", [value for _cell, value, _fault in outcomes], dtype=dtype), tuple(bad)
    distinct = cells.unique(maintain_order=True).alias("cell")
    read: list[CellValue] = []
    faults: dict[int, tuple[str, CellFault]] = {}
    for number, cell in enumerate(distinct):
        value, fault = read_by(cell, rules)
        read.append(value)
        if fault is not None:
            faults[number] = ("" if cell is None else shown(cell), fault)
    table = pl.DataFrame({"cell": distinct, "read": pl.Series(read, dtype=dtype)}).with_row_index("number")
    joined = (
        cells.alias("cell")
        .to_frame()
        .join(table, on="cell", how="left", nulls_equal=True, maintain_order="left")
    )
    bad_rows = joined["number"].is_in(list(faults)) if faults else None
    bad = (
        []
        if bad_rows is None
        else [
            BadCell(position=position, text=faults[number][0], fault=faults[number][1])
            for position, number in zip(
                positions.filter(bad_rows), joined["number"].filter(bad_rows), strict=True
            )
        ]
    )
    return joined["read"], tuple(bad)
