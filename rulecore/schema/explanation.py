"""The JSON Schema of explanations: what ``rulecore explain --format json`` writes."""

from __future__ import annotations

from typing import get_args

from rulecore.explain.document import EXPLANATION_VERSION
from rulecore.explain.values import Decision, RowState
from rulecore.expr.earlier import STANDINGS
from rulecore.schema.documents import (
    DRAFT,
    FLAG,
    LANGUAGE,
    TEXT,
    VALUE,
    array,
    described,
    maybe,
    object_,
)
from rulecore.schema.types import Schema

_WHOLE: Schema = {"type": "integer"}
_PLACE: Schema = {"$ref": "#/definitions/place"}
_FAULT: Schema = {"$ref": "#/definitions/fault"}
_FIELD: Schema = {"$ref": "#/definitions/field"}
_RULE: Schema = {"$ref": "#/definitions/rule"}
_TABLE: Schema = {"$ref": "#/definitions/table"}
_ORIGIN = object_({"distribution": TEXT, "version": TEXT, "sha256": TEXT})


def explanation_schema() -> Schema:
    """Return the JSON Schema (draft 7) of the explanation of one record; its descriptions are in English."""
    texts = dict.fromkeys(("name", "title", "version", "file", "fingerprint", "reference"), TEXT)
    return {
        "$schema": DRAFT,
        "title": "The explanation of one record",
        "description": (
            "Every rule with what led to its value, in the order in which they were computed. Numbers are exact text "
            "(88.985, 1140/13); an irrational one is cut off and ends in an ellipsis. Not applicable is null."
        ),
        "definitions": {
            "place": object_({"file": TEXT}, optional={"sheet": TEXT, "line": _WHOLE, "key": TEXT}),
            "fault": object_(
                {
                    "code": TEXT,
                    "severity": TEXT,
                    "message": TEXT,
                    "advice": {"type": ["string", "null"]},
                    "place": maybe(_PLACE),
                }
            ),
            "field": object_(
                {
                    "name": TEXT,
                    "label": TEXT,
                    "header": TEXT,
                    "value": VALUE,
                    "reference": TEXT,
                    "declared": maybe(_PLACE),
                }
            ),
            "rule": _rule(),
            "table": _table(),
        },
        **object_(
            {
                "explanation": {"const": EXPLANATION_VERSION},
                "language": LANGUAGE,
                "entity": TEXT,
                "period": TEXT,
                "status": {"enum": ["scored", "quarantined"]},
                "policy": maybe(object_({**texts, "plugins": array(_ORIGIN)})),
                "source": maybe(_PLACE),
                "engine": TEXT,
                "quarantine": described("Why the record was refused.", array(_FAULT)),
                "fields": array(_FIELD),
                "rules": array(_RULE),
                "tables": described("The detail rows of the record.", array(_TABLE)),
            },
            optional={"earlier": described("What was read of earlier periods.", array(_earlier()))},
        ),
    }


def _earlier() -> Schema:
    value = object_({"name": TEXT, "label": TEXT, "value": VALUE})
    return object_(
        {
            "periods": described("How many periods before.", _WHOLE),
            "period": TEXT,
            "standing": {"enum": sorted(STANDINGS)},
            "source": TEXT,
            "values": array(value),
        }
    )


def _table() -> Schema:
    row = object_(
        {
            "name": TEXT,
            "number": _WHOLE,
            "source": maybe(_PLACE),
            "fields": array(_FIELD),
            "rules": array(_RULE),
            "tables": array(_TABLE),
        }
    )
    return object_({"name": TEXT, "label": TEXT, "rows": array(row)})


def _rule() -> Schema:
    step = object_({"label": TEXT, "formula": TEXT, "substituted": TEXT, "value": VALUE})
    parameter = object_({"name": TEXT, "label": TEXT, "values": array(VALUE), "declared": maybe(_PLACE)})
    return object_(
        {
            "name": TEXT,
            "label": TEXT,
            "value": described("The exact value.", VALUE),
            "shown": described("The text of the results, if it is a column.", {"type": ["string", "null"]}),
            "shown_rounding": maybe(_rounding()),
            "reference": TEXT,
            "note": TEXT,
            "declared": maybe(_PLACE),
            "scorer": TEXT,
            "origin": _ORIGIN,
            "formula": TEXT,
            "substituted": described("The formula with the numbers put in.", TEXT),
            "taken": described("The same with the branches that were taken only.", TEXT),
            "unrounded": described("The value before the rule's own rounding.", VALUE),
            "steps": array(step),
            "roundings": array(_rounding()),
            "judgements": array(_judgement()),
            "standings": array(_standing()),
            "aggregates": array(_aggregate()),
            "parameters": array(parameter),
            "issues": array(_FAULT),
        },
        optional={"adjustments": described("What a committee decided.", array(_adjustment()))},
    )


def _rounding() -> Schema:
    return object_(
        {"of": TEXT, "formula": TEXT, "before": VALUE, "after": VALUE, "mode": TEXT, "outermost": FLAG}
    )


def _judgement() -> Schema:
    texts = dict.fromkeys(("condition", "substituted", "gives", "label"), TEXT)
    alternative = object_({**texts, "decision": {"enum": list(get_args(Decision))}})
    return object_({"of": TEXT, "value": VALUE, "alternatives": array(alternative)})


def _standing() -> Schema:
    pair = object_({"label": TEXT, "value": VALUE})
    rivals = array(rival())
    return object_(
        {
            "of": TEXT,
            "value": VALUE,
            "among": _WHOLE,
            "takes_part": FLAG,
            "keys": array(pair),
            "group": array(pair),
            "before": rivals,
            "after": rivals,
            "tied": rivals,
            "tied_count": _WHOLE,
            "edge": {"type": ["integer", "null"]},
            "last_in": rivals,
            "first_out": rivals,
        }
    )


def rival() -> Schema:
    """Return the schema of another record that one is compared with."""
    return object_({"entity": TEXT, "rank": _WHOLE, "keys": array(VALUE)})


def _aggregate() -> Schema:
    row = object_(
        {
            "name": TEXT,
            "number": _WHOLE,
            "source": maybe(_PLACE),
            "value": VALUE,
            "substituted": TEXT,
            "state": {"enum": list(get_args(RowState))},
            "condition": TEXT,
        }
    )
    return object_(
        {
            "formula": TEXT,
            "function": TEXT,
            "table": TEXT,
            "label": TEXT,
            "value": VALUE,
            "rows": array(row),
        }
    )


def _adjustment() -> Schema:
    texts = dict.fromkeys(("number", "label", "decided_by", "reason", "reference", "article"), TEXT)
    return object_(
        {
            **texts,
            "computed": VALUE,
            "adjusted": VALUE,
            "decided_on": {"type": ["string", "null"]},
            "signatures": array(TEXT),
            "declared": maybe(_PLACE),
        }
    )
