/** Passwords of manuals, images and examples, ours included. */
const KNOWN = new Set([
  'admin',
  'askflash',
  'askflash123',
  'askflash_development',
  'default',
  'guest',
  'password',
  'postgres',
  'rabbitmq',
  'redis',
  'root',
  'secret',
]);

/** What stands where somebody was to put a password of their own. */
const PLACEHOLDER = /change[-_ ]?(me|it)|placeholder|example|replace|your[-_ ]|xxxx|[<>]|\$\{/;

const MIN_LENGTH = 16;
const MIN_DIFFERENT = 6;

/** Those of {@link KNOWN}, for what is compared by its hash only. */
export const KNOWN_PASSWORDS: ReadonlySet<string> = KNOWN;

/** Whether a password is a default, a placeholder or soon guessed. */
export function isWeakPassword(password: string): boolean {
  const lower = password.toLowerCase();
  return (
    password.length < MIN_LENGTH ||
    new Set(password).size < MIN_DIFFERENT ||
    KNOWN.has(lower) ||
    PLACEHOLDER.test(lower)
  );
}
