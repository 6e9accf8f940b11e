"""What LesionLens has imported of others when its window is made; tests/test_start.py holds this list to the truth."""

# ruff: noqa: F401 - importing is all that this module does

import argparse
import concurrent.futures
import getpass
import json
import logging.handlers

import platformdirs
import PySide6.QtSvg
