"""`mockserver completion`."""

from __future__ import annotations

import click

EPILOG = """\b
Examples:
  mockserver completion bash > ~/.local/share/bash-completion/completions/mockserver
  mockserver completion zsh > "${fpath[1]}/_mockserver"
  mockserver completion fish > ~/.config/fish/completions/mockserver.fish
"""


@click.command("completion", epilog=EPILOG, short_help="Print a script that completes commands in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import get_completion_class

    from mockserver.cli import main

    completion = get_completion_class(shell)
    assert completion is not None
    made = completion(main, {}, "mockserver", "_MOCKSERVER_COMPLETE")
    # Not made.source(): that runs the shell to ask for its version.
    click.echo(made.source_template % made.source_vars())
