"""SQLCipher's library calls its own functions, whatever else is loaded, and loading it alters nothing for other threads."""

import subprocess
import sys
from pathlib import Path

from tests.platforms import linux

PROGRAM = """
import ctypes, os, sqlite3, sys
from pathlib import Path

class Watcher:
    flags = set()
    def find_spec(self, name, path=None, target=None):
        if name.startswith("sqlcipher3"):
            self.flags.add(sys.getdlopenflags())

sys.meta_path.insert(0, Watcher())
before = sys.getdlopenflags()
mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "sqlite3" in line}
for library in mapped:
    ctypes.CDLL(library, os.RTLD_GLOBAL)  # as TensorFlow offers its own
assert mapped

from desktop.core.encryption.keys import Key
from desktop.core.records.connecting import connect
connection = connect(sys.argv[1], Key.new())
connection.execute("CREATE TABLE made (row)")
connection.close()
print(Watcher.flags == {before})
"""


@linux
def test_it_is_loaded_beside_another_sqlite(tmp_path: Path) -> None:
    path = tmp_path / "file"
    done = subprocess.run([sys.executable, "-c", PROGRAM, path], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    assert not path.read_bytes().startswith(b"SQLite format 3")
