"""DuckDB, SQL over doubles."""

from __future__ import annotations

from pathlib import Path

NEEDS = ("duckdb==2.0.0", "polars==2.1.0", "pyarrow==26.0.1")
TITLE = "DuckDB, SQL"
BY = "column"
WORKLOADS = ("w1", "w1u", "w1r", "w3")
WEIGHTS = (0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)


HUMAN_DEVELOPMENT = """
WITH a AS (SELECT unit, (life - 20) / 65 AS health, (expected / 18 + schooling / 15) / 2 AS education,
  (ln(income) - ln(100)) / (ln(75000) - ln(100)) AS standard FROM records)
SELECT unit, floor(pow(health * education * standard, 1.0::DOUBLE / 3) * 1000 + 0.5) / 1000 AS composite FROM a
"""


def query(workload: str) -> str:
    if workload == "w3":
        return HUMAN_DEVELOPMENT
    done = ", ".join(
        f"least(greatest(actual_{n} / target_{n} * 100, 0), 120) AS done_{n}" for n in range(1, 9)
    )
    line = "WHEN done_{n} <= 100 THEN (done_{n} - 60) * 2.5"
    mark = f"CASE WHEN done_{{n}} < 60 THEN 0 {line} ELSE 100 + (done_{{n}} - 100) / 2 END"
    shape = mark if workload == "w1u" else f"floor(({mark}) * 100 + 0.5) / 100"
    marks = ", ".join(f"{shape.format(n=n)} AS indicator_{n}" for n in range(1, 9))
    total = " + ".join(f"indicator_{n} * {weight}::DOUBLE" for n, weight in enumerate(WEIGHTS, 1))
    most = "CASE WHEN accidents >= 2 THEN 60 ELSE 100 END"
    text = f"""
    WITH a AS (SELECT *, {done} FROM records), b AS (SELECT *, {marks} FROM a),
    c AS (SELECT *, floor(least(greatest({total} + least(bonus, 5) - deduction, 0), {most}) * 100 + 0.5) / 100
      AS operations FROM b),
    d AS (SELECT *, floor(party * operations / 100 * 100 + 0.5) / 100 AS composite FROM c),
    e AS (SELECT unit, organisation, operations, composite, CASE WHEN composite >= 90 THEN 5 WHEN composite >= 80 THEN 4
      WHEN composite >= 70 THEN 3 WHEN composite >= 60 THEN 2 ELSE 1 END AS stars FROM d)
    """
    if workload != "w1r":
        return text + "SELECT unit, operations, composite, stars FROM e"
    return (
        text
        + """, f AS (SELECT *, rank() OVER (PARTITION BY organisation ORDER BY composite DESC) AS place,
      count(*) OVER (PARTITION BY organisation) AS size FROM e)
    SELECT unit, operations, composite, stars, place, CASE WHEN place <= 0.2 * size THEN 'A' ELSE 'B' END AS best
    FROM f"""
    )


def prepare(folder: Path, workload: str):
    import duckdb
    import polars as pl

    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    frame = pl.read_parquet(folder / "records.parquet")
    amounts = [name for name in frame.columns if name not in ("unit", "organisation", "accidents")]
    source = frame.with_columns(pl.col(amounts).cast(pl.Float64) / 100).with_row_index("row").to_arrow()
    connection.register("source", source)
    connection.execute("CREATE TABLE records AS SELECT * FROM source")
    text = query(workload)

    def results(outcome: object) -> list[int]:
        frame = pl.from_arrow(outcome).sort("unit")
        unit = 1000 if workload == "w3" else 100
        return (frame["composite"] * unit).round().fill_nan(0).cast(pl.Int64).to_list()

    return lambda: connection.execute(text).to_arrow_table(), results
