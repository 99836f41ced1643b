"""OpenFisca-Core: a tax and benefit system of variables, vectorised by NumPy."""

from __future__ import annotations

from pathlib import Path

NEEDS = ("openfisca-core==46.0.1", "polars==2.1.0")
TITLE = "OpenFisca-Core"
BY = "column"
WORKLOADS = ("w1", "w1u")
WEIGHTS = (0.2, 0.2, 0.15, 0.15, 0.1, 0.1, 0.05, 0.05)
PACKAGE = "openfisca_core"


def system(package: str, workload: str):
    """Return the workload as variables of a system, under either of the two packages that share this interface."""
    from importlib import import_module

    import numpy as np

    entities = import_module(f"{package}.entities")
    variables = import_module(f"{package}.variables")
    periods = import_module(f"{package}.periods")
    systems = import_module(f"{package}.taxbenefitsystems")
    day = getattr(periods, "ETERNITY", None) or periods.DateUnit.ETERNITY
    unit = entities.Entity("unit", "units", "a unit", "")
    group = entities.GroupEntity("company", "companies", "", "", [{"key": "member", "plural": "members"}])
    made = systems.TaxBenefitSystem([unit, group])

    def variable(name, formula=None):
        body = {"value_type": float, "entity": unit, "definition_period": day, "label": name}
        if formula is not None:
            body["formula"] = formula
        made.add_variable(type(name, (variables.Variable,), body))

    def half_up(values):
        return np.floor(values * 100 + 0.5) / 100

    def indicator(number):
        def formula(units, period):
            actual = units(f"actual_{number}", period).astype(np.float64)
            done = np.clip(actual / units(f"target_{number}", period).astype(np.float64) * 100, 0, 120)
            mark = np.where(done < 60, 0.0, np.where(done <= 100, (done - 60) * 2.5, 100 + (done - 100) / 2))
            return mark if workload == "w1u" else half_up(mark)

        return formula

    for number in range(1, 9):
        variable(f"actual_{number}")
        variable(f"target_{number}")

        variable(f"indicator_{number}", indicator(number))
    for name in ("bonus", "deduction", "accidents", "party"):
        variable(name)

    def operations(units, period):
        total = sum(units(f"indicator_{n}", period) * weight for n, weight in enumerate(WEIGHTS, 1))
        total = total + np.minimum(units("bonus", period), 5.0) - units("deduction", period)
        return half_up(np.clip(total, 0, np.where(units("accidents", period) >= 2, 60.0, 100.0)))

    def composite(units, period):
        return half_up(units("party", period) * units("operations", period) / 100)

    def stars(units, period):
        score = units("composite", period)
        return 1.0 + (score >= 60) + (score >= 70) + (score >= 80) + (score >= 90)

    variable("operations", operations)
    variable("composite", composite)
    variable("stars", stars)
    return made


def prepared(package: str, folder: Path, workload: str):
    from importlib import import_module

    import numpy as np
    import polars as pl

    builders = import_module(f"{package}.simulations")
    made = system(package, workload)
    frame = pl.read_parquet(folder / "records.parquet")
    names = [name for name in frame.columns if name not in ("unit", "organisation")]
    data = {name: frame[name].to_numpy() / (1 if name == "accidents" else 100) for name in names}

    def run():
        simulation = builders.SimulationBuilder().build_default_simulation(made, frame.height)
        for name, values in data.items():
            simulation.set_input(name, "2024-01", values)
        return [simulation.calculate(name, "2024-01") for name in ("operations", "composite", "stars")]

    return run, lambda outcome: np.asarray(outcome[1], dtype=float).__mul__(100).round().astype(int).tolist()


def prepare(folder: Path, workload: str):
    return prepared(PACKAGE, folder, workload)
