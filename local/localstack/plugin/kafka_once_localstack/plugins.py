"""The entry points by which LocalStack finds this package; what they name is loaded only when it is chosen."""

from localstack.runtime.server.core import RuntimeServerPlugin
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin


class NodeProcessExecutorPlugin(RuntimeExecutorPlugin):
    """Chosen by LAMBDA_RUNTIME_EXECUTOR=node-process."""

    name = "node-process"

    def load(self, *args, **kwargs):
        from kafka_once_localstack.node_process_executor import NodeProcessExecutor

        return NodeProcessExecutor


class LoopbackServerPlugin(RuntimeServerPlugin):
    """Chosen by GATEWAY_SERVER=loopback."""

    name = "loopback"

    def load(self, *args, **kwargs):
        from kafka_once_localstack.loopback_server import LoopbackServer

        return LoopbackServer()
