"""Lists over HTTP: each row stands on one page, order is order, filters keep what they say, a file has the list's rows, and nobody
sees past their own.

On a simulated province, whose clock stands in October 2025.
"""

import csv
import dataclasses
import io
import json
import pathlib
import re
import sys
import urllib.parse
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Seat, Server, Tap, dianji  # noqa: E402

CLOCK = "2025-10-15T09:00:00+08:00"
ROWS_A_PAGE = 20
NUMBER = re.compile(r"(?<!\d)\d{15,19}[\dX]?(?!\d)")


@dataclasses.dataclass
class List:
    """A list as one seat has it; `columns` in the order of its file, "" where words stand for a code."""

    name: str
    login: str
    path: str
    key: str
    columns: tuple
    sorts: tuple = ()
    filters: tuple = ()
    view: str = "list"


LISTS = (
    List("classes of a county", "county1", "/desk/classes", "class",
         ("name", "institution", "", "place", "", "starts_on", "lesson_hours", "enrolled", "capacity"),
         ("starts_on", "lesson_hours", "capacity"), ("state", "programme")),
    List("classes of the province", "province", "/desk/classes", "class", ("name", "institution"),
         ("starts_on", "lesson_hours", "capacity"), ("state", "region")),
    List("classes for everybody", "", "/classes", "class", ("name", "institution"), ("starts_on", "capacity"), ("programme",)),
    List("claims", "county1", "/desk/claims", "claim", ("class_name", "institution", "", "made_on", "line_count", "total_fen"),
         ("made_on", "line_count", "total_fen"), ("state",)),
    List("claims of an institution", "school1", "/desk/claims", "claim", ("class_name",), ("total_fen",), ("state",)),
    List("notices", "", "/notices", "notice", ("heading", "organisation", "", "from_day", "until_day", "line_count", "total_fen"),
         ("from_day", "until_day", "line_count", "total_fen"), ("phase", "region")),
    List("batches", "province", "/desk/payments", "batch", ("batch", "made_on", "payment_count", "total_fen"),
         ("made_on", "payment_count", "total_fen", "approved_on"), ("state",), "batches"),
    List("certificates", "county1", "/desk/certificates", "certificate",
         ("certificate_no", "person_name", "", "", "class_name", "issuer", "issued_on"), (), ("taught", "level", "state")),
    List("certificates of an evaluator", "evaluator1", "/desk/certificates", "certificate", ("certificate_no",), (), ("level",)),
    List("people", "county1", "/desk/people", "person", ("name", "identity_no", "", "", "born_on"), (),
         ("region", "document_kind"), "people"),
    List("organisations", "province", "/desk/organisations", "organisation", ("name", "credit_code"), (), ("kind", "state")),
    List("posts", "admin", "/desk/posts", "post", ("name", "login", "", "organisation", "confirmed_on", "due_on"), (), ("review",)),
    List("accounts", "admin", "/desk/accounts", "account", ("name", "login"), (), ("state",)),
)
# Their addresses are found in the lists above.
ROSTER = List("trainees of a class", "school1", "", "enrolment", ("name", "identity_no", "phone", "attended"),
              ("attended", "name", "state"), ("standing", "state"), "trainees")
PAYMENTS = List("payments of a batch", "cashier1", "", "payment", ("purpose", "payee", "account", "amount_fen", "", "", "", "payment"),
                ("amount_fen", "settled_on"), ("state",), "lines")
ORDER_OF_STATES = ("enrolled", "withdrawn", "completed", "failed")


class Reader:
    """Somebody who reads lists as a program does."""

    def __init__(self, server, login):
        self.seat = Seat(login).sign_in(server) if login else None
        self.client = self.seat.client if login else Client(server)

    def answer(self, path, **asked):
        query = urllib.parse.urlencode(asked)
        return self.client.get(f"{path}?{query}" if query else path, Accept="application/json")

    def page(self, what, **asked):
        reply = self.answer(what.path, **asked)
        if reply.status != 200:
            raise RuntimeError(f"{what.name} {asked}: {reply.status} {reply.text[:200]}")
        return json.loads(reply.text)[what.view]

    def all(self, what, **asked):
        """The rows of every page, and the total that each page tells."""
        shown, totals = [], set()
        number, step = 1, {}
        while True:
            page = self.page(what, **asked, **step)
            shown += page["rows"]
            totals.add(page["total"])
            number += 1
            if "next_after" in page:
                step = {"after": page["next_after"], "page": number}
            elif page["rows"] and len(shown) < page["total"] and "after" not in step:
                step = {"page": number}
            else:
                return shown, totals


def keys(what, rows):
    return [row[what.key] for row in rows]


def weight(column, value):
    """What an order compares: what is not there comes first."""
    if column == "state" and value in ORDER_OF_STATES:
        return ORDER_OF_STATES.index(value)
    return (value is not None, value)


