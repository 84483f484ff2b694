"""The benchmark: each way really does the work, sees what is wrong, and is counted."""

import dataclasses
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import bench.__main__
from bench import examples, growth, instructions, matrix, ways

FEW = 12  # BehaveX's features have one or two of them each
REPORTING = [way for way in ways.WAYS if "Allure" in way.name or "reports" in way.name]
TICKING = ways.Way("ticking", "data", ("ticking",))
MOMENT = 0.3  # seconds
EACH = pytest.mark.parametrize("way", ways.WAYS, ids=lambda way: way.name)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """A short path in place of pytest's: BehaveX has a socket below it, whose path may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def requests_of_the_floor(tmp_path_factory: pytest.TempPathFactory) -> int:
    return play(ways.BASELINE, tmp_path_factory.mktemp("baseline"), examples.examples(FEW)).requests


def play(way: ways.Way, folder: Path, cells: list[examples.Cells]) -> ways.Run:
    examples.make(folder, [way.kind], cells)
    return ways.run(way, folder / "0", len(cells))


@EACH
def test_each_way_makes_every_request(way: ways.Way, requests_of_the_floor: int, tmp_path: Path) -> None:
    assert requests_of_the_floor >= FEW
    done = play(way, tmp_path, examples.examples(FEW))
    assert done.requests == requests_of_the_floor
    assert 0 < done.first < done.seconds
    assert done.mebibytes > 20


@pytest.mark.parametrize("way", REPORTING, ids=lambda way: way.name)
def test_a_way_with_reports_tells_of_every_example(way: ways.Way, tmp_path: Path) -> None:
    play(way, tmp_path, examples.examples(FEW))
    assert len(list(tmp_path.rglob("*-result.json"))) == FEW
    junit = [ElementTree.parse(file) for file in tmp_path.rglob("*.xml")]
    assert sum(len(list(file.iter("testcase"))) for file in junit) == FEW


@EACH
def test_each_way_is_red_for_a_wrong_verdict(way: ways.Way, tmp_path: Path) -> None:
    _, who, verdict, *rest = examples.examples(1)[0]
    assert verdict != "may not"
    wrong = [*examples.examples(1), (str(FEW), who, "may not", *rest)]
    output = f"(?s){re.escape(way.name)} ended with code 1:.*(forbidden|may not)"
    with pytest.raises(RuntimeError, match=output):
        play(way, tmp_path, wrong)


def run(way: ways.Way, size: int, seconds: float, requests: int = 5) -> ways.Run:
    return ways.Run(way.name, size, seconds, seconds, 100.0, 0.5, requests)


@pytest.mark.parametrize("other", [4, 6])
def test_who_does_other_work_is_not_compared(other: int) -> None:
    runs = [run(way, 10, 1.0) for way in ways.WAYS]
    ways.require_parity(runs)
    runs[4] = dataclasses.replace(runs[4], requests=other)
    with pytest.raises(RuntimeError, match=f"{ways.WAYS[4].name} made {other} requests, bare loop"):
        ways.require_parity(runs)


def test_ratios_are_of_the_same_round() -> None:
    baseline, way = ways.WAYS[:2]
    runs = [run(baseline, 1000, 1.0), run(way, 1000, 1.5), run(baseline, 1000, 10.0), run(way, 1000, 12.0)]
    assert matrix.ratios(runs, way, 1000) == [1.5, 1.2]


def test_growth_is_told_without_the_start() -> None:
    runs = [
        run(way, size, 2.0 + 0.01 * (size - 1) * (1.5 if size == 5_000 else 1))
        for way in ways.SUITE
        for size in growth.SIZES
    ]
    output = "\n".join(growth.table(runs))
    for way in ways.SUITE:
        assert f"| 1,000 | {way.name} | 1 | 11.99 | 10.00 | 1.00 | 1.00 | 100 | 0.0 |" in output
        assert f"| 5,000 | {way.name} | 1 | 76.98 | 15.00 | 1.50 | 1.50 | 100 | 0.0 |" in output


def test_a_machine_that_changes_its_speed_is_not_taken_for_growth() -> None:
    way = ways.SUITE[0]
    short = [run(way, 1, 0.0), run(way, 1_000, 9.99), run(way, 1_000, 19.98)]  # 10 ms each, later 20 ms
    long = run(way, 5_000, 4_999 / (1 / 0.01 + 1 / 0.02) * 2)  # as long at the one speed as at the other
    assert growth.each([*short, long], way, 5_000) == pytest.approx(growth.each([*short, long], way, 1_000))


def test_memory_is_told_without_the_start() -> None:
    way = ways.SUITE[0]
    runs = [
        dataclasses.replace(run(way, size, 1.0), mebibytes=100.0 + (size - 1) / 64) for size in growth.SIZES
    ]
    assert growth.kibibytes(runs, way, 5_000) == growth.kibibytes(runs, way, 1_000) == 16.0


@pytest.fixture
def ticks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often a module called “ticking” in the test's own folder has ticked, seen over a moment."""
    (tmp_path / "ticking.py").write_text(
        "import pathlib, time\n"
        "pathlib.Path('requests').write_text(str(time.monotonic_ns()))\n"
        "for _ in range(60):\n"
        "    with open('ticks', 'a') as file: file.write('.')\n"
        "    time.sleep(0.01)\n"
    )
    monkeypatch.setattr(ways, "SLICE", 0.25)
    monkeypatch.setattr(ways, "ROOT", tmp_path)

    def seen() -> int:
        time.sleep(0.05)  # to let a signal arrive
        before = (tmp_path / "ticks").stat().st_size
        time.sleep(MOMENT)
        return (tmp_path / "ticks").stat().st_size - before

    return seen


