"""RC1xx: the policy document: its file, its TOML, its keys, values and names."""

from rulecore.errors import Code
from rulecore.language import N_

# --- the file -------------------------------------------------------------------------------------

FILE_MISSING = Code(
    id="RC101",
    message=N_("there is no file {path}"),
    hint=N_("check the path; it is read from the folder {folder}"),
)
UNKNOWN_KEY = Code(
    id="RC102",
    message=N_("unknown key {key} in [{table}]"),
    hint=N_("known keys here: {known}"),
)
MISSING_KEY = Code(
    id="RC103",
    message=N_("[{table}] has no key {key}"),
    hint=N_("add the line {key} = … with {expected}"),
)
WRONG_TYPE = Code(
    id="RC104",
    message=N_("{key} must be {expected}, not {found}"),
    hint="",
)
UNKNOWN_WORD = Code(
    id="RC105",
    message=N_("{key} cannot be {found}"),
    hint=N_("allowed: {known}"),
)
NOT_TOML = Code(
    id="RC106",
    message=N_("this is not TOML: {reason}"),
    hint="",
)
NOT_UTF8 = Code(
    id="RC107",
    message=N_("the file is not UTF-8 text (byte {byte} of the file)"),
    hint=N_("save it again as UTF-8: in 记事本 choose 另存为 and the encoding UTF-8"),
)
EMPTY_FILE = Code(
    id="RC108",
    message=N_("the policy is empty"),
    hint=N_("a policy needs at least [policy], [record], [fields.…], [rules.…] and [output]"),
)
FILE_TOO_LARGE = Code(
    id="RC109",
    message=N_("the file has {size} bytes; a policy may have at most {limit}"),
    hint=N_("a policy holds rules, not records; records are given to rulecore run with --records"),
)
NESTED_TOO_DEEP = Code(
    id="RC110",
    message=N_("tables or arrays are nested more than {limit} deep"),
    hint=N_("write inner tables under their own [header]"),
)
TOO_MANY_VALUES = Code(
    id="RC111",
    message=N_("the policy has more than {limit} {what}"),
    hint=N_("split it into several policies"),
)
NUL_CHARACTER = Code(
    id="RC112",
    message=N_("the file holds a NUL character: it is not a text file"),
    hint=N_("is it a workbook, or text saved as UTF-16? Save it as plain text in UTF-8"),
)
FILE_UNREADABLE = Code(
    id="RC113",
    message=N_("{path} cannot be read: {reason}"),
    hint=N_("check that it is a file and that you may read it"),
)
NUMBER_OUT_OF_BOUNDS = Code(
    id="RC114",
    message=N_("{found} is not a number a policy can hold"),
    hint=N_("a number has at most {digits} digits before and after the point; inf and nan are none"),
)
KEY_TWICE = Code(
    id="RC115",
    message=N_("the same key or table is written twice ({reason})"),
    hint=N_("remove one of them, or give it another name"),
)
NOT_SUPPORTED = Code(
    id="RC116",
    message=N_("{key} is not supported by this version of rulecore"),
    hint=N_("take {key} out; a newer version may understand it"),
)

# --- names ----------------------------------------------------------------------------------------

NOT_A_NAME = Code(
    id="RC117",
    message=N_("{name} cannot be the name of a {what}"),
    hint=N_(
        "a name is made of letters, Chinese characters, digits and _, no digit first; "
        "how it is shown is said by label or column"
    ),
)
RESERVED_NAME = Code(
    id="RC118",
    message=N_("{name} is a word of the expression language and cannot be the name of a {what}"),
    hint=N_("choose another name, such as {name}_1"),
)
NAME_TWICE = Code(
    id="RC119",
    message=N_("{name} is the name of a {what} and of a {other}"),
    hint=N_("fields, rules and parameters share one set of names: rename one of them"),
)
UNKNOWN_FIELD = Code(
    id="RC120",
    message=N_("{key} names {name}, which is no field of this policy"),
    hint=N_("fields: {known}"),
)
UNKNOWN_OUTPUT = Code(
    id="RC121",
    message=N_("the output names {name}, which is neither a field nor a rule"),
    hint=N_("fields and rules: {known}"),
)
REFUSED_NOT_SHOWN = Code(
    id="RC122",
    message=N_("output.refused gives a value for {name}, which is not among output.columns"),
    hint=N_("output columns: {known}"),
)
HEADER_TWICE = Code(
    id="RC123",
    message=N_("the fields {name} and {other} are both read from the column {header}"),
    hint=N_("one column is one field: give each its own column or alias, or use the one field twice"),
)
OUTPUT_HEADER_TWICE = Code(
    id="RC124",
    message=N_("two output columns have the header {header}"),
    hint=N_('give one of them another header: {{ of = "{name}", header = "…" }}'),
)

