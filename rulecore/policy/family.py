"""What is wrong with a policy as a member of its family: kinds of values, guardrails, days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rulecore.codes import families as codes
from rulecore.errors import Fault
from rulecore.language import N_
from rulecore.phrase import Phrase, phrase
from rulecore.policy.additions import check_additions
from rulecore.policy.breaches import check_guardrail
from rulecore.policy.comparison import effective_days
from rulecore.policy.document import Document
from rulecore.policy.guardrails import SetGuardrail, read_guardrails
from rulecore.policy.merge import is_abstract, merge_chain
from rulecore.policy.tightening import check_tightening
from rulecore.policy.words import found
from rulecore.source import KeyPath, format_key


def check_family(chain: Sequence[Document], policy: Document) -> tuple[tuple[SetGuardrail, ...], list[Fault]]:
    """Return the guardrails that bind a policy, and every fault of the policy against its bases.

    ``chain`` are its documents, its own first; ``policy`` is what they are together.
    """
    faults = [*_kinds(chain)]
    guardrails: list[SetGuardrail] = []
    for layer, document in enumerate(chain):
        read, badly_written = read_guardrails(document, layer)
        guardrails += read
        faults += badly_written
    if faults:
        return tuple(guardrails), faults
    faults += check_tightening(guardrails)
    bases = [policy, *(merge_chain(chain[layer:]) for layer in range(1, len(chain)))]
    for guardrail in guardrails:
        faults += check_guardrail(guardrail, bases[guardrail.layer], policy)
        faults += check_additions(guardrail, bases[guardrail.layer], policy)
    faults += _days(chain, policy)
    return tuple(guardrails), _once(faults)


def _once(faults: Sequence[Fault]) -> list[Fault]:
    """Return the faults without repetitions, as two guardrails on one key may give."""
    return list({fault.render("en"): fault for fault in faults}.values())


def _kinds(chain: Sequence[Document]) -> Iterator[Fault]:
    """Yield a fault where a document writes a value for a base's table, or a table for a base's value."""
    for layer in range(len(chain) - 1):
        own, base = chain[layer], merge_chain(chain[layer + 1 :])
        waiting: list[KeyPath] = [()]
        while waiting:
            key = waiting.pop()
            value, below = own.value_at(key), base.value_at(key)
            if isinstance(value, Mapping) and isinstance(below, Mapping):
                waiting += [(*key, name) for name in value if name in below]
            elif isinstance(value, Mapping) != isinstance(below, Mapping) and not _was_dropped(
                key, own, base
            ):
                values = {"key": format_key(key), "found": found(value), "base": found(below)}
                related = ((N_("the base's value is here"), base.place(key)),)
                yield Fault(code=codes.TABLE_AND_VALUE, values=values, place=own.place(key), related=related)


def _was_dropped(key: KeyPath, own: Document, base: Document) -> bool:
    """Return whether a value belongs to a scorer that the rule no longer has."""
    if len(key) < 3 or key[0] != "rules":
        return False
    scorer: KeyPath = (*key[:2], "scorer")
    written = own.value_at(scorer)
    return written is not None and written != base.value_at(scorer)


def _days(chain: Sequence[Document], policy: Document) -> Iterator[Fault]:
    """Yield a fault if a policy holds on days on which an abstract base of it does not."""
    own = effective_days(policy)
    for layer in range(1, len(chain)):
        if not is_abstract(chain[layer].data):
            continue
        base = effective_days(chain[layer])
        if base[0] > own[0] or own[1] > base[1]:
            values = {"days": days_words(own), "base_days": days_words(base)}
            key: KeyPath = ("policy", "effective")
            related = ((N_("the base's days are here"), chain[layer].place(key)),)
            yield Fault(code=codes.OUTSIDE_BASE_DAYS, values=values, place=policy.place(key), related=related)


def days_words(days: tuple[date, date]) -> Phrase:
    """Return the days on which a policy holds, in words."""
    first, last = (day.isoformat() for day in days)
    if days == (date.min, date.max):
        return phrase(N_("always"))
    if days[0] == date.min:
        return phrase(N_("until {last}"), last=last)
    if days[1] == date.max:
        return phrase(N_("from {first} on"), first=first)
    return phrase(N_("from {first} until {last}"), first=first, last=last)
