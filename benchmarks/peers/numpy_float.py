"""NumPy, floats."""

from __future__ import annotations

from pathlib import Path

NEEDS = ("numpy==2.4.6", "polars==2.1.0")
TITLE = "NumPy, floats"
BY = "column"
WORKLOADS = ("w1", "w1u", "w3")
WEIGHTS = (0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)


def prepare(folder: Path, workload: str):
    import numpy as np
    import polars as pl

    frame = pl.read_parquet(folder / "records.parquet")
    names = [name for name in frame.columns if name not in ("unit", "organisation")]
    data = {name: frame[name].to_numpy() / (1 if name == "accidents" else 100) for name in names}

    def half_up(values, factor=100.0):
        return np.floor(values * factor + 0.5) / factor

    def human_development():
        income = (np.log(data["income"]) - 4.605170185988092) / (11.225243392518447 - 4.605170185988092)
        schooling = (data["expected"] / 18 + data["schooling"] / 15) / 2
        return None, half_up(((data["life"] - 20) / 65 * schooling * income) ** (1 / 3), 1000.0), None

    def run():
        total = np.zeros(frame.height)
        for number, weight in enumerate(WEIGHTS, 1):
            done = np.clip(data[f"actual_{number}"] / data[f"target_{number}"] * 100, 0, 120)
            mark = np.where(done < 60, 0.0, np.where(done <= 100, (done - 60) * 2.5, 100 + (done - 100) / 2))
            total += (mark if workload == "w1u" else half_up(mark)) * weight
        total += np.minimum(data["bonus"], 5.0) - data["deduction"]
        operations = half_up(np.clip(total, 0, np.where(data["accidents"] >= 2, 60.0, 100.0)))
        score = half_up(data["party"] * operations / 100)
        stars = 1 + (score >= 60).astype(np.int64) + (score >= 70) + (score >= 80) + (score >= 90)
        return operations, score, stars

    unit = 1000 if workload == "w3" else 100
    chosen = human_development if workload == "w3" else run
    return chosen, lambda outcome: np.nan_to_num(outcome[1] * unit).round().astype(int).tolist()
