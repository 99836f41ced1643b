"""The result as JUnit XML, which CI servers read. It depends on the results alone.

No times, no host names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as Xml

from rulecore.testing.report import SuiteResult, case_lines, override_lines, position
from rulecore.testing.words import difference_words, guard_words, item_place, item_words, problem_words

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def junit_xml(results: Sequence[SuiteResult], fail_under: float | None = None) -> bytes:
    """Return the results as a JUnit document.

    Coverage below ``fail_under`` is a failed test case of its suite.
    """
    root = Xml.Element("testsuites", name="rulecore test")
    for result in results:
        cases = _suite(root, result, fail_under)
        root.set("tests", str(int(root.get("tests", "0")) + cases[0]))
        root.set("failures", str(int(root.get("failures", "0")) + cases[1]))
    Xml.indent(root)
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _suite(root: Xml.Element, result: SuiteResult, fail_under: float | None) -> tuple[int, int]:
    element = Xml.SubElement(root, "testsuite", name=_clean(result.name))
    for case in result.results:
        place = result.suite.document.place((*case.case.path, "name"))
        test = _test(element, result, case.case.case.name)
        test.set("file", place.file)
        test.set("line", str(place.line or 1))
        if not case.passed:
            first = difference_words(case.differences[0]) if case.differences else case.faults[0].message()
            failure = Xml.SubElement(test, "failure", message=_clean(first))
            failure.text = _clean("\n".join(case_lines(case, result.suite)))
    for override in result.overrides:
        place = result.suite.document.place((*override.override.path, "name"))
        test = _test(element, result, override.override.override.name)
        test.set("file", place.file)
        test.set("line", str(place.line or 1))
        for trial, problem in override.problems[:1]:
            message = problem_words(trial, problem, override.override.override)
            failure = Xml.SubElement(test, "failure", message=_clean(message))
            failure.text = _clean("\n".join(override_lines(override, result.suite)))
    failed = len(result.failed)
    if fail_under is not None:
        test = _test(element, result, "coverage")
        if result.coverage.percent < fail_under:
            failed += 1
            plans = result.suite.policies.plans
            lines = []
            for item in result.coverage.unreached:
                lines += [
                    item_words(item, plans[item.number]),
                    f"  {position(item_place(item, result.suite))}",
                ]
            for guard in result.coverage.unreached_guards:
                lines += [guard_words(guard), f"  {position(guard.place)}"]
            failure = Xml.SubElement(
                test, "failure", message=f"{result.coverage.percent:.1f} < {fail_under:g}"
            )
            failure.text = _clean("\n".join(lines))
    count = len(result.results) + len(result.overrides) + (fail_under is not None)
    element.set("tests", str(count))
    element.set("failures", str(failed))
    return count, failed


def _test(element: Xml.Element, result: SuiteResult, name: str) -> Xml.Element:
    classname = _clean(result.name).replace("/", ".")
    return Xml.SubElement(element, "testcase", name=_clean(name), classname=classname)


def _clean(text: str) -> str:
    """Return a text without the characters XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
