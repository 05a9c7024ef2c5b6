/**
 * What LocalStack is told however it is run.
 *
 * @param listen `host:port` of its own gateway.
 * @param name `host:port` that stands in queue URLs and in links to a function's code.
 */
export function localStackSettings(listen: string, name: string): Record<string, string> {
  return {
    GATEWAY_LISTEN: listen,
    LOCALSTACK_HOST: name,
    // The other strategies put the queue's Region into a host name that only a public DNS resolves.
    SQS_ENDPOINT_STRATEGY: 'path',
    DYNAMODB_IN_MEMORY: '1',
    // Nothing goes out: no usage data, no certificate for a host of the public DNS.
    DISABLE_EVENTS: '1',
    SKIP_SSL_CERT_DOWNLOAD: '1',
  };
}
