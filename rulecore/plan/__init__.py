"""From a policy and a registry to a plan: names resolved, types and ranges inferred, steps ordered."""
