"""Faults of files: inputs that cannot be read (RC040–RC069), results that cannot be written (RC070–).

Rows that can be read but hold a wrong value are not here: they are quarantined with a reason of the block
RC5xx.
"""

from rulecore.errors import Code
from rulecore.language import N_

EMPTY_FILE = Code(
    id="RC040",
    message=N_("{file} is empty"),
    hint=N_("the first row must hold the headers; check that the export finished"),
)
MIXED_ENCODINGS = Code(
    id="RC041",
    message=N_(
        "{file} is neither UTF-8 nor GB18030 throughout: line {line} does not fit at byte {byte} ({value})"
    ),
    hint=N_("line {other} is UTF-8; save the whole file as UTF-8, or state its encoding"),
)
WRONG_ENCODING = Code(
    id="RC042",
    message=N_("{file} is not {encoding}: line {line} does not fit at byte {byte} ({value})"),
    hint=N_("leave the encoding out to have it recognised, or save the file as UTF-8"),
)
UNKNOWN_ENCODING = Code(
    id="RC043",
    message=N_("there is no encoding called {encoding}"),
    hint=N_("use utf-8, gb18030 or utf-16, or leave it out to have it recognised"),
)
NUL_BYTES = Code(
    id="RC044",
    message=N_("{file} holds a NUL character in line {line}: it is not a text file"),
    hint=N_("if it was saved as UTF-16 without a mark, state encoding utf-16-le; otherwise export it again"),
)
OTHER_FORMAT = Code(
    id="RC045",
    message=N_("{file} is not {expected} but {actual}"),
    hint=N_("give it its own suffix ({suffix}), or export it as {expected}"),
)
TOO_MANY_COLUMNS = Code(
    id="RC046",
    message=N_("{file} has {count} columns; at most {limit} are read"),
    hint=N_("check the separator and the export; remove columns the policy does not need"),
)
NO_HEADER = Code(
    id="RC047",
    message=N_("the first row of {file} holds only numbers ({cells}): it has no header"),
    hint=N_("put the column names into the first row"),
)
BLANK_HEADER = Code(
    id="RC048",
    message=N_("every cell of the first row of {file} is blank: it has no header"),
    hint=N_("put the column names into the first row"),
)
CELL_COUNT = Code(
    id="RC049",
    message=N_("the row has {count} cell(s), the header has {expected}"),
    hint=N_(
        "look for a missing or an unquoted separator; a cell that contains one is written in double quotes"
    ),
)
BROKEN_QUOTES = Code(
    id="RC050",
    message=N_("the quotes of the row do not pair up"),
    hint=N_(
        "write a quote inside a quoted cell twice, and nothing between a closing quote and the separator"
    ),
)
BROKEN_JSON = Code(
    id="RC051",
    message=N_("the line is not a JSON object: {reason}"),
    hint=N_("each line holds one object in braces, with its keys in double quotes"),
)
NESTED_VALUE = Code(
    id="RC052",
    message=N_("{key} holds an array or an object; a cell holds one value"),
    hint=N_("write each value under a key of its own"),
)
REPEATED_KEY = Code(
    id="RC053",
    message=N_("the key {key} stands twice in the object"),
    hint=N_("keep the one that holds"),
)
JSON_ARRAY = Code(
    id="RC054",
    message=N_("{file} is one JSON array, not JSON Lines"),
    hint=N_("write one object per line, without brackets and commas between them"),
)
UNREADABLE_COLUMN = Code(
    id="RC055",
    message=N_("column {column} of {file} holds {dtype}; a cell holds one value"),
    hint=N_("split it into flat columns before writing the file"),
)
CORRUPT_FILE = Code(
    id="RC056",
    message=N_("{file} cannot be read as {expected}: {reason}"),
    hint=N_("the file is damaged or incomplete; export or copy it again"),
)
OTHER_SEPARATOR = Code(
    id="RC057",
    message=N_("{file} is read with {separator} between its cells: its header has no comma"),
    hint="",
    severity="note",
)
TOO_MANY_BROKEN_ROWS = Code(
    id="RC058",
    message=N_("{file} has more than {limit} rows with broken quotes, the first in row {row}"),
    hint=N_("the file is probably not CSV, or was written without quoting; export it again"),
)
TITLE_ROW = Code(
    id="RC059",
    message=N_("row {row} of {file} holds one cell only ({cell}): it looks like a title above the header"),
    hint=N_("delete the rows above the header"),
)
UNKNOWN_SHEET = Code(
    id="RC060",
    message=N_("{file} has no sheet {sheet}"),
    hint=N_("its sheets are: {sheets}"),
)
SEVERAL_SHEETS = Code(
    id="RC061",
    message=N_("{file} has several visible sheets that hold something: {sheets}"),
    hint=N_("name the one to read"),
)
NO_SHEETS = Code(
    id="RC062",
    message=N_("a sheet is named ({sheet}), but {file} is {format}, which has no sheets"),
    hint=N_("leave the sheet out"),
)
ENCRYPTED = Code(
    id="RC063",
    message=N_("{file} is protected by a password"),
    hint=N_("open it in Excel and save it without a password"),
)
NO_FILE = Code(
    id="RC064",
    message=N_("{file} does not exist"),
    hint=N_("check the path"),
)
IS_FOLDER = Code(
    id="RC065",
    message=N_("{file} is a folder; a file is expected"),
    hint=N_("name the file in it"),
)
NOT_ALLOWED = Code(
    id="RC066",
    message=N_("{file} may not be read"),
    hint=N_("ask for permission to read it, or copy it to a place of your own"),
)
READ_FAILED = Code(
    id="RC067",
    message=N_("{file} cannot be read: {reason}"),
    hint="",
)
UNKNOWN_INPUT_SUFFIX = Code(
    id="RC068",
    message=N_("{file}: no reader is known for {suffix}"),
    hint=N_("known are: {known}"),
)
STRAY_CELL = Code(
    id="RC069",
    message=N_(
        "the cells of {part} in {file} reach to {cell}: more than {limit} cells would have to be read"
    ),
    hint=N_("look for a stray cell far from the table (Ctrl+End goes to the last one) and delete it"),
)
NO_OUTPUT_FOLDER = Code(
    id="RC070",
    message=N_("the folder {folder} does not exist, so {file} cannot be written"),
    hint=N_("create it first, or write somewhere else"),
)
OUTPUT_NOT_ALLOWED = Code(
    id="RC071",
    message=N_("{file} may not be written"),
    hint=N_("choose a folder of your own, or close the program that holds the file open"),
)
DISK_FULL = Code(
    id="RC072",
    message=N_("there is no space left to write {file}"),
    hint=N_("free some space or write to another disk; nothing was changed"),
)
OUTPUT_IS_FOLDER = Code(
    id="RC073",
    message=N_("{file} is a folder; a result is written to a file"),
    hint=N_("add a file name, such as results.xlsx"),
)
UNKNOWN_OUTPUT_SUFFIX = Code(
    id="RC074",
    message=N_("{file}: no writer is known for {suffix}"),
    hint=N_("known are: {known}"),
)
WRITE_FAILED = Code(
    id="RC075",
    message=N_("{file} cannot be written: {reason}"),
    hint=N_("nothing was changed"),
)
NOT_FOR_STDOUT = Code(
    id="RC076",
    message=N_("{suffix} cannot be written to standard output"),
    hint=N_("give a file name, or write .csv or .jsonl"),
)
REPEATED_COLUMN = Code(
    id="RC077",
    message=N_("two columns of {file} are called {column}; {format} needs different names"),
    hint=N_("give one of them another header in the policy's [output]"),
)
SHEET_TOO_LARGE = Code(
    id="RC078",
    message=N_("the sheet {sheet} has {count} {what}; Excel holds at most {limit}"),
    hint=N_("write .csv or .parquet instead"),
)
FOLDER_NOT_EMPTY = Code(
    id="RC079",
    message=N_("{file} is there already and is no empty folder"),
    hint=N_("name a new folder, an empty one, or a file that ends in .jsonl"),
)
