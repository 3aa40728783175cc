/**
 * The text with the credentials of every URL in it struck out: `amqp://user:secret@host` becomes
 * `amqp://***@host`.
 */
export function redactUrls(text: string): string {
  return text.includes('@') ? text.replaceAll(/:\/\/[^\s/@"'\\]{1,500}@/g, '://***@') : text;
}
