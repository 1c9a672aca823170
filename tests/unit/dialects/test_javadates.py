"""Dates and times in Java's letters."""

from __future__ import annotations

import pytest

from mockserver.dialects.openmetadata import javadates


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("yyyy-MM-dd", "2024-02-29"),
        ("dd MMM yyyy", "01 Jan 2024"),
        ("MM/dd/yyyy", "12/31/2024"),
        ("dd MMMM yyyy, HH:mm", "05 May 2024, 09:30"),
        ("EEEE dd MMMM yyyy", "Thursday 29 February 2024"),
        ("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", "2024-02-29T23:59:59.123+01:00"),
        ("hh:mm a", "12:05 PM"),
        ("yy''MM", "24'12"),
    ],
)
def test_a_text_in_the_format_follows_it(format: str, text: str) -> None:
    assert javadates.is_format(format, javadates.DATE_TIME)
    assert javadates.follows(format, text)


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("yyyy-MM-dd", "2023-02-29"),
        ("yyyy-MM-dd", "2024-13-01"),
        ("yyyy-MM-dd", "24-01-01"),
        ("dd MMM yyyy", "01 Foo 2024"),
        ("EEE dd MM yyyy", "Mon 29 02 2024"),
        ("HH:mm", "24:00"),
        ("hh:mm a", "13:05 PM"),
        ("HH:mm", "9:05"),
        ("yyyy-MM-dd", "2024-01-01\n"),
        ("yyyy", "٢٠٢٤"),
    ],
)
def test_a_text_that_says_no_such_moment_does_not(format: str, text: str) -> None:
    assert not javadates.follows(format, text)


@pytest.mark.parametrize("format", ["", "HH:mm", "yyyy-QQ", "y" * 200, "MMMMM yyyyy"])
def test_a_format_of_dates_has_letters_of_dates_alone(format: str) -> None:
    assert not javadates.is_format(format, javadates.DATE)
