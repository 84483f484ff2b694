"""The services stage: what is planted goes red there too, and nothing outlives a run, however it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from planting import besides, replace

# What the shop does beside its work, by the request that it does it in.
BESIDES = {
    "GET /api/users": "mail",
    "GET /api/products": "outside",
    "GET /docs": "raw_socket",
    "GET /healthz": "log",
    "GET /api/posts": "task",
    "GET /api/orders": "transaction",
}

FEATURE = """
Feature: planted

  Background:
    Given a shop with a member, a product, an order and a post

  Scenario: a mail
    When an admin tries to list users by GET /api/users
    Then an admin succeeds

  Scenario: an outside call
    When an anonymous visitor tries to list products by GET /api/products
    Then an anonymous visitor succeeds

  Scenario: a call of a provider that no step arranged
    Given the weather provider knows no Rome
    When an anonymous visitor asks for the weather in "Oslo"
    Then an anonymous visitor succeeds

  Scenario: a raw socket
    When an anonymous visitor tries to read the documentation by GET /docs
    Then an anonymous visitor succeeds

  Scenario: an error in the log
    When an anonymous visitor tries to ask whether the shop is well by GET /healthz
    Then an anonymous visitor succeeds

  Scenario: a queued task
    When a user tries to list posts by GET /api/posts
    Then a user succeeds

  Scenario: a publish before the commit
    When an admin tries to create a user by POST /api/users
    Then an admin may create a user

  Scenario: a transaction left open
    When a user tries to list orders by GET /api/orders
    Then a user succeeds

  Scenario: nothing planted
    When a user tries to read a post by GET /api/posts/{id}
    Then a user succeeds

  @embedded
  Scenario: what cannot be played here
    When a user tries to do what nobody could by GET /nowhere
    Then a user succeeds
"""

FAILURES = {
    "a mail": "an e-mail to boss@example.com, “Somebody looks around”",
    "an outside call": "the service tried to look up the host tracker.example.com",
    "a call of a provider that no step arranged": "“no weather in Rome” was arranged but never called",
    "a raw socket": "the service tried to connect to 203.0.113.7:80",
    "an error in the log": "an error in the log of app: The till is stuck",
    "a queued task": "a queued task, app.tasks.publish_outbox()",
    "a publish before the commit": "app.tasks.send_welcome was published before the commit",
    "a transaction left open": "1 transactions were left open by the service",
}


@pytest.fixture
def broken(project_copy: Path) -> Path:
    """A copy of the shop with all the plants, and the feature that visits them."""
    besides(project_copy, BESIDES)
    replace(
        project_copy,
        "app/services/outbox.py",
        "    db.session.commit()\n    return dict",
        "    return dict",
    )
    (project_copy / "features/planted").mkdir()
    (project_copy / "features/planted/planted.feature").write_text(FEATURE)
    return project_copy


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_shop_does_beside_its_work_goes_red(
    broken: Path, behave: Callable[..., Any], jobs: int
) -> None:
    run = behave(broken, "-D", "stage=services", "--jobs", str(jobs), "features/planted/planted.feature")
    assert run.code == 1, run.output
    assert "Stage: services, on postgresql" in run.output
    for scenario, message in FAILURES.items():
        case = run.case(scenario)
        assert case.status != "passed", scenario
        assert message in case.message, f"{scenario}:\n{case.message}"
    assert run.status("nothing planted") == "passed"
    told = "Not played (@embedded: only on the stage embedded): 1 of 10 scenarios:\n"
    assert f"{told}  features/planted/planted.feature:" in run.output


@pytest.fixture
def running(project_copy: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    """A run on the services stage that waits within a scenario, and its folder for temporary files."""
    (project_copy / "features/steps/waiting_steps.py").write_text(
        "from pathlib import Path\nfrom threading import Event\n\nfrom behave import when\n\n\n"
        "@when('somebody waits')\ndef step_wait(context):\n"
        "    Path('waiting').touch()\n    Event().wait(60)\n"
    )
    (project_copy / "features/planted").mkdir()
    (project_copy / "features/planted/planted.feature").write_text(
        "Feature: planted\n\n  Scenario: waiting\n    When somebody waits\n    Then nothing is queued\n"
    )
    # A socket's path may have about a hundred letters; a test's own folder has more.
    scratch, printed = Path(tempfile.mkdtemp(dir="/tmp")), project_copy / "printed"
    with (
        printed.open("wb") as output,
        subprocess.Popen(
            [
                Path(sys.executable).with_name("behave"),
                "-D",
                "stage=services",
                "--no-junit",
                "features/planted",
            ],
            cwd=project_copy,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project_copy), "TMPDIR": str(scratch)},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process,
    ):
        end = time.monotonic() + 90
        while not (project_copy / "waiting").exists():
            assert process.poll() is None, printed.read_text()
            assert time.monotonic() < end, printed.read_text()
            time.sleep(0.05)
        yield process, scratch
        process.kill()
    shutil.rmtree(scratch)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_a_run(running: tuple[subprocess.Popen[bytes], Path], how: signal.Signals) -> None:
    process, scratch = running
    started = psutil.Process(process.pid).children(recursive=True)
    programs = " ".join(" ".join(each.cmdline()) for each in started)
    assert all(name in programs for name in ("gunicorn", "celery", "postgres", "-server")), programs
    process.send_signal(how)
    process.wait(60)
    gone, left = psutil.wait_procs(started, timeout=30)
    assert not left, left
    assert len(gone) == len(started)
    assert not list(scratch.iterdir())
