"""DuckDB, SQL over doubles: W2 with joins and windows."""

from __future__ import annotations

from pathlib import Path

from exact import one_number

NEEDS = ("duckdb==2.0.0", "polars==2.1.0", "pyarrow==26.0.1")
TITLE = "DuckDB, SQL"
BY = "column"
WORKLOADS = ("w2",)

QUERY = """
WITH marks AS (SELECT unit, weight, floor(least(actual / target * 100, 120) * 100 + 0.5) / 100 AS mark
  FROM rows_{year}),
sums AS (SELECT unit, floor(sum(weight * mark) / sum(weight) * 100 + 0.5) / 100 AS score FROM marks GROUP BY unit),
s AS (SELECT *, CASE WHEN score >= 60 THEN score ELSE 0 END AS w FROM records_{year} LEFT JOIN sums USING (unit)),
f AS (SELECT *, budget * 100 * w / sum(w) OVER (PARTITION BY organisation) AS fair FROM s),
g AS (SELECT *, floor(fair) AS cents, row_number() OVER (PARTITION BY organisation
  ORDER BY fair - floor(fair) DESC, w DESC, unit) AS place FROM f),
h AS (SELECT *, round(budget * 100) - sum(cents) OVER (PARTITION BY organisation) AS remaining FROM g)
SELECT h.unit, h.score, (cents + CASE WHEN place <= remaining THEN 1 ELSE 0 END) / 100 AS part,
  CASE WHEN b.status = '终止' OR (b.status = '风险提示' AND h.score < 80) THEN '终止' WHEN h.score < 80 THEN '风险提示'
  WHEN h.score >= 90 THEN '通过' ELSE coalesce(b.status, '在培') END AS status
FROM h LEFT JOIN {before} b ON h.unit = b.unit
"""


def prepare(folder: Path, workload: str):
    import duckdb
    import polars as pl

    del workload
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    for year in (2023, 2024):
        for name, amounts in (("records", ["budget"]), ("rows", ["actual", "target"])):
            frame = pl.read_parquet(folder / f"{name}-{year}.parquet")
            frame = frame.with_columns(pl.col(amounts).cast(pl.Float64) / 100)
            connection.register("source", frame.to_arrow())
            connection.execute(f"CREATE TABLE {name}_{year} AS SELECT * FROM source")
    connection.execute("CREATE TABLE nobody (unit VARCHAR, status VARCHAR)")
    connection.execute("CREATE TABLE last AS " + QUERY.format(year=2023, before="nobody"))
    text = QUERY.format(year=2024, before="last")

    def results(outcome: object) -> list[int]:
        frame = pl.from_arrow(outcome).sort("unit")
        rows = frame.select((pl.col("score", "part") * 100).round().cast(pl.Int64), "status").rows()
        return [one_number(*row) for row in rows]

    return lambda: connection.execute(text).to_arrow_table(), results
