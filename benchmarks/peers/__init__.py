"""The peers: each does the workload its own way.

A peer is a module with ``NEEDS`` (what pip installs for it; empty: it runs beside rulecore), ``BY`` (``column`` or
``record``), ``WORKLOADS`` and ``prepare(folder, workload)``, which reads the data, untimed, and returns two functions:
``run()``, which is timed, and ``results(outcome)``, which gives the composites in hundredths (in thousandths for w3).
"""
