from rulecore.contracts import Writer
from rulecore.markers import hookimpl


def write(document, path):
    path.write_text("", encoding="utf-8")


@hookimpl
def rulecore_writers():
    return [
        Writer(name="first", suffixes=(".out",), write=write),
        Writer(name="second", suffixes=(".out",), write=write),
        Writer(name="third", suffixes=("OUT",), write=write),
    ]