def test_a_run_is_stopped_while_another_is_played(tmp_path: Path, ticks: Callable[[], int]) -> None:
    seen: list[int] = []
    begun = time.monotonic()
    done = ways.run(TICKING, tmp_path, 1, between=lambda: seen.append(ticks()))
    assert seen
    assert set(seen) == {0}
    assert done.seconds <= time.monotonic() - begun - MOMENT * len(seen)


@pytest.mark.usefixtures("ticks")
def test_short_runs_are_played_between_the_slices_of_a_long_one(tmp_path: Path) -> None:
    folders = {size: tmp_path / str(size) for size in (1, 5, 40)}
    for folder in folders.values():
        (folder / "0").mkdir(parents=True)
    done = growth.measured([TICKING], folders, rounds=1)
    *short, longest = [each.examples for each in done]
    assert longest == 40
    assert len(short) >= 4
    assert short == [1, 5] * (len(short) // 2)


def test_a_run_ends_with_the_one_for_which_it_was_stopped(tmp_path: Path, ticks: Callable[[], int]) -> None:
    def fail() -> None:
        raise RuntimeError("another run failed")

    with pytest.raises(RuntimeError, match="another run failed"):
        ways.run(TICKING, tmp_path, 1, between=fail)
    assert ticks() == 0


def ask(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr("sys.argv", ["bench", "matrix", *arguments])


def test_a_run_leaves_a_table_a_chart_and_every_single_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = ways.WAYS[:2]
    ask(monkeypatch, "--rounds", "1", "--examples", "2", "--into", str(tmp_path), "--only", "all checks on")
    bench.__main__.main()
    table, chart = (tmp_path / "matrix.md").read_text(), (tmp_path / "matrix.svg").read_text()
    assert (tmp_path / "matrix.csv").read_text().count("\n") == 1 + len(few)
    for way in few:
        assert f"| 2 | {way.name} |" in table
        assert way.name in chart
    ElementTree.fromstring(chart)


def test_a_way_that_there_is_not_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask(monkeypatch, "--only", "-j 2", "nose")
    with pytest.raises(SystemExit):
        bench.__main__.main()
    assert "No way is called 'nose'. There are: bare loop (baseline); behave, all" in capsys.readouterr().err


@pytest.mark.parametrize("code", [0, 1])
def test_instructions_are_those_of_all_processes_of_a_green_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    counts = "==7== I   refs:      1,000,000\n==8== I refs: 500\n"
    stub = tmp_path / "valgrind.py"
    stub.write_text(f"import sys\nprint('what it says')\nsys.stderr.write({counts!r})\nsys.exit({code})\n")
    monkeypatch.setattr(instructions, "_VALGRIND", (sys.executable, str(stub)))

    if code:
        with pytest.raises(RuntimeError, match=r"(?s)bare loop.* ended with code 1:.*what it says"):
            instructions.counted(ways.BASELINE, tmp_path)
    else:
        assert instructions.counted(ways.BASELINE, tmp_path) == 1_000_500


def test_instructions_are_told_for_the_start_and_for_a_row() -> None:
    line = instructions.line(ways.WAYS[1], [3_000_000, 5_000_000], [2_000_000, 3_000_000])

    assert line == "| behave, all checks on | 2 | 0.0 | 1.85 |"
