#!/usr/bin/env python3
"""Holds the Yunnan pack against the rooms that use it and, where that is at hand, an independent reading of the Opinion.

engines: none

The reading is DIANJI_SHARED (default: the folder "shared" beside the repository): policy/policy.json has the figures, departments and
titles, policy/opinion-2021-28.txt the text, data/ the divisions. Without it those tests are skipped, and say so.
"""

import csv
import json
import os
import pathlib
import re
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACK = ROOT / "policies" / "yunnan-2021-28"
SHARED = pathlib.Path(os.environ.get("DIANJI_SHARED", ROOT.parent / "shared"))

# The document's word beside a figure → the pack's qualifier.
QUALIFIERS = {"以上": "at_least", "不低于": "not_below", "不少于": "no_fewer", "至少": "minimum", "新增": "added",
              "争取": "strive", "左右": "about", "4—6": "between", "全覆盖": "everyone", "一批": "batch", "每年": "yearly"}
COMPARATORS = {"plain": ">=", "exactly": "==", "at_least": ">=", "not_below": ">=", "no_fewer": ">=", "minimum": ">=",
               "added": ">=", "strive": ">=", "about": "~", "between": "range", "everyone": "==", "batch": "report",
               "yearly": "report", "checklist": "checklist"}
# How the reading says that a number accumulates → the kinds of metric that may stand for it.
KINDS = {"cumulative_2021_2025": {"flow", "people", "milestone", "report"}, "stock_at_date": {"stock"},
         "point_in_time": {"ratio"}, "per_item": {"amount"}, "yearly": {"report", "milestone"},
         "every_2_years": {"milestone"}, "every_3_years": {"milestone"}}
YEARS = {"yearly": 1, "every_2_years": 2, "every_3_years": 3}
COPIED_CHARACTERS_MAX = 20


def load(name):
    return yaml.safe_load((PACK / name).read_text(encoding="utf-8"))


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plan_metrics(plan):
    """id → (metric, item number or None)."""
    found = {metric["id"]: (metric, None) for metric in plan["headlines"]}
    for item in plan["items"]:
        found |= {metric["id"]: (metric, item["number"]) for metric in item["metrics"]}
    return found


def target_of(metric, year):
    """(qualifier, figure) of a year; figure a number, a list or None."""
    target = metric.get("targets", {}).get(year)
    if target is None or isinstance(target, str):
        return target, None
    return next(iter(target.items()))


def differences_of_target(metric, wanted, year):
    qualifier, figure = target_of(metric, year)
    text = wanted[f"qualifier_{year}"]
    expected = wanted[f"target_{year}"]
    if figure != expected:
        yield f"{wanted['id']} {year}: {figure}, not {expected}"
    if text is not None and qualifier != QUALIFIERS[text]:
        yield f"{wanted['id']} {year}: {qualifier}, the text says {text}"
    if text is None and expected is not None and qualifier not in ("plain", "exactly"):
        yield f"{wanted['id']} {year}: {qualifier}, the text has no word"
    if qualifier is not None and year == 2025 and COMPARATORS[qualifier] != wanted["comparator"]:
        yield f"{wanted['id']} {year}: compared as {COMPARATORS[qualifier]}, not {wanted['comparator']}"


def metrics_agree(plan, policy):
    """Every metric with its name, unit, item, targets, qualifiers and whole."""
    have = plan_metrics(plan)
    for task in policy["tasks"]:
        for wanted in task["metrics"]:
            metric, item = have.get(wanted["id"], ({}, None))
            if not metric:
                yield f"{wanted['id']} is missing"
                continue
            for year in (2021, 2025):
                yield from differences_of_target(metric, wanted, year)
            for key, mine in (("unit", metric["unit"]), ("of_which", metric.get("of_which"))):
                if mine != wanted[key]:
                    yield f"{wanted['id']}: {key} is {mine}, not {wanted[key]}"
            if metric["name"]["zh"] != wanted["name"].split("（见")[0]:
                yield f"{wanted['id']}: named {metric['name']['zh']}"
            if item != task["task_no"]:
                yield f"{wanted['id']} stands under item {item}"
            if metric["kind"] not in KINDS[wanted["accumulation"]]:
                yield f"{wanted['id']}: kind {metric['kind']} for {wanted['accumulation']}"
            if metric.get("every_years") != YEARS.get(wanted["accumulation"]):
                yield f"{wanted['id']}: every {metric.get('every_years')} years"
            counts = wanted["id"] in have["H.training"][0]["sum_of"]
            if counts != wanted["counts_toward_headline_5m"]:
                yield f"{wanted['id']}: part of the headline: {counts}"


