"""Everything one run was made of, kept together: for packages that are verified and stores that keep runs for years."""

from rulecore.archive.contents import Content, Role, RunArchive

__all__ = ["Content", "Role", "RunArchive"]
