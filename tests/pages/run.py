"""The page compiler: what it must refuse, each with file and line, and which escaping it chooses for a place.

engines: none
"""

import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import ROOT, Tap  # noqa: E402

HEAD = """{{model show}}
text name
text home_path
text home_url
text next
enum colour colour
fen amount_fen
day held_on
thing_id thing
bool is_open
int count
list line lines
    text label
    text name
end
form order form
{{end}}
{{title}}{{t shop.title}}{{/title}}
"""
FIRST = HEAD.count("\n") + 1  # the line on which a body begins

# (what is wrong, body, the line counted from the body's first, a part of the message)
REFUSED = [
    ("an unknown field", "<p>{{nome}}</p>", 1, "has no nome"),
    ("an unknown field, further down", "<p>\n\n{{nome}}</p>", 3, "has no nome"),
    ("a field of a list outside it", "<p>{{label}}</p>", 1, "has no label"),
    ("unknown words", "<p>{{t shop.nothing}}</p>", 1, "no words for shop.nothing"),
    ("words without their value", "<p>{{t shop.many}}</p>", 1, "takes n, not nothing"),
    ("words with a value that they do not take", "<p>{{t shop.title n=count}}</p>", 1, "takes nothing, not n"),
    ("a list as a value", "<p>{{lines}}</p>", 1, "lines cannot be shown"),
    ("a form as a value", "<p>{{form}}</p>", 1, "form cannot be shown"),
    ("a text as a list", "{{#name}}{{/name}}", 1, "name is no list"),
    ("a block that is never closed", "<p>{{?is_open}}</p>", 1, "is_open}} is never closed"),
    ("a block closed by another", "{{?is_open}}{{#lines}}{{/is_open}}{{/lines}}", 1, "closes nothing here"),
    ("a closing without a block", "<p></p>{{/is_open}}", 1, "closes nothing here"),
    ("two others", "{{?is_open}}a{{:}}b{{:}}c{{/is_open}}", 1, "two {{:}}"),
    ("other without a block", "a{{:}}b", 1, "closes nothing here"),
    ("half a tag", "<p>{{name</p>", 1, "without its other half"),
    ("nothing in a tag", "<p>{{ }}</p>", 1, "nothing between"),
    ("a script", "<script>var a = '{{name}}';</script>", 1, "cannot stand in <script>"),
    ("a style", "<style>p { color: {{name}} }</style>", 1, "cannot stand in <style>"),
    ("a comment", "<!-- {{name}} -->", 1, "cannot stand in a comment"),
    ("an event's attribute", "<p onclick=\"{{name}}\">a</p>", 1, "the attribute onclick"),
    ("a style attribute", "<p style=\"{{name}}\">a</p>", 1, "the attribute style"),
    ("a list of sources", "<img srcset=\"{{name}}\">", 1, "the attribute srcset"),
    ("a page in an attribute", "<iframe srcdoc=\"{{name}}\"></iframe>", 1, "the attribute srcdoc"),
    ("a redirect in a meta", "<meta http-equiv=\"refresh\" content=\"0;{{name}}\">", 1, "the attribute content"),
    ("a value without quotation marks", "<p class={{name}}>a</p>", 1, "cannot stand in"),
    ("a written value without them", "<p class=a>a</p>", 1, "no quotation marks"),
    ("a tag's name", "<{{name}}>", 1, "cannot stand in"),
    ("an attribute's name", "<p {{name}}=\"a\">a</p>", 1, "cannot stand in a tag"),
    ("a name that goes on", "<p data-{{?is_open}}a{{/is_open}}=\"1\">", 1, "goes on behind"),
    ("an address by its name", "<a href=\"{{name}}\">a</a>", 1, "name it …_path"),
    ("an address in an svg", "<svg><a xlink:href=\"{{name}}\">a</a></svg>", 1, "name it …_path"),
    ("a block across a quotation mark", "<a href=\"{{?is_open}}/a\" class=\"{{/is_open}}\">b</a>", 1, "ends elsewhere"),
    ("a block across a tag", "<a {{?is_open}}>{{/is_open}}b</a>", 1, "ends elsewhere"),
    ("others that end apart", "<p>{{?is_open}}<b{{:}}<b>{{/is_open}}</p>", 1, "ends elsewhere"),
    ("a block that opens a script", "{{?is_open}}<script>{{/is_open}}</script>", 1, "ends elsewhere"),
    ("an end inside a tag", "<p>a</p>\n<p", 3, "ends inside a tag"),
    ("an end inside a comment", "<!-- a", 2, "ends inside"),
    ("a lonely <", "<p>1 < 2</p>", 1, "write &lt;"),
    ("an input of no field", "{{input form.size}}", 1, "no input form.size"),
    ("an input of no form", "{{input name.a}}", 1, "no input"),
    ("an input in an attribute", "<p class=\"{{input form.name}}\">", 1, "between tags only"),
    ("a token in an attribute", "<p class=\"{{csrf}}\">", 1, "between tags only"),
    ("an unknown asset", "<img src=\"{{asset none.svg}}\">", 1, "no asset none.svg"),
    ("an unknown part", "<p></p>\n{{>none}}", 2, "no part none"),
    ("a part in itself", "{{>round}}", 1, "parts within parts"),
    ("a second title", "{{title}}a{{/title}}", 1, "one {{title}}"),
    ("two kinds of main", "{{main narrow}}\n{{main paper}}", 2, "stands once"),
    ("a sign that means nothing", "<p>{{!name}}</p>", 1, "cannot read"),
    ("too many words", "<p>{{name count}}</p>", 1, "cannot read"),
    ("a code of no enum", "<p>{{name.code}}</p>", 1, "cannot be shown"),
]

