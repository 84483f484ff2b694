"""Runs one server and ends it, with its folder, as soon as the process that asked for it is gone.

Standard input is a pipe whose other end only the asking process holds: however that process ends, SIGKILL
included, the pipe closes and the server is stopped. Started by `features.harness.servers`, never imported.

    python -I guard.py FOLDER STOP_SIGNAL USER COMMAND...     (USER empty: as the caller)
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Thread

PATIENCE = 10.0  # seconds between the polite stop signal and SIGKILL


def stop_when_alone(server: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Wait for the end of standard input, then stop the server; kill it when it does not heed."""
    os.read(
        sys.stdin.fileno(), 1
    )  # nobody writes: this returns when the last holder of the other end is gone
    server.send_signal(stop_signal)
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()


def main(folder: str, stop_signal: str, user: str, *command: str) -> int:
    """Run the command in the folder until it ends or nobody needs it; return its exit code."""
    server = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        cwd=folder,
        process_group=0,
        user=user or None,
        extra_groups=[] if user else None,
    )
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(int(stop_signal)))
    Thread(target=stop_when_alone, args=(server, int(stop_signal)), daemon=True).start()
    code = server.wait()
    with suppress(ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group that is gone
        os.killpg(server.pid, signal.SIGKILL)  # what the server itself left running
    shutil.rmtree(folder, ignore_errors=True)
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
