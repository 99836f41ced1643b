"""Words inside a message that are translated with it, when it is shown and not before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from attrs import field, frozen

from rulecore.language import N_, Language, translate

Part: TypeAlias = "str | Phrase"


@frozen(kw_only=True)
class Phrase:
    """One thing, or several of which one holds: ``a value``, or ``a value, a comma or the end``.

    ``alternatives`` are messages marked with ``N_``, or phrases of their own; ``values`` fill the places in
    the messages as they are. A value of a fault that is a phrase is said in the language of the fault.
    """

    alternatives: tuple[Part, ...]
    values: Mapping[str, str] = field(factory=dict)

    def say(self, language: Language | None = None) -> str:
        """Return the words in ``language``, or the current one; alternatives that read alike stand once."""
        words = list(dict.fromkeys(self._said(part, language) for part in self.alternatives))
        if len(words) < 2:
            return "".join(words)
        separator = translate(N_(", "), language)
        template = translate(N_("{first} or {last}"), language)
        return template.format(first=separator.join(words[:-1]), last=words[-1])

    def _said(self, part: Part, language: Language | None) -> str:
        if isinstance(part, Phrase):
            return part.say(language)
        said = translate(part, language)
        return said.format_map(self.values) if self.values else said

    def __str__(self) -> str:
        """Return the words in the current language."""
        return self.say()


def phrase(*alternatives: Part, **values: str) -> Phrase:
    """Return words marked with ``N_`` as a value of a message; several are joined by “or”."""
    return Phrase(alternatives=alternatives, values=values)


def said(value: object, language: Language | None = None) -> str:
    """Return a value of a message as text: phrases in ``language``, everything else as it is."""
    return value.say(language) if isinstance(value, Phrase) else str(value)
