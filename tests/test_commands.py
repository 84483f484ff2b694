"""The commands in Makefile and .ci say in one line what is wrong, and never call a failure a success."""

import os
import re
import shutil
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from behave_flask.stages.servers import free_port

PROJECT = Path(__file__).resolve().parent.parent

# Stands in for Python: makes a ".venv" whose python fails to install while there is a file named "broken".
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    "-m venv --clear .venv")
        rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; echo "$(basename "$0")" > chosen
        printf '#!/bin/sh\\necho "behave got: $*"; exit 1\\n' > .venv/bin/behave; chmod +x .venv/bin/behave;;
    *"pip install"*) echo "pip: $*" >> calls; test ! -e broken || { echo "no such wheel"; exit 1; };;
esac
"""
FAILING = "#!/bin/sh\nexit 1\n"


def script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with stdout and stderr as one; programs in the folder's bin/ come first."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    # What the make that may run these tests was told is not for the make under test.
    output = {
        "PYTHON",
        "PORT",
        "ARGS",
        "BEHAVE_ARGS",
        "SEED",
        "SECONDS",
        "MAKEFLAGS",
        "MAKEOVERRIDES",
        "MFLAGS",
        "MAKELEVEL",
    }
    clean = {name: value for name, value in os.environ.items() if name not in output}
    return subprocess.run(
        command,
        cwd=folder,
        env={**clean, "PATH": path, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )


def lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was printed, without make's own `make: *** ...`."""
    return [line for line in done.stdout.splitlines() if not line.startswith("make:")]


