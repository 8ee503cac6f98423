#!/usr/bin/env python3
"""Compares `kontor rules lines` with Google's C++ runtime (PyPI: cel-expr-python) on random well-typed expressions.

    python3 -m venv .venv && .venv/bin/pip install cel-expr-python protobuf
    .venv/bin/python Scripts/rules-fuzz.py --count 100000 --seed 1 --kontor '.build/release/kontor rules lines'

Every difference is either explained (docs/rules/conformance.md says why) or printed; the exit code is 0 when none is left.
"""
import argparse
import datetime
import json
import random
import re
import shlex
import struct
import subprocess
import sys
from collections import Counter

from cel_expr_python import cel
from cel_expr_python.ext import ext_bindings, ext_encoders, ext_math, ext_optional, ext_strings

VARIABLES = {
    "b": "bool", "i": "int", "j": "int", "d": "double", "s": "string", "t": "string", "y": "bytes",
    "li": "list(int)", "ls": "list(string)", "m": "map(string, int)", "x": "dyn",
}

INTS = [0, 1, -1, 2, 3, 7, 10, 100, -50, 2**31, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]
DOUBLES = [0.0, -0.0, 1.0, -1.5, 0.1, 2.5, 3.5, 100.25, 1e10, -1e-3, 1e300, 9007199254740993.0]
STRINGS = ["", "a", "b", "abc", "Hello World", "a,b,c", "ä", "😀x", "foo-bar", " trim ", "123", "-7", "true", "%s", "ÀB"]
PATTERNS = ["a", "^a.*c$", "[0-9]+", "(a|b)+", "\\\\d", "^$", "(?i)HELLO", "\\\\bWorld", "[^a-z]", "a{2,3}", "ä|😀"]
FIELDS = ["k", "z", "n"]