def as_in_file(column, value):
    if value is None:
        return ""
    return f"{value // 100}.{value % 100:02}" if column.endswith("_fen") else str(value)


def check_pages(tap, reader, what):
    rows, totals = reader.all(what)
    found = keys(what, rows)
    tap.check(f"{what.name}: there are some", len(found) > 1, found)
    tap.check(f"{what.name}: each row once, on pages that agree", len(set(found)) == len(found) and totals == {len(found)},
              f"{len(found)} rows, {len(set(found))} different, totals {totals}")
    past = reader.page(what, page="99999")
    tap.check(f"{what.name}: a page that is none shows rows", past["rows"] != [], past)
    return rows


def check_orders(tap, reader, what, rows):
    for column in what.sorts:
        for order, sign in (("asc", 1), ("desc", -1)):
            sorted_rows, _ = reader.all(what, sort=column, order=order)
            weights = [weight(column, row[column]) for row in sorted_rows][::sign]
            is_ordered = column == "name" or weights == sorted(weights)  # names by pinyin: dictionary/table_test.c
            tap.check(f"{what.name}: by {column} {order}", is_ordered and set(keys(what, sorted_rows)) == set(keys(what, rows))
                      and len(sorted_rows) == len(rows), weights)
    if "name" in what.sorts:
        up, down = ([row["name"] for row in reader.all(what, sort="name", order=order)[0]] for order in ("asc", "desc"))
        tap.check(f"{what.name}: by name, and turned", up == down[::-1] != [row["name"] for row in rows], up)
    ignored, _ = reader.all(what, sort="nothing", order="sideways")
    tap.check(f"{what.name}: an order that is none changes nothing", keys(what, ignored) == keys(what, rows))


def check_filters(tap, reader, what, rows):
    for column in what.filters:
        for value in sorted({row[column] for row in rows if row[column] is not None}):
            kept, totals = reader.all(what, **{column: value})
            # a prefecture's or the province's code has its counties below it
            expected = [row[what.key] for row in rows if row[column] == value or column == "region" and
                        str(row[column]).startswith(re.sub(r"(00)+$", "", value))]
            tap.check(f"{what.name}: {column}={value}", keys(what, kept) == expected and totals == {len(expected)},
                      f"{keys(what, kept)}, not {expected}")
        ignored, _ = reader.all(what, **{column: "no such thing"})
        tap.check(f"{what.name}: a {column} that is none keeps everything", keys(what, ignored) == keys(what, rows))


def cells(text):
    """A file's cell; what guards a value from the spreadsheet is taken off."""
    return re.sub(r'^="(.*)"$', r"\1", text)


def check_file(tap, reader, what, **asked):
    rows, _ = reader.all(what, **asked)
    reply = reader.answer(what.path, **asked, **{"as": "csv"})
    lines = list(csv.reader(io.StringIO(reply.text.removeprefix("\ufeff"))))[1:]
    expected = [[as_in_file(column, row[column]) for column in what.columns if column] for row in rows]
    written = [[cells(line[place]) for place, column in enumerate(what.columns) if column] for line in lines]
    tap.check(f"{what.name}: the file {asked or ''} has the list's rows", reply.status == 200 and written == expected,
              f"{written[:3]}, not {expected[:3]}; {len(written)} and {len(expected)}")
    reply = reader.answer(what.path, **asked, **{"as": "xlsx"})
    with zipfile.ZipFile(io.BytesIO(reply.body)) as book:
        count = book.read("xl/worksheets/sheet1.xml").count(b"<row ")
    tap.check(f"{what.name}: so has the workbook", count == len(rows) + 1, count)


def check_list(tap, server, what):
    reader = Reader(server, what.login)
    rows = check_pages(tap, reader, what)
    check_orders(tap, reader, what, rows)
    check_filters(tap, reader, what, rows)
    check_file(tap, reader, what)
    column = next(iter(what.filters))
    value = next(row[column] for row in rows if row[column] is not None)
    check_file(tap, reader, what, **{column: value}, **({"sort": what.sorts[0], "order": "desc"} if what.sorts else {}))
    return rows


def check_scope(tap, server):
    """Nothing of one county's is in the other's, and all of it is in the province's."""
    near, far, province = (Reader(server, login) for login in ("county1", "county3", "province"))
    for what in LISTS:
        if what.login != "county1":
            continue
        own, others = (set(keys(what, reader.all(what)[0])) for reader in (near, far))
        everybody = set(keys(what, province.all(what)[0]))
        tap.check(f"{what.name}: one county's are not another's", own and others and not own & others, own & others)
        tap.check(f"{what.name}: the province has both", own | others <= everybody, (own | others) - everybody)
    for name in ("classes of a county", "claims", "people"):
        what = next(one for one in LISTS if one.name == name)
        outside = near.page(what, region="530302")
        tap.check(f"{what.name}: asking for a county outside finds nothing", outside["total"] == 0 and outside["rows"] == [], outside)
    first, second = (set(keys(LISTS[4], Reader(server, login).all(LISTS[4])[0])) for login in ("school1", "school3"))
    tap.check("claims: one institution's are not another's", first and second and not first & second, first & second)
    for login, path in (("school3", ROSTER.path), ("county3", ROSTER.path), ("cashier3", PAYMENTS.path)):
        reply = Reader(server, login).answer(path, **{"as": "csv"})
        tap.check(f"{login} gets no file of {path}", reply.status == 404, reply.status)
    for login, path in (("school1", "/desk/people"), ("cashier1", "/desk/certificates"), ("worker1", "/desk/classes"),
                        ("admin", "/desk/people")):
        tap.check(f"{login} has no list at {path}", Reader(server, login).answer(path).status == 403)


