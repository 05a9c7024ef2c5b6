"""A Node process that loads one function: invocations go in by its standard input, answers come back by a pipe of their own."""

import json
import os
import queue
import selectors
import subprocess
import threading
from pathlib import Path

RUNTIME = Path(__file__).with_name("runtime.mjs")
MAX_LOG_BYTES = 1 << 20


class NodeProcess:
    def __init__(self, environment):
        answers, answers_of_child = os.pipe()
        try:
            self._process = subprocess.Popen(
                [os.environ.get("KAFKA_ONCE_NODE", "node"), str(RUNTIME)],
                cwd=environment["LAMBDA_TASK_ROOT"],
                env={**environment, "KAFKA_ONCE_ANSWERS_FD": str(answers_of_child)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(answers_of_child,),
            )
        finally:
            os.close(answers_of_child)
        self._answers = queue.Queue()
        self._logs = bytearray()
        self._logs_lock = threading.Lock()
        threading.Thread(target=self._read, args=(answers,), daemon=True).start()

    def send(self, invocation):
        try:
            self._process.stdin.write(json.dumps(invocation).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # it ended meanwhile: the missing answer says so

    def next_answer(self, timeout_seconds):
        """The next answer, or None when there is none in time or the process ended."""
        try:
            return self._answers.get(timeout=timeout_seconds)
        except queue.Empty:
            return None

    def is_alive(self):
        return self._process.poll() is None

    def exit_status(self):
        """None while it runs; negative after a signal."""
        return self._process.poll()

    def kill(self):
        self._process.kill()
        self._process.wait()

    def take_logs(self):
        with self._logs_lock:
            logs = bytes(self._logs).decode(errors="replace")
            self._logs.clear()
        return logs

    def _read(self, answers):
        """Output written before an answer is in its pipe before the answer is: reading it first keeps it with its invocation."""
        stdout = self._process.stdout.fileno()
        os.set_blocking(stdout, False)
        partial = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(stdout, selectors.EVENT_READ)
            selector.register(answers, selectors.EVENT_READ)
            while True:
                ready = {key.fd for key, _ in selector.select()}
                if not self._read_logs(stdout) and stdout in ready:
                    selector.unregister(stdout)
                if answers in ready:
                    chunk = os.read(answers, 1 << 16)
                    if not chunk:
                        break
                    *lines, rest = (partial + chunk).split(b"\n")
                    partial = bytearray(rest)
                    for line in lines:
                        self._answers.put(json.loads(line))
        os.close(answers)
        self._process.wait()
        self._answers.put(None)

    def _read_logs(self, stdout):
        """All that is there; False at the end of the output."""
        while True:
            try:
                chunk = os.read(stdout, 1 << 16)
            except BlockingIOError:
                return True
            if not chunk:
                return False
            with self._logs_lock:
                self._logs += chunk
                del self._logs[:-MAX_LOG_BYTES]
