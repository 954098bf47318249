"""Runs every test; script/test calls it and says what each tier has. `plan` below is the whole list."""

import concurrent.futures
import hashlib
import re
import subprocess
import sys
import time

from results import Result, Results
from work import BUILD, ROOT, Engines, command_test, run, tap_tests

TIERS = ["quick", "default", "full"]
WORKERS = 2
FUZZ_SECONDS = {"default": 20, "full": 300}
# How often the crash tests kill the program; without it they have a short default.
CRASH = {"full": {"DIANJI_CRASH_ROUNDS": "500"}}


def sources(kind):
    """Paths of one kind, from the list that the build uses."""
    output = subprocess.run([sys.executable, "tools/sources.py"], cwd=ROOT, check=True, capture_output=True,
                            text=True).stdout
    return [line.split(" ")[1] for line in output.splitlines() if line.startswith(kind + " ")]


def uses_store(program):
    """Whether the program has the store linked in: then it is run once on each engine."""
    output = subprocess.run(["nm", program], capture_output=True, text=True, check=True).stdout
    return re.search(r" T store_open$", output, re.M) is not None


def house():
    """script/house: each rule is a test; and the proof that each rule fires."""
    return tap_tests("house", "script/house", "", ["script/house", "--tap"], 60)


def house_samples():
    return tap_tests("house", "tests/house", "", [sys.executable, "tests/house/samples_test.py"], 120)


def runner():
    return tap_tests("house", "tests/runner", "", [sys.executable, "tests/runner/runner_test.py"], 60)


def format_check():
    return command_test("house", "clang-format", ["script/format", "--check"], 120)


def build(kind):
    return lambda: command_test("build", kind, ["script/build", kind], 1200)


def unit(source, engine, engines, tier, folder):
    """One cmocka program of one build, under its sanitizers, on one engine."""
    name = source.removeprefix("src/").removesuffix(".c")
    program = ROOT / folder / name.rsplit("/", 1)[1]
    environment = {"CMOCKA_MESSAGE_OUTPUT": "TAP"} | CRASH.get(tier, {})

    def work():
        if engine in ("", "sqlite"):
            return tap_tests("unit", name, engine, [program], 900, DIANJI_TEST_DB="sqlite", **environment)
        url, files = engines.open(engine, name)
        try:
            return tap_tests("unit", name, engine, [program], 900, DIANJI_TEST_DB=url, **environment)
        finally:
            engines.close(url, files)
    return work


def unit_plan(engines, tier):
    """(title, work) for each test program on each engine that concerns it."""
    for source in sources("test"):
        program = ROOT / "build-sanitize" / source.rsplit("/", 1)[1].removesuffix(".c")
        if not program.exists():
            continue  # the failed build is already a failed test
        for engine in engines.names if uses_store(program) else [""]:
            yield f"unit {source} {engine}".rstrip(), unit(source, engine, engines, tier, "build-sanitize")


def thread_plan(engines, tier):
    """The rooms' test programs that start threads, once more under ThreadSanitizer."""
    for source in sources("test"):
        if source.startswith("src/") and "pthread_create" in (ROOT / source).read_text(encoding="utf-8"):
            for engine in engines.names:
                yield f"threads {source} {engine}", unit(source, engine, engines, tier, "build-threads")


def header(path, key, otherwise):
    """The value of a line 'key: value' in a run script's opening comment."""
    opening = "\n".join(path.read_text(encoding="utf-8").splitlines()[:20])
    match = re.search(rf"^[#/* ]*{key}: *(\S+)", opening, re.M)
    return match.group(1) if match else otherwise


def whole_plan(engines, tier):
    """tests/*/run.{py,sh,mjs}: tests of the whole program; CONTRIBUTING.md says what they are given."""
    for path in sorted((ROOT / "tests").glob("*/run.*")):
        if path.parent.name == "runner" or TIERS.index(header(path, "tier", "default")) > TIERS.index(tier):
            continue
        program = {".py": [sys.executable], ".mjs": ["node"]}.get(path.suffix, ["bash"]) + [path]
        seconds = int(header(path, "seconds", "600"))
        for build_kind in header(path, "builds", "release").split(","):
            note = "" if build_kind == "release" else f" ({build_kind})"
            folder = "build" if build_kind == "release" else f"build-{build_kind}"
            for engine in engines.names if header(path, "engines", "each") == "each" else [""]:
                title = f"whole tests/{path.parent.name}{note} {engine}".rstrip()
                yield title, whole(path, program, engine, engines, seconds, tier, folder)


