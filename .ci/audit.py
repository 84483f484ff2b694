"""Tell which pinned packages have known vulnerabilities, and which nobody could look up.

    python .ci/audit.py REQUIREMENTS...

Asks PyPI and then, for what that does not know, OSV, by `pip-audit` (PIP_AUDIT names another program). Exits
with 1 where a vulnerability is known, 2 where none is but not every package was looked up, and 0 otherwise.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVICES = ("pypi", "osv")
OPTIONS = ("--format=json", "--progress-spinner=off", "--require-hashes", "--disable-pip")


def ask(service: str, file: str) -> tuple[list[dict[str, Any]], str]:
    """Return what a service says of each package, and why it says nothing, if so."""
    program = os.environ.get("PIP_AUDIT") or str(Path(sys.executable).with_name("pip-audit"))
    asked = [program, f"--vulnerability-service={service}", *OPTIONS, "-r", file]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["dependencies"], ""
    except (ValueError, KeyError):
        return [], (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]


def main(*files: str) -> int:
    """Print what was found, and return the exit code."""
    known: dict[str, list[str]] = {}
    left: dict[str, str] = {}
    for file in files:
        for service in SERVICES:
            said, trouble = ask(service, file)
            if trouble:
                print(f"{service} gives no answer for {file}: {trouble[:200]}")
            for package in said:
                name = f"{package['name']} {package.get('version', '')}".strip()
                if "skip_reason" in package:
                    left.setdefault(package["name"], package["skip_reason"])
                else:
                    known[package["name"]] = [
                        f"{name}: {each['id']}, mended in {', '.join(each['fix_versions']) or 'none'}"
                        for each in package["vulns"]
                    ]
            if not trouble and not left.keys() - known.keys():
                break
    found = sorted({line for lines in known.values() for line in lines})
    missing = sorted(left.keys() - known.keys())
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(known)} packages looked up, {len(found)} known vulnerabilities.")
    if missing or not known:
        names = ", ".join(missing) or "all"
        print(f"No verdict on {len(missing)} packages, which no service knows here: {names}")
    return 1 if found else 2 if missing or not known else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