# (what is wrong, whole file, line, a part of the message)
REFUSED_FILES = [
    ("no head", "<p>a</p>\n", 1, "begins with {{model NAME}}"),
    ("no end of the head", "{{model show}}\ntext a\n<p></p>\n", 1, "begins with {{model NAME}}"),
    ("an unknown type", "{{model show}}\n\nnumber a\n{{end}}\n{{title}}{{/title}}\n", 3, "unknown type 'number'"),
    ("an unknown enum", "{{model show}}\nenum size a\n{{end}}\n{{title}}{{/title}}\n", 2, "no enum size"),
    ("an unknown row", "{{model show}}\nrows none a\n{{end}}\n{{title}}{{/title}}\n", 2, "no row none"),
    ("an unknown entity", "{{model show}}\nform none a\n{{end}}\n{{title}}{{/title}}\n", 2, "no entity none"),
    ("a field twice", "{{model show}}\ntext a\nint a\n{{end}}\n{{title}}{{/title}}\n", 3, "declared twice"),
    ("a field twice in a list", "{{model show}}\nlist x xs\ntext a\ntext a\nend\n{{end}}\n{{title}}{{/title}}\n", 4,
     "declared twice"),
    ("a member of problem details", "{{model show}}\nint status\n{{end}}\n{{title}}{{/title}}\n", 2, "problem details"),
    ("no title", "{{model show}}\ntext a\n{{end}}\n<p>a</p>\n", 1, "has a {{title}}"),
    ("a title in a part", "{{part show}}\ntext a\n{{end}}\n{{title}}{{/title}}\n", 4, "a part none"),
    ("a page in a page", "{{model show}}\npage shown\n{{end}}\n{{title}}{{/title}}\n", 2, "unknown type 'page'"),
]

