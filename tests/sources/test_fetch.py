"""Every fault a publisher or a network has, against a server on this machine that has them on call."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pandas as pd
import pytest
from local_publisher import Publisher, Reply, free_port, publishing, wait_until, zipped

from helpers.project import ProjectError
from helpers.sources.fetch import Pace, compare_payloads, fetch, only_one

CSV = b"observation_date,CPIAUCNS\n2023-11-01,307.051\n2023-12-01,306.746\n"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as running:
        yield running


class Watch:
    """A clock that only sleeping moves: no test waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def pace(self) -> Pace:
        return Pace(gap=0.5, sleep=self.sleep, clock=lambda: self.now)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def get(url: str, **options: object) -> bytes:
    settings: dict[str, object] = {
        "dataset": "cpi_nsa", "pace": Watch().pace(), "timeout": (2.0, 0.3), "progress": False,
    }  # fmt: skip
    return fetch(url, **{**settings, **options}).content  # type: ignore[arg-type]


def refused(url: str, **options: object) -> str:
    with pytest.raises(ProjectError) as caught:
        get(url, **options)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith("cpi_nsa (")
    assert url.partition("?")[0].partition("{")[0] in said
    assert "Mend: " in said
    return said


def test_the_bytes_come_as_they_lie_there(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(CSV, headers={"Content-Type": "text/csv"}))
    got = fetch(url, dataset="cpi_nsa", pace=Watch().pace(), progress=False)
    assert got.content == CSV
    assert got.content_type == "text/csv"
    assert got.url == url
    assert datetime.now(UTC) - got.retrieved_at < timedelta(minutes=1)


def test_a_refused_connection() -> None:
    said = refused(f"http://127.0.0.1:{free_port()}/cpi.csv")
    assert "refused the connection (attempt 4)" in said
    assert "EDITION=bundled works without one" in said


def test_a_name_nobody_knows() -> None:
    assert "cannot be resolved" in refused("http://no-such-host.invalid/cpi.csv")


def test_a_time_out_in_the_body(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(CSV, hang_after=20))
    assert "timed out after 20 bytes (attempt 2)" in refused(url, attempts=2)


def test_a_body_that_trickles_meets_the_deadline(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(CSV * 50, every=0.02))
    said = refused(url, attempts=1, deadline=0.2, pace=Pace(gap=0.0))
    assert "not complete after 0.2 s" in said


def test_404_is_final(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(status=404))
    said = refused(url)
    assert "HTTP 404 Not Found" in said
    assert "correct it in the catalogue" in said
    assert len(publisher.asked) == 1


def test_429_waits_as_long_as_it_is_asked_to(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(status=429, headers={"Retry-After": "7"}), CSV)
    watch = Watch()
    assert get(url, pace=watch.pace()) == CSV
    assert 7.0 in watch.slept


def test_429_with_a_date_and_with_too_long_a_wait(publisher: Publisher) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    url = publisher.say("/a.csv", Reply(status=429, headers={"Retry-After": soon}), CSV)
    watch = Watch()
    get(url, pace=watch.pace())
    assert any(25 < each <= 30 for each in watch.slept)
    url = publisher.say("/b.csv", Reply(status=429, headers={"Retry-After": "3600"}))
    assert "wait 3600 s, then make data" in refused(url)
    assert publisher.asked.count("/b.csv") == 1


def test_500_then_success(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(status=500), Reply(status=503), CSV)
    watch = Watch()
    assert get(url, pace=watch.pace()) == CSV
    assert watch.slept == [1.0, 2.0]  # doubled each time; longer than the polite gap


def test_500_for_ever(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(status=500))
    assert "HTTP 500 Internal Server Error (attempt 4)" in refused(url)
    assert len(publisher.asked) == 4


def test_a_page_with_status_200(publisher: Publisher) -> None:
    page = b"\n<!DOCTYPE html><html><body>Please accept our cookies</body></html>"
    url = publisher.say("/cpi.csv", page)
    assert "a web page came instead of data; expected a csv file" in refused(url)


def test_an_empty_body(publisher: Publisher) -> None:
    assert "the body is empty" in refused(publisher.say("/cpi.csv", b"\r\n"), attempts=2)


def test_a_body_cut_short(publisher: Publisher) -> None:
    url = publisher.say("/cpi.csv", Reply(CSV, declare=len(CSV), cut_after=30))
    assert f"the body ended after 30 bytes (attempt 2); expected {len(CSV)} bytes" in refused(
        url, attempts=2
    )


def test_a_chunked_body(publisher: Publisher) -> None:
    assert get(publisher.say("/cpi.csv", Reply(CSV, chunked=True))) == CSV


