"""RC9xx: cases.toml, the cases a policy is tested with."""

from rulecore.errors import Code
from rulecore.language import N_

NO_CASES_FOUND = Code(
    id="RC901",
    message=N_("there is no cases.toml in {path}"),
    hint=N_("write one beside the policy (docs/cases.md), or name the folder that has one"),
)
CASES_EMPTY = Code(
    id="RC902",
    message=N_("the file holds no cases"),
    hint=N_("write at least one [[cases]] with name, records and expect (docs/cases.md)"),
)
UNKNOWN_CASES_SECTION = Code(
    id="RC903",
    message=N_("{name} is nothing a cases.toml can hold"),
    hint=N_("it holds [[cases]], [[overrides]], and [defaults] for cells that records share"),
)
CASE_TWICE = Code(
    id="RC904",
    message=N_("two cases are called {name}"),
    hint=N_("give each case its own name: reports name a case by it"),
)
EXPECTS_NOTHING = Code(
    id="RC905",
    message=N_("the case {name} expects nothing"),
    hint=N_("state expect, refused or both: a case without them cannot fail"),
)
NO_RECORDS = Code(
    id="RC906",
    message=N_("the case {name} has no records"),
    hint=N_("write records = [{{ … }}], or the name of a CSV file beside cases.toml"),
)
UNKNOWN_RECORD_KEY = Code(
    id="RC907",
    message=N_("{key} is no field of the policy"),
    hint=N_("fields: {known}"),
)
FIELD_TWICE = Code(
    id="RC908",
    message=N_("{key} and {other} are the same field"),
    hint=N_("leave one of them out"),
)
UNKNOWN_EXPECTED_KEY = Code(
    id="RC909",
    message=N_("{key} is no field, rule or output column of the policy"),
    hint=N_("known: {known}"),
)
NO_ENTITY = Code(
    id="RC910",
    message=N_("the row does not say which record it is about"),
    hint=N_("add {entity}, or record = 1 for the first record of the case"),
)
UNKNOWN_CASE_POLICY = Code(
    id="RC911",
    message=N_("{policy} is no policy of this folder"),
    hint=N_("policies here: {known}"),
)
CASE_FILE_REFUSED = Code(
    id="RC912",
    message=N_("{file} cannot be used: {reason}"),
    hint=N_("name a file that lies beside cases.toml or in a folder below it"),
)
EXPECTED_KIND = Code(
    id="RC913",
    message=N_("{key} is a {kind}, it can never be {found}"),
    hint=N_('write numbers bare, texts and fractions ("1140/13") in quotes, and "不适用" for not applicable'),
)
NEVER_EXACT = Code(
    id="RC914",
    message=N_("{key} is not rounded, so it has no exact value to expect"),
    hint=N_("expect the output column that shows it, by its header, or a rule that rounds it"),
)
UNKNOWN_TOLERANCE = Code(
    id="RC915",
    message=N_("the tolerance of {key} cannot be used: {reason}"),
    hint=N_("tolerance = {{ score = 0.01 }} names numbers that the case expects, each with a number above 0"),
)
UNKNOWN_ISSUE = Code(
    id="RC916",
    message=N_("no rule of the policy raises the issue {issue}"),
    hint=N_("issues it can raise: {known}"),
)
REFUSAL_WITHOUT_REASON = Code(
    id="RC917",
    message=N_("the refused row does not say why"),
    hint=N_('add code = "RC516", or reason with the text that the policy gives'),
)
SUITE_POLICY_UNKNOWN = Code(
    id="RC918",
    message=N_("no policy with cases is called {policy}"),
    hint=N_("policies with cases: {known}"),
)
NO_SUCH_POSITION = Code(
    id="RC919",
    message=N_("the case has no record {record}: it has {count}"),
    hint=N_("records are counted from 1"),
)
ENGINES_DISAGREE = Code(
    id="RC920",
    message=N_("the engines disagree on {what} of record {record}: exact {exact}, columnar {columnar}"),
    hint=N_(
        "this is a bug in rulecore or in the scorer's plugin: please report it with the policy and the record"
    ),
)
NO_RULE = Code(
    id="RC921",
    message=N_("the text has no rule {rule}"),
    hint=N_("rules: {known}"),
)
UNREACHABLE_UNKNOWN = Code(
    id="RC922",
    message=N_("the rule {rule} has no part {part} that cases could reach"),
    hint=N_("parts of the rule: {known}"),
)
UNREACHABLE_REACHED = Code(
    id="RC923",
    message=N_("{part} of the rule {rule} is reached by a case, so it is not unreachable"),
    hint=N_("remove the entry: its reason is wrong, or the policy has changed"),
)
OVERRIDE_UNUSABLE = Code(
    id="RC924",
    message=N_("the override {name} cannot be used: {reason}"),
    hint=N_(
        'write set with what is changed, and refused = "RC803" (the code of the breach) or accepted = true'
    ),
)
OVERRIDE_KEY = Code(
    id="RC925",
    message=N_("an override cannot set {key}: {reason}"),
    hint=N_('write the key as it stands in the policy, in quotes: set = {{ "parameters.bonus_cap" = 6 }}'),
)
NO_GUARDRAILS = Code(
    id="RC926",
    message=N_("no policy of this folder sets guardrails, so the override {name} is laid over none"),
    hint=N_('say over which policy it is laid: policy = "…"; policies here: {known}'),
)
OVERRIDE_GUARDRAIL = Code(
    id="RC927",
    message=N_("no guardrail with the key {key} binds what is laid over {policy}"),
    hint=N_("guardrails that bind it: {known}"),
)
NO_ROWS = Code(
    id="RC928",
    message=N_("the record has no row in {table}"),
    hint=N_(
        "its rows stand in the records' own file, where a record without rows cannot be: write at least one, as a "
        "list of tables under {table}"
    ),
)
RECORD_CELL = Code(
    id="RC929",
    message=N_("{key} holds {found}, which is neither a cell nor the rows of a detail table"),
    hint=N_("write one value, or under the name of a detail table its rows: [{{ … }}, {{ … }}]"),
)
NO_ROW_NAMED = Code(
    id="RC930",
    message=N_("it does not say which row of the record is meant"),
    hint=N_("add {row}, or row = 1 for the first row of the record"),
)
