#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""verdict.py VSWITCHD: each line of the standard input is a file for vswitchd --check; a line of the
standard output is {"return": {}}, or {"error": {"desc": ...}} with what it says.
"""
import json
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as place:
    file = os.path.join(place, "vswitchd.json")
    environment = {**os.environ, "XDG_RUNTIME_DIR": place, "RUNTIME_DIRECTORY": place}
    for line in sys.stdin:
        with open(file, "w", encoding="utf-8") as f:
            f.write(line)
        done = subprocess.run([sys.argv[1], "--check", "--config", file], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode not in (0, 78):
            sys.exit(f"{sys.argv[1]} ended with {done.returncode} on {line}: {done.stdout}")
        print(json.dumps({"error": {"desc": done.stdout}} if done.returncode else {"return": {}}), flush=True)
