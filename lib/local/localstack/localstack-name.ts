/** LocalStack's name for itself: to its containers by its own DNS, elsewhere 127.0.0.1 by a public one. */
export const LOCALSTACK_NAME = 'localhost.localstack.cloud';

/** The text with the endpoint in the place of `http://localhost.localstack.cloud:<port>`, wherever the port is the endpoint's. */
export function atEndpoint(text: string, endpoint: string | undefined): string {
  if (endpoint === undefined || !URL.canParse(endpoint)) return text;
  const { origin, port } = new URL(endpoint);
  const own = new RegExp(`http://${LOCALSTACK_NAME.replaceAll('.', '\\.')}:${port}(?!\\d)`, 'g');
  return port === '' ? text : text.replaceAll(own, origin);
}
