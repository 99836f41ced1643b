"""The columnar engine: a plan as Polars expressions over scaled integers, exact for every row.

``integers``  integer expressions that know their bounds and widen themselves, or refuse
``values``    numbers as exact ratios of integers, or as floats with a bound on their error
``transcendental`` logarithms, exponentials and powers of such floats
``lower``     from expression to Polars: what every node needs; ``arithmetic``, ``powers``, ``rounding``, ``logic``,
``lists`` and ``texts`` hold one small function a node
``cohorts``   ranks, counts and cohort functions
``statements`` the columns of a plan, and the passes that compute them; ``morsels`` how many records go at a time
``run``       the order of it all, and the exact engine for the rows a guard cannot decide
"""