def test_a_truncated_zip(publisher: Publisher) -> None:
    whole = zipped({"F-F.CSV": CSV * 100})
    assert get(publisher.say("/ff.zip", whole)) == whole
    url = publisher.say("/cut.zip", whole[:-40])
    assert "the zip is damaged or cut short" in refused(url, attempts=1)


def test_a_zip_whose_member_is_damaged(publisher: Publisher) -> None:
    whole = bytearray(zipped({"F-F.CSV": bytes(range(256)) * 40}))
    whole[120] ^= 0xFF
    assert "damaged" in refused(publisher.say("/ff.zip", bytes(whole)), attempts=1)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\\..\\..\\b", "C:\\x.csv"])
def test_a_zip_that_reaches_outside_its_folder(publisher: Publisher, name: str) -> None:
    url = publisher.say("/ff.zip", zipped({name: CSV}))
    said = refused(url)
    assert "a path outside its folder" in said
    assert len(publisher.asked) == 1


def test_a_csv_where_a_zip_was_meant_and_a_damaged_gzip(publisher: Publisher) -> None:
    assert "the content is no zip file" in refused(publisher.say("/ff.zip", CSV))
    cut = gzip.compress(CSV * 50, mtime=0)[:-20]
    assert "gzip file is damaged" in refused(publisher.say("/x.csv.gz", cut), attempts=1)


def test_what_does_not_pass_the_check_is_refused_without_another_try(publisher: Publisher) -> None:
    def check(content: bytes) -> None:
        raise ProjectError("no column 'CPI'", where="line 1", expected="CPI", mend="see the page")

    said = refused(publisher.say("/cpi.csv", CSV), check=check)
    assert "line 1: no column 'CPI'; expected CPI. Mend: see the page" in said
    assert len(publisher.asked) == 1


def test_the_key_comes_from_the_environment_and_is_never_said(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("A_KEY", "s3cret/key")
    url = publisher.say("/cpi.csv", CSV) + "?key={api_key}"
    got = fetch(url, dataset="d", api_key_env="A_KEY", pace=Watch().pace(), progress=False)
    assert publisher.asked == ["/cpi.csv?key=s3cret%2Fkey"]
    assert "s3cret" not in got.url
    publisher.say("/cpi.csv", Reply(status=403))
    said = refused(url, api_key_env="A_KEY")
    assert "s3cret" not in said
    assert "check the API key" in said


def test_a_missing_key_is_said_before_anything_is_asked(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("A_KEY", raising=False)
    said = refused(publisher.say("/cpi.csv", CSV) + "?key={api_key}", api_key_env="A_KEY")
    assert "A_KEY is not set" in said
    assert publisher.asked == []


def test_requests_to_one_host_keep_their_distance(publisher: Publisher) -> None:
    watch = Watch()
    pace = watch.pace()
    for path in ("/a.csv", "/b.csv", "/c.csv"):
        get(publisher.say(path, CSV), pace=pace)
    assert watch.slept == [0.5, 0.5]


def hold(path: Path, entered: Path) -> None:
    with only_one(path):
        entered.touch()
        time.sleep(30)


def test_a_killed_holder_lets_the_next_one_in(tmp_path: Path) -> None:
    lock, entered = tmp_path / "raw/.lock", tmp_path / "entered"
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(lock, entered))
    process.start()
    wait_until(entered.exists, 30)
    process.kill()
    process.join()
    with only_one(lock):
        assert lock.exists()


def frame(**values: float | None) -> pd.DataFrame:
    index = pd.DatetimeIndex([f"2023-{month[1:]}-28" for month in values], name="date")
    return pd.DataFrame({"index": list(values.values())}, index=index, dtype=float)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (frame(m10=1, m11=2), "same: last 2023-11-28"),
        (frame(m10=1, m11=2, m12=3), "appended: 1 row added, last 2023-12-28"),
        (frame(m10=1, m11=2.5), "revised: 1 row changed, first past change at 2023-11-28, last 2023-11-28"),
        (frame(m09=0, m10=1, m11=2), "revised: 1 row added, first past change at 2023-09-28, last 2023-11-28"),
        (frame(m10=1), "shrunken: 1 row lost, first past change at 2023-11-28, last 2023-10-28"),
        (frame(m10=1, m11=None), "shrunken: 1 row lost, first past change at 2023-11-28, last 2023-10-28"),
    ],
)  # fmt: skip
def test_what_a_refresh_changed(new: pd.DataFrame, said: str) -> None:
    assert str(compare_payloads(frame(m10=1, m11=2), new)) == said


def test_a_disk_that_is_full_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from helpers.project import write_atomic

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.csv").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProjectError, match=r"a.csv: cannot be written \(No space left.*Mend: free"):
        write_atomic(tmp_path / "a.csv", CSV)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"old"