class Maker:
    """Makes expressions of a wanted type, at most so deep. Names in scope come and go with comprehensions."""

    def __init__(self, rng):
        self.rng = rng
        self.scope = {"int": ["i", "j"], "bool": ["b"], "double": ["d"], "string": ["s", "t"], "bytes": ["y"],
                      "list(int)": ["li"], "list(string)": ["ls"], "map": ["m"], "dyn": ["x"]}
        self.fresh = 0

    def make(self, kind, depth):
        if depth <= 0 or self.rng.random() < 0.12:
            return self.leaf(kind)
        return getattr(self, kind.replace("(", "_").replace(")", ""))(depth - 1)

    def leaf(self, kind):
        names = self.scope.get(kind, [])
        if names and self.rng.random() < 0.45:
            return self.rng.choice(names)
        r = self.rng
        if kind == "int":
            n = r.choice(INTS) if r.random() < 0.5 else r.randint(-20, 20)
            return f"({n})" if n < 0 else str(n)
        if kind == "uint":
            return f"{r.choice([0, 1, 2, 5, 2**32, 2**63, 2**64 - 1])}u"
        if kind == "double":
            n = r.choice(DOUBLES)
            return f"({n!r})" if str(n).startswith("-") else repr(n)
        if kind == "bool":
            return r.choice(["true", "false"])
        if kind == "string":
            return self.quoted(r.choice(STRINGS))
        if kind == "bytes":
            return r.choice(["b''", "b'abc'", "b'\\xff\\x00'", "b'ä'"])
        if kind == "list(int)":
            return "[" + ", ".join(self.leaf("int") for _ in range(r.randint(0, 4))) + "]"
        if kind == "list(string)":
            return "[" + ", ".join(self.leaf("string") for _ in range(r.randint(0, 3))) + "]"
        if kind == "map":
            keys = r.sample(FIELDS, r.randint(0, 3))
            return "{" + ", ".join(f"'{k}': {self.leaf('int')}" for k in keys) + "}"
        if kind == "timestamp":
            return "timestamp('%s')" % r.choice(["2009-02-13T23:31:30Z", "1969-12-31T23:59:59.5Z", "2024-02-29T12:00:00+02:00",
                                                 "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
        if kind == "duration":
            return "duration('%s')" % r.choice(["0s", "1h30m", "-90s", "1.5s", "-1500ms", "1000000s", "24h", "10us"])
        return self.leaf(r.choice(["int", "double", "string", "bool", "uint"])) if kind == "dyn" else "null"

    @staticmethod
    def quoted(text):
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def one(self, depth, *forms):
        """Fills a form: {int} stands for an expression of that type."""
        form = self.rng.choice(forms)
        return re.sub(r"\{([a-z_()]+)\}", lambda m: self.make(m.group(1), depth), form)

    def over(self, depth, body, form):
        """A comprehension over integers, with a fresh name for the element in the body."""
        name = f"e{self.fresh}"
        self.fresh += 1
        source = self.make("list(int)", depth)
        self.scope["int"].append(name)
        inner = [self.make(kind, depth) for kind in body]
        self.scope["int"].remove(name)
        return form.format(source, name, *inner)

    def bool(self, depth):
        r = self.rng.random()
        if r < 0.15:
            macro = self.rng.choice(["all", "exists", "exists_one"])
            return self.over(depth, ["bool"], "{0}.%s({1}, {2})" % macro)
        if r < 0.22:
            number = self.rng.choice(["int", "uint", "double"])
            return f"dyn({self.make(number, depth)}) {self.rng.choice(['==', '!=', '<', '<=', '>', '>='])} " \
                   f"dyn({self.make(self.rng.choice(['int', 'uint', 'double']), depth)})"
        if r < 0.28:
            return f"{self.make('string', depth)}.matches('{self.rng.choice(PATTERNS)}')"
        return self.one(
            depth, "({bool} && {bool})", "({bool} || {bool})", "!({bool})", "({bool} ? {bool} : {bool})",
            "({int} == {int})", "({int} < {int})", "({int} >= {int})", "({uint} <= {uint})", "({double} > {double})",
            "({double} == {double})", "({string} == {string})", "({string} < {string})", "({bytes} != {bytes})",
            "({int} in {list(int)})", "({string} in {list(string)})", "({string} in {map})",
            "({list(int)} == {list(int)})", "({map} == {map})", "{string}.contains({string})",
            "{string}.startsWith({string})", "{string}.endsWith({string})", "has({map}.k)",
            "({timestamp} < {timestamp})", "({duration} >= {duration})", "{map}.?z.hasValue()",
            "(type({dyn}) == type({dyn}))", "({dyn} == {dyn})", "optional.of({int}).hasValue()",
            "math.isNaN({double})", "math.isInf({double})", "bool({string})", "({bool} == {bool})")

    def int(self, depth):
        return self.one(
            depth, "({int} + {int})", "({int} - {int})", "({int} * {int})", "({int} / {int})", "({int} % {int})",
            "(-{int})", "({bool} ? {int} : {int})", "size({string})", "{list(int)}.size()", "size({bytes})",
            "size({map})", "{list(int)}[{int}]", "{map}['k']", "{map}.z", "{map}.?k.orValue({int})",
            "{list(int)}[?{int}].orValue({int})", "int({double})", "int({uint})", "int({string})",
            "{string}.indexOf({string})", "{string}.lastIndexOf({string})", "{string}.indexOf({string}, {int})",
            "{timestamp}.getHours()", "{timestamp}.getDayOfYear('+02:00')", "{timestamp}.getMonth('Europe/Berlin')",
            "{timestamp}.getDayOfWeek()", "{duration}.getMinutes()", "int({timestamp})", "math.abs({int})",
            "math.bitAnd({int}, {int})", "math.bitOr({int}, {int})", "math.bitXor({int}, {int})", "math.bitNot({int})",
            "math.bitShiftLeft({int}, {int})", "math.bitShiftRight({int}, {int})", "math.greatest({int}, {int})",
            "math.least([{int}, {int}, {int}])", "math.sign({int})", "optional.of({int}).optMap(v, v + 1).value()",
            "cel.bind(w, {int}, w + w)", "optional.ofNonZeroValue({int}).orValue({int})")

    def uint(self, depth):
        return self.one(
            depth, "({uint} + {uint})", "({uint} - {uint})", "({uint} * {uint})", "({uint} / {uint})",
            "({uint} % {uint})", "uint({int})", "uint({double})", "uint({string})", "({bool} ? {uint} : {uint})",
            "math.greatest({uint}, {uint})", "math.bitNot({uint})", "math.bitShiftRight({uint}, {int})")

    def double(self, depth):
        return self.one(
            depth, "({double} + {double})", "({double} - {double})", "({double} * {double})", "({double} / {double})",
            "(-{double})", "double({int})", "double({uint})", "double({string})", "({bool} ? {double} : {double})",
            "math.ceil({double})", "math.floor({double})", "math.round({double})", "math.trunc({double})",
            "math.abs({double})", "math.sqrt({double})", "math.sign({double})", "math.greatest({double}, {double})")

    def string(self, depth):
        return self.one(
            depth, "({string} + {string})", "({bool} ? {string} : {string})", "string({int})", "string({uint})",
            "string({bool})", "string({bytes})", "string({double})", "string({duration})", "string({timestamp})",
            "{string}.charAt({int})", "{string}.substring({int})", "{string}.substring({int}, {int})",
            "{string}.replace({string}, {string})", "{string}.replace({string}, {string}, {int})",
            "{string}.lowerAscii()", "{string}.upperAscii()", "{string}.trim()", "{string}.reverse()",
            "{list(string)}.join({string})", "{list(string)}[{int}]", "strings.quote({string})",
            "'%s|%d|%s'.format([{string}, {int}, {list(int)}])", "'%.3f %e'.format([{double}, {double}])",
            "'%x %o %b'.format([{int}, {uint}, {bool}])", "'%s'.format([{map}])", "base64.encode({bytes})")

    def bytes(self, depth):
        return self.one(depth, "({bytes} + {bytes})", "bytes({string})", "({bool} ? {bytes} : {bytes})",
                        "base64.decode(base64.encode({bytes}))")

    def list_int(self, depth):
        r = self.rng.random()
        if r < 0.25:
            return self.over(depth, ["int"], "{0}.map({1}, {2})")
        if r < 0.45:
            return self.over(depth, ["bool"], "{0}.filter({1}, {2})")
        if r < 0.55:
            return self.over(depth, ["bool", "int"], "{0}.map({1}, {2}, {3})")
        return self.one(depth, "[{int}, {int}]", "({list(int)} + {list(int)})", "({bool} ? {list(int)} : {list(int)})",
                        "[{int}, ?optional.of({int}), ?{map}.?n]")

    def list_string(self, depth):
        return self.one(depth, "[{string}, {string}]", "({list(string)} + {list(string)})", "{string}.split({string})",
                        "{string}.split({string}, {int})")

    def map(self, depth):
        return self.one(depth, "{'k': {int}, 'z': {int}}", "({bool} ? {map} : {map})", "{'n': {int}, ?'k': optional.of({int})}")

    def timestamp(self, depth):
        return self.one(depth, "({timestamp} + {duration})", "({timestamp} - {duration})", "timestamp({int})",
                        "({bool} ? {timestamp} : {timestamp})", "timestamp(string({timestamp}))")

    def duration(self, depth):
        return self.one(depth, "({duration} + {duration})", "({duration} - {duration})", "({timestamp} - {timestamp})",
                        "duration(string({duration}))")

    def dyn(self, depth):
        kinds = ["int", "uint", "double", "string", "bool", "list(int)", "map", "bytes", "duration", "timestamp"]
        return f"dyn({self.make(self.rng.choice(kinds), depth)})"


def bindings(rng):
    return {
        "b": rng.random() < 0.5, "i": rng.choice(INTS[:8]), "j": rng.choice(INTS), "d": rng.choice(DOUBLES),
        "s": rng.choice(STRINGS), "t": rng.choice(STRINGS), "y": rng.choice([b"", b"abc", b"\xff"]),
        "li": [rng.randint(-3, 9) for _ in range(rng.randint(0, 5))], "ls": rng.sample(STRINGS, rng.randint(0, 3)),
        "m": {k: rng.randint(0, 5) for k in rng.sample(FIELDS, rng.randint(0, 3))},
        "x": rng.choice([1, 2.5, "abc", True, [1, 2], {"k": 1}]),
    }


def json_bindings(values):
    import base64
    shown = dict(values)
    shown["y"] = base64.b64encode(values["y"]).decode()
    shown["d"] = repr(values["d"])
    return shown


def canonical(value):
    """Google's value in the text that `kontor rules lines` writes."""
    plain = value.value()
    kind = value.type().name()
    if kind == "INT":
        return f"i:{plain}"
    if kind == "UINT":
        return f"u:{plain}"
    if kind == "BOOL":
        return "b:true" if plain else "b:false"
    if kind == "DOUBLE":
        return "d:nan" if plain != plain else "d:%x" % struct.unpack("<Q", struct.pack("<d", plain))[0]
    if kind == "STRING":
        return "s:" + plain.encode("utf-8", "surrogatepass").hex()
    if kind == "BYTES":
        return "y:" + bytes(plain).hex()
    if kind.startswith("NULL"):
        return "null"
    if kind == "DURATION":
        return f"r:{plain // datetime.timedelta(microseconds=1)}"
    if kind == "TIMESTAMP":
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
        return f"t:{(plain - epoch) // datetime.timedelta(microseconds=1)}"
    if kind.startswith("LIST"):
        return "[" + ",".join(canonical(e) for e in plain) + "]"
    if kind.startswith("MAP"):
        return "{" + ",".join(sorted(key_text(k) + "=" + canonical(v) for k, v in plain.items())) + "}"
    return f"{kind}:{plain}"


def google_type(text):
    """Type('list(int)') would be a type of that very name."""
    scalars = {"int": cel.Type.INT, "bool": cel.Type.BOOL, "double": cel.Type.DOUBLE, "string": cel.Type.STRING,
               "bytes": cel.Type.BYTES, "dyn": cel.Type.DYN}
    if text.startswith("list("):
        return cel.Type.List(scalars[text[5:-1]])
    if text.startswith("map("):
        key, value = text[4:-1].split(", ")
        return cel.Type.Map(scalars[key], scalars[value])
    return scalars[text]


def key_text(key):
    if isinstance(key, bool):
        return "b:true" if key else "b:false"
    return f"i:{key}" if isinstance(key, int) else "s:" + key.encode().hex()


# Differences that are decided or not ours, each under the name by which docs/rules/conformance.md says why.
TEXT = re.compile(r"string\(|format\(")
MACROS = re.compile(r"\.(all|exists|exists_one|map|filter)\(")
EXPLAINED = [
    ("texts of durations and timestamps", lambda e, o, g: TEXT.search(e) and re.search(r"duration|timestamp", e)),
    ("texts of NaN and infinity", lambda e, o, g: TEXT.search(e) and re.search(r"sqrt|/ |1e\+?300|e\+?308", e)
     and ("error" not in (o, g))),
    ("texts of numbers are read strictly", lambda e, o, g: re.search(r"\b(int|uint|double)\(", e) and o == "error"),
    ("a bound name beside a macro", lambda e, o, g: re.search(r"cel\.bind|optMap", e) and MACROS.search(e)),
    ("a substring up to the end", lambda e, o, g: re.search(r"substring\(.*,", e) and g == "error"),
]


def explained(expression, ours, google):
    return next((name for name, holds in EXPLAINED if holds(expression, ours, google)), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--depth", type=int, default=4)
    parser.add_argument("--kontor", default=".build/release/kontor rules lines")
    parser.add_argument("--show", type=int, default=20, help="unexplained differences that are printed")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    extensions = [ext_strings.ExtStrings(), ext_math.ExtMath(), ext_optional.ExtOptional(), ext_encoders.ExtEncoders(),
                  ext_bindings.ExtBindings()]
    environment = cel.NewEnv(variables={n: google_type(t) for n, t in VARIABLES.items()}, extensions=extensions)
    kontor = subprocess.Popen(shlex.split(arguments.kontor), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    counts = Counter()
    kinds = ["bool", "int", "uint", "double", "string", "bytes", "list(int)", "list(string)", "map", "timestamp",
             "duration"]
    batch = []
    shown = 0

    def flush():
        nonlocal shown
        payload = "\n".join(json.dumps({"expr": e, "types": VARIABLES, "bindings": json_bindings(v)}, ensure_ascii=False)
                            for e, v in batch) + "\n"
        kontor.stdin.write(payload)
        kontor.stdin.flush()
        for expression, values in batch:
            reply = json.loads(kontor.stdout.readline())
            ours = reply.get("value", "error")
            google, detail = evaluated(environment, expression, values)
            if ours == google:
                counts["errors on both sides" if ours == "error" else "equal values"] += 1
                continue
            reason = explained(expression, ours, google)
            counts[f"explained: {reason}" if reason else "UNEXPLAINED"] += 1
            if reason is None and shown < arguments.show:
                shown += 1
                print(f"{expression}\n    {values}\n    ours:   {ours} {reply.get('error', '')} "
                      f"{reply.get('stage', '')}\n    google: {google} {detail}", flush=True)
        batch.clear()

    for _ in range(arguments.count):
        maker = Maker(rng)
        batch.append((maker.make(rng.choice(kinds), rng.randint(1, arguments.depth)), bindings(rng)))
        # Small enough that neither pipe fills up.
        if len(batch) == 20:
            flush()
    if batch:
        flush()
    kontor.stdin.close()
    for name, number in sorted(counts.items()):
        print(f"{number:8} {name}")
    sys.exit(1 if counts["UNEXPLAINED"] else 0)


def evaluated(environment, expression, values):
    try:
        result = environment.compile(expression).eval(data=values)
        if result.type().name() == "ERROR":
            return "error", str(result.value())[:200]
        return canonical(result), ""
    except Exception as error:  # The wrapper raises whatever it cannot convert; all of it counts as an error.
        return "error", str(error).replace("\n", " ")[:200]


if __name__ == "__main__":
    main()