def nothing_is_invented(plan, policy):
    """A metric that the document does not have has no target, and says why it is there."""
    known = {metric["id"] for task in policy["tasks"] for metric in task["metrics"]}
    known |= {goal["id"] for goal in policy["headline_goals"]}
    for identifier, (metric, _) in plan_metrics(plan).items():
        if identifier not in known and (metric["kind"] != "report" or "decision" not in metric or "targets" in metric):
            yield f"{identifier} is not in the document"


def headlines_agree(plan, policy):
    """The four headline targets, and that items 1–9 add up to the first."""
    have = {metric["id"]: metric for metric in plan["headlines"]}
    for goal in policy["headline_goals"]:
        metric = have.pop(goal["id"])
        if target_of(metric, 2025) != (QUALIFIERS[goal["qualifier"]], goal["target_2025"]):
            yield f"{goal['id']}: {target_of(metric, 2025)}"
        if metric["unit"] != goal["unit"]:
            yield f"{goal['id']}: unit {metric['unit']}"
        if "same_as" in goal and metric.get("sum_of") != [goal["same_as"]]:
            yield f"{goal['id']} is not {goal['same_as']}"
    if have:
        yield f"not in the document: {sorted(have)}"
    metrics = plan_metrics(plan)
    parts = [target_of(metrics[part][0], 2025)[1] for part in metrics["H.training"][0]["sum_of"]]
    if sum(parts) != policy["sum_checks"]["sum_tasks_1_to_9_2025"]:
        yield f"items 1–9 add up to {sum(parts)}"
    opening = metrics["T09.high_skilled_stock"][0]["baseline"]["value"]
    if opening != 1550000 - 390000:
        yield f"opening stock {opening}"


def items_agree(plan, policy):
    """28 items with number, title, named programme, group, clause and departments in order."""
    names = {department["code"]: department["name"]["zh"] for department in plan["departments"]}
    groups = {group["code"]: group["title"]["zh"] for group in plan["groups"]}
    if len(plan["items"]) != len(policy["tasks"]):
        yield f"{len(plan['items'])} items"
    for item, task in zip(plan["items"], policy["tasks"]):
        no = task["task_no"]
        if item["number"] != no or item["clause"] != f"意见 二.{no}":
            yield f"item {no}: {item['no']} {item['clause']}"
        # The group's verb may be left out.
        if not task["group"].split("）", 1)[1].endswith(groups[item["group"]]):
            yield f"item {no}: group {groups[item['group']]}"
        title, wanted = item["title"]["zh"], task["title"]
        if title != wanted:
            yield f"item {no}: {title}, not {wanted}"
        if [names[code] for code in item["departments"]] != task["responsible_departments"]:
            yield f"item {no}: departments differ"
        plain = re.sub(r"[（(/].*", "", task["named_programme"]).strip()
        if not item["programme"]["zh"].startswith(plain):
            yield f"item {no}: programme {item['programme']['zh']}, not {plain}"


def departments_agree(plan, policy):
    """23 departments with kind."""
    have = {department["name"]["zh"]: department["kind"] for department in plan["departments"]}
    want = {department["name"]: department["kind"] for department in policy["departments"]}
    for name in sorted(have.keys() ^ want.keys()):
        yield f"{name} is in one of the two only"
    for name in have.keys() & want.keys():
        if have[name] != want[name]:
            yield f"{name}: {have[name]}, not {want[name]}"


def safeguards_agree(_plan, policy):
    """The 8 % and 60 % of enterprises' education funds, as parameters under 意见 三.3."""
    parameters = {parameter["key"]: parameter for parameter in load("parameters.yaml")["parameters"]}
    for measure in policy["guarantee_measures"]:
        for metric in measure.get("metrics", []):
            key = {"M3.deduction_cap": "education_fund_deduction_permille",
                   "M3.frontline_share": "education_fund_frontline_permille"}[metric["id"]]
            values = [value["value"] for value in parameters[key]["values"]]
            if values != [metric["value"] * 10] or parameters[key]["clause"] != "意见 三.3":
                yield f"{key}: {values} under {parameters[key]['clause']}"


def document_is_the_one(plan, policy):
    """Number, issuer and date of the document."""
    meta = policy["meta"]
    mine = (plan["doc_no"], plan["issuer"]["zh"], str(plan["issued_on"]))
    if mine != (meta["doc_no"], meta["issuer"], meta["date"]):
        yield f"{mine}"


