"""The JSON Schema of what it would take: what ``rulecore reach --format json`` writes."""

from __future__ import annotations

from typing import get_args

from rulecore.reach.document import REACH_VERSION
from rulecore.reach.values import Status
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
    source,
)
from rulecore.schema.explanation import rival
from rulecore.schema.types import Schema


def reach_schema() -> Schema:
    """Return the JSON Schema (draft 7) of what it would take; its descriptions are in English."""
    policy = object_(dict.fromkeys(("name", "version", "file", "fingerprint"), TEXT))
    return {
        "$schema": DRAFT,
        "title": "What it would take a record to reach a target",
        "description": "For each input alone, all else as it is, the smallest change. Numbers are exact text.",
        **object_(
            {
                "reach": {"const": REACH_VERSION},
                "language": LANGUAGE,
                "entity": TEXT,
                "period": TEXT,
                "policy": policy,
                "source": maybe(source()),
                "rule": TEXT,
                "label": TEXT,
                "current": VALUE,
                "target": TEXT,
                "reached_already": FLAG,
                "inputs": array(_answer()),
                "edges": described("Who stands on either side of a quota's edge.", array(_edge())),
            }
        ),
    }


def _answer() -> Schema:
    whole: Schema = {"type": ["integer", "null"]}
    return object_(
        {
            "field": TEXT,
            "label": TEXT,
            "column": TEXT,
            "table": TEXT,
            "row": described("What the policy calls the detail row, if it is a cell of one.", TEXT),
            "row_number": whole,
            "source": maybe(source()),
            "status": {"enum": list(get_args(Status))},
            "step": maybe({"type": "string", "pattern": NUMBER}),
            "coarse": described("Whether values between the steps were not looked at.", FLAG),
            "searched_steps": whole,
            "change": maybe(_change()),
        }
    )


def _change() -> Schema:
    displaced = object_({"entity": TEXT, "before": VALUE, "after": VALUE})
    return object_(
        {
            "before": VALUE,
            "after": VALUE,
            "difference": maybe({"type": "string", "pattern": NUMBER}),
            "steps": {"type": ["integer", "null"]},
            "outcome": VALUE,
            "displaced": described("Others whose results change too.", array(displaced)),
            "edges": array(_edge()),
        }
    )


def _edge() -> Schema:
    key = object_({"label": TEXT, "value": VALUE})
    return object_(
        {
            "of": TEXT,
            "places": {"type": ["integer", "null"]},
            "rank": VALUE,
            "among": {"type": "integer"},
            "keys": array(key),
            "last_in": array(rival()),
            "first_out": array(rival()),
        }
    )
