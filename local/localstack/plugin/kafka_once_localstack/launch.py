"""Starts LocalStack, and ends it when the process that started it is gone."""

import _thread
import os
import shutil
import signal
import sys
import threading
import time

import psutil

ORDERLY_END_SECONDS = 15
"""An orderly end was seen to take 7 seconds, and never to come while a stack waits for a service that is down."""


class Lock:
    """Before Python 3.13 `threading.Lock` is a function, and LocalStack 4.14 writes `Lock | None` in a signature."""

    def __new__(cls):
        return _thread.allocate_lock()


def end_with_starter(starter_is_gone):
    """The starter keeps our standard input open; it closes with the starter, even when that one was killed."""
    while os.read(0, 4096):
        pass
    starter_is_gone.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(ORDERLY_END_SECONDS)
    clean_up(starter_is_gone)
    os._exit(1)


def clean_up(starter_is_gone):
    """LocalStack asks its servers to end but does not wait for them; and nobody else is left to remove what it wrote."""
    processes = psutil.Process().children(recursive=True)
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=5)
    if starter_is_gone.is_set():
        shutil.rmtree(os.environ["KAFKA_ONCE_RUN_FOLDER"], ignore_errors=True)


def main():
    if sys.version_info < (3, 13):
        plain_lock = threading.Lock
        threading.Lock = Lock
        import localstack.packages.api  # noqa: F401

        threading.Lock = plain_lock
    from localstack.runtime.main import main as run

    starter_is_gone = threading.Event()
    threading.Thread(target=end_with_starter, args=(starter_is_gone,), name="end-with-starter", daemon=True).start()
    try:
        run()
    finally:
        clean_up(starter_is_gone)


if __name__ == "__main__":
    main()
