"""Where plans run: exact (the reference, one record or many) and columnar (Polars)."""
