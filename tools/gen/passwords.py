"""The passwords that are guessed first, from Debian's python3-zxcvbn: as sorted prefixes of SHA-256, for a binary search."""

import hashlib
import os
import runpy

from .model import Fault, write_if_changed

SOURCE = "/usr/lib/python3/dist-packages/zxcvbn/frequency_lists.py"


def outputs(_tree):
    return ["common_passwords.c"]


def _prefixes():
    if not os.path.exists(SOURCE):
        raise Fault(SOURCE, 1, "is not there: script/bootstrap installs python3-zxcvbn")
    listed = runpy.run_path(SOURCE)["FREQUENCY_LISTS"]["passwords"]
    words = listed.split(",") if isinstance(listed, str) else listed
    return sorted({hashlib.sha256(word.encode()).hexdigest()[:16] for word in words})


def generate(_tree, out):
    prefixes = _prefixes()
    rows = [", ".join(f"0x{prefix}" for prefix in prefixes[i:i + 5]) for i in range(0, len(prefixes), 5)]
    write_if_changed(os.path.join(out, "common_passwords.c"), "\n".join([
        "/* Generated from the list of common passwords of python3-zxcvbn. */",
        '#include "registry/registry_common.h"',
        f"const size_t registry__common_count = {len(prefixes)};",
        "const uint64_t registry__common[] = {"] + [f"    {row}," for row in rows] + ["};", ""]))
