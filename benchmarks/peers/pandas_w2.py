"""pandas, floats: W2 with merges and groups."""

from __future__ import annotations

from pathlib import Path

from exact import one_number

NEEDS = ("pandas==3.1.1", "numpy==2.4.6", "polars==2.1.0", "pyarrow==26.0.1")
TITLE = "pandas, floats"
BY = "column"
WORKLOADS = ("w2",)


def prepare(folder: Path, workload: str):
    import numpy as np
    import pandas as pd

    del workload
    years = {}
    for year in (2023, 2024):
        records, rows = (pd.read_parquet(folder / f"{name}-{year}.parquet") for name in ("records", "rows"))
        records["budget"] = records["budget"] / 100
        rows[["actual", "target"]] = rows[["actual", "target"]] / 100
        years[year] = records, rows

    def half_up(values):
        return np.floor(values * 100 + 0.5) / 100

    def year_of(records, rows, before):
        mark = half_up((rows["actual"] / rows["target"] * 100).clip(upper=120))
        sums = pd.DataFrame({"unit": rows["unit"], "points": rows["weight"] * mark, "weight": rows["weight"]})
        sums = sums.groupby("unit")[["points", "weight"]].sum()
        found = records.merge(half_up(sums["points"] / sums["weight"]).rename("score"), on="unit", how="left")
        weight = found["score"].where(found["score"] >= 60, 0.0)
        groups = found["organisation"]
        fair = found["budget"] * 100 * weight / weight.groupby(groups).transform("sum")
        cents = np.floor(fair)
        order = pd.DataFrame({"rest": cents - fair, "weight": -weight, "organisation": groups})
        ordered = order.sort_values(["rest", "weight"], kind="stable")
        place = ordered.groupby("organisation").cumcount().reindex(found.index)
        remaining = (found["budget"] * 100).round() - cents.groupby(groups).transform("sum")
        found["part"] = (cents + (place < remaining)) / 100
        if before is None:
            last = pd.Series([None] * len(found), dtype=object)
        else:
            last = (
                found[["unit"]]
                .merge(before[["unit", "status"]], on="unit", how="left")["status"]
                .astype(object)
            )
        low = found["score"] < 80
        ended = (last == "终止") | ((last == "风险提示") & low)
        stays = last.where(last.notna(), "在培")
        found["status"] = np.select([ended, low, found["score"] >= 90], ["终止", "风险提示", "通过"], stays)
        return found[["unit", "score", "part", "status"]]

    before = year_of(*years[2023], None)

    def results(outcome) -> list[int]:
        amounts = [(outcome[name] * 100).round().astype("int64").tolist() for name in ("score", "part")]
        return [one_number(*row) for row in zip(*amounts, outcome["status"].tolist(), strict=True)]

    return lambda: year_of(*years[2024], before), results