def main_of(page):
    """The page's own part, without the tokens of its forms."""
    return re.sub(r'name="csrf" value="[^"]*"', "", page[page.index("<main"):page.index("</main>")])


def check_numbers(tap, server):
    """Whole numbers are in no list and no file, and none is searched for in an address."""
    officer = Reader(server, "county1")
    people = next(what for what in LISTS if what.name == "people")
    everybody, _ = officer.all(people)
    number = "53012919900307001X"
    shown = main_of(officer.client.get(f"/desk/people?q={number}", Accept="text/html").text)
    tap.check("people: a number in the address is not searched for, nor handed on", number not in shown, shown)
    tap.check("people: the field takes none", re.search(r'name="q"[^>]* pattern="\[\^0-9', shown) is not None, shown)
    tap.check("people: and changes nothing", officer.page(people, q=number)["total"] == len(everybody))
    name = everybody[0]["name"]
    found = officer.page(people, q=name)
    tap.check("people: they are found by name", found["total"] > 0 and all(row["name"].startswith(name) for row in found["rows"]), found)
    tap.check("people: one character is too little of a name", officer.page(people, q=name[0])["total"] == 0)
    for reader, what in ((officer, people), (Reader(server, ROSTER.login), ROSTER), (Reader(server, PAYMENTS.login), PAYMENTS),
                         (Reader(server, "auditor"), PAYMENTS)):
        texts = [reader.answer(what.path, **asked).text for asked in ({}, {"as": "csv"})]
        texts.append(main_of(reader.client.get(what.path, Accept="text/html").text))
        tap.check(f"{what.name}: no whole number", not any(NUMBER.search(text) for text in texts),
                  [NUMBER.findall(text)[:3] for text in texts])
    for login, status in (("cashier1", 200), ("treasurer1", 200), ("auditor", 403), ("province", 403)):
        reply = Reader(server, login).answer(PAYMENTS.path + "/file.csv")
        tap.check(f"the bank's file, with whole accounts, for {login}: {status}", reply.status == status, reply.status)


def check_certificates(tap, server):
    """What only their list asks."""
    officer = Reader(server, "county1")
    what = next(one for one in LISTS if one.name == "certificates")
    rows, _ = officer.all(what)
    days = sorted(row["issued_on"] for row in rows)
    middle = days[len(days) // 2]
    for asked, fits in (({"since": middle}, lambda day: day >= middle), ({"until": middle}, lambda day: day <= middle),
                        ({"since": middle, "until": middle}, lambda day: day == middle), ({"since": "x"}, lambda day: True)):
        kept, _ = officer.all(what, **asked)
        tap.check(f"certificates {asked}", keys(what, kept) == [row[what.key] for row in rows if fits(row["issued_on"])], asked)
    for column in ("certificate_no", "person_name", "class_name"):
        kept, _ = officer.all(what, q=rows[0][column])
        tap.check(f"certificates are found by {column}", rows[0] in kept and len(kept) < len(rows) and
                  all(rows[0][column] in (row["certificate_no"], row["person_name"], row["class_name"]) for row in kept), kept)
    tap.check("each leads to its check", officer.answer(rows[0]["path"]).status == 200)


def find_things(server):
    """A class with many trainees, and a batch with several payments."""
    classes, _ = Reader(server, "school1").all(LISTS[0])
    ROSTER.path = max(classes, key=lambda row: (row["state"] == "closed", row["enrolled"]))["path"]
    cashier = Reader(server, "cashier1")
    batches, _ = cashier.all(LISTS[6])
    closed = [row for row in batches if row["state"] == "closed"]
    PAYMENTS.path = max(closed, key=lambda row: row["payment_count"])["path"]


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "800", "--classes", "45", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Server(clock=CLOCK) as server:
        find_things(server)
        for what in (*LISTS, ROSTER, PAYMENTS):
            rows = check_list(tap, server, what)
            if what.name in ("classes of the province", "people", "certificates"):
                tap.check(f"{what.name}: more than a page", len(rows) > ROWS_A_PAGE, len(rows))
        check_scope(tap, server)
        check_numbers(tap, server)
        check_certificates(tap, server)
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    tap.finish()


if __name__ == "__main__":
    main()
