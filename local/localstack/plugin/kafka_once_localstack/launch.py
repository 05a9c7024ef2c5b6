"""Starts LocalStack, and ends it with all its processes when the process that started it closes its standard input."""

import _thread
import os
import shutil
import sys
import threading
import warnings

import psutil
import typing_extensions


class Lock:
    """`threading.Lock` as the class that it is from Python 3.13 on."""

    def __new__(cls):
        return _thread.allocate_lock()


def make_python_3_12_do():
    """LocalStack 4.14 takes two things for granted that Python has since 3.13: `Lock | None` and `warnings.deprecated`."""
    warnings.deprecated = typing_extensions.deprecated
    plain_lock = threading.Lock
    threading.Lock = Lock
    import localstack.packages.api  # noqa: F401

    threading.Lock = plain_lock


def end_processes():
    """LocalStack asks its servers to end but does not wait for them."""
    processes = psutil.Process().children(recursive=True)
    for process in processes:
        process.kill()
    psutil.wait_procs(processes, timeout=5)


def end_with_starter():
    """
    Our standard input closes with the starter, even when that one was killed. There is nothing to keep, so this does not wait
    for LocalStack's own orderly end: it was seen to take 12 seconds, and not to come at all while a stack was being made.
    """
    while os.read(0, 4096):
        pass
    from localstack.runtime import events

    events.infra_stopping.set()  # or it would start an ended DynamoDB again
    end_processes()
    shutil.rmtree(os.environ["KAFKA_ONCE_RUN_FOLDER"], ignore_errors=True)
    os._exit(0)


def main():
    if sys.version_info < (3, 13):
        make_python_3_12_do()
    from localstack.runtime.main import main as run

    threading.Thread(target=end_with_starter, name="end-with-starter", daemon=True).start()
    try:
        run()
    finally:
        end_processes()


if __name__ == "__main__":
    main()
