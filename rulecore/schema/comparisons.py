"""The JSON Schemas of comparisons: what ``rulecore diff``, ``sweep`` and ``robustness`` write as JSON."""

from __future__ import annotations

from typing import Final, get_args

from rulecore.compare.document import DIFFERENCE_VERSION
from rulecore.compare.robustness_shown import ROBUSTNESS_VERSION
from rulecore.compare.sweep_shown import SWEEP_VERSION
from rulecore.compare.values import CauseKind
from rulecore.schema.documents import (
    DRAFT,
    FLAG,
    LANGUAGE,
    NUMBER,
    TEXT,
    VALUE,
    array,
    described,
    maybe,
    object_,
)
from rulecore.schema.types import Schema

WHOLE: Final[Schema] = {"type": "integer", "minimum": 0}
EXACT: Final[Schema] = {"type": "string", "pattern": NUMBER}


def difference_schema() -> Schema:
    """Return the JSON Schema (draft 7) of two sides compared; its descriptions are in English."""
    unpaired = object_({"entity": TEXT, "period": TEXT, "refused": FLAG})
    transitions = object_(
        {
            "rule": TEXT,
            "label": TEXT,
            "values": array(VALUE),
            "counts": described(
                "counts[i][j]: records that went from values[i] to values[j].", array(array(WHOLE))
            ),
        }
    )
    return {
        "$schema": DRAFT,
        "title": "Two sides compared",
        "description": "Who moves, by how much, and the first rule that makes it so. Numbers are exact text.",
        **object_(
            {
                "difference": {"const": DIFFERENCE_VERSION},
                "language": LANGUAGE,
                "old": TEXT,
                "new": TEXT,
                "compared": WHOLE,
                "differ": WHOLE,
                "policy_lines": array(_line()),
                "only_old": array(unpaired),
                "only_new": array(unpaired),
                "records": array(_record()),
                "transitions": array(transitions),
                "money": array(_money()),
                "effects": array(_effect({"records": WHOLE, "without": WHOLE})),
            }
        ),
    }


def _line() -> Schema:
    place = maybe(object_({"file": TEXT, "line": {"type": ["integer", "null"]}}))
    return object_(
        {
            "key": TEXT,
            "before": maybe(TEXT),
            "after": maybe(TEXT),
            "before_place": place,
            "after_place": place,
        }
    )


def _record() -> Schema:
    mixed = (f"{policy}_policy_{records}_records" for records in ("old", "new") for policy in ("old", "new"))
    row = object_(
        {
            "table": TEXT,
            "label": TEXT,
            "row": TEXT,
            "before": described(
                "Its place among the record's rows; null where it is not there.", maybe(WHOLE)
            ),
            "after": maybe(WHOLE),
            "moved": array(_moved()),
            "causes": array(_cause()),
        }
    )
    return object_(
        {
            "entity": TEXT,
            "period": TEXT,
            "policy": described("Its policy, only where the entity stands there under several.", TEXT),
            "ripple": described("Whether others alone moved it.", FLAG),
            "moved": array(_moved()),
            "causes": array(_cause()),
            "effects": array(_effect({})),
            "four_values": array(object_({"rule": TEXT, **dict.fromkeys(mixed, VALUE)})),
            "rows": described("Its detail rows that differ.", array(row)),
        }
    )


def _moved() -> Schema:
    return object_(
        {
            "rule": TEXT,
            "label": TEXT,
            "before": VALUE,
            "after": VALUE,
            "difference": maybe(EXACT),
            "because": described("Positions in causes.", array(WHOLE)),
        }
    )


def _cause() -> Schema:
    return object_(
        {
            "kind": {"enum": list(get_args(CauseKind))},
            "name": TEXT,
            "label": TEXT,
            "before": VALUE,
            "after": VALUE,
            "others": TEXT,
            "reference": TEXT,
            "policy_lines": array(_line()),
            "text": TEXT,
        }
    )