def divisions_agree(_plan, _policy):
    """Every division with name, level and parent; every retired county code with its successor."""
    want = {row["code"]: (row["name"], row["level"], row["parent_code"])
            for row in rows(SHARED / "data" / "yunnan_divisions_20230630.csv")}
    have = {row["code"]: (row["name"], row["level"], row["parent"]) for row in rows(PACK / "regions.csv")}
    for code in sorted(want.keys() | have.keys()):
        if want.get(code) != have.get(code):
            yield f"{code}: {have.get(code)}, not {want.get(code)}"
    history = json.loads((SHARED / "data" / "yunnan_county_code_history.json").read_text(encoding="utf-8"))
    retired = {code["code"]: code["successor"] or "533102" for code in history["codes"] if code["status"] == "retired"}
    mine = {row["code"]: row["successor"] for row in rows(PACK / "regions_history.csv")}
    for code in sorted(retired.keys() | mine.keys()):
        if retired.get(code) != mine.get(code):
            yield f"{code} → {mine.get(code)}, not {retired.get(code)}"


def words_of(thing):
    """Every Chinese text below a node of the pack."""
    if isinstance(thing, dict):
        for key, value in thing.items():
            if key == "zh":
                yield value
            elif key not in ("title", "name", "programme"):
                yield from words_of(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from words_of(value)


def summaries_are_our_own(plan, _policy):
    """No summary, note or decision repeats a sentence of the document."""
    text = re.sub(r"\s", "", (SHARED / "policy" / "opinion-2021-28.txt").read_text(encoding="utf-8"))
    for words in words_of(plan):
        for start in range(len(words) - COPIED_CHARACTERS_MAX):
            if words[start:start + COPIED_CHARACTERS_MAX + 1] in text:
                yield f"copied: {words}"
                break


def ledger_has_the_levels(_plan, _policy):
    """The pack's levels are the ledger's, in their order: both rooms speak of them by code."""
    text = (ROOT / "src" / "ledger" / "ledger.dict").read_text(encoding="utf-8")
    block = re.search(r"^enum skill_level\n((?:[ \t]+.*\n)+)", text, re.M).group(1)
    want = [line.split("#")[0].strip() for line in block.splitlines() if line.split("#")[0].strip()]
    have = [row["code"] for row in rows(PACK / "levels.csv")]
    if have != want:
        yield f"{have}, not {want}"


def rooms_append_declared_facts(_plan, _policy):
    """Every kind of fact that C appends is one that the pack declares."""
    declared = {fact["kind"] for fact in load("facts.yaml")["facts"]}
    for path in sorted((ROOT / "src").glob("*/*.[ch]")):
        for name, kind in re.findall(r'#define (FACT_\w+) "([^"]+)"', path.read_text(encoding="utf-8")):
            if kind not in declared:
                yield f"{path.name}: {name} is {kind}"


def organisation_kinds_exist(_plan, _policy):
    """A tag that a kind of organisation carries names one that the registry knows."""
    text = (ROOT / "src" / "registry" / "registry.dict").read_text(encoding="utf-8")
    block = re.search(r"^enum organisation_kind\n((?:[ \t]+.*\n)+)", text, re.M).group(1)
    for tag in load("facts.yaml")["tags"]:
        kind = tag.get("organisation_kind")
        if kind is not None and kind not in block.split():
            yield f"{tag['code']}: {kind}"


# Of the repository alone, and against the independent reading.
OWN_CHECKS = [ledger_has_the_levels, rooms_append_declared_facts, organisation_kinds_exist]
CHECKS = [document_is_the_one, headlines_agree, metrics_agree, nothing_is_invented, items_agree, departments_agree,
          safeguards_agree, divisions_agree, summaries_are_our_own]


def main():
    path = SHARED / "policy" / "policy.json"
    has_reading = path.exists()
    policy = json.loads(path.read_text(encoding="utf-8")) if has_reading else None
    plan = load("plan.yaml")
    failed = False
    print(f"1..{len(OWN_CHECKS) + len(CHECKS)}")
    for number, check in enumerate(OWN_CHECKS + CHECKS, 1):
        if check in CHECKS and not has_reading:
            print(f"ok {number} - {check.__name__} # SKIP the independent reading is not at hand")
            continue
        found = list(check(plan, policy))
        failed = failed or bool(found)
        print(f"{'not ok' if found else 'ok'} {number} - {check.__name__}")
        for line in found:
            print(f"# {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