def say_modules(installed: Path) -> None:
    """Let the environment's Python say which module it is asked for, in place of running it."""
    real = (installed / ".venv/bin/python").read_text().removeprefix("#!/bin/sh\n")
    script(installed / ".venv/bin/python", f'#!/bin/sh\ncase $1 in -m) echo "python $*"; exit;; esac\n{real}')


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout that holds the real Makefile, and stand-ins for every Python it may find."""
    folder = tmp_path.resolve() / "checkout"
    folder.mkdir()
    shutil.copy(PROJECT / "Makefile", folder)
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (folder / name).touch()
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        script(folder / "bin" / name, FAKE_PYTHON)
    return folder


# ---- make: help, Python, installing


def test_help_is_the_default_and_names_every_target() -> None:
    output = run(PROJECT, "make").stdout
    assert output == run(PROJECT, "make", "help").stdout
    (phony,) = re.findall(r"^\.PHONY: (help .*)$", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert [line.split()[1] for line in output.splitlines()] == phony.split()
    assert all(len(line.split()) > 2 for line in output.splitlines())


def test_an_unsuitable_python_gets_one_line(checkout: Path) -> None:
    for program in (checkout / "bin").iterdir():
        script(program, FAILING)
    done = run(checkout, "make", "accept")
    assert done.returncode != 0
    assert lines(done) == [
        "Python 3.11 or newer is needed, and none was found. Name one: make PYTHON=/path/to/python3.12"
    ]


def test_a_named_python_that_is_unsuitable_is_not_replaced_by_another(checkout: Path) -> None:
    script(checkout / "bin/python3.8", FAILING)
    done = run(checkout, "make", "accept", "PYTHON=python3.8")
    assert [line[:25] for line in lines(done)] == ["Python 3.11 or newer is n"]
    assert not (checkout / ".venv").exists()


def test_a_python_that_does_not_run_is_passed_over(checkout: Path) -> None:
    script(checkout / "bin/python3.13", FAILING)
    run(checkout, "make", "accept")
    assert (checkout / "chosen").read_text() == "python3.12\n"


def test_a_missing_venv_module_gets_one_line(checkout: Path) -> None:
    for program in (checkout / "bin").iterdir():
        script(program, '#!/bin/sh\ncase "$*" in *version_info*) exit 0;; *) exit 1;; esac\n')
    assert lines(run(checkout, "make", "accept")) == [
        "python3.13 has no venv module. On Debian and Ubuntu: apt-get install python3-venv"
    ]


@pytest.mark.parametrize(("printed", "ended", "code"), [(0, 0, 0), (0, 1, 2), (3, 0, 2), (3, 1, 2)])
def test_accept_is_red_for_a_run_that_has_not_told_all(
    checkout: Path, printed: int, ended: int, code: int
) -> None:
    run(checkout, "make", "accept")
    script(checkout / ".venv/bin/behave", f"#!/bin/sh\nexit {printed}\n")
    real = (checkout / ".venv/bin/python").read_text().removeprefix("#!/bin/sh\n")
    asked = f'case "$*" in "-m behave_flask rerun --ended --stop") exit {ended};; esac'
    script(checkout / ".venv/bin/python", f"#!/bin/sh\n{asked}\n{real}")
    assert run(checkout, "make", "accept", "ARGS=--stop").returncode == code


def test_accept_installs_once_passes_arguments_on_and_fails_with_behave(checkout: Path) -> None:
    first = run(
        checkout, "make", "accept", "ARGS=--tags=@slow --stop", PYTHONPATH="/elsewhere", PIP_TARGET="/x"
    )
    assert first.returncode != 0
    assert lines(first) == [
        "Installing what the suite needs (about a minute, once) ...",
        "behave got: --tags=@slow --stop",
        "Reports: reports/junit, reports/allure-results",
    ]
    calls = (checkout / "calls").read_text()
    assert "--require-hashes --requirement requirements.txt" in calls
    assert "requirements-dev.txt" not in calls
    assert lines(run(checkout, "make", "accept", BEHAVE_ARGS="--wip")) == [
        "behave got: --wip",
        "Reports: reports/junit, reports/allure-results",
    ]
    assert (checkout / "calls").read_text() == calls


@pytest.mark.parametrize("node", ["", "#!/bin/sh\nexit 1\n"], ids=["none", "an old one"])
def test_a_report_without_node_gets_one_line(checkout: Path, node: str) -> None:
    (checkout / "package-lock.json").touch()
    run(checkout, "make", "accept")
    script(checkout / "bin/node", node or '#!/bin/sh\necho "node: not found" >&2; exit 127\n')
    done = run(checkout, "make", "report")
    assert done.returncode != 0
    assert lines(done) == [
        "make report needs Node 20 or newer with npm, and found none. See https://nodejs.org"
    ]


def test_an_installation_that_failed_says_why_and_starts_over(checkout: Path) -> None:
    (checkout / "broken").touch()
    failed = run(checkout, "make", "accept")
    assert lines(failed)[1:] == ["no such wheel"]
    (checkout / "broken").unlink()
    (checkout / ".venv/half-installed").touch()
    assert lines(run(checkout, "make", "accept"))[0].startswith("Installing")
    assert not (checkout / ".venv/half-installed").exists()


def test_development_needs_that_were_half_installed_start_over_from_nothing(checkout: Path) -> None:
    run(checkout, "make", "accept")
    (checkout / "broken").touch()
    assert "no such wheel" in run(checkout, "make", "lint").stdout
    (checkout / "broken").unlink()
    (checkout / ".venv/half-installed").touch()
    assert lines(run(checkout, "make", "accept"))[0].startswith("Installing")
    assert not (checkout / ".venv/half-installed").exists()


def test_a_checkout_that_moved_gets_a_new_environment(checkout: Path) -> None:
    run(checkout, "make", "accept")
    moved = checkout.rename(checkout.with_name("moved"))
    assert lines(run(moved, "make", "accept"))[0].startswith("Installing")


# ---- make serve, make test


@pytest.fixture
def installed(checkout: Path) -> Path:
    """A checkout after `make accept`, with a real Python and with stand-ins for the programs."""
    run(checkout, "make", "accept")
    (checkout / ".venv/dev.stamp").touch()
    script(checkout / ".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    script(checkout / ".venv/bin/flask", '#!/bin/sh\necho "$SHOP_CONFIG $DATABASE_URL flask $*"\n')
    return checkout


def test_serve_runs_the_shop_with_demo_data_on_a_local_file(installed: Path) -> None:
    port = free_port()
    done = run(installed, "make", "serve", f"PORT={port}", DATABASE_URL="postgresql://somewhere/precious")
    setting = f"development sqlite:///{installed}/instance/shop.sqlite flask --app app"
    assert lines(done) == [f"{setting} db upgrade", f"{setting} load-demo", f"{setting} run --port {port}"]


@pytest.mark.parametrize("target", ["serve", "serve-services"])
def test_a_port_in_use_gets_one_line(installed: Path, target: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(installed, "make", target, f"PORT={port}")
    assert done.returncode != 0
    assert lines(done) == [
        f"Port {port} cannot be used (Address already in use). Try another: make {target} PORT=5001"
    ]


@pytest.mark.parametrize("port", ["seven", "70000"])
def test_a_port_that_is_none_gets_one_line(installed: Path, port: str) -> None:
    (output,) = lines(run(installed, "make", "serve", f"PORT={port}"))
    assert output.startswith(f"Port {port} cannot be used (")


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["serve-services", "PORT=5998"], "features.support.shop.local 5998"),
        (["load"], "bench.load 30"),
        (["load", "SECONDS=5"], "bench.load 5"),
    ],
)
def test_the_shop_on_real_parts_is_started_as_told(
    installed: Path, arguments: list[str], module: str
) -> None:
    say_modules(installed)
    assert lines(run(installed, "make", *arguments)) == [f"python -m {module}"]


def test_an_environment_that_is_made_anew_gets_what_the_tests_need_too(installed: Path) -> None:
    install = "--requirement requirements-dev.txt"
    assert install not in run(installed, "make", "-n", "unit").stdout
    later = time.time() + 10
    os.utime(installed / "requirements.txt", (later, later))
    assert install in run(installed, "make", "-n", "unit").stdout


def test_an_order_is_narrowed_by_its_seed(installed: Path) -> None:
    say_modules(installed)
    asked = run(installed, "make", "bisect-order")
    assert (asked.returncode, lines(asked)) == (
        2,
        ["Which order? It failed with a seed: make bisect-order SEED=1234"],
    )
    done = run(installed, "make", "bisect-order", "SEED=7", "ARGS=features/a.feature:3")
    assert lines(done) == ["python -m behave_flask bisect 7 features/a.feature:3"]


@pytest.mark.parametrize(
    ("seed", "options"), [("", "-j 2 -D order=random"), ("7", "-j 2 -D order=random -D seed=7")]
)
def test_the_suite_runs_on_two_cores_and_in_random_order_where_everything_is_tested(
    installed: Path, seed: str, options: str
) -> None:
    say_modules(installed)
    script(installed / ".venv/bin/coverage", '#!/bin/sh\necho "coverage $*"\n')
    output = lines(run(installed, "make", "coverage", f"SEED={seed}"))
    assert f"coverage run .venv/bin/behave {options}" in output


def test_both_stages_are_compared_though_one_is_red(installed: Path) -> None:
    say_modules(installed)
    script(installed / ".venv/bin/behave", '#!/bin/sh\necho "behave $*"; exit 1\n')
    done = run(installed, "make", "parity", "SEED=7", "ARGS=features/a")
    assert done.returncode != 0
    output = lines(done)
    assert "behave --format=progress2 features/a" in output
    compared = output.index("python -m behave_flask parity reports/junit reports/services/junit")
    assert "--ended --junit-directory=reports/services/junit" in output[compared - 1]
    assert output[compared - 2].startswith("behave -j 2 -D order=random -D seed=7 -D stage=services ")


def test_make_test_stops_at_the_first_failure_and_names_it(installed: Path) -> None:
    script(installed / ".venv/bin/ruff", "#!/bin/sh\n")
    script(installed / ".venv/bin/mypy", "#!/bin/sh\necho a wrong type; exit 1\n")
    done = run(installed, "make", "test")
    assert done.returncode != 0
    assert lines(done)[-2:] == ["a wrong type", "make lint: stopped at: types"]


# ---- .ci/count.py, .ci/run

MIXED = """<testsuites><testsuite>
  <testcase name="a"/><testcase name="b"><system-out>told</system-out></testcase>
  <testcase name="c"><failure message="no"/></testcase><testcase name="d"><error/></testcase>
  <testcase name="e"><skipped/></testcase>
