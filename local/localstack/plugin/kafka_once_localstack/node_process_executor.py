"""Runs functions of the nodejs runtimes as Node processes of this machine, one a concurrent invocation, without containers."""

import json
import os
import time

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import (
    LambdaRuntimeException,
    RuntimeExecutor,
)

from kafka_once_localstack.node_process import NodeProcess

LOOPBACK = "127.0.0.1"
INIT_TIMEOUT_SECONDS = 10
"""Lambda gives the code outside the handler ten seconds:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""


def error_payload(error_type, message):
    return json.dumps({"errorType": error_type, "errorMessage": message}).encode()


class NodeProcessExecutor(RuntimeExecutor):
    """One execution environment: a process that LocalStack hands one invocation at a time."""

    def __init__(self, id, function_version):
        super().__init__(id=id, function_version=function_version)
        self.environment = {}
        self.process = None

    @classmethod
    def prepare_version(cls, function_version):
        runtime = function_version.config.runtime
        if not runtime or not runtime.startswith("nodejs"):
            raise LambdaRuntimeException(
                f"the node-process executor runs nodejs runtimes only, not {runtime or 'container images'}"
            )
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        """The unpacked code belongs to the function, which removes it."""

    def start(self, env_vars):
        self.environment = {
            "PATH": os.environ["PATH"],
            **{name: str(value) for name, value in env_vars.items()},
            "LAMBDA_TASK_ROOT": str(self.function_version.config.code.get_unzipped_code_location()),
        }
        self._start_process()

    def _start_process(self):
        self.process = NodeProcess(self.environment)
        answer = self.process.next_answer(INIT_TIMEOUT_SECONDS)
        if answer is None:
            self.process.kill()
            logs = self.process.take_logs()
            raise StatusErrorException(
                f"the function did not start: {logs[-2000:]}",
                payload=error_payload("Runtime.ExitError", "the function ended or hung while it was loaded"),
            )
        if "error" in answer:
            self.process.kill()
            raise StatusErrorException("the function did not load", payload=json.dumps(answer["error"]).encode())

    def stop(self):
        if self.process:
            self.process.kill()

    def invoke(self, payload):
        request_id = payload["invoke-id"]
        started = time.time()
        if not self.process.is_alive():
            self._start_process()
        timeout_seconds = self.function_version.config.timeout
        self.process.send(
            {
                "requestId": request_id,
                "functionArn": payload["invoked-function-arn"],
                "traceId": payload["trace-id"],
                "deadlineMs": int((time.time() + timeout_seconds) * 1000),
                "payload": payload["payload"],
            }
        )
        answer = self.process.next_answer(timeout_seconds)
        if answer is None:
            is_error, body = True, self._end_without_answer(request_id, timeout_seconds)
        elif "error" in answer:
            is_error, body = True, json.dumps(answer["error"]).encode()
        else:
            is_error, body = False, answer["payload"].encode()
        logs = "\n".join(
            [
                f"START RequestId: {request_id} Version: {self.function_version.id.qualifier}",
                self.process.take_logs().rstrip("\n"),
                f"END RequestId: {request_id}",
                f"REPORT RequestId: {request_id}\tDuration: {(time.time() - started) * 1000:.2f} ms\t"
                f"Memory Size: {self.function_version.config.memory_size} MB",
            ]
        )
        return InvocationResult(request_id=request_id, payload=body, is_error=is_error, logs=logs)

    def _end_without_answer(self, request_id, timeout_seconds):
        exit_status = self.process.exit_status()
        if exit_status is None:
            self.process.kill()
            return error_payload(
                "Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {timeout_seconds:.2f} seconds"
            )
        how = f"exit status {exit_status}" if exit_status >= 0 else "signal: killed"
        return error_payload("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited with error: {how}")

    def get_logs(self):
        return self.process.take_logs() if self.process else ""

    def get_address(self):
        return LOOPBACK

    def get_endpoint_from_executor(self):
        return LOOPBACK

    def get_runtime_endpoint(self):
        return f"http://{LOOPBACK}:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"
