"""Click's own words in the reader's language: its messages are looked up in rulecore's catalogue.

Click translates through the process-wide gettext domain, so the domain is rulecore's while its program runs.
The texts are listed here for the catalogue, because extraction finds marks in rulecore's files only.
"""

from __future__ import annotations

import gettext
import os
from typing import Final

from rulecore.language import LOCALE_FOLDER, N_, current_language

CLICK_WORDS: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Arguments"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such command {name!r}."),
    N_("No such option {name!r}."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Got unexpected extra argument ({args})"),
    N_("Option {name!r} requires an argument."),
    N_("Option {name!r} does not take a value."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("default: {default}"),
    N_("required"),
)


def speak(language: str | None = None) -> None:
    """Let this process speak a language, ``zh`` or ``en``; without one, that of the environment."""
    if language is not None:
        os.environ["RULECORE_LANG"] = language
    gettext.bindtextdomain("rulecore", str(LOCALE_FOLDER))
    gettext.textdomain("rulecore")
    # gettext looks here first; click has no other door.
    os.environ["LANGUAGE"] = "zh_CN" if current_language() == "zh" else "en"
