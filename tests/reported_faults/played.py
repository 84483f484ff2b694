"""What a run of the lending library left, read from its reports at each look."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree


@dataclass(frozen=True)
class JUnitCase:
    """One `<testcase>`: its title, its verdict as any reader of JUnit takes it, and the text of that."""

    title: str
    verdict: str
    text: str


@dataclass(frozen=True)
class Played:
    """What a run left: its exit code, what it printed, and its reports, read again at each look."""

    folder: Path
    code: int
    output: str

    @property
    def reports(self) -> Path:
        """The folder of all reports."""
        return self.folder / "reports"

    @property
    def junit(self) -> dict[str, JUnitCase]:
        """The cases of all JUnit files by title; an XML error for a file that is none."""
        found = {}
        for file in sorted((self.reports / "junit").glob("*.xml")):
            for case in ElementTree.parse(file).iter("testcase"):
                outcomes = [each for each in case if each.tag in ("failure", "error", "skipped")]
                text = "\n".join("".join([each.get("message") or "", each.text or ""]) for each in outcomes)
                title = (case.get("name") or "").strip()
                assert title not in found, f"{title!r} stands twice in JUnit"
                found[title] = JUnitCase(title, outcomes[0].tag if outcomes else "passed", text)
        return found

    @property
    def allure(self) -> dict[str, dict[str, Any]]:
        """Allure's results by name."""
        found = {}
        for file in sorted((self.reports / "allure-results").glob("*-result.json")):
            result = json.loads(file.read_text(encoding="utf-8"))
            assert result["name"] not in found, f"{result['name']!r} stands twice in Allure's results"
            found[result["name"]] = result
        return found

    def attached(self, holder: dict[str, Any]) -> dict[str, str]:
        """The attachments of an Allure result, or of one of its steps, by name."""
        folder = self.reports / "allure-results"
        return {
            each["name"]: (folder / each["source"]).read_text(encoding="utf-8")
            for each in holder.get("attachments", [])
        }

    @property
    def page(self) -> str | None:
        """The owner's page; None where there is none."""
        file = self.reports / "promises.html"
        return file.read_text(encoding="utf-8") if file.exists() else None

    @property
    def rerun(self) -> list[str]:
        """The lines of the rerun list; none where there is no list."""
        file = self.reports / "rerun.txt"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    @property
    def verdicts(self) -> dict[str, tuple[str, str]]:
        """What JUnit and Allure call each scenario, by title: ("error", "broken") and the like."""
        junit, allure = self.junit, self.allure
        assert set(junit) == set(allure), self.output
        return {title: (case.verdict, allure[title]["status"]) for title, case in junit.items()}
