"""The workflow for CI: fits its schema, runs nothing that is not shared with everybody, and is careful."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).resolve().parent.parent
WORKFLOW = PROJECT / ".github/workflows/acceptance.yml"
RUNS = ["python-3.11", "python-3.12", "python-3.13", "postgresql"]
CASES = {
    "passed": '<testcase classname="shop.Buying" name="Ann buys" status="passed"/>',
    "failed": '<testcase classname="shop.Buying" name="Ben pays | &lt;b&gt;"><failure/></testcase>',
    "skipped": '<testcase classname="shop.Buying" name="Cleo waits" status="skipped"><skipped/></testcase>',
}


def workflow() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(WORKFLOW)
    return found


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of every job, with the job's name."""
    for name, job in workflow()["jobs"].items():
        yield from ((name, step) for step in job["steps"])


def commands() -> list[str]:
    return [line for _, step in steps() for line in step.get("run", "").splitlines()]


def check(file: Path) -> subprocess.CompletedProcess[str]:
    """Hold a workflow against the schema, as `make lint` does."""
    (line,) = re.findall(
        r"\$\(BIN\)/(check-jsonschema .*) \.github/workflows/\*\.yml", (PROJECT / "Makefile").read_text()
    )
    program, *options = line.split()
    return subprocess.run(
        [Path(sys.executable).with_name(program), *options, file], capture_output=True, text=True, timeout=60
    )


def test_the_workflow_fits_the_schema_and_a_mistake_is_seen(tmp_path: Path) -> None:
    done = check(WORKFLOW)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOW.read_text().replace("runs-on:", "run-on:", 1))
    assert check(wrong).returncode != 0


def test_every_command_is_a_target_of_make_or_a_program_in_ci() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## ", (PROJECT / "Makefile").read_text(), re.MULTILINE))
    assert len(commands()) >= 6
    for command in commands():
        assert not set(command) & set(";&|<>$`\\"), command
        program, *arguments = command.split()
        if program == "make":
            assert set(arguments) <= targets, command
        else:
            assert program.startswith(".ci/"), command
            assert os.access(PROJECT / program, os.X_OK), command


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    lines = [line for line in WORKFLOW.read_text().splitlines() if "uses:" in line]
    assert len(lines) == sum("uses" in step for _, step in steps()) > 10
    for line in lines:
        assert re.search(r"uses: actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line), line
    pins = {re.sub(r"(cache)/\w+", r"\1", line.split("uses: ")[1]) for line in lines}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins), "one action, two versions"


def test_only_publishing_may_write() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    rights = {name: job["permissions"] for name, job in workflow()["jobs"].items() if "permissions" in job}
    assert rights == {"publish": {"pages": "write", "id-token": "write"}}
    for name, step in steps():
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False, name


def test_reports_are_kept_when_a_run_fails() -> None:
    uploads = [step for _, step in steps() if "upload" in step.get("uses", "")]
    assert len(uploads) == 5
    assert all("always()" in step["if"] for step in uploads)
    assert workflow()["jobs"]["together"]["if"] == workflow()["jobs"]["report"]["if"] == "always()"


