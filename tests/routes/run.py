"""Rights: the table of routes is the committed one, and a visitor reaches the public ones only.

engines: none

A change of rights shows in review as a change of routes.txt: build/dianji routes > tests/routes/routes.txt
"""

import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

TABLE = pathlib.Path(__file__).with_name("routes.txt")
NO_ONE = "0000000000001"


def routes(text):
    return [tuple(line.split()) for line in text.splitlines() if line.strip()]


def example(path):
    """The path with an id of nothing in each place."""
    return re.sub(r":\w+", NO_ONE, path)


def check_visitor(tap, server):
    """Nobody signed in: public pages answer, every other one refuses, and in the same words for HTML and JSON."""
    for method, path, permission in routes(TABLE.read_text(encoding="utf-8")):
        if method == "GET":
            page = Client(server).get(example(path))
            data = Client(server).get(example(path), Accept="application/json")
        else:
            page = Client(server).post(example(path), {})
            data = Client(server).post(example(path), {}, Accept="application/json")
        found = f"HTML {page.status} {page.headers.get('Location', '')}, JSON {data.status}"
        if permission == "public":
            tap.check(f"{method} {path} answers a visitor", page.status < 500 and data.status < 500
                      and data.status not in (401, 403) or method == "POST" and page.status < 500, found)
        else:
            to_sign_in = page.status == 303 and page.headers["Location"].startswith("/sign-in")
            tap.check(f"{method} {path} refuses a visitor", (to_sign_in or page.status in (401, 403))
                      and data.status in (401, 403) and data.kind == "application/problem+json", found)


def main():
    tap = Tap()
    code, printed, _ = dianji("routes")
    tap.check("dianji routes prints the table that was reviewed", code == 0 and
              routes(printed) == routes(TABLE.read_text(encoding="utf-8")),
              "changed: " + str(set(routes(printed)) ^ set(routes(TABLE.read_text(encoding="utf-8")))))
    code, _, error = dianji("init", "--db", DATABASE)
    tap.check("init makes the database", code == 0, error)
    with Server() as server:
        check_visitor(tap, server)
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            status = Client(server).request(method, "/classes").status
            tap.check(f"{method} is refused", status in (400, 405, 501), status)
        status = Client(server).get("/no-such-page").status
        tap.check("what is not there is not found", status == 404, status)
        tap.check("SIGTERM ends the server cleanly", server.stop() == 0)
    tap.finish()


if __name__ == "__main__":
    main()
