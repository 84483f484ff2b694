"""How behave is configured: in a new behave.ini, or in the file of a project that does so already."""

import tomllib
from collections.abc import Mapping
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

OWN, TOML = "behave.ini", "pyproject.toml"
_FILES = (OWN, ".behaverc", "setup.cfg", "tox.ini", TOML)  # as behave looks for them
_SETTINGS = {
    "runner": "behave_flask:Runner",
    "default_format": "live",
    "show_skipped": "false",
    "junit": "true",
    "junit_directory": "reports/junit",
    "scenario_outline_annotation_schema": "{name}",
}
_FORMATTERS = {"live": "behave_flask:Live"}


def own() -> str:
    """Return a behave.ini."""
    return f"{_section('behave', _SETTINGS)}\n{_section('behave.formatters', _FORMATTERS)}"


def file_of(folder: Path) -> str | None:
    """Return the name of the file in a folder that configures behave, beside which no other is to be written.

    Of two, behave takes what is in the first of these, and forgets formatters and `-D` of the second.
    """
    return next((name for name in _FILES if _read(folder / name) is not None), None)


def lacking(folder: Path, name: str) -> str:
    """Return what such a file lacks, as it is to be written there; nothing if it names a runner."""
    there = _read(folder / name) or {}
    if "runner" in there:
        return ""
    settings = {key: value for key, value in _SETTINGS.items() if key not in there}
    prefix, quote = ("tool.", True) if name == TOML else ("", False)
    formatters = _FORMATTERS if "default_format" in settings else {}
    return _section(f"{prefix}behave", settings, quote) + _section(
        f"{prefix}behave.formatters", formatters, quote
    )


def _section(name: str, settings: Mapping[str, str], quote: bool = False) -> str:
    lines = [
        f'{key} = "{value}"\n' if quote and value not in ("true", "false") else f"{key} = {value}\n"
        for key, value in settings.items()
    ]
    return "".join([f"[{name}]\n", *lines]) if lines else ""


def _read(file: Path) -> Mapping[str, Any] | None:
    """Return the settings of behave in a file; None if it has none."""
    if not file.is_file():
        return None
    if file.name == TOML:
        found: Mapping[str, Any] | None = tomllib.loads(file.read_text("utf-8")).get("tool", {}).get("behave")
        return found
    parser = RawConfigParser()
    parser.read(file, encoding="utf-8")
    if parser.has_section("behave"):
        return dict(parser["behave"])
    return {} if file.name == OWN else None
