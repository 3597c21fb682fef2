"""The page on which readers choose, driven by clicks and keys, against the table it was made from."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import Any

import pytest
from opened_site import SITE, VIEWS, Opened, grave_findings, lacking

pytestmark = pytest.mark.browser

if LACKING := lacking():
    pytest.skip(LACKING, allow_module_level=True)

AXES = ("measure", "rate_months", "change_months", "start", "outcome")
Choice = tuple[str, ...]


def read_table() -> dict[Choice, dict[str, str]]:
    with (SITE / "tables/09_explore.csv").open(newline="", encoding="utf-8") as file:
        return {tuple(row[axis] for axis in AXES): row for row in csv.DictReader(file)}


TABLE = read_table()
POSSIBLE = {choice for choice, row in TABLE.items() if not row["reason"]}
PRIMARY = next(choice for choice in POSSIBLE if TABLE[choice]["primary"] == "True"
               and choice[-1] == "average_excess")  # fmt: skip


def with_(choice: Choice, axis: str, value: str) -> Choice:
    return tuple(value if name == axis else kept for name, kept in zip(AXES, choice, strict=True))


def neighbours(choice: Choice, axis: str, *, possible: bool) -> list[Choice]:
    values = dict.fromkeys(each[AXES.index(axis)] for each in TABLE)
    others = [with_(choice, axis, value) for value in values]
    return [each for each in others if each != choice and (each in POSSIBLE) == possible]


def address(choice: Choice) -> str:
    return "explore.html#" + "&".join(f"{a}={v}" for a, v in zip(AXES, choice, strict=True))


def pick(page: Any, axis: str, value: str) -> None:
    if page.locator(f"select[name={axis}]").count():
        page.select_option(f"select[name={axis}]", value)
    else:
        page.locator(f"input[name={axis}][value='{value}']").click()


def chosen(page: Any) -> Choice:
    return tuple(page.evaluate(f"document.forms.explore.elements['{axis}'].value") for axis in AXES)


def shown(value: str, *, sign: bool = False) -> str:
    text = f"{float(value):{'+' if sign else ''}.1f}"
    return (text.lstrip("+-") if float(text) == 0 else text).replace("-", "\N{MINUS SIGN}")


def assert_shows(page: Any, choice: Choice) -> None:
    """Sentences, bars and mark are those of the table's row."""
    row = TABLE[choice]
    means, difference = page.inner_text("#explore-means"), page.inner_text("#explore-difference")
    for side in ("rising", "falling"):
        mean, low, high = (shown(row[f"{side}_{name}"]) for name in ("mean", "low", "high"))
        assert re.search(rf"{mean}%.*\((95% interval )?{low} to {high}\)", means), (side, means)
        assert page.text_content(f"#explore-bars [data-key={side}-value]") == f"{mean}%"
    value, low, high = (shown(row[name], sign=name == "value") for name in ("value", "low", "high"))
    assert f"is {value} points a year (95% interval {low} to {high};" in difference
    months, regimes, n = (f"{int(row[name]):,}" for name in ("months", "regimes", "n"))
    assert f"{months} months in {regimes} regimes)" in difference
    rank, count = int(row["rank"]), int(row["n"])
    share = 100 * max(count - rank, rank - 1) // count
    if 1 < rank < count:
        side = "lower" if count - rank >= rank - 1 else "higher"
        assert f"{side} than {share}% of the {n} specifications" in difference
    assert page.text_content("#explore-curve [data-key=own-value]") == value
    assert page.get_attribute("#explore-bars", "aria-label") == means
    assert page.get_attribute("#explore-curve", "aria-label") == difference
    assert_drawn(page, row)
    fixed = "fixed before" if row["primary"] == "True" else "your choice"
    assert fixed in page.inner_text("#explore-status")


def assert_drawn(page: Any, row: dict[str, str]) -> None:
    """Heights are to the scale that the ticks give; the mark is at its rank and value."""

    def scale(svg: str) -> tuple[float, float]:
        ticks = page.eval_on_selector_all(
            f"{svg} text.tick", "all => all.map(t => [t.textContent, +t.getAttribute('y') - 4])"
        )
        points = [(float(text.replace("\N{MINUS SIGN}", "-")), y) for text, y in ticks]
        (v0, y0), (v1, y1) = points[0], points[-1]
        slope = (y1 - y0) / (v1 - v0)
        return y0 - v0 * slope, slope

    def number(key: str, name: str) -> float:
        return float(page.get_attribute(f"[data-key={key}]", name))

    zero, slope = scale("#explore-bars")
    for side in ("rising", "falling"):
        mean = round(float(row[f"{side}_mean"]), 1)
        assert number(side, "height") == pytest.approx(max(abs(mean * slope), 0.5), abs=0.05)
        assert number(side, "y") == pytest.approx(zero + max(mean, 0) * slope, abs=0.05)
    zero, slope = scale("#explore-curve")
    assert number("own", "cy") == pytest.approx(
        zero + round(float(row["value"]), 1) * slope, abs=0.05
    )
    across = (number("own", "cx") - 44) / (320 - 38 - 12)
    assert across == pytest.approx((int(row["rank"]) - 0.5) / int(row["n"]), abs=0.001)


