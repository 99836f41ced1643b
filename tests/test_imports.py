"""What importing rulecore and asking its program for help may load, measured in a fresh process."""

import json
import subprocess
import sys

ALLOWED = frozenset({"rulecore", "attr", "attrs", "pluggy", "mpmath"})
"""The only packages outside the standard library that ``import rulecore`` may load."""

HEAVY = ("polars", "pandas", "pyarrow", "numpy", "lark", "cattrs", "rich", "tomli", "packaging")


def loaded_by(code: str) -> set[str]:
    report = "print(json.dumps(sorted(set(sys.modules) - before)))"
    program = f"import sys, json; before = set(sys.modules); {code}; {report}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    modules: list[str] = json.loads(done.stdout.splitlines()[-1])
    return {module.partition(".")[0] for module in modules}


def foreign(packages: set[str]) -> set[str]:
    return {name for name in packages if name not in sys.stdlib_module_names and not name.startswith("__")}


def test_importing_rulecore_loads_only_what_the_allow_list_says() -> None:
    assert foreign(loaded_by("import rulecore")) <= ALLOWED


def test_importing_rulecore_loads_no_plugin() -> None:
    assert not {name for name in loaded_by("import rulecore") if name.startswith("rulecore_")}


def test_importing_what_plugins_need_loads_only_what_the_allow_list_says() -> None:
    assert foreign(loaded_by("import rulecore.contracts, rulecore.markers, rulecore.hookspecs")) <= ALLOWED


def test_help_loads_nothing_heavy() -> None:
    loaded = loaded_by("from rulecore.cli.main import run; run(['--help'])")
    assert not loaded.intersection(HEAVY)


def test_help_finds_plugins_without_reading_the_metadata_of_everything_installed() -> None:
    assert "email" not in loaded_by("from rulecore.cli.main import run; run(['--help'])")


def test_help_of_a_command_loads_no_polars() -> None:
    loaded = loaded_by("from rulecore.cli.main import run; run(['scorers', '--help'])")
    assert not loaded.intersection({"polars", "pandas", "pyarrow", "numpy", "lark"})


def test_listing_the_scorers_loads_no_polars() -> None:
    assert "polars" not in loaded_by("from rulecore.cli.main import run; run(['scorers'])")


def test_loading_every_plugin_loads_no_library_of_columns_or_workbooks() -> None:
    loaded = loaded_by("from rulecore.plugins import load_plugins; load_plugins()")
    assert not {"polars", "fastexcel", "xlsxwriter", "rich"} & loaded


def test_showing_a_policy_loads_no_library_of_columns() -> None:
    loaded = loaded_by("from rulecore.cli.main import run; run(['show', 'policies/double_hundred'])")
    assert not {"polars", "fastexcel", "xlsxwriter"} & loaded
