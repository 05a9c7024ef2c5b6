"""LocalStack's own server listens on every interface, whatever host GATEWAY_LISTEN names; this one listens on that host."""

from rolo.serving.twisted import TwistedGateway
from twisted.internet import endpoints, reactor

from localstack.runtime.server.twisted import TwistedRuntimeServer


class LoopbackServer(TwistedRuntimeServer):
    def register(self, gateway, listen, ssl_creds=None):
        """Plain HTTP only: the certificate that `ssl_creds` names is for a host name that needs a public DNS."""
        site = TwistedGateway(gateway)
        for address in listen:
            endpoints.TCP4ServerEndpoint(reactor, address.port, interface=address.host).listen(site)
