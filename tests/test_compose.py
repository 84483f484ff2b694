"""The shop in containers, which nobody runs here: compose.yaml and the Dockerfile agree with the shop."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML

from app.config import Production
from features.support.shop import local
from features.support.shop.inspection import fault_in_settings

PROJECT = Path(__file__).resolve().parent.parent
COMPOSE = PROJECT / "compose.yaml"
# What in the environment is meant for the programs that the shop runs by.
FOR_OTHERS = {"SHOP_CONFIG", "PGPASSWORD", "GUNICORN_CMD_ARGS"}
GIVEN = re.compile(r"\$\{(\w+)(:[-?][^}]*)?\}")
UPGRADE = "db upgrade"

Compose = dict[str, Any]


def secrets() -> set[str]:
    """The settings of the shop that nobody may read, and the database's password."""
    fields = Production.model_fields.items()
    secret = {
        name.upper() for name, field in fields if SecretStr in (field.annotation, *get_args(field.annotation))
    }
    return secret | {"PGPASSWORD", "POSTGRES_PASSWORD", "REDISCLI_AUTH"}


def own(compose: Compose) -> dict[str, Compose]:
    """The services that are the shop's own."""
    return {name: service for name, service in compose["services"].items() if "build" in service}


def given(environment: dict[str, str | None]) -> dict[str, str]:
    """What a service finds in its environment where everything that has to be given is."""
    variables = {name: value for name, value in environment.items() if value is not None}
    return {name: GIVEN.sub(_given_or_default, value) for name, value in variables.items()}


def _given_or_default(variable: re.Match[str]) -> str:
    rest = variable[2] or ""
    return rest[2:] if rest.startswith(":-") else "https://given.example.com/"


def faults(compose: Compose) -> list[str]:
    """What is wrong with a compose file, a line each."""
    return [fault for check in CHECKS for fault in check(compose)]


def unknown_settings(compose: Compose) -> list[str]:
    known = {name.upper() for name in Production.model_fields} | FOR_OTHERS
    return [
        f"{service} has {name}, which nobody reads"
        for service, variables in own(compose).items()
        for name in variables["environment"].keys() - known
    ]


def missing_settings(compose: Compose) -> list[str]:
    return [
        f"{service} would not start: {fault}"
        for service, variables in own(compose).items()
        if (fault := fault_in_settings("production", given(variables["environment"])))
    ]


def secrets_given(compose: Compose) -> list[str]:
    """A secret comes from the environment of the machine: it must, or it may (null); here stands none."""
    return [
        f"{service} finds {name} in the file: {value}"
        for service, variables in compose["services"].items()
        for name, value in variables.get("environment", {}).items()
        if name in secrets() and value is not None and not re.fullmatch(r"\$\{\w+:\?[^}]*\}", value)
    ]


def open_doors(compose: Compose) -> list[str]:
    doors = []
    for name, service in compose["services"].items():
        if "build" not in service and service.get("user", "root") in ("root", "0"):
            doors.append(f"{name} runs as root")
        if not service.get("read_only"):
            doors.append(f"{name} may write everywhere")
        doors += [
            f"{name} listens on all addresses"
            for port in service.get("ports", [])
            if port[:10] != "127.0.0.1:"
        ]
    return doors


def unwatched(compose: Compose) -> list[str]:
    once = [name for name, service in compose["services"].items() if service.get("restart") == "no"]
    return [
        f"{name} has no health check"
        for name in compose["services"].keys() - once
        if not _checked(compose, name)
    ]


def unbounded(compose: Compose) -> list[str]:
    return [
        f"{name} has no {bound}"
        for name, service in compose["services"].items()
        for bound in ("mem_limit", "pids_limit", "cpus")
        if not service.get(bound)
    ]


def open_queue(compose: Compose) -> list[str]:
    """Whoever reaches Redis needs its password, which comes from the environment of the machine."""
    needed = "redis://:${REDIS_PASSWORD:?"
    return [
        f"{service} asks for no password at {name}"
        for service, variables in own(compose).items()
        for name in ("BROKER_URL", "LIMITS_URL")
        if not str(variables["environment"].get(name, needed)).startswith(needed)
    ]


def unbuffered(compose: Compose) -> list[str]:
    """The proxy alone is reached from outside, and takes requests in whole, each wait with an end."""
    services = compose["services"]
    faults = [
        f"{name} is reached past the proxy"
        for name in services.keys() - {"proxy"}
        if services[name].get("ports")
    ]
    if not any(volume.startswith("./nginx.conf:") for volume in services["proxy"].get("volumes", [])):
        faults.append("proxy has not its configuration")
    said = (PROJECT / "nginx.conf").read_text()
    return faults + [f"nginx.conf does not say: {line}" for line in BUFFERED if not re.search(line, said)]


