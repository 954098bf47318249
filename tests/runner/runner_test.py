"""Proves that a test run cannot look better than it was: each case is a program that ends in its own way."""

import sys
import time

import tap
from work import ROOT, command_test, tap_tests

SHELL = ["sh", "-c"]


def states(script, seconds=20):
    return [(r.name, r.state) for r in tap_tests("unit", "p", "", [*SHELL, script], seconds)]


def cases():
    """(name, whether it holds)."""
    yield "a good run passes", states("echo 1..2; echo ok 1 - a; echo ok 2 - b") == [
        ("p/a", "passed"), ("p/b", "passed")]
    yield "a failed test fails", states("echo 1..1; echo not ok 1 - a; exit 1") == [("p/a", "failed")]
    yield "cmocka's skipped test is skipped", states("echo 1..1; echo 'not ok 1 # SKIP a'") == [("p/a", "skipped")]
    yield "TAP's skipped test is skipped", states("echo 'ok 1 - a # SKIP no reason'") == [("p/a", "skipped")]
    yield "an exit code without a failed test is a failure", states("echo 1..1; echo ok 1 - a; exit 3") == [
        ("p/a", "passed"), ("p: exit code 3", "failed")]
    yield "a crash is a failure", states("echo 1..1; echo ok 1 - a; kill -SEGV $$")[-1][1] == "failed"
    yield "a test that never ran is a failure", states("echo 1..2; echo ok 1 - a") == [
        ("p/a", "passed"), ("p: 1 of 2 tests ran", "failed")]
    yield "a plan without any test is a failure", states("echo 1..2")[-1][1] == "failed"
    yield "a program without TAP passes by its exit code", states("exit 0") == [("p", "passed")]
    yield "a program without TAP fails by its exit code", states("exit 1") == [("p", "failed")]
    started = time.monotonic()
    yield "a program that hangs is ended and fails", (states("sleep 60", 1) == [("p", "failed")]
                                                      and time.monotonic() - started < 20)
    yield "a command that fails fails", command_test("build", "b", ["false"])[0].state == "failed"
    yield "indented subtests are not counted twice", tap.parse("    ok 1 - inner\nok 1 - outer\n")[0] == [
        ("outer", "passed")]
    yield "the tree's root is found", (ROOT / "src" / "rooms.def").exists()


def main():
    failed = 0
    for number, (name, holds) in enumerate(cases(), 1):
        failed += not holds
        print(f"{'ok' if holds else 'not ok'} {number} - {name}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
