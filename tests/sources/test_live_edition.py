"""The live edition against a publisher on this machine: real formats, invented numbers, real faults."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from local_publisher import Publisher, Reply, publishing, zipped

from helpers.project import ProjectError, Workspace
from helpers.sources import acquire, available, catalogue, load, missing, provenance, quotes_live
from helpers.sources.describe import EXAMPLE
from helpers.sources.mirror import write_mirror
from helpers.sources.store import Manifest

ROOT = Path(__file__).parents[2]
acquire_module = sys.modules["helpers.sources.acquire"]  # the package exports its function
FACTORS = (
    "This file was created using the 202605 CRSP database.\r\n\r\n"
    ",Mkt-RF,SMB,HML,RF\r\n"
    "202311,    8.88,   -0.11,    1.66,    0.44\r\n"
    "202312,    4.87,    6.36,    4.92,    0.43\r\n"
    "\r\n  Annual Factors: January-December\r\n,Mkt-RF,SMB,HML,RF\r\n2023,   21.7,   -1.5,  -13.8, 4.9\r\n"
)
CPI = "observation_date,CPIAUCNS\n2023-11-01,307.051\n2023-12-01,306.746\n"
FUND = "Date,Open,High,Low,Close,Volume\n2023-12-12,1,1,1,185.5,9\n2023-12-13,1,1,1,191.8,9\n"
CATALOGUE = """
[publishers.p]
publisher = "an invented publisher"
licence = "none"
citation = "none"
homepage = "http://127.0.0.1/"
lag = "none"

[datasets.factors]
by = "p"
title = "factors"
frequency = "monthly"
cost_if_missing = "everything"
columns = {{ "*" = {{ unit = "percent a month", low = -40, high = 50 }} }}
[datasets.factors.mirror]
file = "french/factors.zip"
parser = "french"
options = {{ section = "untitled" }}
first = 2023-11-30
last = 2023-12-31
min_rows = 2
[datasets.factors.live]
address = "{url}/factors.zip"

[datasets.cpi]
by = "p"
title = "prices"
frequency = "monthly"
cost_if_missing = "inflation"
columns = {{ index = {{ unit = "1982-84 = 100", low = 5, high = 1000 }} }}
[datasets.cpi.mirror]
file = "fred/cpi.csv"
parser = "fred"
options = {{ series = "CPIAUCNS", frequency = "monthly" }}
rename = {{ cpiaucns = "index" }}
first = 2023-11-30
last = 2023-12-31
min_rows = 2
[datasets.cpi.live]
address = "{url}/cpi.csv"

