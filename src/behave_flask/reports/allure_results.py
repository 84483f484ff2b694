"""The folder of Allure's results, as far as it needs no library of Allure: options, and what stands in it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from behave.configuration import Configuration

from behave_flask.model.run_record import Line

ATTACHMENTS = "attachments"  # -D attachments=all, or failed: nothing is attached to what passed
ISSUES = "allure.issues"  # in [behave.userdata]: the address of an issue, with {} for its number
PLACE = "package"  # the label that says where a scenario stands
ASIDE = ".before"  # the folder of an earlier run's results, while this one goes on


def read(folder: Path) -> Iterator[Line]:
    """Yield what the results in a folder say."""
    with os.scandir(folder) as files:  # one after the other: there may be many
        for file in files:
            if file.name.endswith("-result.json"):
                result = json.loads(Path(file).read_text(encoding="utf-8"))
                places = [label["value"] for label in result["labels"] if label["name"] == PLACE]
                yield places[0], result["name"], result["status"]


def default_folder(config: Configuration) -> Path:
    """Return where results go if `outfiles` names no folder."""
    return Path(config.junit_directory).parent / "allure-results"


def put_aside(folder: Path) -> None:
    """Move an earlier run's results to where they are written over, and removed in the end."""
    aside = folder / ASIDE
    aside.mkdir(parents=True, exist_ok=True)
    for file in folder.iterdir():
        if file.suffix in {".json", ".properties"} or "-attachment." in file.name:
            file.rename(aside / file.name)
