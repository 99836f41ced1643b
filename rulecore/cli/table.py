"""The built-in commands by name: what each does, and which module holds it. Imported when used.

Each module has its click command as ``COMMAND``. The summaries are what ``rulecore --help`` shows.
"""

from __future__ import annotations

from typing import Final

from rulecore.language import N_

TABLE: Final[dict[str, tuple[str, str]]] = {
    "run": (N_("Apply policies to records and write the results."), "rulecore.cli.run"),
    "check": (N_("Check policies: every fault of every file."), "rulecore.cli.check"),
    "test": (N_("Run the cases (cases.toml) of policies and say what no case reaches."), "rulecore.cli.test"),
    "show": (N_("Show a policy as it is understood."), "rulecore.cli.show"),
    "explain": (N_("Explain one record's results, every number of them."), "rulecore.cli.explain"),
    "reach": (N_("Find what it would take to reach a better result."), "rulecore.cli.reach"),
    "diff": (
        N_("Compare policies, versions of the records, or results: who moves, and why."),
        "rulecore.cli.diff",
    ),
    "sweep": (N_("Show the outcome of records against a parameter of the policy."), "rulecore.cli.sweep"),
    "robustness": (
        N_("Show how far results hold when weights and thresholds are varied."),
        "rulecore.cli.robustness",
    ),
    "pack": (N_("Keep a run as one package: policies, inputs, results."), "rulecore.cli.pack"),
    "verify": (N_("Check the package of a run and compute it again."), "rulecore.cli.verify"),
    "sign": (N_("Sign the package of a run."), "rulecore.cli.sign"),
    "keygen": (N_("Write a pair of keys to sign packages with."), "rulecore.cli.keygen"),
    "plugins": (N_("List what is loaded, from where, and what it gives."), "rulecore.cli.plugins"),
    "scorers": (N_("List the scorers, or show the page of one."), "rulecore.cli.scorers"),
    "functions": (
        N_("List the functions of expressions, or show the page of one."),
        "rulecore.cli.functions",
    ),
    "new": (N_("Write a small working policy or plugin to start from."), "rulecore.cli.new"),
    "schema": (N_("Write the JSON Schema of policies, for editors."), "rulecore.cli.schema"),
    "completion": (N_("Print the completion script for a shell."), "rulecore.cli.completion"),
}