[datasets.fund]
by = "p"
title = "a fund"
frequency = "daily"
cost_if_missing = "the fund"
optional = true
max_gap_days = 7
columns = {{ close = {{ unit = "US dollars", low = 1, high = 1000 }} }}
[datasets.fund.mirror]
file = "prices/fund.csv"
parser = "quotes"
rename = {{ close = "close" }}
first = 2023-12-12
last = 2023-12-13
min_rows = 2
[datasets.fund.live]
address = "{url}/fund.csv"
symbol = "FUND"
"""


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as running:
        running.say("/factors.zip", zipped({"F-F_Research_Data_Factors.CSV": FACTORS.encode()}))
        running.say("/cpi.csv", CPI.encode())
        running.say("/fund.csv", FUND.encode())
        yield running


@pytest.fixture
def workspace(publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    path = tmp_path / "catalogue.toml"
    path.write_text(CATALOGUE.format(url=publisher.url))
    monkeypatch.setattr(catalogue, "FILE", path)
    monkeypatch.setattr("helpers.sources.fetch.PACE.gap", 0.0)
    monkeypatch.setattr(acquire_module, "library_download", lambda: None)
    return Workspace.current({"HELPERS_ROOT": str(tmp_path), "EDITION": "live"})


def files(workspace: Workspace) -> list[str]:
    found = workspace.raw.rglob("*")
    return sorted(str(each.relative_to(workspace.raw)) for each in found if each.is_file())


def test_payloads_come_whole_and_say_when_and_whence(
    workspace: Workspace, publisher: Publisher
) -> None:
    news = acquire(workspace)
    assert [line.split(":")[0] for line in news] == [
        "french/factors.zip", "fred/cpi.csv", "prices/fund.csv",
    ]  # fmt: skip
    assert load(workspace, "factors")["mkt_rf"].tolist() == [8.88, 4.87]
    assert load(workspace, "cpi")["index"]["2023-12-31"] == 306.746
    record = Manifest.load(workspace).payloads["fred/cpi.csv"]
    assert workspace.read(record.stored).read_bytes() == CPI.encode()
    sidecar = json.loads(Path(str(workspace.read(record.stored)) + ".json").read_text())
    assert sidecar["address"] == f"{publisher.url}/cpi.csv"
    assert sidecar["retrieved"].startswith(str(pd.Timestamp.now("UTC").year))
    assert provenance(workspace).loc["factors", "vintage"] == "CRSP 202605"


def test_make_data_asks_nobody_twice(workspace: Workspace, publisher: Publisher) -> None:
    acquire(workspace)
    before, asked = files(workspace), list(publisher.asked)
    publisher.say("/cpi.csv", CPI.replace("306.746", "1.0").encode())
    assert acquire(workspace) == []
    assert (files(workspace), publisher.asked) == (before, asked)


def test_a_refresh_reports_a_revision_and_keeps_the_old_payload(
    workspace: Workspace, publisher: Publisher
) -> None:
    acquire(workspace)
    old = Manifest.load(workspace).payloads["fred/cpi.csv"]
    publisher.say("/cpi.csv", (CPI.replace("307.051", "307.100") + "2024-01-01,308.417\n").encode())
    assert acquire(workspace, refresh=True) == [
        "cpi: revised: 1 row added, 1 row changed, first past change at 2023-11-30, last 2024-01-31"
    ]
    assert load(workspace, "cpi")["index"].tolist() == [307.1, 306.746, 308.417]
    assert workspace.read(old.stored).read_bytes() == CPI.encode()


def test_a_refresh_refuses_a_shrunken_history_and_keeps_the_old_in_use(
    workspace: Workspace, publisher: Publisher
) -> None:
    longer = CPI + "2024-01-01,308.417\n"
    publisher.say("/cpi.csv", longer.encode())
    acquire(workspace)
    publisher.say("/cpi.csv", CPI.encode())
    with pytest.raises(ProjectError, match=r"cpi.*the history shrank.*keep the payload in use"):
        acquire(workspace, refresh=True)
    assert len(load(workspace, "cpi")) == 3


@pytest.mark.parametrize(
    ("path", "reply", "said"),
    [
        ("/cpi.csv", Reply(status=404), "HTTP 404"),
        ("/cpi.csv", Reply(b"<!doctype html><p>Sorry"), "a web page came instead of data"),
        ("/cpi.csv", Reply(CPI.replace("CPIAUCNS", "CPI_NEW").encode()), "CPI_NEW"),
        ("/cpi.csv", Reply(CPI.replace("2023-12-01", "2023-11-01").encode()), "2023-11"),
        ("/cpi.csv", Reply((CPI + "2024-03-01,310.3\n").encode()), "2024-01-31 is missing"),
        (
            "/cpi.csv",
            Reply(CPI.replace("306.746", "-999").encode()),
            "-999 looks like a mark for a missing value",
        ),
        ("/cpi.csv", Reply(CPI.splitlines()[0].encode()), "cpi"),
        ("/factors.zip", Reply(zipped({"x.csv": FACTORS.encode()})[:-30]), "damaged or cut short"),
        ("/factors.zip", Reply(zipped({"../x.csv": FACTORS.encode()})), "outside its folder"),
        (
            "/factors.zip",
            Reply(zipped({"x.csv": FACTORS.replace("HML", "VALUE").encode()})),
            "factors",
        ),
    ],
)
def test_a_fault_stops_one_dataset_with_one_line_and_leaves_the_others(
    workspace: Workspace, publisher: Publisher, path: str, reply: Reply, said: str
) -> None:
    publisher.say(path, reply)
    name = "cpi" if path == "/cpi.csv" else "factors"
    if said == "factors":
        catalogue.FILE.write_text(
            catalogue.FILE.read_text().replace('columns = { "*" =', "columns = { hml =", 1)
        )
    with pytest.raises(ProjectError) as caught:
        acquire(workspace)
    line = str(caught.value)
    assert said in line
    assert name in line
    assert "\n" not in line
    assert "Mend: " in line
    assert not [each for each in files(workspace) if name in each and ".json" not in each]
    assert "fund" in available(workspace)
    with pytest.raises(ProjectError, match=name):
        load(workspace, name)


def test_an_optional_dataset_may_fail_and_is_missing_with_its_cost(
    workspace: Workspace, publisher: Publisher
) -> None:
    publisher.say("/fund.csv", Reply(status=404))
    news = acquire(workspace)
    assert any(line.startswith("without fund: fund (") for line in news)
    assert missing(workspace).loc["fund", "cost"] == "the fund"
    publisher.say("/fund.csv", FUND.encode())
    acquire(workspace)
    assert "fund" in available(workspace)


def quotes(symbol: str) -> pd.DataFrame:
    days = pd.DatetimeIndex(["2023-12-12", "2023-12-13"], tz="America/New_York", name="Date")
    return pd.DataFrame({"Close": [180.1, 186.2], "Volume": [1, 2]}, index=days)


def broken(symbol: str) -> pd.DataFrame:
    raise RuntimeError("rate limited")


@pytest.mark.parametrize(("library", "close"), [(quotes, 186.2), (broken, 191.8), (None, 191.8)])
def test_quotes_come_from_the_library_or_a_second_provider(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, library: object, close: float
) -> None:
    monkeypatch.setattr(acquire_module, "library_download", lambda: library)
    acquire(workspace)
    assert load(workspace, "fund")["close"].iloc[-1] == close
    record = Manifest.load(workspace).payloads["prices/fund.csv"]
    sidecar = json.loads(Path(str(workspace.read(record.stored)) + ".json").read_text())
    assert ("via" in sidecar) == (library is quotes)
    assert ("note" in sidecar) == (library is broken)


def test_the_library_is_no_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert not [each for each in project["dependencies"] if quotes_live.LIBRARY in each]


def test_a_mirror_written_is_a_mirror_that_works(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire(workspace)
    folder = tmp_path / "mirror"
    assert write_mirror(workspace, folder) == 3
    monkeypatch.setenv("MIRROR", str(folder))
    other = Workspace.current({"HELPERS_ROOT": str(tmp_path), "EDITION": "mirror"})
    acquire(other)
    for name in available(workspace):
        pd.testing.assert_frame_equal(load(other, name), load(workspace, name))
    (folder / "fred/cpi.csv").write_text("other")
    with pytest.raises(ProjectError, match=r"fred/cpi.csv: the folder holds another file"):
        write_mirror(workspace, folder)
    with pytest.raises(ProjectError, match="no mirror: packages carry its files"):
        write_mirror(Workspace.current({"HELPERS_ROOT": str(tmp_path)}), folder)


def test_killed_at_any_moment_and_taken_up(workspace: Workspace, publisher: Publisher) -> None:
    for path, body in (("/cpi.csv", CPI), ("/fund.csv", FUND)):
        publisher.say(path, Reply(body.encode(), every=0.01))
    code = (
        "import sys; from pathlib import Path; from helpers.sources import acquire, catalogue;"
        "from helpers.project import Workspace; catalogue.FILE = Path(sys.argv[1]);"
        "acquire(Workspace.current())"
    )
    environ = {**os.environ, "HELPERS_ROOT": str(workspace.root), "EDITION": "live"}
    for pause in (0.0, 0.2, 0.4, 0.6, 0.9):
        asked = len(publisher.asked)
        process = subprocess.Popen([sys.executable, "-c", code, str(catalogue.FILE)], env=environ)
        end = time.monotonic() + 20
        while len(publisher.asked) == asked and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
    publisher.say("/cpi.csv", CPI.encode())
    publisher.say("/fund.csv", FUND.encode())
    acquire(workspace)
    assert load(workspace, "cpi")["index"].tolist() == [307.051, 306.746]
    assert load(workspace, "fund")["close"].tolist() == [185.5, 191.8]


def test_bring_your_own_series(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example of data/README.md: one entry, one file."""
    shutil.copytree(ROOT / "data/raw/compiled", tmp_path / "data/raw/compiled")
    lines = [f"2023-{month:02d},{90 + month / 10}" for month in range(1, 13)]
    own = tmp_path / "data/raw/compiled/small_business_optimism.csv"
    own.write_text("month,value\n" + "\n".join(lines) + "\n")
    path = tmp_path / "catalogue.toml"
    path.write_text(catalogue.FILE.read_text() + "\n" + EXAMPLE)
    monkeypatch.setattr(catalogue, "FILE", path)
    workspace = Workspace.current({"HELPERS_ROOT": str(tmp_path)})
    acquire(workspace)
    table = load(workspace, "small_business_optimism")
    assert table["index"]["2023-12-31"] == 91.2
    own.write_text(own.read_text().replace("91.2", "912"))
    with pytest.raises(ProjectError, match=r"small_business_optimism.*index = 912.0 on 2023-12-31"):
        acquire(workspace)


def test_a_second_run_parses_only_what_changed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    acquire(workspace)
    parsed: list[str] = []
    parse = acquire_module.parse

    def counting(name: str, *rest: object) -> pd.DataFrame:
        parsed.append(name)
        return parse(name, *rest)

    monkeypatch.setattr(acquire_module, "parse", counting)
    acquire(workspace)
    assert parsed == []
    catalogue.FILE.write_text(
        catalogue.FILE.read_text().replace("high = 1000 } }", "high = 900 } }")
    )
    acquire(workspace)
    assert parsed == ["cpi", "fund"]
