"""What records are given from elsewhere than their own rows: results of earlier periods, results of other policies."""
