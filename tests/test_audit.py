"""What `make audit` says: of what it was told, and of what nobody could tell it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

AUDIT = Path(__file__).resolve().parent.parent / ".ci/audit.py"
GOOD = {"name": "flask", "version": "3.1", "vulns": []}
BAD = {"name": "pillow", "version": "9.0", "vulns": [{"id": "CVE-1", "fix_versions": ["9.1"]}]}
LEFT = {"name": "alembic", "skip_reason": "not found"}


def audit(folder: Path, **answers: list[dict[str, Any]] | None) -> tuple[int, str]:
    """Run it where each service answers this, or nothing."""
    said = {
        name: json.dumps({"dependencies": answer}) for name, answer in answers.items() if answer is not None
    }
    program = folder / "pip-audit"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nsaid = {said!r}\n"
        "service = sys.argv[1].partition('=')[2]\n"
        "print(said[service]) if service in said else sys.exit('Failed to resolve')\n"
    )
    program.chmod(0o755)
    environment = {**os.environ, "PIP_AUDIT": str(program)}
    done = subprocess.run(
        [sys.executable, AUDIT, "a.txt"], env=environment, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("pypi", "osv", "code", "said"),
    [
        ([GOOD], None, 0, "1 packages looked up, 0 known vulnerabilities."),
        ([GOOD, BAD], None, 1, "pillow 9.0: CVE-1, mended in 9.1"),
        ([GOOD, LEFT], [GOOD, {**GOOD, "name": "alembic"}], 0, "2 packages looked up"),
        ([GOOD, LEFT], None, 2, "No verdict on 1 packages, which no service knows here: alembic"),
        ([BAD, LEFT], None, 1, "No verdict on 1 packages, which no service knows here: alembic"),
        ([LEFT], [LEFT], 2, "0 packages looked up"),
        (None, [GOOD], 0, "pypi gives no answer for a.txt: Failed to resolve"),
        (None, None, 2, "No verdict on 0 packages, which no service knows here: all"),
    ],
)
def test_it_says_what_it_knows_and_what_it_does_not(
    tmp_path: Path, pypi: list[dict[str, Any]] | None, osv: list[dict[str, Any]] | None, code: int, said: str
) -> None:
    assert audit(tmp_path, pypi=pypi, osv=osv)[0] == code
    assert said in audit(tmp_path, pypi=pypi, osv=osv)[1]
