"""The language of messages: Chinese or English, from ``RULECORE_LANG``, else from the locale.

Message texts are written in English where they are used, marked with :func:`N_` where they are only
declared, and translated by gettext when they are shown. ``rulecore/locale/zh_CN`` holds the Chinese ones.
"""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

Language = Literal["zh", "en"]

LOCALE_FOLDER: Final = Path(__file__).parent / "locale"


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, do not translate"
    """Mark a message for translation without translating it yet."""
    return message


def current_language() -> Language:
    """Return the language to speak: ``RULECORE_LANG`` if set, else the locale's, else English."""
    for variable in ("RULECORE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@lru_cache(maxsize=2)
def _translations(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("rulecore", LOCALE_FOLDER, languages=["zh_CN"], fallback=True)


def translate(message: str, language: Language | None = None) -> str:
    """Return ``message`` in ``language`` (the current one if not given); unknown messages come back as they are."""
    if not message:
        return ""
    return _translations(language or current_language()).gettext(message)


def _(message: str) -> str:
    """Translate ``message`` into the current language."""
    return translate(message)
