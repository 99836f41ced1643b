from rulecore.contracts import Store
from rulecore.markers import hookimpl


def open_nothing(location, create):
    raise NotImplementedError


@hookimpl
def rulecore_stores():
    return [
        Store(name="one", summary="…", open=open_nothing, schemes=("memory",), suffixes=(".kept",)),
        Store(name="two", summary="…", open=open_nothing, schemes=("memory",), suffixes=(".kept",)),
        Store(name="three", summary="…", open=open_nothing, schemes=("no scheme",), suffixes=("kept",)),
    ]