def whole(path, program, engine, engines, seconds, tier, build_folder):
    def work():
        url, folder = engines.open(engine or "sqlite", path.parent.name)
        try:
            return tap_tests("whole", f"tests/{path.parent.name}", engine, program, seconds,
                             DIANJI=str(ROOT / build_folder / "dianji"), DIANJI_DB=url, DIANJI_TIER=tier,
                             DIANJI_FOLDER=str(folder))
        finally:
            engines.close(url, folder)
    return work


def fuzz(source, seconds):
    """One libFuzzer target over its kept corpus, then on from there for some seconds."""
    name = source.rsplit("/", 1)[1].removesuffix(".c")
    kept = ROOT / "tests/fuzz/corpus" / name.removesuffix("_fuzz")
    found = BUILD / "fuzz" / name

    def work():
        found.mkdir(parents=True, exist_ok=True)
        command = [ROOT / "build-fuzz" / name, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1024",
                   "-print_final_stats=1", f"-artifact_prefix={found}-", found]
        return command_test("fuzz", name, command + ([kept] if kept.is_dir() else []), seconds + 120)
    return work


def tidy(source, context):
    """clang-tidy on one file; a clean one is remembered until it, a header or the rules change."""
    seal = hashlib.sha256(context + (ROOT / source).read_bytes()).hexdigest()
    clean = BUILD / "tidy" / seal

    def work():
        if clean.exists():
            return [Result("tidy", source, "passed")]
        code, output = run(["clang-tidy", "-quiet", "-p", "build-fuzz", source], 300)
        if code == 0:
            clean.parent.mkdir(parents=True, exist_ok=True)
            clean.touch()
        return [Result("tidy", source, "failed" if code else "passed", output=without_notes(output))]
    return work


def without_notes(output):
    """clang-tidy's errors without the path that led to each: that is for who mends it."""
    kept, is_note = [], False
    for line in output.splitlines():
        if re.match(r"\S+:\d+:\d+: ", line):
            is_note = ": note: " in line
        if not is_note:
            kept.append(line)
    return "\n".join(kept)


def tidy_plan():
    headers = sorted((ROOT / "src").glob("*/*.h")) + sorted((ROOT / "build-fuzz/gen").glob("*.h"))
    context = (ROOT / ".clang-tidy").read_bytes() + b"".join(path.read_bytes() for path in headers)
    for source in sources("room") + sources("main"):
        yield f"tidy {source}", tidy(source, context)


def stages(tier, engines):
    """The run in order: what stands in one list runs side by side, two at a time."""
    yield lambda: [("house", house), ("house samples", house_samples), ("runner", runner), ("format", format_check)]
    yield lambda: [("build sanitize", build("sanitize"))]
    yield lambda: unit_plan(engines, tier)
    if tier == "quick":
        return
    yield lambda: [("build release", build("release"))]
    yield lambda: [("build threads", build("threads"))]
    yield lambda: thread_plan(engines, tier)
    yield lambda: whole_plan(engines, tier)
    yield lambda: [("build fuzz", build("fuzz"))]
    yield lambda: [(f"fuzz {source}", fuzz(source, FUZZ_SECONDS[tier])) for source in sources("fuzz")]
    yield tidy_plan


def perform(title, work, results):
    """Runs one piece of work; a broken one is a failed test, not a broken run."""
    started = time.monotonic()
    try:
        found = work()
    except Exception as error:  # pylint: disable=broad-except
        found = [Result("runner", title, "failed", output=f"{type(error).__name__}: {error}")]
    results.add(title, found, time.monotonic() - started)


def is_wanted(title, wanted, tier):
    """Whether a piece of work was asked for by name; a build is when something that it builds is."""
    if title == "build sanitize":
        titles = [f"unit {source}" for source in sources("test")]
    elif title in ("build release", "build threads"):
        titles = [f"threads {source}" for source in sources("test")] * (title == "build threads")
        titles += [whole_title for whole_title, _ in whole_plan(Engines(with_postgres=False), tier)]
    elif title == "build fuzz":
        titles = [f"fuzz {source}" for source in sources("fuzz")] + [f"tidy {source}" for source in sources("room")]
    else:
        titles = []
    return not wanted or any(word in other for word in wanted for other in [*titles, title])


def run_stages(tier, wanted, results, engines):
    for stage in stages(tier, engines):
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            for title, work in stage():
                if is_wanted(title, wanted, tier):
                    pool.submit(perform, title, work, results)


def main():
    words = sys.argv[1:]
    tier = words.pop(0) if words and words[0] in TIERS else "default"
    BUILD.mkdir(exist_ok=True)
    results = Results(BUILD / "results.sqlite")
    engines = Engines(with_postgres=tier != "quick")
    try:
        engines.start()
        run_stages(tier, words, results, engines)
    finally:
        engines.stop()
    return results.finish()


if __name__ == "__main__":
    sys.exit(main())
