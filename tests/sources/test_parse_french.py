"""The data library's format, on invented numbers."""

from __future__ import annotations

import gzip
import io
import zipfile

import pandas as pd
import pytest

from helpers.project import ProjectError
from helpers.sources.parsers import PARSERS

parse = PARSERS["french"]

OLD_TITLES = (
    "Value Weight Returns -- Monthly", "Equal Weight Returns", "Average Firm Size",
)  # fmt: skip
NEW_TITLES = (
    "Average Value Weighted Returns -- Monthly", "Average Equal Weighted Returns -- Monthly",
    "Average Market Cap",
)  # fmt: skip


def invented(titles: tuple[str, str, str] = NEW_TITLES, end: str = "\r\n") -> str:
    """A size file with all its sections; the numbers are made up."""
    value, equal, size = titles
    header = ",<= 0,Lo 10,2-Dec,Hi 10"
    lines = [
        "This file was created using the 203007 CRSP database.  It contains",
        "value- and equal-weighted returns for size portfolios.",
        "",
        "Missing data are indicated by -99.99 or -999.",
        "",
        "",
        f"  {value}",
        header,
        "203005,  -99.99,    1.11,   -2.22,    3.33",
        "203006,  -99.99,    4.44,    -999,    5.55",
        "",
        "",
        f"  {equal}",
        header,
        "203005,  -99.99,   10.00,   20.00,   30.00",
        "203006,  -99.99,   11.00,   21.00,   31.00",
        "",
        "  Value Weight Returns -- Annual from January to December",
        header,
        "  2029,  -99.99,    9.99,    8.88,    7.77",
        "",
        "  Number of Firms in Portfolios",
        header,
        "203005,       0,     100,      50,      20",
        "203006,       0,     101,      51,      21",
        "",
        f"  {size}",
        header,
        "203005,  -99.99,    5.00,   50.00,  500.00",
        "203006,  -99.99,    6.00,   60.00,  600.00",
        "",
        "Copyright 2030 Nobody",
    ]
    return end.join(lines) + end


FACTORS = (
    "This file was created using the 203007 CRSP database.\r\n"
    "The 1-month TBill rate is invented.\r\n\r\n"
    ",Mkt-RF,SMB,RF\r\n203005,   1.50,  -0.25,   0.10\r\n203006,  -2.50,   0.75,   0.11\r\n\r\n"
    " Annual Factors: January-December \r\n,Mkt-RF,SMB,RF\r\n  2029,  10.00,   1.00,   1.20\r\n\r\n"
    "Copyright 2030 Nobody\r\n"
)


