"""From a policy to a plan: scorers asked, names resolved, rules ordered, types inferred, every fault in one report."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import define, evolve, field

from rulecore.codes.history import NEEDS_PERIOD, PREVIOUS_NOT_SHOWN
from rulecore.codes.policy import NOT_CONSTANT
from rulecore.errors import Fault, PolicyError, ordered
from rulecore.expr.earlier import Previous, PreviousState
from rulecore.expr.types import Type
from rulecore.plan.adjusted import adjusted_drafts, ground_drafts, kept_exactly, set_waivers
from rulecore.plan.assemble import Assembly, Draft
from rulecore.plan.earlier import MOST_PASSES, earlier_faults, earlier_types
from rulecore.plan.fingerprint import fingerprint
from rulecore.plan.level import Level, located
from rulecore.plan.order import in_order
from rulecore.plan.references import Rule, parts
from rulecore.planned import Origin, Plan, PlannedTable
from rulecore.policy.load import LoadedPolicy, PartialPolicy
from rulecore.policy.part import part_of
from rulecore.policy.tables import ancestors, table_policy
from rulecore.registry import Registry
from rulecore.requirements import check_requirements
from rulecore.source import KeyPath, format_key

__all__ = ["compile_policy", "further_faults", "located"]


def compile_policy(loaded: LoadedPolicy, registry: Registry) -> Plan:
    """Return the plan of a policy.

    Raises :class:`rulecore.errors.PolicyError` with every fault of its scorers, expressions, dependencies and types.
    """
    compiler = _Compiler(loaded, registry)
    if not loaded.policy.adjustments:
        return compiler.plan()
    compiler.collect()
    adjusting = _Compiler(loaded, registry, plain=compiler)
    adjusting.collect()
    # What is wrong with the rules themselves is found both times.
    distinct = {
        (fault.code.id, fault.place, fault.message("en")): fault
        for fault in (*compiler.faults, *adjusting.faults)
    }
    if distinct:
        raise PolicyError(ordered(distinct.values()))
    return evolve(compiler.made(""), adjustable=adjusting.made(""))


def further_faults(partial: PartialPolicy, registry: Registry) -> tuple[Fault, ...]:
    """Return the faults of the rules of a policy whose document has faults of its own.

    Rules that need something that could not be read are left out: what is wrong with them may only follow from that.
    """
    compiler = _Compiler(partial.loaded, registry, broken=partial.broken)
    compiler.collect()
    # Its records and output may not have been read either: what earlier periods need of them is not known.
    unsure = {NEEDS_PERIOD.id, PREVIOUS_NOT_SHOWN.id} | ({NOT_CONSTANT.id} if partial.broken else set())
    unsaid = _needing_lost_tables(partial, compiler.levels)
    return tuple(
        fault
        for fault in compiler.faults
        if fault.code.id not in unsure
        and not (fault.place is not None and fault.place.key.startswith(unsaid))
    )


def _needing_lost_tables(partial: PartialPolicy, levels: Mapping[str, Level]) -> tuple[str, ...]:
    """Return the keys under which a detail table is named that could not be read: only it is at fault there."""
    document, policy = partial.loaded.document, partial.loaded.policy
    declared = document.value_at(("tables",))
    lost = [name for name in declared if name not in levels] if isinstance(declared, Mapping) else []
    if not lost:
        return ()
    named = re.compile(rf"\b({'|'.join(map(re.escape, lost))})\b")
    keys: list[KeyPath] = [("record", "refuse"), *(("rules", name) for name in policy.rules)]
    keys += [
        ("tables", table, "rules", name) for table in policy.tables for name in policy.tables[table].rules
    ]
    found = [format_key(key) for key in keys if named.search(str(document.value_at(key)))]
    return tuple(f"{key}{mark}" for key in found for mark in ".[")


@define
class _Compiler:
    loaded: LoadedPolicy
    registry: Registry
    broken: frozenset[str] = frozenset()
    plain: _Compiler | None = None
    """What compiled the same policy plainly, where this is to be the plan whose records may be given decisions."""
    faults: list[Fault] = field(factory=list)
    levels: dict[str, Level] = field(factory=dict)
    """The records under "", the tables by name; each after the level that its rows belong to."""
    assemblies: dict[str, Assembly] = field(factory=dict)
    drafts: dict[Rule, Draft] = field(factory=dict)

    def plan(self) -> Plan:
        """Return the plan, or raise with all that is wrong."""
        self.collect()
        if self.faults:
            raise PolicyError(ordered(self.faults))
        return self.made("")

    def collect(self) -> None:
        """Do all that can find a fault; the assemblies then hold the steps."""
        document, header = self.loaded.document, self.loaded.policy.policy
        places = [document.place(("policy", "requires", index)) for index in range(len(header.requires))]
        self.faults += check_requirements(header.requires, self.registry, places)
        self.add_levels()
        if self.plain is not None:
            self.faults += set_waivers(self.loaded.policy, self.levels)
        for name, level in self.levels.items():
            self.drafts |= self.drafts_of(name, level)
        if self.plain is not None:
            self.drafts, unfit = adjusted_drafts(self.loaded.policy, self.drafts, self.levels)
            self.drafts |= ground_drafts(self.levels)
            self.faults += unfit
        refusals = self.levels[""].refusals()
        for level in self.levels.values():
            self.faults += level.faults
            level.faults.clear()
        order, blocked, circles = in_order(self.drafts, self.levels, self.broken)
        self.faults += circles
        unsettled = self.assemble_settled(order, blocked, refusals)
        root = self.assemblies[""]
        root.add_refusals(refusals)
        for assembly in self.assemblies.values():
            assembly.add_columns()
            self.faults += [*assembly.settled_faults(), *earlier_faults(assembly, unsettled)]

    def drafts_of(self, name: str, level: Level) -> dict[Rule, Draft]:
        """Return the drafts of a level; where nothing of it may be waived they are those of the plain policy."""
        if self.plain is not None and not level.waivers:
            return {rule: draft for rule, draft in self.plain.drafts.items() if rule[0] == name}
        return {(name, rule): draft for rule, draft in level.drafts().items()}

    def add_levels(self) -> None:
        """Make the level of the records and of each table, parents first."""
        structured = self.plain.levels[""].structured if self.plain is not None else {}
        self.levels[""] = Level(self.loaded, self.registry, broken=self.broken, structured=structured)
        tables = self.loaded.policy.tables
        for name in sorted(tables, key=lambda name: len(ancestors(tables.items(), name))):
            above = self.levels.get(tables[name].parent)
            if above is None:  # its parent is no table, or in a circle: told by the checks of the document
                continue
            document = part_of(self.loaded.document, ("tables", name))
            loaded = LoadedPolicy(policy=table_policy(self.loaded.policy, name), document=document)
            self.levels[name] = Level(loaded, self.registry, name=name, above=above, structured=structured)

    def assemble_settled(
        self, order: list[Rule], blocked: set[Rule], refusals: list[Draft]
    ) -> Mapping[str, Type]:
        """Type the rules, again while types depend on their own earlier values; return those that never settle.

        An earlier value is of the type its rule has. Where a rule needs its own, it is first taken for nothing; what
        follows from that is taken the next time, until nothing changes: every value of a rule is then of the type that
        was taken.
        """
        self.assemble(order, blocked)
        drafts = (*self.drafts.values(), *refusals)
        if not any(
            isinstance(part, Previous | PreviousState) for draft in drafts for part in parts(draft.node)
        ):
            return {}
        known: Mapping[str, Type] = {}
        changed: dict[str, Type] = {}
        for _pass in range(MOST_PASSES):
            self.assemblies[""].add_refusals(refusals)
            found = earlier_types(self.assemblies[""])
            changed = {name: type_ for name, type_ in found.items() if known.get(name) != type_}
            known = found
            self.assemblies.clear()
            self.assemble(order, blocked, known)
            if not changed:
                break
        return changed

    def assemble(
        self, order: list[Rule], blocked: set[Rule], assumed: Mapping[str, Type] | None = None
    ) -> None:
        """Type the rules in order, each at its level; those that cannot be ordered are left out."""
        cohort_types = {
            name: found.value.result_type for name, found in self.registry.cohort_functions.items()
        }
        cohort_issues = {name: found.value.issues for name, found in self.registry.cohort_functions.items()}
        for name, level in self.levels.items():
            above = self.assemblies[level.above.name] if level.above is not None else None
            self.assemblies[name] = Assembly(
                policy=level.policy,
                document=level.loaded.document,
                fields=level.fields,
                cohort_types=cohort_types,
                cohort_issues=cohort_issues,
                name=name,
                above=above,
                declaration=self.loaded.policy.tables.get(name),
                period=self.loaded.policy.record.period,
                levels=self.assemblies,
                assumed=assumed or {},
                wrong={rule for table, rule in blocked if table == name},
            )
        for table, rule in order:
            self.assemblies[table].add_rule(self.drafts[table, rule])

    def made(self, name: str) -> Plan:
        """Return the plan of a level, once nothing is wrong with it."""
        level, assembly = self.levels[name], self.assemblies[name]
        drafts = [draft for (table, _rule), draft in self.drafts.items() if table == name]
        origins: tuple[Origin, ...] = tuple(dict.fromkeys(draft.origin for draft in drafts))
        tables = tuple(self.table(below) for below in self.levels if below and not name)
        for table in tables:
            origins = tuple(dict.fromkeys((*origins, *table.plan.origins)))
        return Plan(
            policy=level.policy,
            file=self.loaded.document.name,
            fields=level.fields,
            supplied=tuple(assembly.supplied),
            tables=tables,
            ratios=frozenset(assembly.ratios | kept_exactly(self.loaded.policy, assembly))
            if self.plain is not None
            else frozenset(assembly.ratios),
            refusal_rules=tuple(assembly.refusal_rules),
            refusals=tuple(assembly.refusals),
            steps=tuple(assembly.steps),
            columns=tuple(assembly.columns),
            cohort_functions={name: found.value for name, found in self.registry.cohort_functions.items()},
            origins=origins,
            parameter_places={
                parameter: self.loaded.document.place(("parameters", parameter), value=False)
                for parameter in level.policy.parameters
            },
            fingerprint=fingerprint(self.loaded.document.content, origins),
            document=level.loaded.document,
        )

    def table(self, name: str) -> PlannedTable:
        """Return a detail table of the plan."""
        declaration = self.loaded.policy.tables[name]
        names = list(self.loaded.policy.record.identity)
        headers = {planned.name: planned.header for planned in self.levels[""].fields}
        for parent in reversed(ancestors(self.loaded.policy.tables.items(), name)):
            names.append(self.levels[parent].policy.record.entity)
            headers |= {planned.name: planned.header for planned in self.levels[parent].fields}
        return PlannedTable(
            name=name,
            label=declaration.label or name,
            declaration=declaration,
            plan=evolve(self.made(name), policy=evolve(self.levels[name].policy, tables={})),
            identity=tuple(names),
            headers=tuple(declaration.key.get(part, headers[part]) for part in names),
            place=self.loaded.document.place(("tables", name), value=False),
        )