</testsuite></testsuites>"""
GREEN = '<testsuite tests="1"><testcase name="a" status="passed"/></testsuite>'


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def count(folder: Path, code: str, *names: str) -> tuple[int, str]:
    done = run(folder, sys.executable, str(PROJECT / ".ci/count.py"), code, *names)
    return done.returncode, done.stdout.splitlines()[-1]


def test_results_of_several_runs_are_counted_together(tmp_path: Path) -> None:
    write(tmp_path / "one/deep/a.xml", MIXED)
    write(tmp_path / "two/b.xml", GREEN)
    assert count(tmp_path, "2", "one", "two") == (1, "3 passed, 2 failed, 1 skipped")
    assert count(tmp_path, "0", "two") == (0, "1 passed, 0 failed")


@pytest.mark.parametrize("broken", ["", "<testsuite", "<testsuite tests='3'></testsuite>"])
def test_results_that_are_missing_empty_or_broken_count_as_a_failure(tmp_path: Path, broken: str) -> None:
    write(tmp_path / "good/a.xml", GREEN)
    assert count(tmp_path, "0", "good", "absent") == (1, "1 passed, 1 failed")
    write(tmp_path / "broken/b.xml", broken)
    assert count(tmp_path, "0", "good", "broken") == (1, "1 passed, 1 failed")


def test_a_run_in_which_all_was_skipped_counts_as_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "one/a.xml", "<testsuite><testcase name='a'><skipped/></testcase></testsuite>")
    assert count(tmp_path, "0", "one") == (1, "0 passed, 1 failed, 1 skipped")


def test_an_empty_file_among_good_ones_counts_as_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "one/a.xml", GREEN)
    write(tmp_path / "one/b.xml", "")
    assert count(tmp_path, "0", "one") == (1, "1 passed, 1 failed")


def test_a_failed_run_without_a_failed_result_counts_as_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "one/a.xml", GREEN)
    assert count(tmp_path, "2", "one") == (1, "1 passed, 1 failed")


@pytest.mark.parametrize(
    ("recipe", "code", "last"),
    [
        ("exit 3", 2, "0 passed, 3 failed"),
        ("true", 1, "0 passed, 3 failed"),
        (
            "for d in pytest junit services/junit; do mkdir -p reports/$$d; cp green.xml reports/$$d; done",
            0,
            "3 passed, 0 failed",
        ),
        ("mkdir -p reports/pytest; cp green.xml reports/pytest; exit 1", 2, "1 passed, 2 failed"),
    ],
    ids=["fails at once", "runs nothing", "passes", "stops half-way"],
)
def test_ci_ends_with_one_line_that_agrees_with_its_exit_code(
    tmp_path: Path, recipe: str, code: int, last: str
) -> None:
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci")
    write(tmp_path / "green.xml", GREEN)
    write(tmp_path / "reports/junit/stale.xml", GREEN)
    write(tmp_path / "Makefile", f"test:\n\t@{recipe}\n")
    done = run(tmp_path, "bash", ".ci/run")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (code, last)


def test_ci_without_any_python_still_says_that_it_failed(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci")
    write(tmp_path / "Makefile", "test:\n\t@exit 1\n")
    script(tmp_path / "bin/python3", FAILING)
    done = run(tmp_path, "bash", ".ci/run")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (2, "0 passed, 1 failed")


# ---- .ci/coverage_gates.py

LAYERS = """
[tool.coverage_gates]
"models" = { at_least = 90, files = ["app/models*"] }
"rest" = { at_least = 50, files = ["app/[!x]*"] }
"""


@pytest.fixture
def gates(tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Judge files, each given as (reached, all) lines; two branches a file, both reached."""

    def judge(**files: tuple[int, int]) -> tuple[int, str]:
        entries = ",".join(
            f'"app/{name}.py": {{"missing_lines": [7], "missing_branches": [], '
            f'"summary": {{"covered_lines": {reached}, '
            f'"num_statements": {wanted}, "covered_branches": 2, "num_branches": 2}}}}'
            for name, (reached, wanted) in files.items()
        )
        write(tmp_path / "coverage.json", f'{{"files": {{{entries}}}}}')
        write(tmp_path / "pyproject.toml", LAYERS)
        done = run(tmp_path, sys.executable, str(PROJECT / ".ci/coverage_gates.py"), "coverage.json")
        return done.returncode, done.stdout

    return judge


