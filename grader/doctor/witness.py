"""A plugin of pytest's that writes down how pytest was set up, and by which plugins. It decides nothing.

It is loaded by name, for the doctor only; where to write is said in the environment.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Final

import pytest

from grader.doctor.child import WITNESS

NEEDED: Final = {"onedelay": "onedelay", "asyncio": "pytest-asyncio"}  # a plugin's name in pytest -> its package


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Write what there is to say of this run."""
    config = session.config
    plugins = config.pluginmanager
    files = [getattr(plugin, "__file__", None) or "" for plugin in plugins.get_plugins()]
    modes = {"asyncio_mode"} & set(config._parser._inidict)
    said = {
        "versions": {found.metadata["name"]: found.version for _, found in plugins.list_plugin_distinfo()},
        "configuration": None if config.inipath is None else str(config.inipath),
        "conftests": sorted(file for file in files if Path(file).name == "conftest.py"),
        "mode": str(config.getini("asyncio_mode")) if modes else "",
        "options": " ".join(config.getini("addopts")),
        "off": [package for name, package in NEEDED.items() if not plugins.hasplugin(name)],
        "checks": len(session.items),
    }
    Path(os.environ[WITNESS]).write_text(json.dumps(said), "utf-8")