BUFFERED = (
    r"proxy_request_buffering on;",
    r"proxy_buffering on;",
    r"client_header_timeout \d+s;",
    r"client_body_timeout \d+s;",
    r"proxy_next_upstream off;",
    r"server web:8000;",
)


def undying(compose: Compose) -> list[str]:
    """What does background work ends when it is unwell for a while, and is begun anew."""
    return [
        f"{name} is left as it is when it hangs"
        for name in ("worker", "beat")
        if _checked(compose, name) and "kill 1" not in str(compose["services"][name]["healthcheck"]["test"])
    ]


ASKED = {  # what each is asked, by which it cannot seem well while it hangs
    "web": r"urlopen\('http://127\.0\.0\.1:8000/healthz', timeout=\d+\)",
    "proxy": r"curl --fail .*--max-time \d+ http://127\.0\.0\.1:8080/healthz",
    "worker": r"if celery --app app\.worker:celery inspect ping --timeout \d+ --destination celery@",
    "beat": r"find /tmp -name 'celerybeat-schedule\*' -mmin -\d+",
    "postgres": r"pg_isready .*--dbname shop",
    "redis": r"redis-cli ping \| grep -q PONG",
}


def unasked(compose: Compose) -> list[str]:
    """Each is asked for what it does, not only for whether its process is there."""
    tests = {
        name: " ".join(compose["services"][name]["healthcheck"]["test"])
        for name in ASKED
        if _checked(compose, name)
    }
    return [
        f"{name} is not asked how it is" for name, test in tests.items() if not re.search(ASKED[name], test)
    ]


def _checked(compose: Compose, name: str) -> bool:
    return bool(compose["services"][name].get("healthcheck", {}).get("test"))


def migrations(compose: Compose) -> list[str]:
    """One service migrates, once, and the others of the shop wait for it."""
    services = own(compose)
    who = [name for name, service in services.items() if UPGRADE in service["command"]]
    if len(who) != 1 or services[who[0]]["restart"] != "no":
        return [f"migrations are run by {who}, not once"]
    waits = {"condition": "service_completed_successfully"}
    return [
        f"{name} does not wait for {who[0]}"
        for name, service in services.items()
        if name not in who and service["depends_on"].get(who[0]) != waits
    ]


CHECKS: list[Callable[[Compose], list[str]]] = [
    unknown_settings,
    missing_settings,
    secrets_given,
    open_doors,
    unwatched,
    unbounded,
    open_queue,
    unbuffered,
    undying,
    unasked,
    migrations,
]


@pytest.fixture
def compose() -> Compose:
    """What stands in compose.yaml, each service with what is its own."""
    found: Compose = json.loads(
        json.dumps(YAML(typ="safe").load(COMPOSE))
    )  # each a copy, where it has an alias
    return found


def check(file: Path) -> subprocess.CompletedProcess[str]:
    """Hold a compose file against the schema, as `make lint` does."""
    (line,) = re.findall(
        r"\$\(BIN\)/(check-jsonschema .*) compose\.yaml\)", (PROJECT / "Makefile").read_text()
    )
    program, *options = line.split()
    return subprocess.run(
        [Path(sys.executable).with_name(program), *options, file], capture_output=True, text=True, timeout=60
    )


def test_the_file_fits_the_schema_and_a_mistake_is_seen(tmp_path: Path) -> None:
    done = check(COMPOSE)
    assert done.returncode == 0, done.stdout
    wrong = tmp_path / "compose.yaml"
    wrong.write_text(COMPOSE.read_text().replace("healthcheck:", "healthchek:", 1))
    assert check(wrong).returncode != 0


def test_the_file_agrees_with_the_shop(compose: Compose) -> None:
    assert faults(compose) == []
    assert own(compose).keys() == {"migrate", "web", "worker", "beat"}
    assert compose["services"].keys() - own(compose).keys() == {"proxy", "postgres", "redis"}