def test_layers_above_their_marks_pass_with_a_line_each(gates: Callable) -> None:
    code, output = gates(models=(98, 98), views=(48, 98))
    assert code == 0
    assert output == "ok    models: 100.0 % of 90 % (1 files)\nok    rest: 50.0 % of 50 % (1 files)\n"


def test_a_layer_below_its_mark_fails_and_names_its_files(gates: Callable) -> None:
    code, output = gates(models=(70, 98), models_good=(98, 98), views=(98, 98))
    assert code == 1
    assert output.splitlines() == [
        "BELOW models: 86.0 % of 90 % (2 files)",
        "      app/models.py: 72.0 %, lines [7], branches []",
        "ok    rest: 100.0 % of 50 % (1 files)",
    ]


def test_a_mark_is_not_reached_by_rounding_up(gates: Callable) -> None:
    code, output = gates(models=(8997, 9998), views=(98, 98))
    assert code == 1
    assert output.startswith("BELOW models: 89.9 % of 90 %")


def test_a_layer_without_files_fails(gates: Callable) -> None:
    code, output = gates(views=(98, 98))
    assert code == 1
    assert output.startswith("BELOW models: 100.0 % of 90 % (0 files)\n")


def test_a_file_without_a_layer_fails(gates: Callable) -> None:
    code, output = gates(models=(98, 98), views=(98, 98), xtra=(98, 98))
    assert code == 1
    assert output.endswith("BELOW app/xtra.py: belongs to no layer\n")


