"""A policy as a page of text, for people: the layout of ``rulecore show``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from rulecore.cli.pages import aligned, joined
from rulecore.cli.policy_values import Values
from rulecore.language import N_, _
from rulecore.numbers import Rounding


def policy_page(document: Values) -> str:
    """Return a whole policy as text."""
    return joined(
        (
            "\n".join(_header(document)),
            _section(_("Fields"), [_field_row(field) for field in _list(document["fields"])]),
            _section(
                _("Parameters"),
                [(name, _value(value)) for name, value in _map(document["parameters"]).items()],
            ),
            "\n".join(
                (_("Rules, in the order computed"), "", joined(map(rule_page, _list(document["rules"]))))
            ),
            *(part for table in _list(document["tables"]) for part in _table_parts(table)),
            _section(
                _("What a committee may decide"),
                [_adjustment_row(one) for one in _list(document.get("adjustments", []))],
            ),
            _section(_("Output"), [_column_row(column) for column in _list(document["output"])]),
        )
    )


def _table_parts(table: Values) -> Iterator[str]:
    """Yield the parts of the page about a detail table: where its rows come from, its fields, its rules."""
    yield f"{_table_title(N_('Table {table}'), table)}\n{aligned(list(_table_rows(table)), '  ')}"
    yield _section(
        _table_title(N_("Fields of {table}"), table), [_field_row(field) for field in _list(table["fields"])]
    )
    rules = _list(table["rules"])
    if rules:
        title = _table_title(N_("Rules of {table}, computed for each row"), table)
        yield "\n".join((title, "", joined(map(rule_page, rules))))


def _table_title(template: str, table: Values) -> str:
    name, label = table["name"], table["label"]
    return _(template).format(table=name if name == label else f"{label} ({name})")


def _table_rows(table: Values) -> Iterator[tuple[str, str]]:
    keys = _map(table["key"])
    if table["source"] == "records":
        source = _("the records' own file: each of its rows is a row of the table")
    else:
        source = _("a table of its own (--table {table}=FILE), or a list inside each record").format(
            table=table["name"]
        )
        source = f"{source}; {_('sheet {sheet}').format(sheet=table['sheet'])}" if table["sheet"] else source
    yield _("rows from"), source
    if table["parent"]:
        yield _("belong to"), _("a row of {table}").format(table=table["parent"])
    named = (f"{header} ({name})" if header != name else name for name, header in keys.items())
    yield _("record by"), ", ".join(map(str, named))
    if table["row"]:
        complete = f"; {_('every one of its values must be there')}" if table["complete"] else ""
        yield _("row by"), f"{table['row']}{complete}"
    yield _("rows"), _("{least} to {most} a record").format(least=table["at_least"], most=table["at_most"])
    if table["reference"]:
        yield _("reference"), str(table["reference"])
    if _list(table["output"]):
        yield _("shown with"), ", ".join(str(column["header"]) for column in _list(table["output"]))
    yield _("stands in"), str(table["place"])


def rule_page(rule: Values) -> str:
    """Return one rule as text: its formula in words, its type, what it needs, where it stands."""
    title = str(rule["label"]) if rule["label"] == rule["name"] else f"{rule['label']} ({rule['name']})"
    if rule["reference"]:
        title += f"  {rule['reference']}"
    rows = [("=", str(rule["formula"]))]
    rows.append((_("scorer"), f"{rule['scorer']} ({rule['origin']})"))
    rows.append((_("type"), _type_words(_map(rule["type"]))))
    rounding = _rounding(rule)
    rows += [(_("rounded"), rounding)] if rounding else []
    needs = ", ".join(map(str, cast("list[object]", rule["needs"])))
    rows += [(_("needs"), needs)] if needs else []
    if rule["compares_records"]:
        within = rule["compares_within_record"]
        compared = _("the rows of one record") if within else _("all records of the policy and period")
        rows.append((_("compares"), compared))
    rows += [(_("remark"), str(rule["note"]))] if rule["note"] else []
    policy = f"{rule['policy']}: " if "policy" in rule else ""
    rows.append((_("stands in"), f"{policy}{rule['place']}"))
    return f"  {title}\n{aligned(rows, '    ')}"


def _value(value: object) -> str:
    """Return a parameter as text: its value, or its values with the days from which they hold."""
    if isinstance(value, list) and value and isinstance(value[0], dict):
        dated = [(one["value"], one["from"]) for one in value]
        return "; ".join(
            _("{value} from {day} on").format(value=held, day=day) if day else str(held)
            for held, day in dated
        )
    return str(value)


def _header(document: Values) -> Iterator[str]:
    yield f"{document['title'] or document['name']} ({document['name']} {document['version']})"
    rows = [(_("file"), str(document["file"]))]
    accepted = cast("Mapping[str, list[object]]", document["applies_to"])
    applies = [f"{name}: {', '.join(map(str, values))}" for name, values in accepted.items()]
    rows.append((_("applies to"), "; ".join(applies) or _("all records")))
    effective = _map(document["effective"])
    days = (str(effective["from"] or "…"), str(effective["until"] or "…"))
    rows.append((_("effective"), " – ".join(days) if days != ("…", "…") else _("always")))
    rows += [(_("reference"), str(document["reference"]))] if document["reference"] else []
    requires = cast("list[str]", document["requires"])
    rows += [(_("requires"), ", ".join(requires))] if requires else []
    record = _map(document["record"])
    rows.append((_("entity"), str(record["entity"])))
    rows += [(_("period"), str(record["period"]))] if record["period"] else []
    for refusal in _list(record["refuse"]):
        rows.append((_("refused"), f"{refusal['when']}: {refusal['reason']}"))
    yield aligned(rows, "  ")


def _section(title: str, rows: list[tuple[str, ...]]) -> str:
    return f"{title}\n{aligned(rows, '  ')}" if rows else ""


def _adjustment_row(one: Values) -> tuple[str, ...]:
    title = str(one["label"]) if one["label"] == one["name"] else f"{one['label']} ({one['name']})"
    stated = {
        key: one[key]
        for key in ("table", "vetoes", "becomes", "min", "max", "by_at_most", "may_be", "decided_by")
    }
    bounds = [f"{key} = {_value_of(value)}" for key, value in stated.items() if value not in ("", None, [])]
    rules = ", ".join(map(str, cast("list[object]", one["rules"])))
    signed = _("{count} signature(s)").format(count=one["signatures"])
    return title, f"{one['kind']}: {rules}", "; ".join([*bounds, signed]), str(one["reference"])


def _value_of(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _field_row(field: Values) -> tuple[str, ...]:
    missing = {
        "refuse": _("a blank is refused"),
        "not_applicable": _("a blank is not applicable"),
    }.get(str(field["missing"]), _("a blank is {value}").format(value=field["missing"]))
    if "from" in field:
        source = _map(field["from"])
        given = _("{rule} of the policy {policy}").format(rule=source["rule"], policy=source["policy"])
        missing = f"{given}; {missing}"
    return (str(field["name"]), str(field["column"]), _type_words(_map(field["type"])), missing)


def _column_row(column: Values) -> tuple[str, ...]:
    decimals = column["decimals"]
    shown = _("{decimals} decimal(s)").format(decimals=decimals) if decimals is not None else ""
    return (str(column["header"]), str(column["of"]), shown)


KINDS = {
    "number": N_("number"),
    "text": N_("text"),
    "flag": N_("flag"),
    "date": N_("date"),
    "not applicable": N_("not applicable"),
}
ROUNDINGS = {
    Rounding.HALF_UP: N_("half up"),
    Rounding.HALF_EVEN: N_("half even"),
    Rounding.FLOOR: N_("down"),
    Rounding.CEIL: N_("up"),
    Rounding.TRUNCATE: N_("towards zero"),
    Rounding.UP: N_("away from zero"),
}


def _type_words(type_: Mapping[str, object]) -> str:
    words = [_(KINDS[str(type_["kind"])])]
    if type_["kind"] == "number":
        decimals = type_["decimals"]
        words.append(
            _("unrounded") if decimals is None else _("{decimals} decimal(s)").format(decimals=decimals)
        )
        if not type_["exact"]:
            words.append(_("inexact"))
    if type_.get("min") is not None or type_.get("max") is not None:
        low, high = (type_["min"], type_["max"])
        words.append(f"{'−∞' if low is None else low} – {'∞' if high is None else high}")
    if "values" in type_:
        words.append(" / ".join(cast("list[str]", type_["values"])))
    if type_["nullable"]:
        words.append(_("may be not applicable"))
    return ", ".join(words)


def _rounding(rule: Values) -> str:
    if rule["rounding"] is None:
        return ""
    if rule["decimals"] is not None:
        place = _("{decimals} decimal(s)").format(decimals=rule["decimals"])
    else:
        place = _("steps of {step}").format(step=rule["step"])
    return f"{_(ROUNDINGS[Rounding(str(rule['rounding']))])}, {place}"


def _list(value: object) -> list[Values]:
    return cast("list[Values]", value)


def _map(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value)
