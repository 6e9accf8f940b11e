"""The third-party modules imported when the window is created; tests/test_start.py verifies this list."""

# ruff: noqa: F401 - importing is all that this module does

import argparse
import concurrent.futures
import getpass
import json
import logging.handlers

import platformdirs
import PySide6.QtSvg