# ---- requirements


PIN = re.compile(r"[\w.-]+(\[[\w,-]+\])?==[\w.!+]+ .*--hash=sha256:", re.DOTALL)
REGISTRY = re.compile(r"(?m)^\s*(-i|-f|--[a-z-]*index[a-z-]*|--find-[a-z]+|--trusted-[a-z]+)|\w+://")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_its_hashes_and_names_no_registry(name: str) -> None:
    text = (PROJECT / name).read_text()
    pins = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text).strip())
    assert len(pins) > 30
    assert [pin.split()[0] for pin in pins if not PIN.match(pin)] == []
    assert REGISTRY.findall(text) == []


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_a_pin_has_the_extras_that_others_ask_for(name: str) -> None:
    """pip tries the newest release for an extra whose pin does not name it, and that one has no hash here."""
    found = re.findall(r"(?m)^([\w.-]+)(\S*)==", (PROJECT / name).read_text())
    pinned = {name: extras.strip("[]").split(",") for name, extras in found}
    asked = [Requirement(line) for name, extras in pinned.items() for line in _asks_for(name, extras)]
    wanted = {(canonicalize_name(each.name), extra) for each in asked for extra in each.extras}
    assert wanted
    assert {(name, extra) for name, extra in wanted if extra not in pinned[name]} == set()


def _asks_for(name: str, extras: list[str]) -> Iterator[str]:
    """Yield what an installed package needs, with the extras that are taken of it."""
    with suppress(metadata.PackageNotFoundError):  # it is for another Python
        for line in metadata.requires(name) or []:
            marker = Requirement(line).marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                yield line
