"""Runs the benchmarks that script/bench describes."""

import json
import os
import pathlib
import subprocess
import sys
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[1]
INTERPRETERS = {".py": [sys.executable], ".sh": ["bash"], ".mjs": ["node"]}


def width(text):
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows):
    """Lines of an aligned table."""
    cells = [["what", "value", "unit", "beside"]]
    for row in rows:
        value = row["value"]
        cells.append([row["what"], f"{value:,}" if isinstance(value, (int, float)) else str(value),
                      row.get("unit", ""), row.get("beside", "")])
    widths = [max(width(line[i]) for line in cells) for i in range(4)]
    for line in cells:
        what, value, unit, beside = (" " * (widths[i] - width(text)) for i, text in enumerate(line))
        yield f"  {line[0]}{what}  {value}{line[1]}  {line[2]}{unit}  {line[3]}{beside}".rstrip()


def run(path):
    """Runs one benchmark; True when it went well."""
    print(f"{path.stem}", flush=True)
    done = subprocess.run(INTERPRETERS[path.suffix] + [str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                          env=os.environ | {"DIANJI": str(ROOT / "build/dianji")}, check=False)
    try:
        document = json.loads(done.stdout)
    except json.JSONDecodeError:
        print(f"  failed (exit code {done.returncode}), and printed no JSON")
        return False
    folder = ROOT / "build" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{path.stem}.json").write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    if document.get("about"):
        print(f"  {document['about']}")
    print("\n".join(table(document["rows"])))
    return done.returncode == 0


def main():
    found = {path.stem: path for path in sorted((ROOT / "bench").glob("*")) if path.suffix in INTERPRETERS}
    wanted = sys.argv[1:] or sorted(found)
    unknown = [name for name in wanted if name not in found]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are: {', '.join(found) or 'none yet'}", file=sys.stderr)
        return 2
    return 0 if all([run(found[name]) for name in wanted]) else 1


if __name__ == "__main__":
    sys.exit(main())