def zipped(text: str, *members: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in members:
            archive.writestr(name, text)
    return target.getvalue()


@pytest.mark.parametrize("titles", [OLD_TITLES, NEW_TITLES])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_each_section_is_found_under_both_vintages_of_its_title(
    titles: tuple[str, str, str], end: str
) -> None:
    payload = invented(titles, end).encode()
    tables = {
        name: parse(payload, section=name)
        for name in ("value_weighted", "equal_weighted", "n_firms", "firm_size")
    }
    last = {name: table["lo_10"].iloc[-1] for name, table in tables.items()}
    assert last == {
        "value_weighted": 4.44, "equal_weighted": 11.0, "n_firms": 101.0, "firm_size": 6.0,
    }  # fmt: skip
    for table in tables.values():
        assert list(table.columns) == ["lo_10", "dec_2", "hi_10"]
        assert list(table.index) == [pd.Timestamp("2030-05-31"), pd.Timestamp("2030-06-30")]
        assert table.index.name == "date"
        assert table.attrs["vintage"] == "CRSP 203007"
        assert (table.dtypes == "float64").all()


def test_marks_for_missing_become_missing_and_nothing_else_does() -> None:
    table = parse(invented().encode(), section="value_weighted")
    assert table["dec_2"].isna().tolist() == [False, True]
    assert table.isna().to_numpy().sum() == 1


def test_a_column_le_0_that_holds_something_stays() -> None:
    text = invented().replace("203006,       0,", "203006,       3,")
    assert parse(text.encode(), section="n_firms")["le_0"].tolist() == [0.0, 3.0]


def test_factors_have_no_title_and_the_annual_section_is_passed_over() -> None:
    table = parse(FACTORS.encode(), section="untitled")
    assert list(table.columns) == ["mkt_rf", "smb", "rf"]
    assert table["mkt_rf"].tolist() == [1.5, -2.5]


@pytest.mark.parametrize("member", ["F-F_Factors.CSV", "f-f_factors.csv", "F-F_Factors.txt"])
def test_zip_members_in_either_case(member: str) -> None:
    pd.testing.assert_frame_equal(
        parse(zipped(FACTORS, member), section="untitled"),
        parse(FACTORS.encode(), section="untitled"),
    )


def test_gzip() -> None:
    assert len(parse(gzip.compress(FACTORS.encode()), section="untitled")) == 2


def test_days_and_a_spreadsheets_trailing_commas() -> None:
    text = "Notes,,\r\n,,\r\n,Mom,\r\n20300501,0.35,\r\n20300502,-0.61,\r\n,,\r\nCopyright,,\r\n"
    table = parse(text.encode(), section="untitled")
    assert list(table.index) == [pd.Timestamp("2030-05-01"), pd.Timestamp("2030-05-02")]
    assert table["mom"].tolist() == [0.35, -0.61]
    assert table.attrs["vintage"] == ""


def test_the_two_book_to_market_sections_are_told_apart() -> None:
    december = (
        "For portfolios formed in June of year t  Value Weight Average of BE/ME Calculated as: "
        "Sum[ME(Mth) * BE(Fiscal Year t-1) / ME(Dec t-1)] / Sum[ME(Mth)]"
    )
    june = (
        "For portfolios formed in June of year t  Value Weight Average of BE_FYt-1/ME_June t "
        "Calculated as: Sum[ME(Mth) * BE(Fiscal Year t-1) / ME(Jun t)] / Sum[ME(Mth)]"
    )
    text = f"  {december}\n,SMALL LoBM\n203005, 0.25\n\n  {june}\n,SMALL LoBM\n203005, 0.50\n"
    assert parse(text.encode(), section="beme_december")["small_lobm"].tolist() == [0.25]
    assert parse(text.encode(), section="beme_june")["small_lobm"].tolist() == [0.50]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Average Value Weighted Returns -- Monthly", "Returns, Weighted by Value", "unknown section title 'returns, weighted by value'"),
        ("Average Equal Weighted Returns -- Monthly", "Average Value Weighted Returns -- Monthly", "value_weighted occurs twice"),
        ("203006,  -99.99,    4.44", "203006,  -99.99,    4.4x", "row 10: Lo 10: '4.4x' is no number"),
        ("203006,  -99.99,    4.44", "203006,  -99.99,  -99.90", "row 10: Lo 10: -99.9 looks like a mark"),
        ("203006,  -99.99,    4.44", "203006,  -99.99, -9999", "row 10: Lo 10: -9999 looks like a mark"),
        ("203006,  -99.99,    4.44", "203005,  -99.99,    4.44", "row 10: 2030-05-31 occurs twice"),
        ("203006,  -99.99,    4.44", "203004,  -99.99,    4.44", "row 10: 2030-04-30 comes after 2030-05-31"),
        ("203006,  -99.99,    4.44", "203013,  -99.99,    4.44", "row 10: date: '203013' is no date"),
        ("203006,  -99.99,    4.44", "20300601,  -99.99,    4.44", "row 10: the key '20300601'; expected 6 digits"),
        ("203006,  -99.99,    4.44", "2030O6,  -99.99,    4.44", "row 10: '2030O6, -99.99, 4.44, -999, 5.' stands among the rows"),
        ("203006,  -99.99,    4.44,", "203006,  -99.99,", "row 10: 4 fields; expected 5, as the header"),
        ("203006,  -99.99,    4.44", "\r\n203006,  -99.99,    4.44", "row 11: '203006, -99.99, 4.44, -999, 5.' stands under no header"),
        ("2-Dec", "Lo 10", "2 columns 'Lo 10'"),
    ],
)  # fmt: skip
def test_a_faulty_file_is_refused_with_the_place(old: str, new: str, message: str) -> None:
    text = invented()
    assert old in text
    with pytest.raises(ProjectError) as caught:
        parse(text.replace(old, new, 1).encode(), section="value_weighted")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("payload", "section", "message"),
    [
        (FACTORS.encode(), "value_weighted", "no section value_weighted; expected one of this file's: untitled"),
        (FACTORS.encode(), "value_weigthed", "nearest valid name: value_weighted"),
        (b"", "untitled", "the file is empty"),
        (b"\r\n \r\n", "untitled", "the file is empty"),
        (b"<html><body>Not found</body></html>", "untitled", "no section untitled; expected one of this file's: none"),
        (b",Mkt-RF\r\n203005\r\n", "untitled", "stands among the rows"),
        (b"\xff\xfe\x00", "untitled", "no text: byte 0 is not UTF-8"),
        (zipped(FACTORS, "a.csv", "b.CSV"), "untitled", "the zip holds 2 tables (a.csv, b.CSV)"),
        (zipped(FACTORS, "notes.pdf"), "untitled", "the zip holds 0 tables (notes.pdf)"),
        (zipped(FACTORS, "a.csv")[:60], "untitled", "the packed file is damaged"),
        (gzip.compress(FACTORS.encode())[:40], "untitled", "the packed file is damaged"),
    ],
    ids=range(11),  # a payload as name would change with the clock
)  # fmt: skip
def test_what_is_no_file_of_the_library_is_refused(
    payload: bytes, section: str, message: str
) -> None:
    with pytest.raises(ProjectError) as caught:
        parse(payload, section=section)
    assert message in str(caught.value)


@pytest.mark.parametrize("cut", range(40, 400, 7))
def test_a_file_cut_short_never_gives_a_longer_or_odd_table(cut: int) -> None:
    whole = parse(FACTORS.encode(), section="untitled")
    try:
        table = parse(FACTORS.encode()[:cut], section="untitled")
    except ProjectError:
        return
    complete = table.iloc[:-1]  # the last number itself may be cut: 0.11 to 0.1
    pd.testing.assert_frame_equal(complete, whole.iloc[: len(complete)])
