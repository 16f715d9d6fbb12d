"""The sandbox's formula engine: what Salesforce documents of the functions that we use."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from sandbox.salesforce.formula import FormulaError, Save, compiled

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
AFTER = {
    "A": Decimal(5),
    "B": None,
    "T": "Contract",
    "D": date(2026, 3, 1),
    "M": datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    "C": True,
}
BEFORE = {**AFTER, "A": Decimal(4), "T": "Proposal"}


def value(text, *, new=False):
    return compiled(text).value(Save(AFTER, None if new else BEFORE, NOW))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", Decimal(7)),
        ("(1 + 2) * 3", Decimal(9)),
        ("2 ^ 3 - 1", Decimal(7)),
        ("-A + 1", Decimal(-4)),
        ("1 + 1 & 'x'", "2x"),
        ("A > 4 && !C || TRUE", True),
        ("A = 5 /* five */", True),
        ("A <> 5", False),
        ("A != 4", True),
        ("B + 1", None),
        ("B > 1", False),
        ("B <= 1", False),
        ("ISBLANK(B)", True),
        ('ISBLANK("")', True),
        ("BLANKVALUE(B, 3) + 1", Decimal(4)),
        ("IF(C, 'yes', 'no')", "yes"),
        ("IF(B > 1, 'yes', 'no')", "no"),
        ('CASE(T, "Proposal", 1, "Contract", 2, 0)', Decimal(2)),
        ('CASE(T, "Proposal", 1, 0)', Decimal(0)),
        ("TODAY()", date(2026, 3, 2)),
        ("TODAY() - D", Decimal(1)),
        ("D + 1", date(2026, 3, 2)),
        ("(NOW() - M) * 24", Decimal(24)),
        ("DATEVALUE(NOW()) = TODAY()", True),
        ("YEAR(D) + MONTH(D) + DAY(D)", Decimal(2030)),
        ('CONTAINS(";a;b;", ";" & "b" & ";")', True),
        ('CONTAINS("Closed Won", "won")', False),
        ('CONTAINS(B, "x")', False),
        ('CONTAINS("x", B)', True),
        ('BEGINS(T, "Con")', True),
        ('LEFT("abc", 2) & RIGHT("abc", 1) & MID("abc", 2, 1)', "abcb"),
        ('LEN(T) & UPPER("a") & LOWER("B") & TRIM(" c ")', "8Abc"),
        ('SUBSTITUTE("a-b", "-", "_")', "a_b"),
        ('ISPICKVAL(T, "Contract")', True),
        ("TEXT(A) & TEXT(D)", "52026-03-01"),
        ("TEXT(1000) & TEXT(0.50)", "10000.5"),
        ("ROUND(2.345, 2) + MAX(1, 3) - MIN(1, 3) + ABS(-1)", Decimal("5.35")),
        ('CASESAFEID("005A0000001bcDE")', "005A0000001bcDEIAY"),
        ("ISCHANGED(A)", True),
        ("ISCHANGED(D)", False),
        ("PRIORVALUE(T)", "Proposal"),
        ("{!$Record.T}", "Contract"),
        ("{!$Record__Prior.T}", "Proposal"),
        ("ISCHANGED({!$Record.A})", True),
        ("ISNEW()", False),
        ("$Permission.Nobody_Gave_It", False),
        ("$Setup.Dealgate__c.Off__c", None),
    ],
)
def test_a_formula_gives_what_salesforce_gives(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize("text", ["ISCHANGED(A)", "ISBLANK(A) || NOT(ISNEW())"])
def test_in_a_new_record_nothing_is_changed(text):
    assert value(text, new=True) is False


@pytest.mark.parametrize(
    "text",
    ["", "AND(", "A +", "A B", '"open', "1 = 'a'", "A # 1", "NOSUCH(A)", "NOT(A)", "IF(C, 1)", "A / 0", "CASE(A, 1)",
     "PRIORVALUE('a')", "A > D", "LEFT(T)", "(" * 500, "YEAR(T)", "DATEVALUE('soon')", "VALUE('x')", "T * 2"],
)  # fmt: skip
def test_what_is_no_formula_says_so(text):
    with pytest.raises(FormulaError):
        value(text)


def test_the_names_of_a_formula_are_known_before_it_runs():
    formula = compiled("AND(ISCHANGED(StageName), $Permission.X, PRIORVALUE(Amount) > $Setup.S__c.F__c)")
    assert formula.names == {"StageName", "$Permission.X", "Amount", "$Setup.S__c.F__c"}
