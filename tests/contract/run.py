"""The commands as others call them: what they print, where, and how they end.

What the numbers mean is tested where they are made; here is the form that outside programs rely on.
"""

import json
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, ROOT, Client, Server, Tap, dianji  # noqa: E402

PROVINCE = ("--people", "60", "--classes", "12", "--seed", "7")
CLOCK = "2025-10-15T09:00:00+08:00"

# (words, exit code): wrong usage is 2, whatever else is wrong as well.
WRONG = [
    ((), 2), (("nonsense",), 2), (("init",), 2), (("init", "--db"), 2), (("plan", "--json"), 2),
    (("plan", "--db", DATABASE, "--json", "--more"), 2), (("pack",), 2), (("pack", "check"), 2),
    (("pack", "mend", "tests/pack/minimal"), 2), (("roster", "check"), 2), (("ledger", "recount"), 2),
    (("ledger", "burn", "--db", DATABASE), 2), (("simulate", "--people", "1"), 2),
    (("simulate", "--db", DATABASE, "--people", "many"), 2), (("serve", "--db", DATABASE), 2),
    (("serve", "--listen", "127.0.0.1:1"), 2), (("dmn-test",), 2), (("decide",), 2),
]
# What fails although it was well asked.
FAILING = [
    ("init", "--db", "mysql://nowhere"),
    ("init", "--db", "sqlite:" + str(FOLDER / "nowhere/province.sqlite")),
    ("init", "--db", "sqlite:" + str(FOLDER / "packless.sqlite"), "--pack", str(FOLDER / "nowhere")),
    ("plan", "--db", "sqlite:" + str(FOLDER / "nothing.sqlite"), "--json"),
    ("simulate", "--db", "sqlite:" + str(FOLDER / "nothing.sqlite"), *PROVINCE),
    ("serve", "--db", "sqlite:" + str(FOLDER / "nothing.sqlite"), "--listen", "127.0.0.1:1"),
    ("serve", "--db", DATABASE, "--listen", "nowhere"),
    ("ledger", "recount", "--db", "postgresql://nobody@127.0.0.1:1/none"),
    ("roster", "check", str(FOLDER / "nothing.xlsx"), "--json"),
    ("decide", "nothing", "--json"), ("decide", "prize", "colour=red", "--json"),
    ("dmn-test", str(FOLDER / "nowhere"), "--json"),
]


def document(text):
    """The one JSON document of a text, or None where there is anything else."""
    try:
        return json.loads(text)
    except ValueError:
        return None


def is_one_line(text):
    return text.endswith("\n") and text.count("\n") == 1 and len(text) > 10


def check_usage(tap):
    for words, wanted in WRONG:
        code, out, error = dianji(*words)
        tap.check(f"dianji {' '.join(words[:2])}: wrong usage ends with 2 and prints nothing",
                  code == wanted and out == "" and error != "", (words, code, out, error))
    code, out, error = dianji("--help")
    tap.check("dianji --help names the commands", code == 0 and "dianji simulate" in out and error == "", out)
    code, out, error = dianji("--version")
    tap.check("dianji --version names the libraries",
              code == 0 and re.match(r"dianji \d+\.\d+\.\d+ \(SQLite 3\..*\)\n$", out) is not None and error == "", out)


def check_failures(tap):
    for words in FAILING:
        code, out, error = dianji(*words)
        tap.check(f"dianji {words[0]} that fails ends with 1 and one line: {words[-1][-30:]}",
                  code == 1 and out == "" and is_one_line(error), (words, code, out, error))


def check_init(tap):
    code, out, error = dianji("plan", "--db", DATABASE, "--json")
    tap.check("an empty database has no plan", code == 1 and out == "" and is_one_line(error), (out, error))
    for again in ("", " again"):
        code, out, error = dianji("init", "--db", DATABASE)
        tap.check(f"dianji init{again}", code == 0 and out == "", (out, error))
    code, out, error = dianji("simulate", "--db", DATABASE, *PROVINCE)
    tap.check("dianji simulate prints nothing on standard output", code == 0 and out == "", (out, error))


