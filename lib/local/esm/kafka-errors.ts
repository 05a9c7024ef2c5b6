/** Whether the error, or one that it gathers or was caused by, is Kafka's error of this name. */
export function mentions(error: unknown, apiId: string): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if ('apiId' in error && error.apiId === apiId) {
    return true;
  }
  const gathered: unknown = 'errors' in error ? error.errors : undefined;
  return (Array.isArray(gathered) && gathered.some((each) => mentions(each, apiId))) || mentions(error.cause, apiId);
}

/** Whether the cluster does not know the topic that was asked for. */
export function isUnknownTopic(error: unknown): boolean {
  // Asking for metadata, the client replaces Kafka's error by one of its own that has no code.
  return (
    mentions(error, 'UNKNOWN_TOPIC_OR_PARTITION') ||
    (error instanceof Error && error.message.startsWith('Unknown topic '))
  );
}
