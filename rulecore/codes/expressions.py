"""RC3xx: the expression language, its syntax and its names."""

from rulecore.errors import Code
from rulecore.language import N_

TOO_LONG = Code(
    id="RC301",
    message=N_("the expression has {length} characters; at most {limit} are allowed"),
    hint=N_("split it into several rules"),
)
TOO_DEEP = Code(
    id="RC302",
    message=N_("brackets are nested more than {limit} deep"),
    hint=N_("give the inner part a rule of its own"),
)
TOO_MANY_STEPS = Code(
    id="RC303",
    message=N_("the expression chains more than {limit} operations, one inside the other"),
    hint=N_("put brackets around parts of a long sum, or give parts a rule of their own"),
)
UNKNOWN_CHARACTER = Code(
    id="RC304",
    message=N_("the character {found} has no meaning in an expression"),
    hint=N_("a column whose name holds such a character is written 「…」, a text '…'"),
)
UNCLOSED_QUOTE = Code(
    id="RC305",
    message=N_("the quote {found} is never closed"),
    hint=N_("close it with {closing}"),
)
EMPTY_EXPRESSION = Code(
    id="RC306",
    message=N_("the expression is empty"),
    hint=N_("write a value, such as 0 or the name of a field"),
)
UNEXPECTED = Code(
    id="RC307",
    message=N_("found {found} where {expected} was expected"),
    hint="",
)
UNFINISHED = Code(
    id="RC308",
    message=N_("the expression ends where {expected} was expected"),
    hint="",
)
BRACKET_NOT_CLOSED = Code(
    id="RC309",
    message=N_("the bracket {found} is never closed"),
    hint=N_("add {closing}"),
)
BRACKET_NOT_OPENED = Code(
    id="RC310",
    message=N_("the bracket {found} closes nothing"),
    hint=N_("remove it, or open a bracket before"),
)
SINGLE_EQUALS = Code(
    id="RC311",
    message=N_("{found} does not compare"),
    hint=N_("write == to compare; a single = only names an argument, as in round(x, decimals = 2)"),
)
FOREIGN_OPERATOR = Code(
    id="RC312",
    message=N_("{found} is not an operator here"),
    hint=N_("write {instead}"),
)
INVALID_NUMBER = Code(
    id="RC313",
    message=N_("{found} is not a number"),
    hint=N_("numbers look like 5, 0.05, 1_000 or 95%; no unit follows them"),
)
INVALID_DATE = Code(
    id="RC314",
    message=N_("{found} is not a day of the calendar"),
    hint=N_("dates are written year-month-day, such as 2024-01-31; to subtract put spaces around -"),
)
ATTRIBUTE_ACCESS = Code(
    id="RC315",
    message=N_("a dot between names is reserved"),
    hint=N_("give the value a name of its own; a column whose header has a dot is written 「…」"),
)
POSITIONAL_AFTER_NAMED = Code(
    id="RC316",
    message=N_("an argument without a name follows one with a name"),
    hint=N_("put the arguments without a name first"),
)
UNKNOWN_NAME = Code(
    id="RC321",
    message=N_("there is no field, rule or parameter {name}"),
    hint=N_("declare it under [fields], [rules] or [parameters]"),
)
UNKNOWN_FUNCTION = Code(
    id="RC322",
    message=N_("there is no function {name}"),
    hint=N_("docs/functions/README.md lists the functions; a plugin may add more"),
)
TOO_MANY_ARGUMENTS = Code(
    id="RC323",
    message=N_("{function} takes {limit} arguments without a name, not {count}"),
    hint=N_("its arguments are: {parameters}"),
)
MISSING_ARGUMENT = Code(
    id="RC324",
    message=N_("{function} needs the argument {argument}"),
    hint=N_("its arguments are: {parameters}"),
)
UNKNOWN_ARGUMENT = Code(
    id="RC325",
    message=N_("{function} has no argument {argument}"),
    hint=N_("its arguments are: {parameters}"),
)
DUPLICATE_ARGUMENT = Code(
    id="RC326",
    message=N_("{function} is given the argument {argument} twice"),
    hint=N_("leave one of them out"),
)
NOT_CONSTANT = Code(
    id="RC327",
    message=N_("{argument} of {function} must be constant"),
    hint=N_("write a constant, or a parameter of the policy"),
)
WRONG_CONSTANT = Code(
    id="RC328",
    message=N_("{argument} of {function} must be {expected}, not {found}"),
    hint="",
)
LIST_AS_VALUE = Code(
    id="RC329",
    message=N_("a list stands where a single value was expected"),
    hint=N_("a list belongs to the right of in (属于)"),
)
LIST_ITEM_NOT_CONSTANT = Code(
    id="RC330",
    message=N_("the items of a list must be constant"),
    hint=N_("compare with == and join with or, or use parameters"),
)
COMPARED_WITH_NOT_APPLICABLE = Code(
    id="RC332",
    message=N_("nothing can be compared with 不适用: the result would always be 不适用"),
    hint=N_("write is_not_applicable(x) or is_applicable(x)"),
)
FUNCTION_FAILED = Code(
    id="RC331",
    message=N_("the function {function} refuses its arguments: {reason}"),
    hint=N_("if the arguments are as its page says, report it to the plugin's author"),
)
