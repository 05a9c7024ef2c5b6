/**
 * JSON text with everything outside printable ASCII as `\u` escapes.
 *
 * SQS refuses some characters that JSON allows (U+FFFE, U+FFFF), and a lone surrogate does not survive UTF-8; as an
 * escape each of them passes any queue and comes back as it was. Outside of strings JSON has no other characters, so
 * the text as a whole can be escaped. Source:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function asciiJson(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
