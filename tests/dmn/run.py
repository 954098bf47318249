#!/usr/bin/env python3
"""The DMN Technology Compatibility Kit, where it is at hand: dianji dmn-test.

engines: none

The kit is read from DIANJI_SHARED (default: the folder "shared" beside the repository). Where it is not, the room's own tables, in
src/dmn/dmn_table_test.c and dmn_model_test.c, are all that is tested, and this says so.
"""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import ROOT, Tap, dianji  # noqa: E402

SHARED = pathlib.Path(os.environ.get("DIANJI_SHARED", ROOT.parent / "shared"))
CASES = SHARED / "suites" / "dmn-tck" / "TestCases"
EXTERNAL = "0076-feel-external-java/0076-feel-external-java-test-01.xml"  # docs/dmn-tck.md says why


def run_kit(level):
    code, text, error = dianji("dmn-test", str(CASES / f"compliance-level-{level}"), "--json")
    return code, json.loads(text), error


def main():
    tap = Tap()
    code, _, error = dianji("dmn-test")
    tap.check("without a folder the words are wrong", code == 2 and "usage" in error, error)
    code, _, error = dianji("dmn-test", "/nowhere/at/all", "--json")
    tap.check("a folder that is not there is said", code == 1 and "/nowhere/at/all" in error, error)
    if not CASES.is_dir():
        print(f"ok {tap.number + 1} - the kit # SKIP there is no {CASES}", flush=True)
        tap.number += 1
        tap.finish()
        return
    code, found, error = run_kit(2)
    tap.check("level 2 is complete", code == 0 and found["tests"] == found["passed"] == 116, (found, error))
    code, found, error = run_kit(3)
    tap.check("level 3 has all its cases", code == 0 and found["tests"] == 3275, (found["tests"], error))
    others = [failure for failure in found["failed"] if failure["file"] != EXTERNAL]
    tap.check("all pass that call no Java", others == [] and found["passed"] == 3261, others or found["passed"])
    tap.finish()


if __name__ == "__main__":
    main()
