"""The way from each layout of the history to the next: one tuple of statements for each, carried out in one transaction.

A released migration is never edited: a change is a new one at the end. `make layout` then writes the tables that all of them
make into `newest_layout`, of which a new history is made.
"""

from desktop.core.records.layout_1 import LAYOUT_1
from desktop.core.records.layout_10 import LAYOUT_10
from desktop.core.records.layout_11 import LAYOUT_11
from desktop.core.records.layout_12 import LAYOUT_12
from desktop.core.records.layout_13 import LAYOUT_13
from desktop.core.records.layout_14 import LAYOUT_14
from desktop.core.records.layout_15 import LAYOUT_15
from desktop.core.records.layout_16 import LAYOUT_16
from desktop.core.records.layout_17 import LAYOUT_17
from desktop.core.records.layout_18 import LAYOUT_18
from desktop.core.records.layout_19 import LAYOUT_19
from desktop.core.records.layout_20 import LAYOUT_20
from desktop.core.records.layout_21 import LAYOUT_21
from desktop.core.records.layout_22 import LAYOUT_22
from desktop.core.records.layouts_2_to_9 import LAYOUTS_2_TO_9

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    LAYOUT_1,
    *LAYOUTS_2_TO_9,
    LAYOUT_10,
    LAYOUT_11,
    LAYOUT_12,
    LAYOUT_13,
    LAYOUT_14,
    LAYOUT_15,
    LAYOUT_16,
    LAYOUT_17,
    LAYOUT_18,
    LAYOUT_19,
    LAYOUT_20,
    LAYOUT_21,
    LAYOUT_22,
)
