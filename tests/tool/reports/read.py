# SPDX-License-Identifier: Apache-2.0
"""Reads reports as other tools do.

read.py valid SCHEMA FILE    exit 1 when the JSON file does not fit the schema
read.py pass FORMAT FILE     prints "pass" or "no pass"; exit 1 when the file is not well-formed
"""
import json
import sys
import xml.etree.ElementTree as xml


def load(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


def valid(schema, path):
    import jsonschema

    rules = load(schema)
    kind = jsonschema.validators.validator_for(rules)
    kind.check_schema(rules)
    errors = list(kind(rules).iter_errors(load(path)))
    for error in errors:
        print("/".join(str(part) for part in error.absolute_path), error.message)
    return 1 if errors else 0


def sarif(path):
    run = load(path)["runs"][0]
    clean = all(result["suppressions"] for result in run["results"])
    ended = all(i["executionSuccessful"] and i["exitCode"] == 0 for i in run["invocations"])
    assert clean == ended, "readers of results and readers of invocations would differ"
    return clean


def junit(path):
    root = xml.parse(path).getroot()
    assert root.tag == "testsuites" and len(root) > 0
    bad = 0
    for suite in root:
        assert suite.tag == "testsuite"
        cases = suite.findall("testcase")
        assert len(cases) == len(suite) == int(suite.get("tests")) > 0
        for counter, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(counter)) == sum(case.find(tag) is not None for case in cases), counter
        for case in cases:
            assert case.get("classname") and case.get("name")
        bad += int(suite.get("failures")) + int(suite.get("errors"))
    return bad == 0


def gitlab(path):
    entries = load(path)
    for entry in entries:
        assert entry["description"] and entry["check_name"] and entry["fingerprint"]
        assert entry["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert entry["location"]["path"] and entry["location"]["lines"]["begin"] >= 1
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)
    return all(entry["severity"] == "info" for entry in entries)


def github(path):
    with open(path, encoding="utf-8") as stream:
        lines = stream.read().splitlines()
    assert lines and all(line.startswith(("::error ", "::warning ", "::notice ")) for line in lines)
    return all(line.startswith("::notice ") for line in lines)


def markdown(path):
    with open(path, encoding="utf-8") as stream:
        return stream.readline() == "### Symbolon: passed\n"


READERS = {
    "json": lambda path: load(path)["passed"],
    "sarif": sarif,
    "junit": junit,
    "gitlab": gitlab,
    "github": github,
    "markdown": markdown,
}

if __name__ == "__main__":
    if sys.argv[1] == "valid":
        sys.exit(valid(*sys.argv[2:]))
    print("pass" if READERS[sys.argv[2]](sys.argv[3]) else "no pass")