def _money() -> Schema:
    amounts = dict.fromkeys(("before", "after", "gained", "lost"), EXACT)
    return object_(
        {"rule": TEXT, "label": TEXT, **amounts, **dict.fromkeys(("risen", "fallen", "one_sided"), WHOLE)}
    )


def _effect(counts: dict[str, Schema]) -> Schema:
    parts = dict.fromkeys(("difference", "policy", "performance", "order"), EXACT)
    return described(
        "policy and performance add up to difference, exactly.", object_({"rule": TEXT, **parts, **counts})
    )


def sweep_schema() -> Schema:
    """Return the JSON Schema (draft 7) of outcomes against parameters; its descriptions are in English."""
    parameter = object_(
        {
            "name": TEXT,
            "current": described("Null where it is dated, or differs between policies.", maybe(EXACT)),
            "values": array(EXACT),
            "matters": described("Whether any record's results differ between its values.", FLAG),
        }
    )
    point = object_(
        {
            "values": {"type": "object", "additionalProperties": EXACT},
            "outside": described(
                "What forbids these values.", array(object_({"code": TEXT, "message": TEXT}))
            ),
            "refused": described("Whether they make no policy at all.", FLAG),
            "records": WHOLE,
            "changed": array(TEXT),
            "outcomes": array(_outcome()),
        }
    )
    return {
        "$schema": DRAFT,
        "title": "The outcome against parameters",
        "description": "For every combination of values, all records computed again. Numbers are exact text.",
        **object_(
            {
                "sweep": {"const": SWEEP_VERSION},
                "language": LANGUAGE,
                "parameters": array(parameter),
                "current": array(_outcome()),
                "points": array(point),
            }
        ),
    }


def _outcome() -> Schema:
    counted = array(object_({"value": VALUE, "records": WHOLE}))
    classes = object_({"rule": TEXT, "records": WHOLE, "counts": counted})
    numbers = dict.fromkeys(("sum", "mean", "least", "most"), maybe(EXACT))
    return {"anyOf": [classes, object_({"rule": TEXT, "records": WHOLE, **numbers})]}


def robustness_schema() -> Schema:
    """Return the JSON Schema (draft 7) of how far results hold; its descriptions are in English."""
    held = object_(
        {
            "rule": TEXT,
            "now": VALUE,
            "least": maybe(EXACT),
            "most": maybe(EXACT),
            "stays": described("The share of the draws in which it is as now.", EXACT),
            "counts": array(object_({"value": VALUE, "draws": WHOLE})),
        }
    )
    estimate = maybe(EXACT)
    return {
        "$schema": DRAFT,
        "title": "How far results hold",
        "description": "Results over seeded draws of weights, thresholds and parameters. Numbers are exact text.",
        **object_(
            {
                "robustness": {"const": ROBUSTNESS_VERSION},
                "language": LANGUAGE,
                "seed": {"type": "integer"},
                "draws": WHOLE,
                "refused_draws": described("Draws that make no policy; they count nowhere.", WHOLE),
                "evaluations": WHOLE,
                "factors": array(object_(dict.fromkeys(("key", "now", "low", "high"), TEXT))),
                "records": array(object_({"entity": TEXT, "period": TEXT, "rules": array(held)})),
                "sensitivities": described(
                    "Estimates, rounded to six decimals; null where the output never varies.",
                    array(object_({"key": TEXT, "rule": TEXT, "first": estimate, "total": estimate})),
                ),
                "near_misses": array(_near()),
            }
        ),
    }


def _near() -> Schema:
    return object_(
        {
            "entity": TEXT,
            "period": TEXT,
            "rule": TEXT,
            "of": TEXT,
            "value": EXACT,
            "before_rounding": VALUE,
            "boundary": EXACT,
            "parameter": TEXT,
            "distance": EXACT,
            "unit": EXACT,
        }
    )
