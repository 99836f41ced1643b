"""The Spark session of the command line: the one that spark-submit or Spark Connect gives, else one on this machine."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rulecore.errors import Fault, UsageError
from rulecore_spark.codes import NO_SPARK

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def session() -> SparkSession:
    """Return the session there is, or start one.

    ``SPARK_REMOTE`` names a Spark Connect server and ``SPARK_MASTER`` a master (``spark://…``, ``yarn``); without them
    and outside spark-submit it is all cores of this machine. Raises :class:`rulecore.errors.UsageError`.
    """
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    builder = SparkSession.builder.appName("rulecore")
    master = os.environ.get("SPARK_MASTER", "")
    if master:
        builder = builder.master(master)
    elif not _given_a_master():
        # Workers of this machine are to be of this environment, not of whatever python3 is.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master("local[*]").config("spark.driver.memory", "2g")
        builder = builder.config("spark.ui.enabled", "false").config("spark.log.level", "ERROR")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        builder = builder.config("spark.sql.session.timeZone", "UTC")
        # Spark's own 200 are for clusters: here each partition would only be one more task to start.
        builder = builder.config("spark.sql.shuffle.partitions", str(2 * (os.cpu_count() or 2)))
    try:
        return builder.getOrCreate()
    except (PySparkException, RuntimeError, OSError) as error:
        logging.getLogger("py4j").setLevel(logging.CRITICAL)
        raise UsageError([Fault(code=NO_SPARK, values={"reason": _first_line(error)})]) from None


def _given_a_master() -> bool:
    """Whether spark-submit, a configuration file or Spark Connect says where Spark runs."""
    # Not SparkConf(): that starts a Java machine, whose memory could not be set any more.
    if os.environ.get("SPARK_REMOTE") or os.environ.get("PYSPARK_GATEWAY_PORT"):
        return True
    if "--master" in os.environ.get("PYSPARK_SUBMIT_ARGS", ""):
        return True
    folder = os.environ.get("SPARK_CONF_DIR") or os.path.join(os.environ.get("SPARK_HOME", ""), "conf")
    file = Path(folder) / "spark-defaults.conf"
    return file.is_file() and any(
        line.split()[:1] == ["spark.master"] for line in file.read_text(encoding="utf-8").splitlines()
    )


def _first_line(error: Exception) -> str:
    return next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
