"""What is shown in place of folders that have something to hide further down."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.judge.isolation.around import around


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("lib/site/one.py", "lib/site/pack/code.py", "lib/site/pack/secret/answer.py", "bin/python"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    return tmp_path


def test_a_folder_without_secrets_is_shown_as_a_whole(tree: Path) -> None:
    """Nothing is looked through, and nothing is only listed."""
    assert around([str(tree / "bin")], [tree / "lib/site/pack/secret"]) == ([str(tree / "bin")], [])
    assert around([str(tree)], []) == ([str(tree)], [])


def test_all_but_the_secret_is_shown(tree: Path) -> None:
    """Each folder on the way to it is listed, and what else is in these is shown."""
    shown, listed = around([str(tree)], [tree / "lib/site/pack/secret"])

    assert shown == [str(tree / name) for name in ("bin", "lib/site/one.py", "lib/site/pack/code.py")]
    assert listed == [str(tree / name) for name in ("", "lib", "lib/site", "lib/site/pack")]


def test_a_folder_that_is_shown_twice(tree: Path) -> None:
    """A folder inside of another one changes nothing."""
    secret = [tree / "lib/site/pack/secret"]
    assert around([str(tree), str(tree / "lib/site"), str(tree / "lib")], secret) == around([str(tree)], secret)


def test_the_secret_itself(tree: Path) -> None:
    """What is inside of it is not shown either, whoever asks for it."""
    secret = tree / "lib/site/pack/secret"
    assert around([str(secret), str(secret / "answer.py")], [secret]) == ([], [])


def test_a_link_is_no_way_around(tree: Path) -> None:
    """Neither a link to a folder above the secret, nor one to the secret, nor a path through a link is shown."""
    (tree / "lib64").symlink_to("lib")
    (tree / "bin/answer.py").symlink_to(tree / "lib/site/pack/secret/answer.py")
    (tree / "door").symlink_to(tree / "lib/site/pack/secret")
    secret = [tree / "lib64/site/pack/secret"]

    shown, listed = around([str(tree), str(tree / "lib64"), str(tree / "door")], secret)
    assert shown == [str(tree / name) for name in ("bin", "lib/site/one.py", "lib/site/pack/code.py")]
    assert str(tree / "lib64") not in listed
