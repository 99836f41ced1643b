"""What can be wrong with a state machine."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

FROM_TERMINAL: Final = Code(
    id="RC139",
    message=N_('a transition leads on from "{state}", which is terminal'),
    hint=N_("a terminal state is never left: take it out of terminal, or out of this transition"),
)
STATE_UNREACHABLE: Final = Code(
    id="RC183",
    message=N_('no transition ever leads to the state "{state}"'),
    hint=N_("add a transition to it, or leave the state out"),
)
STATE_WITHOUT_END: Final = Code(
    id="RC184",
    message=N_('no transition leads on from the state "{state}", and it is not terminal'),
    hint=N_("add a transition from it, or add it to terminal"),
)
NO_STATE_MACHINE: Final = Code(
    id="RC347",
    message=N_("{name} is no rule with a state machine"),
    hint=N_('name the rule whose scorer is "state_machine"'),
)
