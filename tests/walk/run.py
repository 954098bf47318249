"""The spine over HTTP: signing in, a roster from a file, and the refusals that only a page can give.

On a simulated province, whose clock stands in October 2025.
"""

import io
import json
import pathlib
import re
import subprocess
import sys
import uuid
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

PASSWORD = "dianji-2025"
CLOCK = "2025-10-15T09:00:00+08:00"


class Province(Server):
    """The server, standing in the simulation's last day."""

    def start(self, seconds=60):
        launch = subprocess.Popen

        def with_clock(words, **options):
            return launch([*words, "--clock", CLOCK], **options)

        subprocess.Popen = with_clock
        try:
            return super().start(seconds)
        finally:
            subprocess.Popen = launch


def csrf(page):
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    return found.group(1) if found else ""


def sign_in(client, login, password=PASSWORD, **headers):
    page = client.get("/sign-in").text
    return client.post("/sign-in", {"login": login, "password": password, "csrf": csrf(page)}, **headers)


def as_account(server, login):
    client = Client(server)
    reply = sign_in(client, login)
    if reply.status != 303:
        raise RuntimeError(f"{login} cannot sign in: {reply.status}")
    return client


def outcome(reply):
    """The code that a JSON answer carries."""
    data = json.loads(reply.text)
    return data.get("outcome") or data.get("type", "").rpartition("/")[2]


def act(client, path, fields=None, page="/account"):
    """A POST as a program sends it, with the page's token."""
    token = csrf(client.get(page).text)
    return client.post(path, {**(fields or {}), "csrf": token}, Accept="application/json")


def upload(client, path, name, content):
    token = csrf(client.get("/account").text)
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode()]
    if content is not None:
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     "Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return client.request("POST", path, b"".join(parts), Content_Type=f"multipart/form-data; boundary={boundary}",
                          Accept="application/json")


def walk_sign_in(tap, server):
    client = Client(server)
    tap.check("a wrong password is refused: sign_in.refused",
              outcome(sign_in(client, "school1", "wrong", Accept="application/json")) == "sign_in.refused")
    tap.check("an unknown account gets the same words: sign_in.refused",
              outcome(sign_in(client, "nobody", "wrong", Accept="application/json")) == "sign_in.refused")
    tap.check("the right one opens: sign_in.done",
              outcome(sign_in(client, "school1", Accept="application/json")) == "sign_in.done")
    page = client.get("/account").text
    own = re.search(r"/desk", client.get("/").text)
    tap.check("who is signed in has a desk", own is not None)
    tap.check("a post of somebody else is not given: post_switch.not_yours",
              outcome(act(client, "/account/post/0000000000001")) == "post_switch.not_yours", page[:300])
    page = json.loads(client.get("/account", Accept="application/json").text)
    tap.check("one's own post may be taken: post_switch.done",
              outcome(act(client, f"/account/post/{page['posts'][0]['id']}")) == "post_switch.done", page)
    for _ in range(6):
        last = outcome(sign_in(Client(server), "head6", "wrong", Accept="application/json"))
    tap.check("guessing is slowed down: sign_in.too_many", last == "sign_in.too_many", last)


def walk_roster(tap, server):
    client = as_account(server, "school1")
    classes = json.loads(client.get("/desk/classes", Accept="application/json").text)["list"]["rows"]
    tap.check("the school sees its classes", len(classes) > 0)
    open_ones = [line for line in classes if line["state"] in ("approved", "in_progress")]
    path = (open_ones or classes)[0]["path"] + "/roster"
    tap.check("no file is said to be none: roster_upload.no_file",
              outcome(upload(client, path, "", None)) == "roster_upload.no_file")
    reply = upload(client, path, "notes.csv", "只是一段文字\n".encode())
    tap.check("a text without header is refused with what to do", outcome(reply) == "roster_upload.no_header", reply.text)


def cells_of(workbook):
    """The texts of a workbook's rows, by reading its XML."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.namelist()
        shared = parts.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in names else ""
    texts = [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<si>(.*?)</si>", shared, re.S)]
    rows = {}
    for number, row in re.findall(r'<row r="(\d+)"[^>]*?(?:/>|>(.*?)</row>)', sheet, re.S):
        cells = re.findall(r'<c r="([A-Z]+)\d+"[^>]*?(?:/>|>(.*?)</c>)', row, re.S)
        rows[int(number)] = [texts[int(re.search(r"<v>(\d+)</v>", body).group(1))] if "<v>" in body and texts
                             else re.sub(r"<[^>]+>", "", body) for _, body in cells]
    return rows


MESSY = """某县2025年培训学员花名册,,,
（填表说明：身份证号请用文本格式）,,,
序号,学员姓名,公民身份号码,联系电话
1,张三丰,５３０１０２１９９００３０７００１６,13908712345

