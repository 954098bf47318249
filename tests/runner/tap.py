"""Reads the Test Anything Protocol, as cmocka, node:test and our own scripts print it."""

import re

LINE = re.compile(r"^(?P<not>not )?ok\b\s*(?P<number>\d+)?\s*(?:-\s*)?(?P<name>.*)$")
PLAN = re.compile(r"^1\.\.(\d+)\b")


def parse(text):
    """(tests, planned): tests as (name, state) in order; planned as 1..N says, None without such lines."""
    tests, planned = [], None
    for line in text.splitlines():
        plan = PLAN.match(line)
        if plan:
            planned = (planned or 0) + int(plan.group(1))
            continue
        match = LINE.match(line)
        if match:
            tests.append(one(match))
    return tests, planned


def one(match):
    """(name, state) of one line; cmocka writes a skipped test as 'not ok 3 # SKIP name'."""
    name, hash_mark, directive = match.group("name").partition("#")
    if hash_mark and directive.strip().upper().startswith("SKIP"):
        return (name.strip() or directive.strip()[4:].strip() or "?", "skipped")
    return (name.strip().strip("()") or "?", "failed" if match.group("not") else "passed")
