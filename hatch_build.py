"""What a build adds to the wheel: the exercises, their solutions packed, and the files it was itself built of.

Nothing is copied in the checkout, and editable installations, which use its folders, are left as they are. Where there
is no ``solutions/``, as in what a class gets, the wheel is built without.
"""

from __future__ import annotations

import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipmentHook(BuildHookInterface[Any]):
    """Adds ``grader/shipment/``, which `grader.shipped` reads."""

    _made: tempfile.TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Tell the builder which files to add."""
        if version == "editable":
            return
        root = Path(self.root)
        # Read as a file: the package need not be importable, and another version of it may be.
        shipped = runpy.run_path(str(root / "grader" / "shipped.py"))
        shipment = f"grader/{shipped['SHIPMENT']}"
        added = {root / name: f"{shipment}/project/{name}" for name in shipped["PROJECT"] if (root / name).is_file()}
        exercises = sorted((root / "exercises").glob("[0-9][0-9]_*"))
        files = ["README.md", *(f"{place.name}/{name}" for place in exercises for name in shipped["files_in"](place))]
        for file in files:
            if (root / "exercises" / file).is_file() and not self._left_out(f"exercises/{file}"):
                added[root / "exercises" / file] = f"{shipment}/exercises/{file}"
        # Hidden checks without the reference are an autograder's, whose submissions could read the installed package.
        folders = [root / "solutions" / place.name for place in exercises]
        solutions = {
            folder.name: shipped["files_in"](folder)
            for folder in folders
            if (folder / f"{folder.name[3:]}.py").is_file()
        }
        if solutions:
            self._made = tempfile.TemporaryDirectory()
            pack = Path(self._made.name, shipped["SOLUTIONS"])
            pack.write_bytes(shipped["packed"](solutions))
            added[pack] = f"{shipment}/{pack.name}"
        build_data["force_include"].update({str(path): place for path, place in added.items()})

    def _left_out(self, path: str) -> bool:
        return bool(self.build_config.path_is_excluded(path))  # what .gitignore names

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was made for the build."""
        if self._made is not None:
            self._made.cleanup()
