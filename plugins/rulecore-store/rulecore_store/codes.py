"""The faults of stores: where they are, what is asked of them, and what a check finds (ST0nn)."""

from __future__ import annotations

from typing import Final

from rulecore.errors import Code
from rulecore.language import N_

# --- opening a store ------------------------------------------------------------------------------

NOT_THERE: Final = Code(
    id="ST001",
    message=N_("there is no store at {store}"),
    hint=N_("check the name; rulecore run … --store {store} makes a new one"),
)
NOT_A_DATABASE: Final = Code(
    id="ST002",
    message=N_("{store} is no SQLite database"),
    hint=N_("name another file; this one was left as it is"),
)
NOT_A_STORE: Final = Code(
    id="ST003",
    message=N_("{store} is a database of something else: it has tables, and not those of a store"),
    hint=N_("name another file; this one was left as it is"),
)
OLDER_SCHEMA: Final = Code(
    id="ST004",
    message=N_(
        "{store} was made by an older rulecore-store: its tables are of version {found}, here they are of {current}"
    ),
    hint=N_("keep a copy, then: rulecore history upgrade --store {store}"),
)
NEWER_SCHEMA: Final = Code(
    id="ST005",
    message=N_(
        "{store} was made by a newer rulecore-store: its tables are of version {found}, the newest known here is "
        "{current}"
    ),
    hint=N_("install the newer rulecore-store; nothing was read or written"),
)
UNREACHABLE: Final = Code(
    id="ST006",
    message=N_("the server of {store} cannot be reached: {reason}"),
    hint=N_("check the address and the network, and that PostgreSQL runs there"),
)
LOGIN_REFUSED: Final = Code(
    id="ST007",
    message=N_("{store} does not let {user} in: {reason}"),
    hint=N_("give the password in PGPASSWORD or in ~/.pgpass, where nobody sees it"),
)
UNFIT_LOCATION: Final = Code(
    id="ST008",
    message=N_("{store} is no location of a store: {reason}"),
    hint=N_("write a file such as results.db, or postgresql://user@server/database"),
)
NO_DATABASE: Final = Code(
    id="ST009",
    message=N_("the server has no database {database}"),
    hint=N_("check the name, or let the server's administrator make it: createdb {database}"),
)

# --- working with a store -------------------------------------------------------------------------

FULL: Final = Code(
    id="ST010",
    message=N_("the disk of {store} is full; nothing was stored"),
    hint=N_("make room, then do the same again: what is there already is not stored twice"),
)
READ_ONLY: Final = Code(
    id="ST011",
    message=N_("{store} cannot be written to: {reason}"),
    hint=N_("check who may write to it and to its folder; reading works all the same"),
)
BUSY: Final = Code(
    id="ST012",
    message=N_(
        "another program has been writing to {store} for more than {seconds} seconds; nothing was stored"
    ),
    hint=N_("do the same again when it is done"),
)
DAMAGED: Final = Code(
    id="ST013",
    message=N_("{store} is damaged: {reason}"),
    hint=N_("copy the file as it is, then go back to the last copy whose check was clean"),
)
FAILED: Final = Code(
    id="ST014",
    message=N_("{store} did not do what it was asked: {reason}"),
    hint=N_("nothing was stored; do the same again, and show this to who looks after the database"),
)
UNSURE: Final = Code(
    id="ST015",
    message=N_("the connection to {store} broke just as it was told to keep what was written: {reason}"),
    hint=N_("do the same again: if it was kept, it is not kept twice"),
)
NOT_ALLOWED: Final = Code(
    id="ST016",
    message=N_("{store} cannot be opened: {reason}"),
    hint=N_("check that its folder is there and that you may use it"),
)

# --- what is asked of a store ---------------------------------------------------------------------

