import { z } from 'zod';

export const renovateConfig = z.object({
  packageRules: z.array(
    z.object({
      groupName: z.string().optional(),
      description: z.string(),
      matchPackageNames: z.array(z.string()).default([]),
      allowedVersions: z.string().optional(),
      enabled: z.boolean().default(true),
    }),
  ),
});

export type PackageRule = z.infer<typeof renovateConfig>['packageRules'][number];

/** Whether a pattern of Renovate, a name in which `*` stands for some of it, means a package. */
export function isMeant(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]*')}$`).test(name);
}

/** Whether a rule is for a package. */
export function isFor({ matchPackageNames }: PackageRule, name: string): boolean {
  return matchPackageNames.some((pattern) => isMeant(pattern, name));
}