def check_plan(tap):
    code, out, error = dianji("plan", "--db", DATABASE, "--json")
    plan = document(out)
    tap.check("dianji plan prints one document", code == 0 and plan is not None and error == "", out[:300])
    items = plan["items"]
    tap.check("it has the items in order", [item["no"] for item in items] == list(range(1, 29)), out[:300])
    metrics = [metric for item in items for metric in item["metrics"]]
    shapes = [isinstance(metric["id"], str) and isinstance(metric["unit"], str)
              and isinstance(metric["actual"], int)
              and all(re.fullmatch(r"\d{4}", year) for year in metric["targets"]) for metric in metrics]
    tap.check("each metric has id, unit, targets by year and its actual", all(shapes) and len(shapes) > 28, metrics[:2])
    tap.check("each item has a title and its departments",
              all(item["title"] and item["departments"] for item in items), items[0])
    first = next(metric for metric in metrics if metric["id"] == "T01.training")
    tap.check("T01.training is in 人次 and has moved",
              first["unit"] == "人次" and first["targets"]["2025"] == 2310000 and first["actual"] > 0, first)
    other = "sqlite:" + str(FOLDER / "other.sqlite")
    dianji("init", "--db", other)
    dianji("simulate", "--db", other, *PROVINCE)
    code, same, error = dianji("plan", "--db", other, "--json")
    tap.check("the same seed gives the same numbers in another database", same == out, error)


def check_pack(tap):
    code, out, error = dianji("pack", "check", "tests/pack/minimal", "--json")
    tap.check("a whole pack has no fault", code == 0 and document(out)["faults"] == [] and error == "", out)
    broken = FOLDER / "broken"
    shutil.copytree(ROOT / "tests/pack/minimal", broken)
    plan = broken / "plan.yaml"
    plan.write_text("unheard_of: 1\n" + plan.read_text(encoding="utf-8"), encoding="utf-8")
    code, out, error = dianji("pack", "check", str(broken), "--json")
    faults = (document(out) or {}).get("faults", [])
    tap.check("a fault of a pack has file, line, code and words",
              code == 1 and is_one_line(error) and faults and faults[0]["file"] == "plan.yaml"
              and faults[0]["line"] == 1 and faults[0]["code"] and faults[0]["message"], (code, out, error))


def check_roster(tap):
    path = FOLDER / "roster.csv"
    path.write_text("花名册\n姓名,身份证号\n赵样一,53012919900307123X\n\n钱样二,530129199003072372\n", encoding="utf-8")
    code, out, error = dianji("roster", "check", str(path), "--json")
    found = document(out)
    tap.check("dianji roster check prints one document", code == 0 and found is not None and error == "", out)
    tap.check("rows and accepted are counted", found["rows"] == 2 and found["accepted"] + len(found["errors"]) == 2, out)
    faults = [(fault["row"], fault["column"], fault["code"]) for fault in found["errors"]]
    tap.check("a fault has the row that a spreadsheet shows, the column's title and a code",
              all(row in (3, 5) and column == "身份证号" and code == "id-checksum" for row, column, code in faults)
              and faults, faults)
    tap.check("a fault says what to do", all(fault["message"] for fault in found["errors"]), out)


def check_ledger(tap):
    code, out, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("dianji ledger recount finds no difference",
              code == 0 and re.fullmatch(r"[1-9]\d* counters compared, 0 differ\n", out) is not None and error == "", out)


def check_serve(tap):
    server = Server(clock=CLOCK).start()
    client = Client(server)
    tap.check("GET /healthz answers 200", client.get("/healthz").status == 200)
    reply = client.get("/progress", Accept="application/json")
    tap.check("a page answers its model as JSON", reply.kind == "application/json" and "items" in document(reply.text))
    reply = client.get("/none", Accept="application/json")
    problem = document(reply.text)
    tap.check("an error is problem details",
              reply.kind == "application/problem+json" and problem["status"] == reply.status == 404
              and problem["type"] and problem["title"], reply.text)
    tap.check("SIGTERM ends it cleanly", server.stop() == 0)


def main():
    tap = Tap()
    check_usage(tap)
    check_failures(tap)
    check_init(tap)
    check_plan(tap)
    check_pack(tap)
    check_roster(tap)
    check_ledger(tap)
    check_serve(tap)
    tap.finish()


if __name__ == "__main__":
    main()
