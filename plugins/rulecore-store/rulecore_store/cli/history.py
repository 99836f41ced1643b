"""``rulecore history``: the group, with its commands in the order a run goes through them."""

from __future__ import annotations

from rulecore.language import N_
from rulecore_store.cli.check import check
from rulecore_store.cli.diff import diff
from rulecore_store.cli.export import export
from rulecore_store.cli.frame import Group
from rulecore_store.cli.list import list_runs
from rulecore_store.cli.moving import publish, review, seal
from rulecore_store.cli.show import show
from rulecore_store.cli.upgrade import upgrade

history = Group(
    "history",
    help=N_(
        "Look at stored runs, compare them, bring them forward, prove them unchanged.\n\n"
        "rulecore run … --store keeps a run as a draft; it is then reviewed, published and sealed. What is sealed is "
        "the history that later runs read (--history)."
    ),
    no_args_is_help=True,
)
for each in (list_runs, show, diff, review, publish, seal, export, check, upgrade):
    history.add_command(each)