# (what, body, what the C must have)
CHOSEN = [
    ("text is escaped", "<p>{{name}}</p>", ["buffer_add_html(out, show_text(model->name));"]),
    ("an attribute is escaped", "<p title='{{name}}'>a</p>", ["buffer_add_html(out, show_text(model->name));"]),
    ("a part of an address is encoded", "<a href=\"/a?b={{name}}&amp;c={{count.plain}}\">a</a>",
     ["buffer_add_url(out, show_text(model->name));", "buffer_add_url(out, show_text(show_integer_plain(ctx, model->count)));"]),
    ("a path stays on this site", "<form action=\"{{home_path}}\"></form>", ["buffer_add_html(out, show_path(model->home_path));"]),
    ("another site's address is one", "<a href=\"{{home_url}}\">a</a>", ["buffer_add_html(out, show_url(model->home_url));"]),
    ("behind a path it is a part", "<a href=\"{{home_path}}/{{home_path}}\">a</a>",
     ["show_path(model->home_path)", "buffer_add_url(out, show_text(model->home_path));"]),
    ("an address as text is text", "<p>{{home_path}}</p>", ["buffer_add_html(out, show_text(model->home_path));"]),
    ("values by their type", "<p>{{amount_fen}} {{amount_fen.plain}} {{held_on}} {{thing}} {{colour}} {{colour.code}} {{count}}</p>",
     ["show_fen(ctx, model->amount_fen)", "show_fen_plain(ctx, model->amount_fen)", "show_day(ctx, model->held_on)",
      "show_id(ctx, model->thing.v)", "show_enum(ctx, \"colour\", colour_code(model->colour))",
      "show_text(colour_code(model->colour))", "show_integer(ctx, model->count)"]),
    ("inside a list its fields come first", "{{#lines}}{{name}}{{count}}{{/lines}}",
     ["model->lines.items[i1].name", "show_integer(ctx, model->count)"]),
    ("a condition in a tag", "<option value=\"a\"{{?is_open}} selected{{/is_open}}>a</option>", ["if (model->is_open) {"]),
    ("other and its opposite", "{{^is_open}}a{{:}}b{{/is_open}}", ["if (!(model->is_open)) {", "} else {"]),
    ("words with their values", "<p>{{t shop.many n=lines.count}}</p>",
     ["words_with(ctx, &(struct message){\"shop.many\", {{\"n\", show_text(show_integer(ctx, (int64_t)model->lines.count))}}})"]),
    ("a script without values", "<script src=\"{{asset a.js}}\"></script><p>{{name}}</p>", ["buffer_add_html(out, show_text(model->name));"]),
    ("a comment without values", "<!-- <a --><p>{{name}}</p>", ["buffer_add_html(out, show_text(model->name));"]),
    ("an input", "{{faults form}}{{input form.name}}",
     ["dictionary_fault_summary(out, ctx, &model->form);", "dictionary_input(out, ctx, &model->form, \"name\");",
      "dictionary_errors(out, ctx, &model->form, is_first)"]),
    ("a part in place", "{{>badge}}", ["buffer_add_html(out, show_text(model->name));"]),
    ("space between lines is one line's end", "<p>a</p>   \n\n      <p>b</p>", ["<p>a</p>\\n<p>b</p>"]),
    ("a class of main", "{{main narrow paper}}<p>a</p>", ["\"shop/show\", \"narrow paper\","]),
]


class House:
    """A house of one room, on disk for the generator."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        room = self.folder / "src/shop"
        (room / "pages/parts").mkdir(parents=True)
        (self.folder / "web").mkdir()
        (self.folder / "web/a.js").write_text("'use strict';\n")
        (room / "shop.dict").write_text("id thing\nenum colour\n    red\nentity order\n    name text 1..9\n")
        words = {"shop.title": "Shop", "shop.many": "{n} lines", "colour.red": "red", "order.name": "Name"}
        for language in ("zh", "en"):
            (room / f"words.{language}.po").write_text("".join(f'msgid "{k}"\nmsgstr "{v}"\n\n' for k, v in words.items()))
        (room / "pages/parts/badge.html").write_text("<b>{{name}}</b>\n")
        (room / "pages/parts/round.html").write_text("{{>round}}\n")
        self.page = room / "pages/show.html"

    def compile(self, text):
        """(exit code, standard error, the C)."""
        self.page.write_text(text)
        out = self.folder / "out"
        done = subprocess.run([sys.executable, ROOT / "tools/generate.py", "--src", self.folder / "src", "--web",
                               self.folder / "web", "--out", out], capture_output=True, text=True, check=False)
        source = out / "shop_html.c"
        made = source.read_text() if done.returncode == 0 else ""
        return done.returncode, done.stderr, made


def check_refused(tap, house, what, text, line, message):
    code, error, _ = house.compile(text)
    wanted = f"{house.page}:{line}: "
    inside = message == "parts within parts"  # said where it happens: in the part
    tap.check(f"refused: {what}", code == 1 and message in error and (inside or error.startswith(wanted)),
              f"exit code {code}, wanted {os.path.basename(wanted)}…{message}\n{error}")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        house = House(folder)
        for what, body, line, message in REFUSED:
            check_refused(tap, house, what, HEAD + body + "\n", FIRST + line - 1, message)
        for what, text, line, message in REFUSED_FILES:
            check_refused(tap, house, what, text, line, message)
        for what, body, wanted in CHOSEN:
            code, error, made = house.compile(HEAD + body + "\n")
            missing = [piece for piece in wanted if piece not in made]
            tap.check(what, code == 0 and not missing, f"{error}\nmissing: {missing}\n{made}")
    tap.finish()


if __name__ == "__main__":
    main()
