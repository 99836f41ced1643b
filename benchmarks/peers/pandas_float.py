"""pandas, floats."""

from __future__ import annotations

from pathlib import Path

NEEDS = ("pandas==3.1.1", "numpy==2.4.6", "polars==2.1.0", "pyarrow==26.0.1")
TITLE = "pandas, floats"
BY = "column"
WORKLOADS = ("w1", "w1u", "w1r", "w3")
WEIGHTS = (0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)


def prepare(folder: Path, workload: str):
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(folder / "records.parquet")
    amounts = [name for name in frame.columns if name not in ("unit", "organisation", "accidents")]
    frame[amounts] = frame[amounts] / 100

    def half_up(values):
        return np.floor(values * 100 + 0.5) / 100

    def run():
        total = pd.Series(0.0, index=frame.index)
        for number, weight in enumerate(WEIGHTS, 1):
            done = (frame[f"actual_{number}"] / frame[f"target_{number}"] * 100).clip(0, 120)
            line = (done - 60) * 2.5
            mark = line.where(done <= 100, 100 + (done - 100) / 2).where(done >= 60, 0.0)
            total = total + (mark if workload == "w1u" else half_up(mark)) * weight
        total = total + frame["bonus"].clip(upper=5) - frame["deduction"]
        most = pd.Series(np.where(frame["accidents"] >= 2, 60.0, 100.0), index=frame.index)
        operations = half_up(total.clip(lower=0).clip(upper=most))
        score = half_up(frame["party"] * operations / 100)
        stars = 1 + sum((score >= edge).astype("int64") for edge in (60, 70, 80, 90))
        found = pd.DataFrame(
            {"unit": frame["unit"], "operations": operations, "composite": score, "stars": stars}
        )
        if workload == "w1r":
            groups = score.groupby(frame["organisation"])
            place = groups.rank(method="min", ascending=False)
            found["place"] = place
            found["best"] = np.where(place <= 0.2 * groups.transform("size"), "A", "B")
        return found

    def human_development():
        income = (np.log(frame["income"]) - 4.605170185988092) / (11.225243392518447 - 4.605170185988092)
        schooling = (frame["expected"] / 18 + frame["schooling"] / 15) / 2
        product = (frame["life"] - 20) / 65 * schooling * income
        root = np.floor(product ** (1 / 3) * 1000 + 0.5) / 1000
        return pd.DataFrame({"unit": frame["unit"], "composite": root})

    unit = 1000 if workload == "w3" else 100
    chosen = human_development if workload == "w3" else run
    return chosen, lambda outcome: (outcome["composite"] * unit).fillna(0).round().astype("int64").tolist()
