"""PolicyEngine-Core: a descendant of OpenFisca with the same interface."""

from __future__ import annotations

from pathlib import Path

from peers.openfisca import prepared

NEEDS = ("policyengine-core==3.33.12", "polars==2.1.0")
TITLE = "PolicyEngine-Core"
BY = "column"
WORKLOADS = ("w1", "w1u")


def prepare(folder: Path, workload: str):
    return prepared("policyengine_core", folder, workload)