# --- values ---------------------------------------------------------------------------------------

DECIMALS_AND_STEP = Code(
    id="RC125",
    message=N_("the rule {name} has both decimals and step"),
    hint=N_("decimals = 2 rounds to hundredths, step = 0.5 to half points: keep one"),
)
DECIMALS_OUT_OF_RANGE = Code(
    id="RC126",
    message=N_("decimals is {found}; it must be from 0 to {limit}"),
    hint=N_("to round to tens or half points use step, such as step = 10"),
)
STEP_NOT_POSITIVE = Code(
    id="RC127",
    message=N_("step is {found}; it must be more than 0"),
    hint=N_("step = 0.5 rounds to half points, step = 10 to tens"),
)
ROUNDING_WITHOUT_PLACE = Code(
    id="RC128",
    message=N_("{name} says how to round but not to what"),
    hint=N_("add decimals (or step), or take rounding out"),
)
LIMITS_REVERSED = Code(
    id="RC129",
    message=N_("the field {name} has min {low} above max {high}"),
    hint=N_("exchange them"),
)
KEY_NOT_FOR_TYPE = Code(
    id="RC130",
    message=N_("{key} means nothing for a field of type {type}"),
    hint=N_("{key} belongs to fields of type {types}"),
)
BAD_DEFAULT = Code(
    id="RC131",
    message=N_("missing = {found} is no value of the field {name}: {reason}"),
    hint=N_('missing is "refuse", "not_applicable", or a value of the field itself'),
)
DATES_REVERSED = Code(
    id="RC132",
    message=N_("the policy holds from {start}, which is after its last day {end}"),
    hint=N_("exchange from and until, or correct the year"),
)
EMPTY_VALUE = Code(
    id="RC133",
    message=N_("{key} is empty"),
    hint=N_("write a value, or take the key out where it may be left out"),
)
VALUE_NOT_FOR_FIELD = Code(
    id="RC134",
    message=N_("{found} can never be a value of the field {name}, which is of type {type}"),
    hint=N_("write it as a value of that type"),
)
ENTITY_MAY_BE_MISSING = Code(
    id="RC135",
    message=N_("the field {name} says which record it is ({key}), but may be missing"),
    hint=N_(
        "take missing and not_applicable out of [fields.{name}]: "
        "a record that does not say whose it is must be refused"
    ),
)
VALUE_TWICE = Code(
    id="RC136",
    message=N_("{found} is written twice in {key}"),
    hint=N_("remove one of them"),
)

MISSING_SECTION = Code(
    id="RC137",
    message=N_("the policy has no [{name}]"),
    hint=N_("every policy has [policy], [record], [fields.NAME], [rules.NAME] and [output]"),
)
UNKNOWN_SECTION = Code(
    id="RC138",
    message=N_("unknown table or key {name} at the top of the policy"),
    hint=N_("known tables: {known}"),
)

# --- parameters of scorers ------------------------------------------------------------------------

SETTINGS_REFUSED = Code(
    id="RC140",
    message=N_("[{table}] does not accept its values: {reason}"),
    hint=N_("see rulecore scorers NAME for what a scorer takes"),
)
NOT_CONSTANT = Code(
    id="RC141",
    message=N_("{key} must be a constant number, but is {found}"),
    hint=N_("write a number, or an expression of numbers and parameters; parameters: {known}"),
)

# --- policy sets ----------------------------------------------------------------------------------

EMPTY_SET = Code(
    id="RC150",
    message=N_("the folder {path} holds no policy"),
    hint=N_("a policy is a file NAME.toml, or a folder of its own with policy.toml"),
)
SET_TOO_LARGE = Code(
    id="RC151",
    message=N_("the folder {path} holds more than {limit} policies"),
    hint=N_("name a folder that holds one policy set only"),
)
LINK_LEAVES_SET = Code(
    id="RC152",
    message=N_("{path} is a link out of the policy folder, to {target}"),
    hint=N_("copy the policy into the folder: a policy set must hold everything it uses"),
)
POLICY_TWICE = Code(
    id="RC153",
    message=N_("two policies are both called {name}, version {version}"),
    hint=N_("give one of them another name or version, or remove it"),
)
NOT_A_POLICY_PATH = Code(
    id="RC154",
    message=N_("{path} is not a TOML file"),
    hint=N_("name a file that ends in .toml, or a folder of policies"),
)
