"""Everything one run was made of, kept together: for packages that are verified and stores that keep runs for years."""

from rulecore.archive.contents import Content, Role, RunArchive
from rulecore.archive.gather import archive_of
from rulecore.archive.request import InputFile, ReportFile, RunRequest, request_of

__all__ = [
    "Content",
    "InputFile",
    "ReportFile",
    "Role",
    "RunArchive",
    "RunRequest",
    "archive_of",
    "request_of",
]
