"""From a TOML document to a typed, checked policy, and from a folder to a policy set."""
