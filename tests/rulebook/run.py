"""The pack's decisions as pages: everybody reads the tables, tries own values, and sees which row decides."""

import json
import pathlib
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402


def read(server, path, **values):
    question = "?" + urllib.parse.urlencode(values) if values else ""
    reply = Client(server).get(path + question, Accept="application/json")
    return json.loads(reply.text) if reply.status == 200 else reply.status


def check_tables(tap, server):
    listed = read(server, "/rules")["decisions"]
    tap.check("all decisions are listed", {"prize", "education_fund", "equal_education"} <= {line["id"] for line in listed}, listed)
    pages = {line["id"]: read(server, "/rules/" + line["id"]) for line in listed}
    tap.check("each row names what it rests on", all(row["clause"] for page in pages.values() for row in page["rows"]))
    tap.check("nothing is decided before something is asked", not pages["prize"]["is_asked"]
              and not any(row["is_deciding"] for row in pages["prize"]["rows"]))
    tap.check("a decision that asks nothing is answered at once", pages["education_fund_limits"]["is_asked"]
              and pages["education_fund_limits"]["clause"] != "")
    tap.check("a page opens in both languages", all(
        Client(server).get(f"/rules/prize?lang={language}").status in (200, 303) for language in ("zh", "en")))
    tap.check("an unknown decision is not found", read(server, "/rules/nothing") == 404)


def check_trying(tap, server):
    page = read(server, "/rules/prize", contest="世界技能大赛", award="金牌", sent_by_province="true")
    deciding = [row["number"] for row in page["rows"] if row["is_deciding"]]
    tap.check("the row that decides is shown, with its clause", deciding == [1] and "二.28" in page["clause"], page)
    tap.check("amounts are grouped", page["results"][0]["value"] == "600,000", page["results"])
    page = read(server, "/rules/prize", contest="世界技能大赛")
    tap.check("what is missing is said by name", page["is_asked"] and len(page["problems"]) == 2
              and "奖项" in page["problems"][0]["what"] and not any(row["is_deciding"] for row in page["rows"]), page)
    page = read(server, "/rules/education_fund", wages="<b>", spent="90000", front_line="54000")
    tap.check("what is no number is asked for again", any("工资薪金总额" in problem["what"] for problem in page["problems"]), page)
    html = Client(server).get("/rules/education_fund?wages=%3Cscript%3E").text
    tap.check("and nothing of it gets into the page", "<script>" not in html.partition("<main")[2], html)


def main():
    tap = Tap()
    code, _, error = dianji("init", "--db", DATABASE)
    tap.check("dianji init", code == 0, error)
    with Server() as server:
        check_tables(tap, server)
        check_trying(tap, server)
    tap.finish()


if __name__ == "__main__":
    main()
