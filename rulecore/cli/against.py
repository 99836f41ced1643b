"""``rulecore check --against BASE``: which policies a changed base would put in breach."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rulecore.cli.inherited import change_document, change_row
from rulecore.cli.pages import aligned
from rulecore.language import _

if TYPE_CHECKING:
    from rulecore.api import AgainstReport
    from rulecore.policy.against import Trial
    from rulecore.registry import Registry

EXIT_BREACHES = 2


def write_against(registry: Registry, base: Path, policies: tuple[Path, ...], output_format: str) -> int:
    """Write the report to standard output; return 2 if a policy would be in breach, else 0."""
    from rulecore.api import check_against

    report = check_against(base, *policies, registry=registry)
    if output_format == "json":
        click.echo(json.dumps(_document(report), ensure_ascii=False, indent=2))
    else:
        blocks = [_block(trial) for trial in report.trials]
        click.echo("\n\n".join([*blocks, _last_line(report)]))
    return EXIT_BREACHES if report.broken else 0


def _block(trial: Trial) -> str:
    words = _("would be in breach") if trial.faults else _("keeps to it")
    lines = [f"{_name(trial)} ({trial.document.name}): {words}"]
    if trial.changes:
        lines.append(aligned([change_row(change) for change in trial.changes], "  "))
    return "\n\n".join(["\n".join(lines), *(fault.render() for fault in trial.faults)])


def _name(trial: Trial) -> str:
    name, version = (trial.document.value_at(("policy", part)) for part in ("name", "version"))
    return f"{name} {version}"


def _last_line(report: AgainstReport) -> str:
    template = _("{base}: {extending} policies extend it, {broken} would be in breach, {others} others")
    return template.format(
        base=report.base,
        extending=len(report.trials),
        broken=len(report.broken),
        others=len(report.unaffected),
    )


def _document(report: AgainstReport) -> dict[str, object]:
    from rulecore.findings.render import fault_document

    return {
        "base": report.base,
        "policies": [
            {
                "policy": _name(trial),
                "file": trial.document.name,
                "faults": [fault_document(fault) for fault in trial.faults],
                "changes": [change_document(change) for change in trial.changes],
            }
            for trial in report.trials
        ],
        "unaffected": list(report.unaffected),
    }