PLANTS: dict[str, tuple[Callable[[Compose], Any], str]] = {
    "a setting is forgotten": (
        lambda services: services["worker"]["environment"].pop("BROKER_URL"),
        "worker would not start: .*BROKER_URL",
    ),
    "a setting is misspelt": (
        lambda services: services["web"]["environment"].update(DATABSE_URL="x"),
        "web has DATABSE_URL, which nobody reads",
    ),
    "a secret has a default": (
        lambda services: services["web"]["environment"].update(
            SECRET_KEY="${SECRET_KEY:-not a secret at all}"
        ),
        r"web finds SECRET_KEY in the file",
    ),
    "a secret stands in the file": (
        lambda services: services["postgres"]["environment"].update(POSTGRES_PASSWORD="shop"),
        "postgres finds POSTGRES_PASSWORD in the file: shop",
    ),
    "a server runs as root": (lambda services: services["redis"].pop("user"), "redis runs as root"),
    "the whole world may come in": (
        lambda services: services["proxy"].update(ports=["8000:8080"]),
        "proxy listens on all addresses",
    ),
    "the shop is reached past the proxy": (
        lambda services: services["web"].update(ports=["127.0.0.1:8001:8000"]),
        "web is reached past the proxy",
    ),
    "the proxy is as it comes": (
        lambda services: services["proxy"].pop("volumes"),
        "proxy has not its configuration",
    ),
    "a worker hangs for good": (
        lambda services: services["worker"]["healthcheck"]["test"].__setitem__(
            1, services["worker"]["healthcheck"]["test"][1].replace("kill 1", "true")
        ),
        "worker is left as it is when it hangs",
    ),
    "the worker is asked nothing": (
        lambda services: services["worker"]["healthcheck"].update(
            test=["CMD-SHELL", "if true; then rm -f /tmp/unwell; else kill 1; fi"]
        ),
        "worker is not asked how it is",
    ),
    "the shop is asked for a page that is always there": (
        lambda services: services["web"]["healthcheck"]["test"].__setitem__(
            3,
            "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/static/shop.css', timeout=5)",
        ),
        "web is not asked how it is",
    ),
    "nobody asks how it is": (
        lambda services: services["beat"].pop("healthcheck"),
        "beat has no health check",
    ),
    "one may take all the memory": (
        lambda services: services["web"].pop("mem_limit"),
        "web has no mem_limit",
    ),
    "one may start processes without end": (
        lambda services: services["redis"].pop("pids_limit"),
        "redis has no pids_limit",
    ),
    "the queue is open to all": (
        lambda services: services["beat"]["environment"].update(BROKER_URL="redis://redis/0"),
        "beat asks for no password at BROKER_URL",
    ),
    "the password of the queue stands in the file": (
        lambda services: services["redis"]["environment"].update(REDISCLI_AUTH="shop"),
        "redis finds REDISCLI_AUTH in the file: shop",
    ),
    "all of them migrate": (
        lambda services: services["web"].update(command="sh -c 'flask --app app db upgrade && gunicorn'"),
        "migrations are run by .*'migrate', 'web'.*, not once",
    ),
    "one does not wait for the migration": (
        lambda services: services["beat"].update(depends_on={}),
        "beat does not wait for migrate",
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_what_is_wrong_is_named(compose: Compose, plant: str) -> None:
    change, message = PLANTS[plant]
    change(compose["services"])
    (found,) = faults(compose)
    assert re.search(message, found, re.DOTALL), found


# the image


def third_parties() -> set[str]:
    """The packages, by the names of their distributions, that the shop's modules and commands name."""
    names = set()
    for file in (PROJECT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            found = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names |= {name.partition(".")[0] for name in found}
    names |= {command.split()[0] for command in local.commands().values()}
    known = packages_distributions()
    return {known[name][0].lower().replace("_", "-") for name in names if name in known} - {
        "corner-shop-acceptance"
    }


def pins(file: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9.-]+)(?:\[\S+\])?==(\S+)", (PROJECT / file).read_text(), re.MULTILINE))


def test_the_image_has_what_the_shop_needs_and_nothing_of_its_suite() -> None:
    ours, all_of_them = pins("requirements-shop.txt"), pins("requirements.txt")
    assert ours.items() <= all_of_them.items(), "the image has other versions: make pins"
    assert {"psycopg-binary", "redis"} <= ours.keys()
    assert len(third_parties()) > 15
    assert third_parties() - ours.keys() == set()
    assert not {"behave", "playwright", "requests-mock"} & ours.keys()


def test_the_image_is_made_of_what_is_let_in_and_runs_as_nobody_in_particular() -> None:
    lines = (PROJECT / "Dockerfile").read_text().splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("COPY ")]
    let_in = [
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    ]
    assert sorted(copied) == sorted(let_in)
    assert all((PROJECT / name).exists() for name in copied)
    (user,) = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert int(user) > 0
    assert lines.index(f"USER {user}") > max(
        index for index, line in enumerate(lines) if line.startswith("RUN")
    )
