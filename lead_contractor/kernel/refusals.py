"""Refusals: the one family of exceptions for what Hoofdsom will not do.

The edges translate them: the command line to an exit code, the web to an HTTP status.
"""

from __future__ import annotations

from collections.abc import Sequence

from lead_contractor.kernel.findings import Finding


class Refusal(Exception):
    """Something was asked that cannot be done; the text says why and what to do.

    ``text`` is that text in Dutch and ``values`` what is filled in for its ``%(name)s``, so that it can be told in
    another language.
    """

    exit_code = 1
    http_status = 400

    def __init__(self, text: str = "", **values: object) -> None:
        self.text, self.values = text, values
        super().__init__(text % values if values else text)


class NotFound(Refusal):
    """What was named does not exist, or not for this person."""

    http_status = 404


class NotAllowed(Refusal):
    """The person may not do this."""

    http_status = 403


class Conflict(Refusal):
    """It was done before with other content, or something closed stands in the way."""

    http_status = 409


class Unsound(Refusal):
    """The data has errors; the findings name each place and remedy."""

    http_status = 422

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class BooksDiffer(Refusal):
    """The books do not prove what was claimed; the text names the first difference."""

    exit_code = 3
    http_status = 500
