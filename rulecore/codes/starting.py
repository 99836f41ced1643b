"""Faults of starting something new with ``rulecore new`` (RC014–RC018)."""

from rulecore.errors import Code
from rulecore.language import N_

BAD_NAME = Code(
    id="RC014",
    message=N_("{name} cannot be the name of a new {kind}: {reason}"),
    hint=N_("choose another name, such as {suggestion}"),
)
PLACE_TAKEN = Code(
    id="RC015",
    message=N_("{path} exists already, and nothing is ever written over it"),
    hint=N_("choose another name, or another folder with --dir"),
)
NO_SUCH_FOLDER = Code(
    id="RC016",
    message=N_("the folder {folder} does not exist"),
    hint=N_("create it first, or name another one with --dir"),
)
NOT_WRITTEN = Code(
    id="RC017",
    message=N_("{path} could not be written: {reason}"),
    hint=N_("Nothing is left of it. Name another folder with --dir, or see that this one can be written."),
)
DISTRIBUTION_TAKEN = Code(
    id="RC018",
    message=N_("a plugin {distribution} is installed already"),
    hint=N_("choose another name: two plugins of one name hide each other"),
)
