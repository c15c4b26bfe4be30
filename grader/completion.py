"""``onedelay completion``: what makes a shell complete the commands, written by shtab from the parsers themselves.

It knows no single command: what is completed by exercises, files or folders follows from how an argument is declared.
"""

from __future__ import annotations

import argparse
import contextlib
import re
from pathlib import Path
from typing import Any, Final

from grader.cli import COMMANDS, _room
from grader.complaint import Complaint

SHELLS: Final = ("bash", "zsh", "fish")
_NEEDED: Final = "completion needs shtab: pip install shtab"
_EXERCISES: Final = {"exercise", "exercises", "names"}  # what an argument is called that takes numbers or names of them
_INSTALLING: Final = {
    "bash": """\
# Completion of `onedelay` for bash. To install it, once:
#   mkdir -p ~/.local/share/bash-completion/completions
#   onedelay completion bash > ~/.local/share/bash-completion/completions/onedelay
# A new shell finds it there, if the package bash-completion is installed. If it is not, add to ~/.bashrc:
#   source ~/.local/share/bash-completion/completions/onedelay
""",
    "zsh": """\
# Completion of `onedelay` for zsh. To install it, once:
#   mkdir -p ~/.zfunc && onedelay completion zsh > ~/.zfunc/_onedelay
# and in ~/.zshrc, above any other compinit:
#   fpath=(~/.zfunc $fpath); autoload -Uz compinit && compinit
""",
    "fish": """\
# Completion of `onedelay` for fish. To install it, once:
#   mkdir -p ~/.config/fish/completions
#   onedelay completion fish > ~/.config/fish/completions/onedelay.fish
""",
}
# The names of the exercises in the nearest folder above that holds some, as the commands themselves look for it. A word
# that begins with a letter is completed by their names without numbers.
_NEAREST: Final = {
    "bash": """\
_onedelay_exercises() {
  local folder="$PWD" path name found=
  while true; do
    for path in "$folder"/exercises/[0-9][0-9]_*/; do
      [ -d "$path" ] || continue
      found=1 path="${path%/}" name="${path##*/}"
      case "$1" in [a-z]*) name="${name#[0-9][0-9]_}" ;; esac
      case "$name" in "$1"*) printf '%s\\n' "$name" ;; esac
    done
    [ -n "$found" ] || [ -z "$folder" ] && return
    folder="${folder%/*}"
  done
}
""",
    "zsh": """\
_onedelay_exercises() {
  local folder=$PWD
  local -a names
  while true; do
    names=($folder/exercises/[0-9][0-9]_*(N/:t))
    [[ -n $names || -z $folder ]] && break
    folder=${folder%/*}
  done
  [[ $PREFIX == [a-z]* ]] && names=(${names#??_})
  compadd -a names
}
""",
    "fish": """\
function _onedelay_exercises
  set -l folder $PWD
  while true
    set -l below $folder/exercises/*/
    set -l names (string match -r '\\d\\d_[^/]+(?=/$)' -- $below)
    if set -q names[1]
      printf '%s\\texercise\\n' $names
      return
    end
    test -z "$folder"; and return
    set folder (string replace -r '/[^/]*$' '' -- $folder)
  end
end
""",
}
_EXERCISE: Final = {
    "bash": "_onedelay_exercises",
    "zsh": "_onedelay_exercises",
    "fish": "(_onedelay_exercises)",
    "preamble": _NEAREST,
}


def completion(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``onedelay completion``."""
    parser.add_argument("shell", choices=SHELLS, help="the shell that is to complete; its first lines say how")
    parser.set_defaults(run=_print)


def _print(options: argparse.Namespace) -> int:
    print(script(options.shell), end="")
    return 0


def script(shell: str) -> str:
    """Return the script for *shell*, one of SHELLS; `Complaint` where shtab is not installed."""
    try:
        import shtab  # noqa: PLC0415 - needed by nothing else
    except ModuleNotFoundError:
        raise Complaint(_NEEDED) from None
    parser = whole_parser()
    _say_what_completes(parser, {"file": shtab.FILE, "folder": shtab.DIRECTORY})
    made = shtab.complete(parser, shell)
    if shell == "zsh":
        made = made.replace('"(*)::', '"*:')  # or it completes the first of several exercises only
    # In place of shtab's own words on how to install it. In zsh the line before them has to stay the first.
    return re.sub(r"(?:^#(?!compdef).*\n)+", lambda _: _INSTALLING[shell], made, count=1, flags=re.MULTILINE) + "\n"


def whole_parser() -> argparse.ArgumentParser:
    """Return the parser with the options of all commands, of those at least whose packages are installed."""
    parser = argparse.ArgumentParser(prog="onedelay")
    commands = parser.add_subparsers()
    for name, command in COMMANDS.items():
        below = commands.add_parser(name, help=command.help)
        with contextlib.suppress(Complaint, ImportError):  # then its name is completed, its options are not
            _room(name, command, below)
    return parser


def _say_what_completes(parser: argparse.ArgumentParser, known: dict[str, Any]) -> None:
    for action in parser._actions:
        given: Any = action  # shtab asks for an attribute that argparse does not know of
        if isinstance(action.choices, dict):
            for below in action.choices.values():
                _say_what_completes(below, known)
        elif action.dest in _EXERCISES:
            given.complete = _EXERCISE
        elif action.metavar == "DIR":
            given.complete = known["folder"]
        elif action.type is Path or action.metavar == "FILE":
            given.complete = known["file"]
