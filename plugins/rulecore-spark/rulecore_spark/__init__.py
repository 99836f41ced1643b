"""rulecore plans on Apache Spark."""
