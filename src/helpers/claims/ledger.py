"""The ledger as data: claims, testable statements, evidence and rules, from `claims.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from helpers.project import ProjectError

TRACKED = Path(__file__).with_name("claims.toml")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Evidence(_Entry):
    """Where the tests of one reading stand for one edition.

    Several estimates are several tests of one number: the largest of their p-values decides.
    """

    result: str
    estimates: list[str] = Field(min_length=1)
    stand_in: str = ""


class Reading(_Entry):
    """One testable statement of a claim, with the sign that the claim gives its estimate."""

    name: str
    statement: str
    direction: Literal[-1, 1]
    section: str = Field("", description="anchor of the heading on the page of its result")
    missing: str = Field("", description="the part of the claim that no open data can test")
    evidence: dict[Literal["bundled", "mirror"], Evidence] = {}

    def evidence_of(self, edition: str) -> Evidence | None:
        """Where the edition's tests of this reading stand; None where it has none.

        A live edition has the files of a mirror, of another day.
        """
        known = {str(key): value for key, value in self.evidence.items()}
        return known.get("mirror" if edition == "live" else edition)


class Claim(_Entry):
    """One row of the ledger."""

    id: str = Field(pattern=r"^C\d+$")
    claim: str
    who: str
    rule: str
    statement: str
    data: str
    test: str
    datasets: list[str] = Field([], description="entries of the catalogue its tests stand on")
    reading: list[Reading] = []


class Implied(_Entry):
    """What the commentary implied for the time after it, and the estimate that tells of it."""

    text: str
    claims: list[str] = Field(min_length=1)
    direction: Literal[-1, 1]
    result: str
    estimate: str


class Rule(_Entry):
    text: str


class Ledger(_Entry):
    """All claims and rules."""

    rules: dict[str, Rule]
    claim: list[Claim]
    implied: list[Implied] = []

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [claim.id for claim in self.claim]
        if len(set(ids)) < len(ids):
            raise ValueError("two claims share an id")
        for claim in self.claim:
            if claim.rule not in self.rules:
                raise ValueError(f"{claim.id} follows an unknown rule {claim.rule!r}")
        for each in self.implied:
            if strangers := set(each.claims) - set(ids):
                raise ValueError(f"implied by unknown claims: {', '.join(sorted(strangers))}")
        return self

    def rules_table(self) -> pd.DataFrame:
        """One row a rule in use: rule, claims that follow it, text."""
        rows = [
            {
                "rule": name,
                "claims": ", ".join(each.id for each in self.claim if each.rule == name),
                "text": " ".join(rule.text.split()),
            }
            for name, rule in self.rules.items()
        ]
        return pd.DataFrame(rows)

    def sources(self) -> list[str]:
        """Names of the results that any edition's evidence stands in, or that tell what followed."""
        readings = (reading for claim in self.claim for reading in claim.reading)
        found = {each.result for reading in readings for each in reading.evidence.values()}
        return sorted(found | {each.result for each in self.implied})

    @classmethod
    def load(cls, path: Path = TRACKED) -> Ledger:
        """Read and validate.

        Raises
        ------
        ProjectError : unreadable, or names the first entry that does not follow the schema.
        """
        try:
            return cls.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise ProjectError(f"unreadable: {error}", where=path.name) from error
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise ProjectError(f"{place}: {first['msg']}", where=path.name) from error
