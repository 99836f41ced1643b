"""Which type a column of texts has in a Parquet file: that of its kind if every cell is of it, else text.

What is known of the cells adds up part by part, so that a table that comes in parts gets the types that it has as a
whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from rulecore.writers.cells import FLAG_WORDS, PLAIN_NUMBER

if TYPE_CHECKING:
    import polars as pl

PRECISION: Final = 38
_DATE: Final = r"^\d{4}-\d{2}-\d{2}$"


@frozen(kw_only=True)
class Seen:
    """What is known of a column's cells so far; blank ones count for nothing.

    ``fits``: each is of the column's kind. Of numbers ``decimals`` are those of the cell with the most, ``whole`` the
    most digits before the point, ``alike`` whether all have as many decimals; of flags ``words`` are those used.
    """

    kind: str
    filled: bool = False
    fits: bool = True
    decimals: int = 0
    whole: int = 0
    alike: bool = True
    words: frozenset[str] = frozenset()

    def joined(self, other: Seen) -> Seen:
        """Return what is known of the cells of both."""
        if not self.filled or not other.filled:
            return other if other.filled else self
        return evolve(
            self,
            fits=self.fits and other.fits,
            decimals=max(self.decimals, other.decimals),
            whole=max(self.whole, other.whole),
            alike=self.alike and other.alike and self.decimals == other.decimals,
            words=self.words | other.words,
        )

    @property
    def dtype(self) -> pl.DataType:
        """The type of the column in the file."""
        import polars as pl

        if self.kind == "number" and self.fits and self.whole + self.decimals <= PRECISION:
            return pl.Decimal(PRECISION, self.decimals)
        if self.kind == "flag" and self.fits:
            return pl.Boolean()
        return pl.Date() if self.kind == "date" and self.fits else pl.String()

    @property
    def held(self) -> pl.DataType:
        """The type in which the cells can be kept until all are known: one that gives each its text back."""
        import polars as pl

        if self.kind == "number" and not self.alike:
            return pl.String()
        return pl.String() if self.kind == "flag" and not _one_vocabulary(self.words) else self.dtype


def see(cells: pl.Series, kind: str) -> tuple[Seen, pl.Series]:
    """Return what is known of a column of texts, where null is a blank cell, and the column.

    The column is in the type that these cells are held in, if that came out in passing; else they are texts as given.
    """
    filled = cells.drop_nulls() if cells.null_count() else cells
    if not filled.len() or kind == "text":
        return Seen(kind=kind, filled=bool(filled.len())), cells
    if kind == "number":
        return _plain_numbers(cells, filled) or (_seen_numbers(filled), cells)
    if kind == "flag":
        words = frozenset(filled.unique().to_list())
        return Seen(kind=kind, filled=True, fits=words <= FLAG_WORDS.keys(), words=words), cells
    dates = filled.str.contains(_DATE).all() and not filled.str.to_date("%Y-%m-%d", strict=False).null_count()
    return Seen(kind=kind, filled=True, fits=bool(dates)), cells


def typed(cells: pl.Series, dtype: pl.DataType) -> pl.Series:
    """Return texts that fit a type in that type; those that are in it already stay as they are."""
    import polars as pl

    if cells.dtype == dtype:
        return cells
    if dtype == pl.Boolean:
        return cells.replace_strict(FLAG_WORDS, default=None, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        return cells.str.to_date("%Y-%m-%d", strict=False)
    # Text to Decimal rounds what does not fit, silently; the type has the decimals of the cell with the most.
    return cells.cast(dtype)


def texts_again(column: pl.Series, seen: Seen) -> pl.Series:
    """Return the texts of a column that was kept in the type it is held in, given what is known of its cells."""
    import polars as pl

    if column.dtype == pl.Boolean:
        words = {FLAG_WORDS[word]: word for word in seen.words}
        return column.replace_strict(words, default=None, return_dtype=pl.String)
    return column.cast(pl.String)


def _plain_numbers(cells: pl.Series, filled: pl.Series) -> tuple[Seen, pl.Series] | None:
    """Return numbers that all have the decimals of the first, as most columns do; None for others."""
    import polars as pl

    decimals = len(str(filled[0]).partition(".")[2])
    point = rf"\.[0-9]{{{decimals}}}" if decimals else ""
    if decimals >= PRECISION or not filled.str.contains(rf"^-?(?:0|[1-9][0-9]*){point}$").all():
        return None
    if filled.str.starts_with("-0").any() and filled.str.contains(r"^-0[.0]*$").any():
        return None  # no Decimal gives the text -0 back
    numbers = cells.cast(pl.Decimal(PRECISION, decimals), strict=False)
    if numbers.null_count() != cells.null_count():
        return None
    unscaled = numbers.to_physical()
    digits = len(str(max(abs(_number(unscaled.min())), abs(_number(unscaled.max())))))
    return Seen(kind="number", filled=True, decimals=decimals, whole=max(digits - decimals, 1)), numbers


def _seen_numbers(filled: pl.Series) -> Seen:
    if not filled.str.contains(PLAIN_NUMBER).all():
        return Seen(kind="number", filled=True, fits=False)
    places = filled.str.extract(r"\.([0-9]+)$").str.len_bytes().fill_null(0)
    digits_before = filled.str.extract(r"^-?([0-9]+)").str.len_bytes()
    return Seen(
        kind="number",
        filled=True,
        decimals=_number(places.max()),
        whole=_number(digits_before.max()),
        alike=bool((places == places[0]).all()) and not filled.str.contains(r"^-0(?:\.0+)?$").any(),
    )


def _number(value: object) -> int:
    assert isinstance(value, int)  # noqa: S101 - of whole numbers, of which there is one at least
    return value


def _one_vocabulary(words: frozenset[str]) -> bool:
    return len({FLAG_WORDS.get(word) for word in words}) == len(words)