def test_every_part_is_run_by_a_machine_and_all_are_put_together() -> None:
    jobs = workflow()["jobs"]
    parts, together = jobs["postgresql"], jobs["together"]
    numbers = parts["strategy"]["matrix"]["shard"]
    assert numbers == [*range(1, len(numbers) + 1)]
    assert parts["env"]["ARGS"] == f"-D shard=${{{{ matrix.shard }}}}/{len(numbers)}"
    assert "make accept" in [step.get("run") for step in parts["steps"]]
    (upload,) = [step["with"] for step in parts["steps"] if "upload" in step.get("uses", "")]
    (download,) = [step["with"] for step in together["steps"] if "download" in step.get("uses", "")]
    assert upload["name"] == download["pattern"].replace("*", "${{ matrix.shard }}")
    assert re.search(rf"^SHARDS \?= {download['path']}/\*$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert "make merge-reports" in [step.get("run") for step in together["steps"]]
    assert together["needs"] == "postgresql"
    assert jobs["report"]["needs"] == ["embedded", "together"]


def test_a_pull_request_is_held_against_faults_in_its_own_lines() -> None:
    job = workflow()["jobs"]["mutants"]
    assert job["if"] == "github.event_name == 'pull_request'"
    assert job["env"]["SINCE"] == "origin/${{ github.base_ref }}"
    assert job["steps"][0]["with"]["fetch-depth"] == 0, "git has to know where the branch has left the other"
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make mutants"]
    assert "$(if $(SINCE),--since $(SINCE))" in (PROJECT / "Makefile").read_text()


def test_the_report_knows_every_run() -> None:
    jobs = workflow()["jobs"]
    pythons = jobs["embedded"]["strategy"]["matrix"]["python"]
    assert [*(f"python-{python}" for python in pythons), "postgresql"] == RUNS
    for command in commands():
        if " incoming" in command:
            assert command.split(" incoming ")[1].split() == RUNS, command


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    """A folder in which the reports of all runs have come, and the project's programs."""
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci", ignore=shutil.ignore_patterns("__pycache__"))
    for run in RUNS:
        reports = tmp_path / f"incoming/reports-{run}"
        results(reports, "passed", "passed", "skipped")
        (reports / "promises.html").write_text(f"the page of {run}")
        (reports / "allure-results").mkdir()
        (reports / f"allure-results/{run}-result.json").write_text(
            json.dumps({"historyId": "h", "name": "n"})
        )
        (reports / "allure-results/categories.json").write_text("[]")
    return tmp_path


def results(reports: Path, *verdicts: str) -> None:
    """Write the JUnit results of a run."""
    (reports / "junit").mkdir(parents=True, exist_ok=True)
    cases = "".join(CASES[verdict] for verdict in verdicts)
    (reports / "junit/TESTS-shop.xml").write_text(f"<testsuite>{cases}</testsuite>")


def line(start: str) -> list[str]:
    """The one command of the workflow that begins so."""
    (found,) = [command for command in commands() if command.startswith(start)]
    return found.split()


def run(folder: Path, command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name != "GITHUB_STEP_SUMMARY"}
    return subprocess.run(
        command, cwd=folder, env={**clean, **environment}, capture_output=True, text=True, timeout=60
    )


def test_the_summary_has_a_row_for_each_run(incoming: Path) -> None:
    page = incoming / "summary.md"
    page.write_text("before\n")
    done = run(incoming, line(".ci/summary.py"), GITHUB_STEP_SUMMARY=str(page))
    assert done.returncode == 0, done.stderr
    assert page.read_text().startswith("before\n")
    for name in RUNS:
        assert f"| {name} | ✅ | 2 | 0 | 1 |" in page.read_text()
    assert "What failed" not in page.read_text()


def test_the_summary_names_what_failed_and_where(incoming: Path) -> None:
    for name in RUNS[1:3]:
        results(incoming / f"incoming/reports-{name}", "passed", "failed")
    done = run(incoming, line(".ci/summary.py"))
    assert done.returncode == 1
    assert "| python-3.12 | ❌ | 1 | 1 | 0 |" in done.stdout
    assert "- shop.Buying: Ben pays \\| &lt;b&gt; (python-3.12, python-3.13)" in done.stdout


@pytest.mark.parametrize("left", ["nothing", "an empty folder", "half a file"])
def test_a_run_that_left_no_results_is_no_success(incoming: Path, left: str) -> None:
    junit = incoming / "incoming/reports-postgresql/junit"
    shutil.rmtree(junit)
    if left != "nothing":
        junit.mkdir()
    if left == "half a file":
        (junit / "TESTS-shop.xml").write_text("<testsuite>")
    done = run(incoming, line(".ci/summary.py"))
    assert done.returncode == 1
    assert "| postgresql | ❌ " in done.stdout
    assert run(incoming, line(".ci/collect.py site")).returncode == 0
    index = (incoming / "reports/site/index.html").read_text()
    assert re.search(r"postgresql: <strong>(no results|\d failed)</strong>", index)


def test_results_of_several_runs_are_no_retries_of_each_other(incoming: Path) -> None:
    done = run(incoming, line(".ci/collect.py results"))
    assert done.returncode == 0, done.stderr
    merged = [
        json.loads(file.read_text()) for file in (incoming / "reports/allure-results").glob("*-result.json")
    ]
    assert len({result["historyId"] for result in merged}) == len(merged) == len(RUNS)
    assert sorted(result["parameters"][0]["value"] for result in merged) == sorted(RUNS)
    assert (incoming / "reports/allure-results/categories.json").exists()


def test_the_site_has_every_page_and_says_which_run_failed(incoming: Path) -> None:
    results(incoming / "incoming/reports-postgresql", "passed", "failed")
    (incoming / "reports").mkdir()
    (incoming / "reports/allure.html").write_text("all")
    done = run(incoming, line(".ci/collect.py site"))
    assert done.returncode == 0, done.stderr
    site = incoming / "reports/site"
    index = (site / "index.html").read_text()
    links = re.findall(r'href="([^"]+)"', index)
    assert links == ["allure.html", *(f"{name}/promises.html" for name in RUNS)]
    assert all((site / link).exists() for link in links)
    assert "postgresql: <strong>1 failed</strong>, 1 passed" in index
    assert "python-3.11: 2 passed" in index


@pytest.mark.parametrize("program", [".ci/summary.py", ".ci/collect.py"])
def test_a_program_that_is_asked_wrongly_says_how(incoming: Path, program: str) -> None:
    done = run(incoming, [program])
    assert done.returncode == 1
    assert "RUN..." in done.stderr
