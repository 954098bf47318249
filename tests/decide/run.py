#!/usr/bin/env python3
"""The pack's decisions, asked with dianji decide: against the figures of item 28 written down here once more, and, where it is at hand,
against an independent reading of the Opinion (DIANJI_SHARED, default: the folder "shared" beside the repository).

engines: none
"""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import ROOT, Tap, dianji  # noqa: E402

SHARED = pathlib.Path(os.environ.get("DIANJI_SHARED", ROOT.parent / "shared"))
WORLD, NATIONAL, OTHER = "世界技能大赛", "全国职业技能大赛", "其他全国一类职业技能竞赛"
PROVINCIAL, SECOND, OWN = "全省综合性职业技能大赛和其他省级一类职业技能竞赛", "全国二类或省级二类职业技能竞赛", "州市、行业和企业的竞赛"
MEDALS, PLACES, EXCELLENCE = ("金牌", "银牌", "铜牌"), ("一等奖", "二等奖", "三等奖"), "优胜奖"
# (contest, award) → yuan; what is not here has no amount.
PRIZES = {(WORLD, "金牌"): 600000, (WORLD, "银牌"): 400000, (WORLD, "铜牌"): 200000, (WORLD, EXCELLENCE): 100000,
          (NATIONAL, "金牌"): 200000, (NATIONAL, "银牌"): 150000, (NATIONAL, "铜牌"): 80000, (NATIONAL, EXCELLENCE): 20000,
          (OTHER, "金牌"): 100000, (OTHER, "银牌"): 50000, (OTHER, "铜牌"): 20000,
          (OTHER, "一等奖"): 30000, (OTHER, "二等奖"): 20000, (OTHER, "三等奖"): 10000,
          (PROVINCIAL, "金牌"): 30000, (PROVINCIAL, "银牌"): 20000, (PROVINCIAL, "铜牌"): 10000}
SENT = {WORLD, OTHER}  # the text speaks of those whom the province sent
TIERS = {"T1": WORLD, "T2": NATIONAL, "T3": OTHER, "T3b": OTHER, "T4": PROVINCIAL}


def decide(decision, **inputs):
    code, text, error = dianji("decide", decision, *(f"{key}={value}" for key, value in inputs.items()), "--json")
    return json.loads(text) if code == 0 else {"code": code, "error": error}


def prize(contest, award, sent="true"):
    return decide("prize", contest=contest, award=award, sent_by_province=sent)


def check_prizes(tap):
    wrong, silent = [], []
    for contest in (WORLD, NATIONAL, OTHER, PROVINCIAL, SECOND, OWN):
        for award in (*MEDALS, *PLACES, EXCELLENCE):
            for sent in ("true", "false"):
                answer = prize(contest, award, sent)
                outputs, rules = answer["outputs"], answer["rules"]
                is_open = sent == "false" and contest in SENT and award not in PLACES
                yuan = None if is_open else PRIZES.get((contest, award))
                if (outputs["选手奖金"], outputs["团队奖金"]) != (yuan, yuan):
                    wrong.append((contest, award, sent, outputs))
                if len(rules) != 1 or answer["clause"] != "意见 二.28" or (yuan is None and not rules[0]["notes"].get("说明")):
                    silent.append((contest, award, sent, rules))
    tap.check("each prize is the Opinion's, to the yuan", wrong == [], wrong)
    tap.check("one rule decides, under its clause, and what has no amount says why", silent == [], silent)
    tap.check("a may is a may", prize(PROVINCIAL, "金牌")["outputs"]["给予"] == "可以"
              and prize(OTHER, "一等奖")["outputs"]["给予"] == "可以" and prize(WORLD, "金牌")["outputs"]["给予"] == "应当")
    tap.check("an excellence prize below the national contest waits for a decision",
              {prize(contest, EXCELLENCE)["outputs"]["给予"] for contest in (OTHER, PROVINCIAL)} == {"待定"})
    tap.check("the world's team is the technical one, the others' coach", prize(WORLD, "银牌")["outputs"]["团队"] == "技术团队"
              and prize(NATIONAL, "银牌")["outputs"]["团队"] == "教练团队")


def check_reading(tap):
    path = SHARED / "policy" / "policy.json"
    if not path.is_file():
        tap.number += 1
        print(f"ok {tap.number} - the independent reading # SKIP there is no {path}", flush=True)
        return
    rows = json.loads(path.read_text(encoding="utf-8"))["awards"]["table"]
    wrong = [row for row in rows
             if prize(TIERS[row["tier"]], row["award"])["outputs"]["选手奖金"] != row["amount_per_contestant_yuan"]]
    tap.check("the independent reading agrees", len(rows) == len(PRIZES) and wrong == [], wrong)


def main():
    tap = Tap()
    check_prizes(tap)
    check_reading(tap)
    fund = decide("education_fund", wages=1000000, spent=90000, front_line=54000)
    tap.check("eight per cent of wages can be deducted", fund["outputs"]["可以扣除"] == 80000 and fund["outputs"]["超出限额"] == 10000, fund)
    tap.check("sixty per cent for the front line is enough, less is not", fund["outputs"]["占比达标"] is True
              and decide("education_fund", wages=1000000, spent=90000, front_line=53999)["outputs"]["占比达标"] is False)
    tap.check("a context's decision names the clause of what it required", fund["clause"] == "意见 三.3", fund)
    equal = {name: decide("equal_education", class_type=name)["outputs"]["同等学历"] for name in ("中级工班", "高级工班", "预备技师（技师）班")}
    tap.check("a class's graduates are treated as graduates of …", list(equal.values()) == ["中专", "大学专科", "本科"], equal)
    tap.check("a series that is not named waits for a decision", decide("title_series", series="工程")["outputs"] == {"贯通职称系列": True}
              and decide("title_series", series="新闻")["outputs"] == {"贯通职称系列": None})
    code, text, error = dianji("decide", "奖金", "赛事=" + WORLD, "奖项=金牌", "我省选派=true", "--json")
    tap.check("names do as well as ids", code == 0 and json.loads(text)["outputs"]["选手奖金"] == 600000, error)
    code, _, error = dianji("decide", "nothing", "--json")
    tap.check("an unknown decision is said, with those there are", code == 1 and "prize (奖金)" in error, error)
    code, _, error = dianji("decide", "prize", "colour=red", "--json")
    tap.check("so is an unknown input", code == 1 and "contest (赛事)" in error and "level" not in error, error)
    for word in ("award=钻石", "sent_by_province=maybe"):
        code, text, error = dianji("decide", "prize", word, "--json")
        tap.check(f"{word} is no value of it", code == 1 and text == "" and word.partition("=")[2] in error, (text, error))
    code, _, error = dianji("decide")
    tap.check("without a decision the words are wrong", code == 2 and "usage" in error, error)
    tap.finish()


if __name__ == "__main__":
    main()