2,李四,530102199003070000,13908712346
3,王五,5.30102E+17,13908712347
"""


def check_verdicts(tap, client, path):
    """The rows of one verdict alone, by links that every browser follows."""
    def read(asked):
        preview = json.loads(client.get(path + asked, Accept="application/json").text)
        return [line["row_number"] for line in preview["lines"]], [line["row_number"] for line in preview["faults"]]

    tap.check("the rows to come in alone", read("?verdict=fresh") == ([4], []), read("?verdict=fresh"))
    tap.check("the rows to be mended alone", read("?verdict=refused") == ([], [6, 7]), read("?verdict=refused"))
    tap.check("of a verdict that no row has, none", read("?verdict=doubtful") == ([], []), read("?verdict=doubtful"))
    tap.check("a verdict that is none keeps all", read("?verdict=nothing") == ([4], [6, 7]), read("?verdict=nothing"))
    page = client.get(path + "?verdict=refused", Accept="text/html").text
    links = re.findall(r'<a href="([^"]*)"( aria-current="page")?>[^<]*<span>(\d+)</span></a>', page)
    tap.check("each verdict is a link with its count", links == [(path, "", "3"), (path + "?verdict=fresh", "", "1"),
              (path + "?verdict=refused", ' aria-current="page"', "2")], links)
    tap.check("the files stay at hand", f"{path}/marked.xlsx" in page)


def walk_marked(tap, server):
    """A messy file: each fault at its row and column, and the same file back with them marked."""
    client = as_account(server, "school1")
    classes = json.loads(client.get("/desk/classes", Accept="application/json").text)["list"]["rows"]
    path = next(line["path"] for line in classes if line["state"] in ("approved", "in_progress"))
    reply = upload(client, path + "/roster", "花名册.csv", MESSY.encode("gb18030"))
    tap.check("a file in GB18030 with titles above is previewed", outcome(reply) == "roster_upload.done", reply.text)
    preview_path = json.loads(reply.text)["location"]
    preview = json.loads(client.get(preview_path, Accept="application/json").text)
    found = {(line["row_number"], line["field"]) for line in preview["faults"]}
    tap.check("each fault stands at its row and column", found == {(6, "身份证号"), (7, "身份证号")}, preview)
    check_verdicts(tap, client, preview_path)
    marked = client.get(preview_path + "/marked.xlsx")
    rows = cells_of(marked.body)
    tap.check("the marked copy is a workbook in the same layout",
              marked.status == 200 and rows[3][:4] == ["序号", "学员姓名", "公民身份号码", "联系电话"], rows)
    said = {line["row_number"]: line["message"] for line in preview["faults"]}
    tap.check("it says each fault at the end of its row", all(said[row] in rows[row][-1] for row in said), rows)
    tap.check("a good row has none, and keeps its number as a text", rows[4][2].startswith("５３０１０２") and len(rows[4]) == 4, rows)
    marked = client.get(preview_path + "/marked.csv")
    tap.check("the same as delimited text", marked.status == 200 and said[6] in marked.text, marked.text)
    rest = cells_of(client.get(preview_path + "/aside.xlsx").body)
    tap.check("or only the rows that stay out, below the same titles",
              len(rest) == 5 and rest[3][:4] == rows[3][:4] and all(said[row] in rest[row - 2][-1] for row in said), rest)
    tap.check("nothing else by that address", client.get(preview_path + "/marked.exe").status == 404)
    other = as_account(server, "school2")
    tap.check("another school gets neither", other.get(preview_path + "/marked.xlsx").status == 404
              and other.get(preview_path).status == 404)


def walk_money(tap, server):
    client = as_account(server, "cashier1")
    batches = json.loads(client.get("/desk/payments", Accept="application/json").text)["batches"]["rows"]
    tap.check("finance sees its batches", len(batches) > 0)
    path = batches[0]["path"]
    reply = upload(client, path + "/result", "result.csv", "随便,什么\n1,2\n".encode())
    tap.check("a file that is no result is refused whole: batch_result.unreadable",
              outcome(reply) == "batch_result.unreadable", reply.text)
    file = client.get(path + "/file.csv")
    tap.check("the bank's file has a line a payment", file.status == 200 and file.text.count("\n") == batches[0]["payment_count"] + 1)
    book = cells_of(client.get(path + "/file.xlsx").body)
    lines = [line.split(",") for line in file.text.split("\r\n")[1:-1]]
    tap.check("and a workbook says the same", [book[row + 2][:3] for row in range(len(lines))] == [line[:3] for line in lines]
              and all(len(line[2]) >= 16 for line in lines), book)


def walk_public(tap, server):
    reply = Client(server).get("/certificate/S000000000000000000000", Accept="application/json")
    known = json.loads(reply.text)
    tap.check("a number that nobody has says no date", reply.status == 404 and not known["is_found"]
              and known["issued_on"] is None, reply.text)


def walk_certificate(tap, server):
    """On paper for its holder and the offices of the place; for nobody else."""
    worker = as_account(server, "worker1")
    trainings = json.loads(worker.get("/me", Accept="application/json").text)["trainings"]
    done = next(line for line in trainings if line["certificate_no"])
    tap.check("the own record says what was attended and what is paid",
              done["attended"] > 0 and done["subsidy"] == "paid" and done["amount_fen"] > 0, done)
    tap.check("when, and to whom", done["paid_on"] is not None and done["paid_on"] in done["money"] and "学校" in done["money"], done)
    path = f"/certificate/{done['certificate_no']}/print"
    sheet = json.loads(worker.get(path, Accept="application/json").text)
    tap.check("the holder prints the certificate, with the code of its check",
              sheet["check_url"].endswith(f"/certificate/{done['certificate_no']}") and sheet["qr"].startswith("M")
              and len(sheet["identity_no"]) == 18, sheet)
    tap.check("so does who examined", as_account(server, "evaluator1").get(path).status == 200)
    tap.check("another county's office does not", as_account(server, "county2").get(path).status == 404)
    tap.check("nor does anybody", Client(server).get(path).status == 303)


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "2")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Province() as server:
        walk_sign_in(tap, server)
        walk_roster(tap, server)
        walk_marked(tap, server)
        walk_money(tap, server)
        walk_certificate(tap, server)
        walk_public(tap, server)
    code, out, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("the counters are what a recount says", code == 0, out + error)
    tap.finish()


if __name__ == "__main__":
    main()
