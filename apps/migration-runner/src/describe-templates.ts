import type { SeededTemplate } from '@askflash/typeorm-entities';

const TOLD = {
  inserted: 'Seeded',
  set_aside: 'Seeded, inactive because a user’s own version is in force',
  kept: 'Kept as a user changed it',
} as const;

/** What seeding did, a line for each kind of outcome; nothing for templates that were there. */
export function describeTemplates(templates: readonly SeededTemplate[]): string[] {
  return Object.entries(TOLD).flatMap(([outcome, told]) => {
    const names = templates
      .filter((template) => template.outcome === outcome)
      .map(({ name, version }) => `${name} v${version}`);
    return names.length > 0 ? [`${told}: ${names.join(', ')}`] : [];
  });
}
