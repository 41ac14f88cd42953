"""The keys of a terminal, each as it is pressed and none shown or lost."""

import os
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

import click

END = ""  # what is read when there will be no more keys: the terminal is gone, or Ctrl+C


class Keys:
    """Reads standard input, which has to be a terminal, key by key; while it lasts."""

    def __init__(self) -> None:
        self._descriptor = sys.stdin.fileno()
        self._waiting: list[str] = []  # who types fast sends several keys at once

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Have keys come at once, and the terminal as it was afterwards."""
        before = termios.tcgetattr(self._descriptor)
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)
        try:
            yield
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, before)

    def next(self) -> str:
        """Return the next key in small letters, an arrow as its escape sequence, or END."""
        try:
            while not self._waiting:
                typed = os.read(self._descriptor, 64).decode(errors="ignore")
                if not typed:
                    return END
                self._waiting = [typed] if typed.startswith("\x1b") else list(typed.lower())
        except (KeyboardInterrupt, OSError):
            return END
        return self._waiting.pop(0)

    def line(self, question: str, default: str) -> str:
        """Ask for a line of text, which is shown as it is typed; Ctrl+C leaves the default."""
        attributes = termios.tcgetattr(self._descriptor)
        shown = list(attributes)
        shown[3] |= termios.ECHO | termios.ICANON
        termios.tcsetattr(self._descriptor, termios.TCSADRAIN, shown)
        try:
            text: str = click.prompt(question, default=default, show_default=bool(default))
            return text
        except click.Abort:
            return default
        finally:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, attributes)
