"""The benchmarks run, and a figure above its limit is a failure."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

import benchmarks.__main__ as runner
from benchmarks.figures import BEGIN, END, SHOWN, find, table
from benchmarks.machine import busy
from benchmarks.measuring import NotMeasured, Row, fresh_python


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """A folder with one benchmark, whose rows a test sets."""
    (tmp_path / "bench_speed.py").touch()
    monkeypatch.setattr(runner, "FOLDER", tmp_path)
    monkeypatch.setattr(runner, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(runner, "README", tmp_path / "README.md")
    (tmp_path / "README.md").write_text(f"Above\n{BEGIN}old\n{END}\nBelow\n")
    module = SimpleNamespace(rows=lambda: [])
    monkeypatch.setattr(runner, "import_module", lambda name: module)
    monkeypatch.setattr(runner, "busy", lambda: "")
    return module


def test_results_are_written_with_the_machine(bench, tmp_path):
    """results.json says what was measured and on what, with three digits."""
    bench.rows = lambda: [Row("a thing", 1.23456, "ms", limit=20)]

    assert runner.main([]) == 0

    written = json.loads((tmp_path / "results.json").read_text())
    assert set(written["machine"]) == {
        "processor",
        "cores",
        "system",
        "python",
        "numpy",
    }
    assert written["results"] == {
        "speed": [{"name": "a thing", "value": 1.23, "unit": "ms", "limit": 20}]
    }


def test_figures_go_into_the_readme(bench, tmp_path, monkeypatch):
    """The table has what was measured, and the rest of the page stays."""
    monkeypatch.setattr("benchmarks.figures.SHOWN", [("speed", "a th", "a fast thing")])
    bench.rows = lambda: [Row("a thing", 1234.56, "ms")]

    assert runner.main([]) == 0

    told = (tmp_path / "README.md").read_text()
    assert told.startswith("Above\n")
    assert told.endswith("Below\n")
    assert "| a fast thing | 1,230 ms |" in told
    assert "old" not in told


def test_readme_says_what_was_measured():
    """Its table is that of results.json, and no figure of it is missing there."""
    results = json.loads(runner.RESULTS.read_text(encoding="utf-8"))
    readme = runner.README.read_text(encoding="utf-8")

    assert [name for *row, name in SHOWN if find(results, *row) is None] == []
    assert f"{BEGIN}{table(results)}{END}" in readme


def test_a_limit_exceeded_fails_and_is_said(bench, capsys):
    """The exit code is 1, and the line says so."""
    bench.rows = lambda: [Row("a thing", 21.0, "ms", limit=20)]

    assert runner.main([]) == 1
    assert "at most 20, exceeded" in capsys.readouterr().out


def test_a_part_is_measured_without_writing(bench, tmp_path):
    """Figures of different moments are not mixed in one file."""
    bench.rows = lambda: [Row("a thing", 1.0, "ms")]

    assert runner.main(["speed"]) == 0
    assert not (tmp_path / "results.json").exists()


def test_nothing_is_written_while_other_work_runs(bench, tmp_path, monkeypatch, capsys):
    """Figures that waiting has made too large are shown, and not kept."""
    monkeypatch.setattr(runner, "busy", lambda: "load 9.0 on 2 cores")
    bench.rows = lambda: [Row("a thing", 1.0, "ms")]

    assert runner.main([]) == 0
    assert "load 9.0 on 2 cores" in capsys.readouterr().out
    assert not (tmp_path / "results.json").exists()


@pytest.mark.parametrize(("load", "said"), [(1.9, ""), (2.1, "load 2.1 on 2 cores")])
def test_busy_is_more_work_than_cores(load, said, monkeypatch):
    """A core to spare for the measurement is enough."""
    monkeypatch.setattr("os.getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    monkeypatch.setattr("benchmarks.machine._cores", lambda: 2)

    assert busy() == said


def test_an_unknown_name_is_refused_with_those_there_are(bench, capsys):
    """A misspelt name measures nothing."""
    assert runner.main(["sped"]) == 2
    assert "There are: speed." in capsys.readouterr().err


def test_a_command_that_fails_is_no_measurement():
    """A benchmark of something broken stops, with the errors."""
    with pytest.raises(RuntimeError, match="no module of this name"):
        fresh_python("-c", "raise SystemExit('no module of this name')")


def test_what_cannot_be_measured_here_is_said(bench, tmp_path, capsys):
    """It fails nothing, and has no figures."""

    def rows():
        raise NotMeasured("no such program")
        yield

    bench.rows = rows

    assert runner.main([]) == 0
    assert "  not measured: no such program\n" in capsys.readouterr().out
    assert json.loads((tmp_path / "results.json").read_text())["results"] == {
        "speed": []
    }


def test_every_benchmark_can_be_loaded():
    """Each bench_NAME.py has rows()."""
    names = [p.stem for p in runner.FOLDER.glob("bench_*.py")]

    assert len(names) >= 3
    for name in names:
        assert callable(runner.import_module(f"benchmarks.{name}").rows)
