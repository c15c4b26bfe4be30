"""Looks how well this machine can keep the code of strangers apart, as ``onedelay grade`` measures it."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from grader.doctor.child import answer
from grader.doctor.finding import Place, State

_LIMIT: Final = 60.0
_PURPOSE: Final = "for grading others' programs; your own need none"
# A setting of the system, what it says where it forbids namespaces of users, and what to do.
_FORBIDDEN: Final = (
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "sysctl kernel.apparmor_restrict_unprivileged_userns=0",
    ),
    ("/proc/sys/kernel/unprivileged_userns_clone", "0", "sysctl kernel.unprivileged_userns_clone=1"),
    ("/proc/sys/user/max_user_namespaces", "0", "sysctl user.max_user_namespaces=10000"),
)


def level(place: Place) -> tuple[State, str, str]:
    """Measure the highest level of isolation that holds here, and say why it is not a higher one."""
    if platform.system() != "Linux":
        seen = f"none: {platform.system()} has not what it is made of; {_PURPOSE}"
        return State.ABSENT, seen, "grade on Linux, in a virtual machine for instance"
    found = answer(["isolation", str(place.root)], _LIMIT, place.root)
    if found["level"] == "full":
        return State.WORKS, found["line"].removeprefix("isolation "), ""
    why = "; ".join(found["why"])
    return State.ABSENT, f"{found['level']} ({_PURPOSE}). {why}", advice(found["why"])


def advice(why: Iterable[str]) -> str:
    """Return what is likely to give a higher level, by this system's settings, else nothing that *why* does not say."""
    if any("pip install" in reason for reason in why):
        return ""  # says so itself
    for path, bad, mend in _FORBIDDEN:
        if _read(path) == bad:
            return f"this system keeps users from making namespaces: as root, `{mend}`"
    if "landlock" not in (_read("/sys/kernel/security/lsm") or "landlock"):
        return "this kernel has no Landlock: boot it with lsm=landlock,..., or use Linux 5.13 or newer"
    if Path("/.dockerenv").exists() or Path("/run/.containerenv").exists():
        return "a container may forbid namespaces: start it with --security-opt seccomp=unconfined, or grade outside"
    return ""


def _read(path: str) -> str:
    try:
        return Path(path).read_text("ascii").strip()
    except (OSError, ValueError):
        return ""
