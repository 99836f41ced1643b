"""What was archived beside what was computed again: every written file, and the manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from attrs import evolve, frozen

from rulecore.api import PolicySet
from rulecore.archive.comparing import compare, json_table
from rulecore.archive.contents import Content, RunArchive
from rulecore.archive.differences import Difference, difference
from rulecore.archive.environment import Environment
from rulecore.archive.environments import parts_of, stated_parts
from rulecore.archive.recompute import Recomputed
from rulecore.contracts import Reader
from rulecore.language import N_
from rulecore.plan.fingerprint import fingerprint
from rulecore.planned import Origin


@frozen(kw_only=True)
class Comparison:
    """An archive beside what was computed again; ``lenient``: other libraries may write the same cells otherwise."""

    archive: RunArchive
    computed: Recomputed
    readers: Mapping[str, Reader]
    lenient: bool

    def outputs(self) -> tuple[list[Difference], list[Difference]]:
        """Return where written files differ, and what is only written otherwise by another library."""
        differences: list[Difference] = []
        notes: list[Difference] = []
        computed = {content.name: content for content in self.computed.contents}
        packed = {content.name: content for content in self.archive.of("output", "explanation")}
        for name, content in packed.items():
            if name not in computed:
                if content.role == "explanation":
                    notes.append(difference("computed", N_("{member} was not computed again"), member=name))
                else:
                    message = N_("{member} is packed, but this run writes no such file")
                    differences.append(difference("computed", message, member=name))
                continue
            found = compare(content, self._settled(computed[name]), self._shown, self.readers)
            told = notes if found.only_bytes and self.lenient else differences
            told += found.differences
        for name, content in computed.items():
            if name not in packed and content.role != "manifest":
                message = N_("{member} is computed, but not packed")
                differences.append(difference("computed", message, member=name))
        return differences, notes

    @property
    def _shown(self) -> Mapping[str, object]:
        return json_table(next(item.data for item in self.computed.contents if item.role == "manifest"))

    def _settled(self, content: Content) -> Content:
        """Return a computed explanation with the fingerprints of the packed plugins; all else as it is."""
        if content.role != "explanation":
            return content
        data = content.data
        own, theirs = (_fingerprints(item) for item in (self._shown, json_table(self.archive.manifest)))
        for mine, packed in zip(own, theirs, strict=False):
            data = data.replace(mine.encode(), packed.encode())
        return evolve(content, data=data)

    def manifest(self, packed: Content, environment: Environment) -> Iterator[Difference]:
        """Yield where the manifest differs; versions of plugins are compared with the environment instead."""
        stated = json_table(packed.data)
        computed = next(item for item in self.computed.contents if item.role == "manifest")
        found = dict(json_table(computed.data))
        if stated.get("rulecore") != environment.rulecore.version:
            yield difference("rulecore", N_("manifest and environment name different versions of rulecore"))
        if sorted(stated_parts(stated.get("plugins"))) != sorted(parts_of(environment)):
            yield difference("plugin", N_("manifest and environment name different plugins"))
        found["rulecore"] = stated.get("rulecore")
        found["plugins"] = stated.get("plugins")
        self._with_their_plugins(found, stated, environment)
        files = found.get("files")
        if isinstance(files, dict) and self.lenient:
            found["files"] = self._with_their_files(files)
        data = (json.dumps(found, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
        yield from compare(packed, evolve(computed, data=data), stated, {}).differences

    def _with_their_plugins(
        self, found: dict[str, object], stated: Mapping[str, object], environment: Environment
    ) -> None:
        """Put the packed versions of the plugins of each policy, and the fingerprint that follows from them."""
        known = frozenset(parts_of(environment))
        own, theirs = found.get("policies"), stated.get("policies")
        if not isinstance(own, list) or not isinstance(theirs, list) or len(own) != len(theirs):
            return
        texts = _texts(self.computed.policies)
        for mine, packed in zip(own, theirs, strict=True):
            plugins = packed.get("plugins") if isinstance(packed, dict) else None
            parts = stated_parts(plugins)
            names = [item["distribution"] for item in mine["plugins"]]
            if (
                mine["plugins"] == plugins
                or [part[0] for part in parts] != names
                or not known.issuperset(parts)
            ):
                continue
            mine["plugins"] = plugins
            origins = [Origin(distribution=part[0], version=part[1], sha256=part[2]) for part in parts]
            mine["fingerprint"] = fingerprint(texts[mine["name"], mine["version"]], origins)

    def _with_their_files(self, files: Mapping[str, object]) -> dict[str, object]:
        """Return the hashes of written files, of those that only other libraries wrote otherwise the packed ones."""
        packed = {content.name.rpartition("/")[2]: content for content in self.archive.of("output")}
        computed = {content.name.rpartition("/")[2]: content for content in self.computed.contents}
        found = dict(files)
        for name, content in packed.items():
            if name not in found or name not in computed:
                continue
            if compare(content, computed[name], self._shown, self.readers).only_bytes:
                found[name] = hashlib.sha256(content.data).hexdigest()
        return found


def _fingerprints(manifest: Mapping[str, object]) -> list[str]:
    policies = manifest.get("policies")
    items = [item for item in policies if isinstance(item, dict)] if isinstance(policies, list) else []
    return [str(item.get("fingerprint")) for item in items]


def _texts(policies: PolicySet) -> dict[tuple[str, str], str]:
    headers = [(loaded.policy.policy, loaded.document.content) for loaded in policies.loaded]
    return {(header.name, header.version): text for header, text in headers}
