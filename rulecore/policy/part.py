"""One table of a document, looked at as a document of its own: key paths are those within the table."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from rulecore.policy.document import Document
from rulecore.policy.positions import Position
from rulecore.source import KeyPath, Place


@frozen(kw_only=True)
class PartOfDocument(Document):
    """The table at ``prefix`` of the document ``whole``; places are those in the whole document."""

    whole: Document = field(repr=False)
    prefix: KeyPath

    @property
    def layers(self) -> tuple[Document, ...]:
        """The same table in each of the documents the whole is made of."""
        return tuple(part_of(layer, self.prefix) for layer in self.whole.layers)

    @property
    def content(self) -> str:
        """Everything the whole is made of."""
        return self.whole.content

    @property
    def sources(self) -> Mapping[str, str]:
        """The text of each file the whole is made of."""
        return self.whole.sources

    @property
    def positions(self) -> Mapping[KeyPath, Position]:
        """The positions of key paths in the whole."""
        return self.whole.positions

    def history(self, key: KeyPath) -> tuple[Document, ...]:
        """Return the documents that set a value at ``key`` of this table."""
        return self.whole.history((*self.prefix, *key))

    def place(
        self, key: KeyPath, *, value: bool = True, start: int | None = None, end: int | None = None
    ) -> Place:
        """Return where ``key`` of this table stands; see :meth:`Document.place`."""
        return self.whole.place((*self.prefix, *key), value=value, start=start, end=end)

    def value_at(self, key: KeyPath) -> object | None:
        """Return the value at a key path of this table."""
        return self.whole.value_at((*self.prefix, *key))


def part_of(document: Document, prefix: KeyPath) -> PartOfDocument:
    """Return the table at ``prefix`` as a document of its own."""
    data = document.value_at(prefix)
    return PartOfDocument(
        path=document.path,
        name=document.name,
        text=document.text,
        data=data if isinstance(data, Mapping) else {},
        whole=document,
        prefix=prefix,
    )
