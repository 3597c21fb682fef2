"""Numbers in prose, written by the computation that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.project import Estimate, ProjectError


def number(estimate: Estimate, *, digits: int = 1, signed: bool = False) -> str:
    """The value with its unit: "5.2% a year", "−0.4 percentage points"."""
    return _with_unit(estimate.value, estimate.unit, digits, signed)


def interval(estimate: Estimate, *, digits: int = 1) -> str:
    """The interval in words: "95% interval −2.1% to 5.3% a year"; without one, the reason."""
    if estimate.low is None or estimate.high is None:
        return f"no interval: {estimate.note}"
    low = _rounded(estimate.low, digits)
    if estimate.unit.startswith("percent ") or estimate.unit == "percent":
        low += "%"
    high = _with_unit(estimate.high, estimate.unit, digits)
    return f"{100 * estimate.level:g}% interval {low} to {high}"


def p_value(
    p: float, floor: float | None = None, n: int | None = None, n_of: str = "events"
) -> str:
    """A p-value, and whether it is as small as it could be.

    Parameters
    ----------
    p : two-sided.
    floor : the smallest p that n can give (exact tests).
    n, n_of : how many, and of what: "the smallest attainable with 7 events".

    Raises
    ------
    ProjectError : p or floor outside 0 to 1, or p below the floor.
    """
    if not 0 <= p <= 1 or (floor is not None and not 0 <= floor <= p * (1 + 1e-9)):
        raise ProjectError(f"p = {p} with smallest p {floor}", expected="0 <= floor <= p <= 1")
    said = _p(p)
    if floor is None:
        return said
    having = f" with {n} {n_of}" if n is not None else ""
    if p <= floor * (1 + 1e-9):
        return f"{said}, the smallest attainable{having}"
    return f"{said}, where {_p(floor).removeprefix('p = ')} is the smallest attainable{having}"


def in_words(estimate: Estimate, *, digits: int = 1, signed: bool = False) -> str:
    """Value, interval, p and n of one estimate: what a sentence must carry to be judged."""
    parts = [interval(estimate, digits=digits)]
    if estimate.p is not None:
        parts.append(p_value(estimate.p, estimate.p_floor, estimate.n, estimate.n_of))
    if estimate.p is None or estimate.p_floor is None:
        parts.append(f"{estimate.n:,} {estimate.n_of}")
    return f"{number(estimate, digits=digits, signed=signed)} ({'; '.join(parts)})"


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign, and a true minus: "+1.3", "\N{MINUS SIGN}0.4"."""
    return _rounded(value, digits, signed=True)


@dataclass(frozen=True)
class Said:
    """A paragraph made from numbers; shown as prose, and marked as generated."""

    text: str

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        # A dollar sign would open mathematics.
        shown = self.text.replace("$", r"\$")
        return {
            "text/markdown": f'<div class="generated">\n\n{shown}\n\n</div>',
            "text/plain": self.text,
        }

    def __str__(self) -> str:
        return self.text


def said(text: str) -> Said:
    """Show a generated paragraph (Markdown) in a notebook; runs of blanks become one."""
    return Said("\n\n".join(" ".join(part.split()) for part in text.split("\n\n")))


def _with_unit(value: float, unit: str, digits: int, signed: bool = False) -> str:
    text = _rounded(value, digits, signed=signed)
    if unit == "percent":
        return f"{text}%"
    if unit.startswith("percent "):
        return f"{text}%{unit.removeprefix('percent')}"
    return f"{text} {unit}"


def _rounded(value: float, digits: int, *, signed: bool = False) -> str:
    text = f"{value:{'+' if signed else ''},.{digits}f}"
    if float(text.replace(",", "")) == 0:
        text = text.lstrip("+-")  # "-0.0" has no sign
    return text.replace("-", "\N{MINUS SIGN}")


def _p(p: float) -> str:
    if p < 0.001:
        return "p < 0.001"
    return f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.3f}"
