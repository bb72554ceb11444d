# SPDX-License-Identifier: BSD-3-Clause OR GPL-2.0-or-later
"""What the trace of a boot has to show, as `ffabi decode trace` reads it."""
from __future__ import annotations

import subprocess

from machine import IMAGES, ROOT, Score


def judge(name: str, score: Score) -> None:
    """The whole conversation decodes without trouble."""
    trace = IMAGES / f"{name}.trace"
    if not score.check(trace.is_file() and trace.stat().st_size > 0, f"{name}: the firmware wrote a trace", str(trace)):
        return
    done = subprocess.run([ROOT / "build" / "ffabi", "decode", "trace", trace], capture_output=True, text=True, timeout=120, check=False)
    trouble = [line for line in (done.stdout + done.stderr).splitlines() if "! " in line]
    score.check(done.returncode == 0 and not done.stderr, f"{name}: the trace decodes", done.stderr[:400])
    score.check(not trouble, f"{name}: the decoder finds nothing wrong in it", "; ".join(trouble[:3]))
