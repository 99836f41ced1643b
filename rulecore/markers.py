"""The two pluggy markers: ``hookspec`` for rulecore's own specifications, ``hookimpl`` for plugins."""

from typing import Final

import pluggy

PROJECT: Final = "rulecore"
API_VERSION: Final = 1
"""The version of the contracts; a plugin module may state the one it was written for as ``RULECORE_API``."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
