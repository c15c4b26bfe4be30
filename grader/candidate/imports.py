"""Calls us as soon as the learner's code has imported a module that is to be changed; it changes nothing itself."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from types import ModuleType

Patch = Callable[[ModuleType], Callable[[], None]]


class OnImport:
    """Applies each of *patches*, module name -> what changes it and returns the undoing, at its import or at once."""

    def __init__(self, patches: dict[str, Patch]) -> None:
        self._patches = patches
        self._busy: set[str] = set()
        self._undo: list[Callable[[], None]] = []
        sys.meta_path.insert(0, self)
        for name, patch in patches.items():
            if name in sys.modules:
                self._undo.append(patch(sys.modules[name]))

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Find the module as usual, and have it patched after it ran."""
        if name not in self._patches or name in self._busy:
            return None
        self._busy.add(name)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            self._busy.discard(name)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                self._undo.append(self._patches[name](module))

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec

    def remove(self) -> None:
        """Put everything back."""
        sys.meta_path.remove(self)
        while self._undo:
            self._undo.pop()()
