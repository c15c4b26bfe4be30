"""A folder of submissions, however it was exported, as values: who handed in what. It knows no judge.

SUBMISSIONS, a folder or one archive, holds any mixture of

- a folder or archive (zip, tar, tar.gz, tar.bz2, tar.xz) per student, with ``slug.py`` at its top, in a folder named
  after the exercise, or anywhere in a whole clone; or, when it can only be one exercise, the only Python file;
- a Python file per student: ``ada.py`` when one exercise is asked for, else ``ada_03.py``, ``feed_cats-ada.py``;
- a folder per exercise (``03``, ``42_feed_cats``) of any of these;
- what Canvas, Moodle, Gradescope, Blackboard, nbgrader and GitHub Classroom export or clone (`grader.intake.exports`).

What systems and tools leave behind is ignored. Links, devices, and names that lead elsewhere or collide are left out;
archives that are encrypted, broken, or grow without measure are not read; each is a `Problem`. Nothing is ever written.
"""

from grader.intake.model import Intake, IntakeError, Problem, Submitted
from grader.intake.reading import read_class
from grader.intake.roster import Roster, read_roster

__all__ = ["Intake", "IntakeError", "Problem", "Roster", "Submitted", "read_class", "read_roster"]
