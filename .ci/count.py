"""Count what passed, failed and was skipped in the JUnit files of several runs; the last line says so.

    python .ci/count.py EXIT_CODE FOLDER...

EXIT_CODE is that of the command that made the runs, each FOLDER holds the results of one run. A folder in
which nothing ran counts as one failure, and so does an exit code that no result explains. Exits 1 when
anything failed.
"""

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree


def verdict(case: ElementTree.Element) -> str:
    """What became of one `<testcase>`."""
    if case.find("failure") is not None or case.find("error") is not None:
        return "failed"
    return "passed" if case.find("skipped") is None else "skipped"


def count(folder: Path) -> Counter:
    """The verdicts of one run; and a failure, told on stderr, for a file that is no XML, for an empty run."""
    verdicts: Counter = Counter()
    files = sorted(folder.rglob("*.xml"))
    for file in files:
        try:
            cases = list(ElementTree.parse(file).getroot().iter("testcase"))
        except ElementTree.ParseError as error:
            print(f"{file}: not XML: {error}", file=sys.stderr)
            verdicts["failed"] += 1
            continue
        verdicts.update(map(verdict, cases))
    if not verdicts["passed"] and not verdicts["failed"]:
        print(f"{folder}: nothing ran", file=sys.stderr)
        verdicts["failed"] += 1
    return verdicts


def main(exit_code: str, *folders: str) -> int:
    """Print the line, give back the exit code."""
    total = sum((count(Path(folder)) for folder in folders), Counter())
    if exit_code != "0" and not total["failed"]:
        print(f"the run ended with exit code {exit_code}, though no result says why", file=sys.stderr)
        total["failed"] += 1
    line = f"{total['passed']} passed, {total['failed']} failed"
    sys.stderr.flush()
    print(line + (f", {total['skipped']} skipped" if total["skipped"] else ""))
    return 1 if total["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
