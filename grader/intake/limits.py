"""How much of a hand-in is looked at, in bytes and counts. It knows neither archives nor folders."""

from __future__ import annotations

from typing import Final

KIB: Final = 1024
MIB: Final = 1024 * KIB

# One submission: what goes to the candidate beside the file to grade.
FILE: Final = MIB
FILES: Final = 200
SUBMISSION: Final = 16 * MIB

# One student's archive or folder.
ARCHIVE: Final = 64 * MIB
MEMBERS: Final = 20_000  # some hand in their environment too, which is junk
EXPANDED: Final = 256 * MIB

# A whole class as one archive.
CLASS_MEMBERS: Final = 200_000
CLASS_EXPANDED: Final = 4096 * MIB
PACKED: Final = 512 * MIB  # what of a compressed class tar is kept in memory, compressed again

# An archive that grows more than this often, and by more than a submission may hold, is a bomb.
RATIO: Final = 100
# A tar's extended header or a zip's directory; real ones have a few hundred bytes a member.
HEADER: Final = 64 * KIB
DIRECTORY: Final = 64 * MIB
# What a decompressor may ask for: a dictionary of xz -9 takes 65 MiB.
DICTIONARY: Final = 80 * MIB

DEPTH: Final = 16
NAME: Final = 255
PATH: Final = 1_000
METADATA: Final = 64 * MIB
ROSTER: Final = 16 * MIB
