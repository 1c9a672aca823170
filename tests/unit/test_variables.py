"""The options of `mockserver serve` as variables of the environment, as containers have them."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

from mockserver.cli import main
from mockserver.commands.serve import command

OPTIONS = {option.opts[0]: option for option in command.params if isinstance(option, click.Option)}


def given(option: click.Option) -> tuple[list[str], str]:
    """Arguments that choose something else than the default, and the variable's text that chooses the same."""
    if option.is_flag:
        return [option.opts[0]], "1"
    if option.multiple:
        return [option.opts[0], "a", option.opts[0], "b"], "a b"
    text = option.type.choices[0] if isinstance(option.type, click.Choice) else "7"
    return [option.opts[0], text], text


def chosen(arguments: list[str], monkeypatch: pytest.MonkeyPatch, **variables: str) -> dict[str, Any]:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with command.make_context("serve", arguments) as context:
        return context.params


@pytest.mark.parametrize("name", OPTIONS)
def test_every_option_can_be_given_by_a_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments, text = given(OPTIONS[name])
    variable = "MOCKSERVER_" + name.removeprefix("--").replace("-", "_").upper()
    by_default, by_argument = chosen([], monkeypatch), chosen(arguments, monkeypatch)

    assert chosen([], monkeypatch, **{variable: text}) == by_argument != by_default


def test_an_argument_counts_more_than_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(["--port", "1"], monkeypatch, MOCKSERVER_PORT="2")["port"] == 1


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen([], monkeypatch, MOCKSERVER_PORT="")["port"] == 8585


def test_a_variable_that_cannot_be_is_told_by_its_name() -> None:
    # What Kubernetes makes of a service that is named mockserver.
    result = CliRunner().invoke(main, ["serve"], env={"MOCKSERVER_PORT": "tcp://10.0.0.1:8585"})

    assert result.exit_code == 2
    assert "(env var: 'MOCKSERVER_PORT')" in result.stderr
    assert "'tcp://10.0.0.1:8585' is not a valid integer range" in result.stderr
