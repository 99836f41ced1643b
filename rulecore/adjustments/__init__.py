"""What a committee decides on top of computed results: read, held to the policy, applied, and kept beside it."""
