# SPDX-License-Identifier: Apache-2.0
"""Reads CI files: checks them, or prints their commands as a shell script, as the CI would run them.

ci_steps.py check GITHUB GITLAB   exit 1 when a key, a variable or a version is not what their readers know

ci_steps.py github FILE NAME...   the `run` of these steps, in order of the file
ci_steps.py gitlab FILE           the `script` of the job
ci_steps.py env github|gitlab FILE    variables, as lines for `export`
"""
import re
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


# Keys that these files use, of "Workflow syntax for GitHub Actions" and ".gitlab-ci.yml keyword reference".
KNOWN = {
    "workflow": {"name", True, "permissions", "env", "jobs"},  # YAML 1.1 reads `on` as true
    "job": {"runs-on", "container", "steps"},
    "step": {"name", "uses", "with", "run", "if"},
    "gitlab": {"image", "variables", "cache", "before_script", "script", "artifacts"},
    "cache": {"when", "paths"},
    "artifacts": {"when", "paths", "reports"},
    "reports": {"junit", "codequality"},
}


def check(github_path, gitlab_path):
    problems = []

    def keys(kind, table):
        problems.extend(f"{kind}: {key}" for key in set(table) - KNOWN[kind])

    def used(script, known):
        problems.extend(f"variable {name}" for name in set(re.findall(r"\$([A-Z_]+)", script)) - set(known))

    workflow, job = load(github_path), load(gitlab_path)["validate"]
    keys("workflow", workflow)
    keys("job", workflow["jobs"]["validate"])
    for step in workflow["jobs"]["validate"].get("steps", []):
        keys("step", step)
        if ("uses" in step) == ("run" in step):
            problems.append(f"step {step}: either uses or run")
        if not re.fullmatch(r"[\w/-]+@v\d+", step.get("uses", "x/x@v0")):
            problems.append(f"no version: {step['uses']}")
        used(step.get("run", ""), {*workflow["env"], "GITHUB_STEP_SUMMARY"})
    if "runs-on" not in workflow["jobs"]["validate"]:
        problems.append("no runs-on")
    keys("gitlab", job)
    for kind in ("cache", "artifacts"):
        keys(kind, job[kind])
        if job[kind].get("when") not in ("on_success", "on_failure", "always"):
            problems.append(f"{kind}.when")
    keys("reports", job["artifacts"]["reports"])
    used("\n".join(job.get("before_script", []) + job["script"]), job["variables"])
    print("\n".join(problems))
    return 1 if problems else 0


def variables(kind, path):
    content = load(path)
    return content["env"] if kind == "github" else content["validate"]["variables"]


if __name__ == "__main__":
    kind, *rest = sys.argv[1:]
    if kind == "check":
        sys.exit(check(*rest))
    if kind == "env":
        for name, value in variables(*rest).items():
            print(f"export {name}={shlex.quote(str(value))}")
    else:
        blocks = github(rest[0], rest[1:]) if kind == "github" else load(rest[0])["validate"]["script"]
        print("\n".join(blocks))
