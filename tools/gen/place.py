"""Where in a page's HTML a {{…}} stands: between tags, in a tag, in which attribute's value, or where nothing may be put.

A strict reader of the HTML that we write ourselves: what a browser would have to guess is a fault.
"""

# Values of these are addresses: what a model puts in is escaped as a part of one.
ADDRESSES = {"href", "xlink:href", "src", "action", "formaction", "cite", "data", "poster", "ping", "manifest", "background"}
# Nothing of a model stands in these: they hold code, or lists that would need an escaping of their own.
CLOSED = {"style", "srcset", "imagesrcset", "srcdoc", "http-equiv", "content"}
RAW = {"script", "style"}
SPACE = " \t\r\n"


class Misplaced(Exception):
    """What is wrong with the HTML here."""


class Place:
    """Fed with the text between {{…}}; `state` names the method below that takes the next character."""

    def __init__(self):
        self.state = "text"
        self.name = ""       # of the tag, and behind "</" too
        self.is_end = False  # an end tag
        self.attribute = ""
        self.quote = ""
        self.value = ""      # of the attribute so far, or what may end a comment or raw text
        self.is_fresh = True  # nothing stands in the attribute's value yet

    def copy(self):
        other = Place()
        other.__dict__.update(self.__dict__)
        return other

    def key(self):
        """Two places with the same key go on alike."""
        if self.state == "value":
            return (self.state, self.name, self.attribute, self.quote)
        state = "tag" if self.state == "settled" else self.state
        return (state, "" if state == "text" else self.name)

    def feed(self, text):
        for char in text:
            getattr(self, "_" + self.state)(char)

    def settle(self):
        """At a {{…}}: a tag's or attribute's name that was begun ends here."""
        if self.state in ("tag_name", "attribute_name"):
            self.state = "settled"

    def put(self):
        """A value is put here; says how it must be escaped: "text", "attribute", "address" or "address_part"."""
        if self.state == "text":
            return "text"
        if self.state != "value":
            raise Misplaced({"comment": "a comment", "raw": f"<{self.name}>", "declaration": "a declaration"}
                            .get(self.state, "a tag, outside the quotation marks of a value"))
        if self.attribute.startswith("on") or self.attribute in CLOSED:
            raise Misplaced(f"the attribute {self.attribute}")
        fresh, self.is_fresh = self.is_fresh, False
        if self.attribute in ADDRESSES:
            return "address" if fresh else "address_part"
        return "attribute"

    def end(self):
        if self.state != "text":
            raise Misplaced("the page ends inside a tag, a comment or a script")

    # --- states

    def _text(self, char):
        if char == "<":
            self.state = "open"

    def _open(self, char):
        self.is_end = char == "/"
        self.name = ""
        if char == "!":
            self.state, self.value = "declaration", ""
        elif char == "/":
            self.state = "tag_name"
        elif char.isalpha():
            self.state, self.name = "tag_name", char.lower()
        else:
            raise Misplaced("'<' that begins no tag: write &lt;")

    def _tag_name(self, char):
        if char in SPACE:
            self.state = "tag"
        elif char in "/>":
            self._tag(char)
        elif char.isalnum() or char == "-":
            self.name += char.lower()
        else:
            raise Misplaced(f"'{char}' in a tag's name")

    def _tag(self, char):
        if char == ">":
            self.state = "raw" if self.name in RAW and not self.is_end else "text"
            self.value = ""
        elif char == "/":
            self.state = "closing"
        elif char not in SPACE:
            if not (char.isalpha() or char in "_:"):
                raise Misplaced(f"'{char}' in a tag")
            self.state, self.attribute = "attribute_name", char.lower()

    def _closing(self, char):
        if char != ">":
            raise Misplaced("'/' inside a tag")
        self.state = "text"

    def _settled(self, char):
        if char not in SPACE + "/>":
            raise Misplaced("a name in a tag goes on behind {{…}}")
        self.state = "tag"
        self._tag(char)

    def _attribute_name(self, char):
        if char == "=":
            self.state = "equals"
        elif char in SPACE:
            self.state = "tag"
        elif char in "/>":
            self._tag(char)
        elif char.isalnum() or char in "-_:.":
            self.attribute += char.lower()
        else:
            raise Misplaced(f"'{char}' in an attribute's name")

    def _equals(self, char):
        if char not in "\"'":
            raise Misplaced(f"the value of {self.attribute} has no quotation marks")
        self.state, self.quote, self.is_fresh = "value", char, True

    def _value(self, char):
        if char == self.quote:
            self.state, self.attribute = "tag", ""
        else:
            self.is_fresh = False

    def _declaration(self, char):
        self.value += char
        if self.value == "--":
            self.state, self.value = "comment", ""
        elif char == ">":
            self.state = "text"

    def _comment(self, char):
        self.value = (self.value + char)[-3:]
        if self.value == "-->":
            self.state = "text"

    def _raw(self, char):
        self.value = (self.value + char.lower())[-(len(self.name) + 3):]
        if self.value[:-1] == f"</{self.name}" and char in SPACE + "/>":
            self.state, self.is_end = "tag", True
            self._tag(char)
