"""Records: their schema, the strict typing of their columns, and the quarantine for what does not fit."""
