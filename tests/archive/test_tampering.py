"""Whatever is changed in a package is noticed; what a forger can do who makes all hashes right again is stated here.

Three classes of forgery:

1. Anything changed without making the hashes right: noticed by the index alone, whatever it is.
2. All hashes of the package made right: noticed because the results no longer follow from the inputs, or because the
   manifest names the hashes of inputs and policies.
3. A whole run forged, or something changed that no result depends on, with the manifest changed to match: that is
   another run, packed rightly. Only its identifier and the signature are not those of the original.
"""

from __future__ import annotations

import hashlib
import json
import random
import zlib

import pytest
from attrs import frozen

from rulecore.archive import RunArchive
from rulecore.archive.package import _zip, open_package, package_bytes
from rulecore.archive.pins import pins_of
from rulecore.archive.signature import check_signature, new_keys, sign
from rulecore.errors import InputError
from tests.archive.packing import (
    archived,
    changed,
    data_of,
    given,
    packed,
    readers,
    small_archive,
    small_files,
    texts,
    verification,
)

CHANGES = 10_000
FORGERIES = 150
MANIFEST = "results/results.manifest.json"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> RunArchive:
    return small_archive(tmp_path_factory.mktemp("small"))


def noticed(package: bytes) -> bool:
    try:
        return bool(open_package(package, "run.zip").differences)
    except InputError:
        return True


def members_of(archive: RunArchive, package: bytes) -> dict[str, bytes]:
    opened = open_package(package, "run.zip")
    names = ["package.json", "pins.json", *(content.name for content in archive.contents)]
    contents = {content.name: content.data for content in opened.archive.contents}
    contents["pins.json"] = opened.pins
    start = package.index(b"{", package.index(b"package.json"))
    contents["package.json"] = package[start : package.index(b"\n}\n", start) + 3]
    return {name: contents[name] for name in names}


def other_byte(random_: random.Random, data: bytes) -> bytes:
    at = random_.randrange(len(data))
    return data[:at] + bytes([data[at] ^ random_.randrange(1, 256)]) + data[at + 1 :]


@frozen
class Tamperer:
    """Changes a package at random; where members are changed, the zip's own checksums are right."""

    package: bytes
    members: dict[str, bytes]
    random: random.Random

    def any_byte(self) -> bytes:
        return other_byte(self.random, self.package)

    def bit(self) -> bytes:
        at = self.random.randrange(len(self.package))
        flipped = self.package[at] ^ 1 << self.random.randrange(8)
        return self.package[:at] + bytes([flipped]) + self.package[at + 1 :]

    def cut(self) -> bytes:
        return self.package[: self.random.randrange(len(self.package))]

    def inserted(self) -> bytes:
        at = self.random.randrange(len(self.package) + 1)
        more = self.random.randbytes(self.random.randrange(1, 9))
        return self.package[:at] + more + self.package[at:]

    def in_member(self) -> bytes:
        name = self.random.choice([*self.members])
        return _zip((self.members | {name: other_byte(self.random, self.members[name])}).items())

    def cell(self) -> bytes:
        """Change a cell of the records, the results, or the quarantine."""
        name = self.random.choice([item for item in self.members if item.endswith(".csv")])
        lines = [line.split(",") for line in self.members[name].decode("utf-8-sig").split("\n")]
        row = self.random.choice([line for line in lines if any(line)])
        row[self.random.randrange(len(row))] += self.random.choice("0123456789甲乙")
        text = "\n".join(",".join(line) for line in lines)
        return _zip((self.members | {name: text.encode()}).items())

    def renamed(self) -> bytes:
        name = self.random.choice([*self.members])
        return _zip((f"{key}x" if key == name else key, data) for key, data in self.members.items())

    def left_out(self) -> bytes:
        name = self.random.choice([*self.members])
        return _zip((key, data) for key, data in self.members.items() if key != name)

    def put_in(self) -> bytes:
        return _zip([*self.members.items(), (f"records/{self.random.randrange(2, 10**6)}/x.csv", b"a\n1\n")])

    def reordered(self) -> bytes:
        items = [*self.members.items()]
        while items == [*self.members.items()]:
            self.random.shuffle(items)
        return _zip(items)


def test_ten_thousand_changes_of_which_the_index_was_not_told_are_all_noticed(archive: RunArchive) -> None:
    package = packed(archive)
    members = members_of(archive, package)
    assert _zip(members.items()) == package
    assert not noticed(package)
    tamperer = Tamperer(package, members, random.Random(20261121))  # noqa: S311 - changes, not secrets
    kinds = (
        *(Tamperer.any_byte, Tamperer.bit, Tamperer.cut, Tamperer.inserted, Tamperer.in_member),
        *(Tamperer.in_member, Tamperer.cell, Tamperer.cell, Tamperer.renamed, Tamperer.left_out),
        *(Tamperer.put_in, Tamperer.reordered),
    )
    missed = []
    for number in range(CHANGES):
        kind = kinds[number % len(kinds)]
        if not noticed(kind(tamperer)):
            missed.append(kind.__name__)
    assert missed == []


