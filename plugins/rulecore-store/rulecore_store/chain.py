"""The chain of events: what the hash of an event is taken over, and what an event may say."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from attrs import asdict, frozen

from rulecore.contracts import RUN_STATES, RunEvent, RunState
from rulecore.errors import Fault, UsageError
from rulecore.language import N_
from rulecore.phrase import phrase
from rulecore_store import codes

START: Final = "0" * 64
"""What the first event of a store names as the hash of the event before it."""

LONGEST_NAME: Final = 200
LONGEST_REASON: Final = 2000


@frozen(kw_only=True)
class ChainedEvent:
    """One row of the chain as it stands in the database; ``supersedes`` are numbers with commas between."""

    number: int
    run: int
    identifier: str
    state: RunState
    who: str
    moment: str
    why: str
    supersedes: str
    previous: str
    sha256: str = ""

    def computed(self) -> str:
        """Return the SHA-256 over everything the event says and the hash of the event before it.

        The text hashed is a JSON object in UTF-8: keys sorted, no blanks, every character as it is.
        """
        said = {name: value for name, value in asdict(self).items() if name != "sha256"}
        text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def public(self) -> RunEvent:
        """Return the event as the contract has it."""
        return RunEvent(
            number=self.number,
            state=self.state,
            who=self.who,
            when=self.moment,
            why=self.why,
            supersedes=numbers_of(self.supersedes),
            sha256=self.sha256,
        )


def numbers_of(text: str) -> tuple[int, ...]:
    """Return the numbers that a text of an event lists."""
    return tuple(int(part) for part in text.split(",") if part)


def listed(numbers: Sequence[int]) -> str:
    """Return numbers as an event lists them: each once, in order."""
    return ",".join(map(str, sorted(set(numbers))))


def next_state(state: RunState | None) -> RunState | None:
    """Return what a run becomes next; ``draft`` if it is not there yet, None if nothing comes any more."""
    following = RUN_STATES if state is None else RUN_STATES[RUN_STATES.index(state) + 1 :]
    return following[0] if following else None


def checked_texts(who: str, when: str, why: str) -> tuple[str, str, str]:
    """Return who, when (UTC, to the second) and why as they are kept. Raises UsageError with all that is wrong."""
    faults = [Fault(code=codes.NOBODY)] if not who.strip() else []
    for option, text, most in (("--who", who, LONGEST_NAME), ("--why", why, LONGEST_REASON)):
        reason = _unfit(text, most)
        if reason:
            values = {"option": option, "reason": phrase(reason), "most": most}
            faults.append(Fault(code=codes.UNFIT_TEXT, values=values))
    moment = _moment(when)
    if moment is None:
        faults.append(Fault(code=codes.UNFIT_TIME, values={"given": when}))
    if faults:
        raise UsageError(faults)
    return who.strip(), moment or "", why.strip()


def now() -> str:
    """Return the moment of this machine's clock, in UTC and to the second."""
    return datetime.now(tz=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unfit(text: str, most: int) -> str:
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text):
        return N_("it has line breaks or control characters")
    return N_("it is too long") if len(text) > most else ""


def _moment(text: str) -> str | None:
    """Return a moment with its time zone as UTC, or None where the text is none."""
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            return None
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError):
        return None
