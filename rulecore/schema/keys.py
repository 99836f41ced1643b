"""What the keys of a policy mean, in one sentence each: what an editor shows beside them.

Scorers say it of their parameters themselves (``rulecore.contracts.parameter``); the classes of the policy
format have it here, because their own docstrings speak to programmers. A test holds this table to the
classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rulecore.language import N_

KEYS: Final[Mapping[str, Mapping[str, str]]] = {
    "Policy": {
        "": N_("A policy: which records it applies to, their fields, the rules, the output."),
        "policy": N_("What the policy is called, what it applies to, when, and what it needs."),
        "record": N_("What names a record, and which records are data errors."),
        "fields": N_("The columns of the input, by the names that rules use."),
        "tables": N_("Detail tables: rows that belong to a record, such as votes or milestones."),
        "parameters": N_(
            "The numbers of the policy that may be changed, by the names that rules use: a value, or "
            "{ value = …, label = … }."
        ),
        "rules": N_("The rules by name, in any order; each names its scorer."),
        "adjustments": N_("What a committee may decide on top of computed results, by name."),
        "output": N_("What stands in the results."),
    },
    "PolicyHeader": {
        "": N_("What the policy is called, what it applies to, when, and what it needs."),
        "name": N_("The policy's short name; with the version it must be unique in a policy set."),
        "title": N_("The policy's full title, as reports show it."),
        "version": N_('The version, as text such as "2024.1".'),
        "extends": N_("The base this policy extends: a path from this file, inside the policy folder."),
        "abstract": N_("Whether this policy is only there to be extended, and may leave parts out."),
        "applies_to": N_("Which records the policy applies to: values by field. Left out: all records."),
        "effective": N_("The days on which the policy holds, both included."),
        "reference": N_("The document that lays the policy down."),
        "requires": N_('The plugins that are needed, such as "rulecore-excel >=0.1,<1".'),
        "formerly": N_("The names this policy had in earlier periods, whose results still are its history."),
        "language": N_("The language of words that rulecore itself writes into results."),
    },
    "Effective": {
        "": N_("The days on which the policy holds, both included."),
        "from": N_("The first day; left out: since ever."),
        "until": N_("The last day; left out: without end."),
    },
    "RecordDeclaration": {
        "": N_("What names a record, and which records are data errors."),
        "entity": N_("The field that names the unit, person or project; every record has it."),
        "key": N_("Further fields that tell records of one entity apart, such as the parameter."),
        "period": N_("The field that holds the period, such as the year; left out: there is one period."),
        "period_length": N_("What a period that is a date stands for, where earlier periods are read."),
        "refuse": N_("Conditions under which a record is a data error and is not scored."),
    },
    "Refusal": {
        "": N_("A condition under which a record is a data error and is not scored."),
        "when": N_("The condition, as an expression."),
        "reason": N_("The reason, as the quarantine shows it."),
        "reference": N_("The article that says so."),
    },
    "FieldDeclaration": {
        "": N_("A column of the input."),
        "column": N_("The header in the input; left out: the field's name."),
        "aliases": N_("Other headers the column may have."),
        "type": N_("What the cells hold."),
        "label": N_("The name shown in explanations; left out: the header."),
        "decimals": N_("How many decimals a number may have."),
        "min": N_("The smallest value allowed."),
        "max": N_("The largest value allowed."),
        "missing": N_('What a blank cell means: "refuse", "not_applicable", or the value it stands for.'),
        "not_applicable": N_("The texts that mean not applicable (不适用) in this column."),
        "excess_digits": N_("What happens to a number with more decimals: refused, or rounded this way."),
        "true": N_("The texts that mean yes."),
        "false": N_("The texts that mean no."),
        "values": N_("The only texts allowed."),
        "percent": N_("Whether a bare number is a percentage: 95 means 0.95."),
        "from": N_("The other policy whose results the field is taken from."),
        "reference": N_("The article the field comes from."),
    },
    "FieldSource": {
        "": N_("Which value of another policy's results a field is."),
        "policy": N_("The name of that policy."),
        "rule": N_("The rule or field that its results show."),
        "by": N_("Which record: for each field that names it, the field of this record that holds the name."),
    },
    "TableDeclaration": {
        "": N_("Rows that belong to a record, such as the votes on a project."),
        "label": N_("The table's name in explanations; left out: its name."),
        "source": N_(
            'Where the rows are: "table", a file, a sheet or a list of their own; or "records", the rows of the '
            "records' own file."
        ),
        "sheet": N_("The sheet of the records' workbook that holds the rows; left out: the table's name."),
        "parent": N_("The table whose rows these rows belong to; left out: the records."),
        "row": N_("The field that tells the rows of one record apart; a row there twice is a data error."),
        "complete": N_("Whether there must be a row for every one of the values of the field named by row."),
        "key": N_("The headers in this table of the fields that name the record, where they differ."),
        "at_least": N_("How many rows a record must have; one with fewer is refused."),
        "at_most": N_("How many rows a record may have; one with more is refused."),
        "reference": N_("The article the table comes from."),
        "fields": N_("The columns of the table, by the names that rules use."),
        "rules": N_("The rules that are computed for each row, by name."),
        "output": N_("What stands in the results of the rows, a table of their own."),
    },
    "TableOutput": {
        "": N_("What stands in the results of the rows, a table of their own."),
        "columns": N_(
            "The columns in order: names of fields and rules of the table, or tables that say more."
        ),
    },
    "DatedValue": {
        "": N_("A value of a parameter, with the day from which it holds."),
        "from": N_("The first day of this value; only the first value may leave it out."),
        "value": N_("The value from that day on, until the next one begins."),
    },
    "RuleDeclaration": {
        "": N_("A rule: a named value that follows from fields and other rules."),
        "scorer": N_("The method of the rule; rulecore scorers lists them all."),
        "label": N_("The rule's name in results and explanations."),
        "reference": N_("The article the rule comes from."),
        "note": N_("A remark for those who read the explanation."),
        "decimals": N_("Round the rule's value to so many decimals; left out: it is not rounded."),
        "step": N_("Round the rule's value to multiples of this, such as 0.5."),
        "rounding": N_("How to round; half_up is 四舍五入, half_even is GB/T 8170."),
    },
    "OutputColumn": {
        "": N_("A column of the results."),
        "of": N_("The field or rule that is shown."),
        "header": N_("The header in the results; left out: the label."),
        "decimals": N_("How many decimals are shown; this rounds in the output only."),
        "rounding": N_("How the shown value is rounded."),
        "not_applicable": N_("The text for a value that is not applicable."),
        "trim": N_("Whether trailing zeros after the point are left off."),
    },
    "SummaryDeclaration": {
        "": N_("What the summary of a run counts."),
        "mean": N_("The number whose mean the summary shows."),
        "count": N_("The value, such as the grade, whose counts the summary shows."),
    },
    "OutputDeclaration": {
        "": N_("What stands in the results."),
        "columns": N_("The columns in order: names of fields and rules, or tables that say more."),
        "provenance": N_("Whether policy, version, status and issues are added as columns."),
        "refused": N_("Values of output columns for refused records, which then stay in the results."),
        "summary": N_("What the summary of a run counts."),
    },
    "Guardrail": {
        "": N_("What policies that extend this one may write at the key."),
        "locked": N_("Whether nothing at the key or below it may change."),
        "min": N_("The smallest value allowed."),
        "max": N_("The largest value allowed."),
        "only_raise": N_("Whether the value may be raised only."),
        "only_lower": N_("Whether the value may be lowered only."),
        "only_add": N_("Whether a list must keep all its items."),
        "sum": N_("What the values of the table must sum to, exactly."),
        "why": N_("The reason, as a breach is refused with it."),
        "reference": N_("The article that says so."),
    },
    "RulesGuardrail": {
        "": N_("What policies that extend this one may add to its rules."),
        "may_add_rules": N_("Whether rules may be added."),
        "weight_at_most": N_(
            "The share of the weight, 0 to 1, that added rules may carry in a weighted rule."
        ),
        "allowed_scorers": N_("The scorers of added rules, and of rules that are given another one."),
        "why": N_("The reason, as a breach is refused with it."),
        "reference": N_("The article that says so."),
    },
    "_Sections": {
        "": N_("The cases of a policy, or of the policies of a folder."),
        "cases": N_("The cases: records, and what the policy must make of them."),
        "defaults": N_("The cells that records have where they do not say otherwise."),
        "unreachable": N_("Parts of rules that no record can reach, each with the reason."),
        "overrides": N_("What policies might set over a base, and whether the base must let them."),
    },
    "Override": {
        "": N_("What a policy might set over a base, and whether the base must let it."),
        "name": N_("The name of the override; reports name it by this."),
        "why": N_("Why it must be refused or accepted."),
        "reference": N_("The article it is about."),
        "policy": N_("The policy it is laid over: its file or its name. Left out: all that set guardrails."),
        "set": N_("The values by their key in the policy, in quotes; a list is replaced whole."),
        "refused": N_("The code of the breach it must be refused with, or all of them."),
        "guardrail": N_("The key of a guardrail that must be among those that refuse it."),
        "accepted": N_("Whether it must be accepted."),
    },
    "Unreachable": {
        "": N_("A part of a rule that no record can reach, and why."),
        "rule": N_("The rule's name."),
        "part": N_("The part, as the policy writes it."),
        "why": N_("Why no record can reach it."),
        "policy": N_("The policy the rule is in: its file or its name. Left out: those of the folder."),
    },
    "AdjustmentDeclaration": {
        "": N_("What a committee may decide on top of computed results, and within which bounds."),
        "kind": N_(
            "exemption waives what a rule takes away, override sets a value, recusal takes a record or row out of a "
            "comparison, tie puts tied records in order."
        ),
        "rule": N_(
            "The rule that may be adjusted, such as score or votes.points; a recusal may name several."
        ),
        "table": N_("The detail table whose rows a recusal takes out; left out: the record itself."),
        "label": N_("What people call the adjustment, as results and explanations show it."),
        "reference": N_("The article that allows it."),
        "note": N_("A remark."),
        "vetoes": N_("The vetoes of the rule that the exemption waives, by their reasons."),
        "becomes": N_("What an exemption makes of the value, or a recusal of that of the record taken out."),
        "min": N_("The smallest value that may be decided; left out: the smallest the rule itself can have."),
        "max": N_("The largest value that may be decided; left out: the largest the rule itself can have."),
        "by_at_most": N_("How far a decided number may be from the computed one."),
        "may_be": N_("The only values that may be decided."),
        "decimals": N_("How many decimals a decided number may have; left out: those of the rule."),
        "decided_by": N_("Who may decide; left out: anyone."),
        "signatures": N_("How many different people must sign a decision: 0, 1 or 2."),
    },
    "Case": {
        "": N_("A case: records, and what the policy must make of them."),
        "name": N_("The name of the case; reports name it by this."),
        "why": N_("Why the result must be this one."),
        "reference": N_("The article the case is about."),
        "policy": N_("The policy the case is for: its file or its name. Left out: those of the folder."),
        "as_of": N_("The day that decides which version is in force, for policies without a period."),
        "defaults": N_("The cells that the records of this case have where they do not say otherwise."),
        "records": N_("The records, or the name of a file beside cases.toml."),
        "tables": N_("Files with the rows of detail tables, by the name of the table."),
        "history": N_(
            "Records of earlier periods as their results show them, or the name of a file with them."
        ),
        "mapping": N_("Entities that were renamed or merged: rows with old, new and from."),
        "adjustments": N_("What a committee decided: rows, or the name of a file beside cases.toml."),
        "adjustments_refused": N_("The code, or codes, with which these decisions must stop the run."),
        "expect": N_("What must come out, by entity; or the name of a CSV file that must come out."),
        "refused": N_("The records that must be refused, each with a code or a reason."),
        "tolerance": N_("The largest difference allowed, by key; left out: none."),
    },
    "SortKeyTable": {
        "": N_("A sort key: what is sorted by, and in which order."),
        "by": N_("What is sorted by."),
        "order": N_("Whether the largest or the smallest comes first."),
    },
}
"""By class and key; what stands for no key is the table itself."""

SECTION_KEYS: Final[Mapping[str, str]] = {
    "guardrails": N_("What policies that extend this one may change: limits by key, in quotes."),
}
"""Sections that are no attribute of a class."""


def description_of(cls: type, key: str) -> str:
    """Return what a key of a class means (or with no key the class), in English; empty if not said here."""
    return KEYS.get(cls.__name__, {}).get(key, "")
