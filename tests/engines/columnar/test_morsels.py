"""A pass takes fewer records at a time than Polars would, and leaves Polars as it was."""

from __future__ import annotations

import os

import polars as pl
import pytest

from rulecore.engines.columnar.morsels import _SETTING, MORSEL, small_morsels


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(_SETTING, raising=False)


def test_the_setting_of_polars_holds_within_the_block_only_also_where_blocks_overlap() -> None:
    first, second = small_morsels(), small_morsels()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert os.environ[_SETTING] == str(MORSEL)
    second.__exit__(None, None, None)
    assert _SETTING not in os.environ


def test_what_the_user_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(_SETTING, "7")
    with small_morsels():
        assert os.environ[_SETTING] == "7"
    assert os.environ[_SETTING] == "7"


def test_it_is_set_back_after_an_error() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError), small_morsels():
        pl.DataFrame({"x": [1]}).lazy().select("y").collect(engine="streaming")
    assert _SETTING not in os.environ
