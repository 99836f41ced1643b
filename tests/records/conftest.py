import polars as pl
import pytest

from rulecore.contracts import RawTable
from rulecore.declarations import FieldDeclaration
from rulecore.planned import PlannedField
from rulecore.records.storage import field_type
from rulecore.source import Place


def planned_field(name="x", **keys):
    declaration = FieldDeclaration(**keys)
    return PlannedField(
        name=name,
        header=declaration.column or name,
        label=declaration.label or name,
        type=field_type(declaration),
        declaration=declaration,
        place=Place(file="policy.toml"),
    )


@pytest.fixture(scope="session")
def planned():
    """Build a planned field from the keys of its declaration."""
    return planned_field


@pytest.fixture(scope="session")
def table():
    """Build a raw table of texts, its rows numbered as in a CSV file."""

    def build(headers, *rows, file="records.csv", broken=()):
        columns = {
            str(position): pl.Series([row[position] for row in rows], dtype=pl.String)
            for position in range(len(headers))
        }
        return RawTable(
            file=file,
            headers=tuple(headers),
            frame=pl.DataFrame(columns),
            rows=pl.Series(range(2, len(rows) + 2), dtype=pl.Int64),
            broken=broken,
        )

    return build
