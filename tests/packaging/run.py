"""What the package gives systemd and a proxy is as hard as it says.

engines: none
"""

import pathlib
import re
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import ROOT, Tap  # noqa: E402

UNIT = ROOT / "packaging/dianji.service"
EXPOSURE_MOST = 2.0
NEEDED = ["NoNewPrivileges=yes", "ProtectSystem=strict", "MemoryDenyWriteExecute=yes", "LimitCORE=0", "UMask=0077",
          "CapabilityBoundingSet=", "SystemCallFilter=@system-service @sandbox", "IPAddressDeny=any"]


def check_unit(tap):
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    missing = [line for line in NEEDED if line not in lines]
    tap.check("the service gives up what it must", not missing, missing)
    secrets = [line for line in lines if not line.startswith("#") and re.search(r"password|://\S+:\S+@", line, re.I)]
    tap.check("no secret stands in the unit", not secrets, secrets)
    if shutil.which("systemd-analyze") is None:
        print("# systemd-analyze is not there: the exposure is not measured")
        return
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", UNIT], capture_output=True, text=True,
                          timeout=60, check=False)
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    exposure = float(found.group(1)) if found else None
    tap.check(f"systemd-analyze says an exposure of at most {EXPOSURE_MOST}", found and exposure <= EXPOSURE_MOST,
              done.stdout[-2000:] + done.stderr)
    print(f"# exposure {exposure}")


def main():
    tap = Tap()
    check_unit(tap)
    tap.finish()


if __name__ == "__main__":
    main()
