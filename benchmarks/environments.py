"""Where each peer's libraries are installed: virtual environments of their own, made by uv when first needed.

They stand outside the project (``RULECORE_BENCHMARKS``, else the cache of the user), so that no peer's pins touch
rulecore's own.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path


def root() -> Path:
    """Return the folder of the environments."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return Path(os.environ.get("RULECORE_BENCHMARKS", cache / "rulecore-benchmarks"))


def python_of(peer: str) -> tuple[str, str]:
    """Return the interpreter for a peer and, if its libraries cannot be installed, the reason."""
    needs: tuple[str, ...] = import_module(f"peers.{peer}").NEEDS
    if not needs:
        return sys.executable, ""
    name = hashlib.sha256(" ".join(needs).encode()).hexdigest()[:12]
    folder = root() / name
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        for command in (
            ["uv", "venv", "-q", "--clear", "-p", sys.executable, str(folder)],
            ["uv", "pip", "install", "-q", "--python", str(python), *needs],
        ):
            try:
                subprocess.run(command, check=True, capture_output=True, text=True)
            except FileNotFoundError:
                return "", "uv is not installed"
            except subprocess.CalledProcessError as error:
                return "", (error.stderr.strip().splitlines() or ["it cannot be installed"])[-1]
        done.write_text(" ".join(needs))
    return str(python), ""
