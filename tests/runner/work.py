"""Pieces of work of a test run: processes with a time limit, and databases made for one program each."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import tap
from results import Result

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build-test"

SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


def run(command, seconds=600, **environment):
    """(exit code, output) of a command run in the tree's root; past its limit its whole group is ended."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                               env=os.environ | SANITIZERS | environment)
    try:
        output, _ = process.communicate(timeout=seconds)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        output += f"\nended after {seconds} s\n".encode()
        code = -signal.SIGKILL
    return code, output.decode(errors="replace")


def command_test(group, name, command, seconds=600, **environment):
    """A command that is one test: it passes when it exits 0."""
    code, output = run(command, seconds, **environment)
    return [Result(group, name, "failed" if code else "passed", output=output)]


def tap_tests(group, name, engine, command, seconds=600, **environment):
    """A command that prints TAP; without any, it is one test. Ending badly is a failure of its own."""
    code, output = run(command, seconds, **environment)
    tests, planned = tap.parse(output)
    results = [Result(group, f"{name}/{test}", state, engine, output if state == "failed" else "")
               for test, state in tests]
    failed = any(state == "failed" for _, state in tests)
    if not tests and not planned:
        results.append(Result(group, name, "failed" if code else "passed", engine, output))
    elif code and not failed:
        results.append(Result(group, f"{name}: exit code {code}", "failed", engine, output))
    elif planned is not None and planned != len(tests):
        results.append(Result(group, f"{name}: {len(tests)} of {planned} tests ran", "failed", engine, output))
    return results


class Engines:
    """Makes a fresh database on either engine for one program, and removes it."""

    def __init__(self, with_postgres):
        self.names = ["sqlite", "postgres"] if with_postgres else ["sqlite"]
        self.environment = {"DIANJI_POSTGRES": str(BUILD / "postgres-tests")}
        self.server = None

    def start(self):
        if "postgres" in self.names:
            code, output = run(["script/postgres", "start"], **self.environment)
            if code:
                raise RuntimeError("script/postgres start: " + output)
            self.server = output.strip().splitlines()[-1]

    def stop(self):
        if self.server:
            run(["script/postgres", "stop"], **self.environment)

    def ask(self, statement):
        code, output = run(["psql", "-qX", "-v", "ON_ERROR_STOP=1", self.server, "-c", statement])
        if code:
            raise RuntimeError(f"psql: {statement}: {output}")

    def open(self, engine, label):
        """(URL, folder) of a new, empty database; give both to close()."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="dianji-test-"))
        if engine == "sqlite":
            return f"sqlite:{folder}/test.sqlite", folder
        name = "t_" + "".join(c if c.isalnum() else "_" for c in label.lower()) + f"_{time.monotonic_ns()}"
        self.ask(f"CREATE DATABASE {name[:63]}")
        return self.server.rsplit("/", 1)[0] + "/" + name[:63], folder

    def close(self, url, folder):
        shutil.rmtree(folder, ignore_errors=True)
        if url.startswith("postgresql:"):
            self.ask(f"DROP DATABASE IF EXISTS {url.rsplit('/', 1)[1]} WITH (FORCE)")
