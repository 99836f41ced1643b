"""What workers are sent of the policies: what they were compiled from, never the plan itself.

A worker compiles them once, keeps them by their fingerprints, and compares these with the program's: a worker with
another rulecore or another plugin is refused instead of computing something else. Nothing here imports Polars: what
travels is unpacked before a worker has said how many threads Polars may use.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from attrs import field, frozen

from rulecore.api import PolicySet
from rulecore.errors import Fault, PluginError, RulecoreError
from rulecore.plan.compile import compile_policy
from rulecore.planned import Origin, Plan
from rulecore.plugins import load_plugins
from rulecore.registry import Registry
from rulecore_spark.codes import OTHER_PLAN


@frozen(kw_only=True)
class Shipment:
    """The policies of a run as they travel.

    ``policies`` are the loaded documents, pickled (values only, no code). ``files`` are the plugin files of
    ``--plugins-dir`` by name. ``packages`` are the hashes of the code of rulecore and of all plugin distributions.
    """

    policies: bytes = field(repr=False)
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    packages: tuple[tuple[str, str], ...] = ()
    fingerprints: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def plans(self) -> tuple[Plan, ...]:
        """Return the plans, compiled here. Raises :class:`rulecore.errors.PluginError` if they are others."""
        return _compiled(self)


@frozen(kw_only=True)
class Source:
    """Tables with the same columns: their headers, and the files by the numbers they have in the whole input."""

    headers: tuple[str, ...]
    files: Mapping[int, str] = field(eq=False)
    universal: bool = True
    """Whether times are taken as universal ones, as Parquet files hold them; else as the session shows them."""


def shipment_of(policies: PolicySet) -> Shipment:
    """Return what workers are sent of a policy set."""
    registry = policies.registry
    single = [plugin for plugin in registry.plugins if plugin.origin.sha256]
    return Shipment(
        policies=pickle.dumps(policies.loaded),
        files=tuple((Path(plugin.file).name, Path(plugin.file).read_bytes()) for plugin in single),
        packages=tuple(package_hashes(registry, policies.plans).items()),
        fingerprints=tuple(plan.fingerprint for plan in policies.plans),
        names=tuple(plan.policy.policy.name for plan in policies.plans),
    )


def package_hashes(registry: Registry, plans: Iterable[Plan]) -> dict[str, str]:
    """Return a hash of the code of rulecore and of each plugin distribution that the plans need."""
    needed = {origin.distribution for plan in plans for origin in plan.origins} | {
        "rulecore",
        "rulecore-spark",
    }
    return {
        plugin.origin.distribution: _hash_of(plugin.file)
        for plugin in registry.plugins
        if not plugin.origin.sha256 and plugin.origin.distribution in needed and plugin.file
    }


@lru_cache(maxsize=64)
def _hash_of(file: str) -> str:
    """Return a hash of a module's code: of its package, if it is one or lies in one."""
    path = Path(file)
    digest = hashlib.sha256()
    packaged = (path.parent / "__init__.py").exists()
    for source in sorted(path.parent.rglob("*.py")) if packaged else [path]:
        digest.update(f"{source.relative_to(path.parent).as_posix()}\n".encode())
        digest.update(hashlib.sha256(source.read_bytes()).digest())
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _compiled(shipment: Shipment) -> tuple[Plan, ...]:
    try:
        registry = _registry(shipment.files)
        loaded = pickle.loads(shipment.policies)  # noqa: S301 - from the program that started this worker
        plans = tuple(compile_policy(one, registry) for one in loaded)
    except (RulecoreError, ImportError, AttributeError) as error:
        raise PluginError([_fault(shipment, ", ".join(shipment.names), str(error))]) from None
    mine = package_hashes(registry, plans)
    faults = [
        _fault(shipment, ", ".join(shipment.names), f"{name}: {_difference(name, mine, registry)}")
        for name, sha256 in shipment.packages
        if mine.get(name) != sha256
    ]
    for plan, fingerprint, name in zip(plans, shipment.fingerprints, shipment.names, strict=True):
        if plan.fingerprint != fingerprint and not faults:
            origins = ", ".join(f"{origin} {origin.sha256[:12]}".strip() for origin in plan.origins)
            faults.append(_fault(shipment, name, f"{plan.fingerprint[:12]}, {fingerprint[:12]} ({origins})"))
    if faults:
        raise PluginError(faults)
    return plans


def _difference(name: str, mine: Mapping[str, str], registry: Registry) -> str:
    version = next((str(one.origin) for one in registry.plugins if one.origin.distribution == name), "")
    return f"{version}, other code" if name in mine else "not installed"


def _fault(_shipment: Shipment, policy: str, reason: str) -> Fault:
    return Fault(code=OTHER_PLAN, values={"policy": policy, "reason": reason})


def _registry(files: tuple[tuple[str, bytes], ...]) -> Registry:
    if not files:
        return load_plugins(None)
    # One folder for each content: a worker that serves several runs never mixes their plugin files.
    digest = hashlib.sha256(repr(files).encode()).hexdigest()[:16]
    folder = Path(tempfile.mkdtemp(prefix=f"rulecore-plugins-{digest}-"))
    for name, content in files:
        (folder / os.path.basename(name)).write_bytes(content)
    return load_plugins(folder)


def origins_shown(origins: Iterable[Origin]) -> list[dict[str, str]]:
    """Return origins as a manifest holds them."""
    return [
        {"distribution": origin.distribution, "version": origin.version, "sha256": origin.sha256}
        for origin in origins
    ]
