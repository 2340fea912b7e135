"""Inputs made to cost as much as can be: many tiny things, deep nesting, cycles, bombs, overlaps.

Each function writes its files into the working directory and returns the arguments of a link of them. What they look for is
work or memory that grows faster than the input.
"""

import worst_libraries
import worst_objects
import worst_words

EXPERIMENTS = worst_objects.EXPERIMENTS + worst_libraries.EXPERIMENTS + worst_words.EXPERIMENTS
