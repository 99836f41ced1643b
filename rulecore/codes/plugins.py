"""Faults of plugins: finding and loading them, what they give, what a policy requires (RC6xx)."""

from rulecore.errors import Code
from rulecore.language import N_

IMPORT_FAILED = Code(
    id="RC601",
    message=N_("plugin {plugin}: {module} cannot be imported: {kind}: {reason}"),
    hint=N_("correct the line shown, or uninstall the plugin"),
)
UNKNOWN_HOOK = Code(
    id="RC602",
    message=N_("plugin {plugin}: {name} is not a hook of rulecore"),
    hint=N_("the hooks are {hooks}; a helper's name must not begin with rulecore_"),
)
MARKER_MISSING = Code(
    id="RC603",
    message=N_("plugin {plugin}: {name} is not marked as a hook"),
    hint=N_("write @hookimpl above the function (from rulecore.markers import hookimpl)"),
)
WRONG_API = Code(
    id="RC604",
    message=N_("plugin {plugin}: written for plugin API {stated}; this rulecore has API {current}"),
    hint=N_("install a version of the plugin, or of rulecore, so that both have the same RULECORE_API"),
)
HOOK_RAISED = Code(
    id="RC605",
    message=N_("plugin {plugin}: {hook} failed: {kind}: {reason}"),
    hint=N_("correct the line shown; a hook only returns values"),
)
WRONG_RETURN = Code(
    id="RC606",
    message=N_("plugin {plugin}: {hook} returns {found}, not a list or tuple"),
    hint=N_("write return [...]; an empty list is allowed"),
)
WRONG_ELEMENT = Code(
    id="RC607",
    message=N_("plugin {plugin}: item {index} that {hook} returns is {found}, not {expected}"),
    hint=N_("return values of rulecore.contracts only"),
)
NAME_TAKEN = Code(
    id="RC608",
    message=N_("{kind} name {name} is given twice: by {first} and by {second}"),
    hint=N_("rename one of them, or uninstall one of the plugins; rulecore never chooses between them"),
)
INVALID_NAME = Code(
    id="RC609",
    message=N_("plugin {plugin}: {name} cannot be the name of a {kind}"),
    hint=N_("use letters (Chinese ones too), digits and _, a letter first; words of the language are taken"),
)
HOOK_ARGUMENTS = Code(
    id="RC610",
    message=N_("plugin {plugin}: {hook} wants the arguments {arguments}, but hooks are called without any"),
    hint=N_("write def {hook}(): and return the values"),
)
FOLDER_MISSING = Code(
    id="RC611",
    message=N_("the plugins folder {folder} does not exist or is not a folder"),
    hint=N_("give --plugins-dir the folder that holds the plugin's .py file"),
)
FOLDER_EMPTY = Code(
    id="RC612",
    message=N_("the plugins folder {folder} holds no plugin"),
    hint=N_("plugins are single .py files whose names do not begin with _; install packages instead"),
)
PLUGIN_TWICE = Code(
    id="RC613",
    message=N_("the plugin module {module} is named twice: by {first} and by {second}"),
    hint=N_("leave one entry point of group rulecore for the module"),
)
NOT_A_MODULE = Code(
    id="RC614",
    message=N_("plugin {plugin}: the entry point {entry} = {value} does not name a module"),
    hint=N_("name the module that holds the hook functions, without a colon"),
)
WRAPPER = Code(
    id="RC615",
    message=N_("plugin {plugin}: {hook} is a hook wrapper or sets its order"),
    hint=N_("write @hookimpl without options: a plugin gives its own things and leaves others' alone"),
)
REQUIREMENT_UNREADABLE = Code(
    id="RC616",
    message=N_("requirement {requirement} cannot be read"),
    hint=N_('write a distribution and a range, such as "rulecore-example >=1,<2"'),
)
REQUIREMENT_MISSING = Code(
    id="RC617",
    message=N_("the policy requires the plugin {requirement}, which is not loaded"),
    hint=N_('install it: uv pip install "{requirement}"'),
)
REQUIREMENT_VERSION = Code(
    id="RC618",
    message=N_("the policy requires the plugin {requirement}; loaded is version {version}"),
    hint=N_('install a version in the range: uv pip install "{requirement}"'),
)
SUFFIX_TAKEN = Code(
    id="RC619",
    message=N_("{kind} suffix {name} is given twice: by {first} and by {second}"),
    hint=N_("change one of the suffixes, or uninstall one of the plugins"),
)
SCORER_UNDECORATED = Code(
    id="RC620",
    message=N_("plugin {plugin}: the scorer class {name} is not a frozen attrs class of its own"),
    hint=N_("write @frozen(kw_only=True) above the class (from attrs import frozen)"),
)
SCORER_UNNAMED = Code(
    id="RC621",
    message=N_("plugin {plugin}: the scorer class {name} has no name"),
    hint=N_('write name = "..." (without a type, or as ClassVar[str]) in the class'),
)
SCORER_ABSTRACT = Code(
    id="RC622",
    message=N_("plugin {plugin}: the scorer class {name} does not define {missing}"),
    hint=N_("define it; expression(self) returns the rule's value as a node"),
)
SCORER_KEY = Code(
    id="RC623",
    message=N_("plugin {plugin}: the scorer {name} has a parameter {key}, a key that every rule already has"),
    hint=N_("rename the parameter"),
)
GIVES_NOTHING = Code(
    id="RC624",
    message=N_("plugin {plugin}: {module} has no hook"),
    hint=N_("a plugin module has a function such as rulecore_scorers marked with @hookimpl"),
)
INVALID_SUFFIX = Code(
    id="RC625",
    message=N_("plugin {plugin}: {suffix} cannot be the suffix of {kind} {name}"),
    hint=N_("write a suffix with its point and in small letters, such as .csv"),
)
CHECK_FAILED = Code(
    id="RC626",
    message=N_("the check {check} of {origin} failed on the policy {policy}: {error}"),
    hint=N_("This is a fault of the plugin. Tell its author, with this message and the policy."),
)