@pytest.fixture
def opened(browser: Any) -> Iterator[Opened]:
    with Opened(browser, "explore.html", 1280, "light") as page:
        yield page
        assert page.errors == []
        assert page.strangers == []


def test_it_starts_with_the_choice_fixed_beforehand_as_it_reads_without_scripts(
    browser: Any, opened: Opened
) -> None:
    assert chosen(opened.page) == PRIMARY
    assert_shows(opened.page, PRIMARY)
    with Opened(browser, "explore.html", 390, "light", java_script_enabled=False) as still:
        for part in ("status", "means", "difference"):
            written = still.page.inner_text(f"#explore-{part}")
            assert written == opened.page.inner_text(f"#explore-{part}")
        assert not still.page.locator("#explore").is_visible()
        assert not still.page.locator("#explore-charts").is_visible()
        assert still.page.locator("table.numbers tbody tr").count() >= 4
        assert still.page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("axis", AXES)
def test_every_control_moves_sentence_bars_and_mark(opened: Opened, axis: str) -> None:
    start = next(
        each for each in sorted(POSSIBLE)
        if each[-1] == PRIMARY[-1] and len(neighbours(each, axis, possible=True)) >= 2
    )  # fmt: skip
    opened.page.goto(f"{SITE.as_uri()}/{address(start)}")
    opened.page.reload()
    assert_shows(opened.page, start)
    for choice in neighbours(start, axis, possible=True):
        before = opened.page.inner_text("#explore-said")
        pick(opened.page, axis, choice[AXES.index(axis)])
        assert chosen(opened.page) == choice
        assert_shows(opened.page, choice)
        assert opened.page.inner_text("#explore-said") != before


@pytest.mark.parametrize("start", [PRIMARY, *sorted(POSSIBLE)[:: len(POSSIBLE) // 6]])
def test_what_cannot_be_combined_is_disabled_and_says_why(browser: Any, start: Choice) -> None:
    with Opened(browser, address(start), 1280, "light") as opened:
        for axis in AXES:
            off = neighbours(start, axis, possible=False)
            at = AXES.index(axis)
            disabled = opened.page.eval_on_selector_all(
                f"[data-axis={axis}] :disabled", "all => all.map(each => each.value)"
            )
            assert sorted(disabled) == sorted(each[at] for each in off)
            why = opened.page.inner_text(f"#why-{axis}")
            assert {each for each in off if TABLE[each]["reason"] not in why} == set()
            assert bool(why) == bool(off)
        assert opened.errors == []


def test_the_address_keeps_the_choice(browser: Any, opened: Opened) -> None:
    outcome = neighbours(PRIMARY, "outcome", possible=True)[0]
    pick(opened.page, "outcome", outcome[-1])
    later = neighbours(outcome, "start", possible=True)[-1]
    pick(opened.page, "start", later[3])
    shared = opened.page.url.rpartition("/")[2]
    with Opened(browser, shared, 390, "dark") as again:
        assert chosen(again.page) == later
        assert_shows(again.page, later)
        assert again.errors == []


@pytest.mark.parametrize("kind", ["impossible", "unknown"])
def test_an_address_that_cannot_be_gives_the_choice_fixed_beforehand(
    browser: Any, kind: str
) -> None:
    refused = next(each for each in TABLE if each not in POSSIBLE)
    name = address(refused) if kind == "impossible" else "explore.html#measure=gold&start='"
    with Opened(browser, name, 1280, "light") as opened:
        assert chosen(opened.page) == PRIMARY
        assert opened.page.inner_text("#explore-means")
        said = opened.page.inner_text("#explore-status")
        assert (TABLE[refused]["reason"] in said) == (kind == "impossible")
        assert opened.errors == []


def test_a_choice_by_keys_alone_and_back(opened: Opened) -> None:
    page = opened.page
    page.focus("select[name=measure]")
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.name || document.activeElement.type"))
        if reached[-1] == "change_months":
            page.keyboard.press("ArrowDown")
    assert [each for each in AXES[1:] if each not in reached] == []
    assert "reset" in reached or page.evaluate("document.activeElement.type") == "reset"
    moved = chosen(page)
    assert moved in neighbours(PRIMARY, "change_months", possible=True)
    assert_shows(page, moved)
    page.focus("button[type=reset]")
    page.keyboard.press("Enter")
    assert chosen(page) == PRIMARY
    assert_shows(page, PRIMARY)
    assert "#" not in page.url


@pytest.mark.parametrize(("width", "mode"), VIEWS)
def test_a_choice_reads_everywhere(browser: Any, width: int, mode: str) -> None:
    for choice in (sorted(POSSIBLE)[len(POSSIBLE) // 2], sorted(POSSIBLE)[-1]):
        with Opened(browser, address(choice), width, mode) as opened:
            assert_shows(opened.page, choice)
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
            assert opened.errors == []  # before axe, which asks for style sheets of its own
            assert grave_findings(opened.page) == []


def test_no_other_page_loads_its_script() -> None:
    loading = [path.name for path in SITE.glob("*.html") if "explore.js" in path.read_text("utf-8")]
    assert loading == ["explore.html"]
