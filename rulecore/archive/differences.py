"""What a verification finds: differences and notes, each a sentence with the place it is about, in either language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from rulecore.errors import Fault
from rulecore.language import N_, Language, _, translate
from rulecore.phrase import said

REPORT_VERSION: Final = 1


@frozen(kw_only=True)
class Difference:
    """One thing that is not as it was packed, or not as it is computed.

    ``kind`` is a stable word: ``changed missing unexpected package request pins`` of the package itself,
    ``line row cell bytes`` of what changed inside a member, ``plugin rulecore library`` of the environment,
    ``computed`` where results do not follow from the inputs, ``refused`` where nothing can be computed,
    ``signature identifier`` of who vouches for it.
    """

    kind: str
    template: str
    values: Mapping[str, object] = field(factory=dict)

    def text(self, language: Language | None = None) -> str:
        """Return the sentence in a language."""
        return translate(self.template, language).format_map(self._words(language))

    def document(self, language: Language | None = None) -> dict[str, object]:
        """Return the difference as plain values: its kind, its sentence, and each thing that the sentence names."""
        return {"kind": self.kind, "message": self.text(language), **self._words(language)}

    def _words(self, language: Language | None) -> dict[str, str]:
        return {name: _word(value, language) for name, value in self.values.items()}


def _word(value: object, language: Language | None) -> str:
    if not isinstance(value, Fault):
        return said(value, language)
    place = f"{value.place}: " if value.place is not None else ""
    return f"{place}{value.code.id}: {value.message(language)}"


def difference(kind: str, template: str, **values: object) -> Difference:
    """Return a difference; ``template`` is marked with ``N_`` and has a place for each value."""
    return Difference(kind=kind, template=template, values=values)


@frozen(kw_only=True)
class Verification:
    """What a verification came to.

    ``identifier`` is the SHA-256 over all contents: equal to the one that was published if and only if every byte is.
    ``recomputed``: whether everything was computed again; ``signature`` whose signature was checked, empty if none was.
    """

    identifier: str
    differences: tuple[Difference, ...] = ()
    notes: tuple[Difference, ...] = ()
    recomputed: bool = False
    signature: str = ""
    compared: tuple[str, ...] = ()

    @property
    def verified(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    def document(self, language: Language | None = None) -> dict[str, object]:
        """Return the report as plain values, ready to be written as JSON."""
        return {
            "verification": REPORT_VERSION,
            "verified": self.verified,
            "identifier": self.identifier,
            "recomputed": self.recomputed,
            "signature": self.signature,
            "compared": list(self.compared),
            "differences": [item.document(language) for item in self.differences],
            "notes": [item.document(language) for item in self.notes],
        }

    def lines(self) -> tuple[str, ...]:
        """Return the report as lines in the current language."""
        found = [_("identifier: {identifier}").format(identifier=self.identifier)]
        if self.signature:
            found.append(_("signed with the key {key}").format(key=self.signature))
        found += [_("note: {text}").format(text=item.text()) for item in self.notes]
        found += [_("differs: {text}").format(text=item.text()) for item in self.differences]
        if self.differences:
            found.append(_("not verified: {count} difference(s)").format(count=len(self.differences)))
        elif self.recomputed:
            files = len(self.compared)
            found.append(
                _("verified: {files} files computed again, byte for byte the same").format(files=files)
            )
        else:
            found.append(_("unchanged since it was packed; nothing was computed again"))
        return tuple(found)


def refused(faults: tuple[Fault, ...]) -> tuple[Difference, ...]:
    """Return why nothing can be computed, as differences."""
    return tuple(
        difference("refused", N_("cannot be computed here: {reason}"), reason=fault) for fault in faults
    )