def test_changes_are_noticed_though_every_hash_of_the_package_was_made_right(archive: RunArchive) -> None:
    random_ = random.Random(6)  # noqa: S311 - changes, not secrets
    missed = []
    for number in range(FORGERIES):
        name, data = forged(archive, number, random_)
        package = packed(changed(archive, {name: data}))
        assert not noticed(package), "the hashes are right"
        if verification(package).verified:
            missed.append((name, data))
    assert missed == []


def forged(archive: RunArchive, number: int, random_: random.Random) -> tuple[str, bytes]:
    """Return a change of one cell, character or byte: of inputs, policies, results, quarantine, manifest, summary."""
    names = [
        *("records/1/records.csv", "policies/group/base.toml", "policies/unit/policy.toml"),
        *("results/results.csv", "results/results.隔离.csv", "summary.json", MANIFEST),
    ]
    name = names[number % len(names)]
    if name not in {content.name for content in archive.contents}:
        name = next(
            content.name
            for content in archive.of("output")
            if content.name.startswith("results/") and content.name != "results/results.csv"
        )
    data = data_of(archive, name)
    while True:
        text = data.decode()
        at = random_.randrange(len(text))
        character = random_.choice("0123456789甲#, ")
        if text[at] != character:
            return name, (text[:at] + character + text[at + 1 :]).encode()


def test_a_cell_that_no_result_depends_on_is_noticed_by_the_hash_in_the_manifest(
    archive: RunArchive,
) -> None:
    # A blank after a number changes no value at all.
    records = data_of(archive, "records/1/records.csv").replace(b"90.5,", b"90.5 ,")
    found = verification(packed(changed(archive, {"records/1/records.csv": records})))
    assert "results/results.manifest.json" in texts(found)
    assert "results/results.csv" not in texts(found)


def test_a_comment_in_a_policy_is_noticed_by_the_fingerprint_in_the_manifest(archive: RunArchive) -> None:
    name = "policies/unit/policy.toml"
    found = verification(packed(changed(archive, {name: data_of(archive, name) + b"# nothing\n"})))
    assert "fingerprint" in texts(found)


def test_a_forged_result_is_noticed_though_the_manifest_was_made_right_too(archive: RunArchive) -> None:
    results = data_of(archive, "results/results.csv").replace(b"84.20", b"94.20")
    manifest = json.loads(archive.manifest)
    manifest["files"]["results.csv"] = hashlib.sha256(results).hexdigest()
    forged_run = changed(
        archive,
        {
            "results/results.csv": results,
            MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode(),
        },
    )
    assert "甲, 得分: 94.20 is packed, 84.20 is computed" in texts(verification(packed(forged_run)))


def test_a_whole_forged_run_verifies_but_has_neither_the_identifier_nor_the_signature_of_the_original(
    archive: RunArchive, tmp_path: object
) -> None:
    from pathlib import Path

    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    policy, records = small_files(Path(str(tmp_path)) / "forged")
    records.write_text(records.read_text(encoding="utf-8").replace("90.5", "99.5"), encoding="utf-8")
    other = archived(policy, given(records))
    # Called what the original's files are called, it is a right package of a wrong run.
    assert verification(packed(other)).verified
    assert other.identifier != archive.identifier
    private, _public, _key = new_keys(None)
    key = load_pem_private_key(private, None)
    signature = sign(archive.identifier, key)  # type: ignore[arg-type]
    public = key.public_key()
    assert check_signature(archive.identifier, signature.to_json(), public)[1] == ()  # type: ignore[arg-type]
    assert check_signature(other.identifier, signature.to_json(), public)[1] != ()  # type: ignore[arg-type]


def test_what_was_installed_but_not_used_is_vouched_for_by_the_identifier_only(archive: RunArchive) -> None:
    environment = json.loads(data_of(archive, "environment.json"))
    unused = next(part for part in environment["plugins"] if not part["used"])
    unused["sha256"] = "0" * 64
    data = (json.dumps(environment, ensure_ascii=False, indent=2) + "\n").encode()
    other = changed(archive, {"environment.json": data})
    found = verification(packed(other))
    assert found.verified
    assert [item.kind for item in found.notes] == ["plugin"]
    assert other.identifier != archive.identifier


def test_the_checksums_of_a_zip_alone_would_not_notice(archive: RunArchive) -> None:
    """The zip of a forger is a right zip: its CRC fits."""
    package = packed(archive)
    members = members_of(archive, package)
    name = "records/1/records.csv"
    forged_zip = _zip((members | {name: members[name].replace(b"90.5", b"95.5")}).items())
    assert zlib.crc32(members[name].replace(b"90.5", b"95.5")).to_bytes(4, "little") in forged_zip
    assert noticed(forged_zip)


def test_pins_that_do_not_belong_to_the_contents_are_noticed(archive: RunArchive) -> None:
    pins = pins_of(archive, readers())  # type: ignore[arg-type]
    assert verification(package_bytes(archive, pins)).verified
    other = pins.replace(b'"rows":["', b'"rows":["0')
    assert other != pins
    package = package_bytes(archive, other)
    assert not noticed(package), "the hashes are right"
    assert [item.kind for item in verification(package).differences] == ["pins"]