UNKNOWN_RUN: Final = Code(
    id="ST020",
    message=N_("{store} has no run {run}; it has {known}"),
    hint=N_("rulecore history list shows every run with its number"),
)
WRONG_STATE: Final = Code(
    id="ST021",
    message=N_("run {run} is {state}, so it cannot become {wanted}: {needed} comes before that"),
    hint=N_("runs go from draft to reviewed to published to sealed, one step at a time, and never back"),
)
NOBODY: Final = Code(
    id="ST022",
    message=N_("nobody is named who does this"),
    hint=N_("say --who NAME, or set RULECORE_WHO"),
)
UNFIT_TEXT: Final = Code(
    id="ST023",
    message=N_("{option} cannot be kept: {reason}"),
    hint=N_("write one line of plain text, {most} characters at most"),
)
ALREADY_SEALED: Final = Code(
    id="ST024",
    message=N_(
        "run {run} has {count} record(s) of policy {policy} that the sealed run {other} has too, such as {example}"
    ),
    hint=N_("if run {run} stands in its place from now on, say --supersedes {other}"),
)
NOT_TO_SUPERSEDE: Final = Code(
    id="ST025",
    message=N_("run {run} cannot take the place of run {other}: {reason}"),
    hint=N_("name a sealed run that has no successor yet: rulecore history list"),
)
NO_STORE_NAMED: Final = Code(
    id="ST026",
    message=N_("no store is named"),
    hint=N_("say --store results.db, or set RULECORE_STORE"),
)
UNFIT_ANCHOR: Final = Code(
    id="ST027",
    message=N_("{file} is no account of a store's events: {reason}"),
    hint=N_(
        "rulecore history export and seal --anchor write them; the package of a run (.zip) can be given too"
    ),
)
UNFIT_TIME: Final = Code(
    id="ST028",
    message=N_("{given} is no moment"),
    hint=N_("write 2024-12-31T16:00:00+08:00, for example: day, time and time zone"),
)

# --- what a check finds ---------------------------------------------------------------------------

EVENT_CHANGED: Final = Code(
    id="ST040",
    message=N_(
        "event {event} (run {run}: {state}) is not as it was written: its hash is {found}, it says {stated}"
    ),
    hint=N_("somebody changed this row; a copy or an exported account tells what it was"),
)
CHAIN_BROKEN: Final = Code(
    id="ST041",
    message=N_("event {event} does not follow the one before it: it names {stated}, which hashes to {found}"),
    hint=N_("events were changed, exchanged or taken out before this one"),
)
EVENT_MISSING: Final = Code(
    id="ST042",
    message=N_("event {event} is missing"),
    hint=N_("somebody took this row out; a copy or an exported account tells what it was"),
)
OUT_OF_ORDER: Final = Code(
    id="ST043",
    message=N_("event {event} makes run {run} {state}, and that is not what comes next for it"),
    hint=N_("the store itself would have refused this row: it was put in past it"),
)
RUN_MISSING: Final = Code(
    id="ST044",
    message=N_("run {run} is missing, though {where} has it"),
    hint=N_("somebody took this row out; a copy tells what it was"),
)
RUN_CHANGED: Final = Code(
    id="ST045",
    message=N_("run {run} is not as it was stored: its {column} is {found}, and should be {stated}"),
    hint=N_("somebody changed this row, or what it stands for"),
)
CONTENTS_CHANGED: Final = Code(
    id="ST046",
    message=N_(
        "the list of files of run {run} is not as it was stored: it hashes to {found}, the run is {stated}"
    ),
    hint=N_("a file's name, role or hash was changed, or a file was added or taken out; compare with a copy"),
)
CONTENT_MISSING: Final = Code(
    id="ST047",
    message=N_("the bytes of {names} are missing"),
    hint=N_("somebody took them out; get them from a copy: the hash is {sha256}"),
)
CONTENT_CHANGED: Final = Code(
    id="ST048",
    message=N_("the bytes of {names} are not as they were stored: {reason}"),
    hint=N_("somebody changed them; get them from a copy: the hash is {sha256}"),
)
STRAY: Final = Code(
    id="ST049",
    message=N_("{table} has a row that belongs to nothing: {row}"),
    hint=N_("somebody put it in, or took out what it belonged to"),
)
HEAD_DIFFERS: Final = Code(
    id="ST050",
    message=N_("the head says that the last event is {stated}, and the last event is {found}"),
    hint=N_("events were taken from the end, or put there past the store"),
)
GUARD_MISSING: Final = Code(
    id="ST051",
    message=N_("the database no longer forbids changes: {guard} is not as it was made"),
    hint=N_(
        "somebody with rights on the tables took it away; put back a copy, or look closely at all that is above"
    ),
)
ANCHOR_DIFFERS: Final = Code(
    id="ST052",
    message=N_("when {file} was written, event {event} was {stated}; now it is {found}"),
    hint=N_("the history was written anew since: believe the account that was kept outside the store"),
)
UNREADABLE_CELL: Final = Code(
    id="ST053",
    message=N_("{table} holds something that no store writes: {row}"),
    hint=N_("somebody changed this row; a copy tells what it was"),
)
PACKAGE_UNKNOWN: Final = Code(
    id="ST054",
    message=N_("the run of {file} is not in the store: no event is about {identifier}"),
    hint=N_("it was taken out with all its events, or never stored here: believe the package"),
)
