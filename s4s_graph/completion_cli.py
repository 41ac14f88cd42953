"""The command that makes a shell complete the others: `s4s completion`."""

import click
from click.shell_completion import get_completion_class

_VARIABLE = "_S4S_COMPLETE"  # by which click, in the program `s4s`, knows that a shell asks


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion_command(context: click.Context, shell: str) -> None:
    """Print the script by which SHELL completes commands, options and values of s4s.

    \b
    bash, in ~/.bashrc:  eval "$(s4s completion bash)"
    zsh, in ~/.zshrc:    eval "$(s4s completion zsh)"
    fish, once:          s4s completion fish > ~/.config/fish/completions/s4s.fish
    """
    if completion := get_completion_class(shell):
        group = context.find_root().command
        click.echo(completion(group, {}, "s4s", _VARIABLE).source())
