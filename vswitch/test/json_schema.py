# SPDX-License-Identifier: BSD-2-Clause
"""Do a JSON Schema and what reads documents say the same?

A judge is a command that reads documents, one a line, and answers {"return": ...} or {"error": ...} a
line. What the schema takes and the judge refuses must be one of the named differences; what the judge
takes the schema must take. Speaks TAP.
"""
import copy
import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema

tests = 0
failed = 0


def report(ok, name, why=""):
    global tests, failed
    tests += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {tests} - {name}")
    for line in str(why).splitlines() if not ok else []:
        print(f"# {line}")


def values(text):
    """JSON objects that begin anywhere in a text, the outermost ones"""
    decoder, at = json.JSONDecoder(), 0
    while (at := text.find("{", at)) >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
            at = end
            yield found
        except ValueError:
            at += 1


def c_strings(text):
    """Literals of a C source, those that stand behind each other joined"""
    literal = r'"((?:[^"\\\n]|\\.)*)"'
    for run in re.finditer(rf"{literal}(?:\s*{literal})*", text):
        joined = "".join(re.findall(literal, run.group(0)))
        yield joined.replace('\\"', '"').replace("\\\\", "\\")


def documents_of(path):
    text = path.read_text(errors="replace")
    if path.suffix == ".c":
        for s in c_strings(text):
            yield from values(s)
    else:
        yield from values(text.replace("\\\n", ""))


def corpus(root, wanted):
    for path in sorted([*root.glob("vswitch/*/*.[ct]*"), *root.glob("vswitch/daemon/test/*"), *root.glob("qtest/**/*.[ch]"),
                        *root.glob("docs/**/*.*"), root / "README.md"]):
        if path.suffix not in {".c", ".txt", ".md", ".py", ".h", ".json", ".1", ".5", ".8"}:
            continue
        for v in documents_of(path):
            args = v.get("arguments") if isinstance(v.get("arguments"), dict) else {}
            for d in [v, args.get("config"), args.get("patch")]:
                if isinstance(d, dict) and wanted(d):
                    yield path.relative_to(root), d


def mutants(doc, others):
    """The document with each value exchanged, dropped, and with a key more in each object"""
    def walk(v, path):
        if path:
            yield path
        for k in list(v) if isinstance(v, dict) else range(len(v)) if isinstance(v, list) else []:
            yield from walk(v[k], path + [k])

    for path in list(walk(doc, [])):
        for other in [*others, ...]:
            new = copy.deepcopy(doc)
            at = new
            for k in path[:-1]:
                at = at[k]
            if other is ...:
                del at[path[-1]]
            else:
                at[path[-1]] = other
            yield "/".join(map(str, path)), new


class Judges:
    def __init__(self, schema, command):
        self.validator = jsonschema.Draft202012Validator(schema)
        self.command = command

    def ask(self, documents):
        lines = "".join(json.dumps(d, ensure_ascii=False) + "\n" for d in documents)
        out = subprocess.run(self.command, input=lines, text=True, stdout=subprocess.PIPE, check=True).stdout
        return [json.loads(line).get("error", {}).get("desc") for line in out.splitlines()]

    def compare(self, name, documents, differences):
        documents = list(documents)
        wrong, taken = [], 0
        for (where, d), says in zip(documents, self.ask([d for _, d in documents])):
            valid = self.validator.is_valid(d)
            if valid == (says is None):
                taken += valid
            elif says is None:
                error = jsonschema.exceptions.best_match(self.validator.iter_errors(d))
                wrong.append(f"{where}: taken, but the schema says {error.message[:200]}")
            elif not any(re.search(pattern, says) for _, pattern, _ in differences):
                wrong.append(f"{where}: the schema takes what is refused: {says}: {json.dumps(d)[:300]}")
        report(not wrong, f"{name}: {len(documents)} documents", "\n".join(wrong[:20]))
        report(0 < taken < len(documents), f"{name}: some are taken, some are not", f"{taken} taken")

    def differences(self, differences):
        for name, pattern, d in differences:
            says = self.ask([d])[0]
            report(self.validator.is_valid(d) and says is not None and re.search(pattern, says),
                   f"named difference: {name}", f"valid: {self.validator.is_valid(d)}; {says}")


def keys_lacking(schema, doc, root=None):
    """Keys of a schema's objects that the document lacks"""
    root = root or schema
    if "$ref" in schema:
        return keys_lacking(root["$defs"][schema["$ref"].split("/")[-1]], doc, root)
    lacks = []
    for alternative in schema.get("anyOf", []):
        if "type" in alternative and isinstance(doc, dict):
            lacks += keys_lacking(alternative, doc, root)
    for key, sub in schema.get("properties", {}).items():
        if isinstance(doc, dict) and key not in doc and not key.startswith("not-") and "not-" + key not in doc:
            lacks.append(key)
        elif isinstance(doc, dict) and key in doc:
            lacks += keys_lacking(sub, doc[key], root)
    for sub, entries in [(schema.get("items"), doc if isinstance(doc, list) else [])]:
        lacks += [k for e in entries[:1] for k in keys_lacking(sub, e, root)]
    return lacks


def run(everything, others, differences, wanted):
    """The tests of one schema: arguments SCHEMA SOURCES JUDGE..."""
    schema = json.loads(Path(sys.argv[1]).read_text())
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        report(True, "the schema is valid (draft 2020-12)")
    except jsonschema.SchemaError as e:
        report(False, "the schema is valid (draft 2020-12)", e.message)
    judges = Judges(schema, sys.argv[3:])
    for i, doc in enumerate(everything):
        lacks = keys_lacking(schema, doc) if not i else []
        report(not lacks, f"document {i} has what it is for", lacks)
        report(judges.ask([doc]) == [None], f"document {i} is taken", judges.ask([doc]))
    judges.compare("documents of tests and documentation", corpus(Path(sys.argv[2]), wanted), differences)
    for i, doc in enumerate(everything):
        judges.compare(f"document {i} with each value exchanged", mutants(doc, others), differences)
    judges.differences(differences)
    print(f"1..{tests}")
    return failed != 0
