# SPDX-License-Identifier: Apache-2.0
"""Prints the commands of a CI file as a shell script, as the CI would run them.

ci_steps.py github FILE NAME...   the `run` of these steps, in order of the file
ci_steps.py gitlab FILE           the `script` of the job
ci_steps.py env github|gitlab FILE    variables, as lines for `export`
"""
import shlex
import sys

import yaml


def load(path):
    with open(path, encoding="utf-8") as stream:
        return yaml.safe_load(stream)


def github(path, names):
    job = load(path)["jobs"]["validate"]
    steps = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    missing = set(names) - set(steps)
    assert not missing, missing
    return [steps[name] for name in steps if name in names]


def variables(kind, path):
    content = load(path)
    return content["env"] if kind == "github" else content["validate"]["variables"]


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "env":
        for name, value in variables(*rest).items():
            print(f"export {name}={shlex.quote(str(value))}")
    else:
        blocks = github(rest[0], rest[1:]) if kind == "github" else load(rest[0])["validate"]["script"]
        print("\n".join(blocks))
