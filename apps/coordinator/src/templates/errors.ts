import { BackboneError } from '@askflash/contracts';

/** No template has this name, or this version. */
export class TemplateNotFoundError extends BackboneError {
  static override readonly code = 'TEMPLATE_NOT_FOUND';
  static override readonly when =
    'A request is about a template, or a version of one, that is not stored.';
  static override readonly remedy = 'Take one of those that `GET /templates` lists.';

  constructor(name: string, version?: number) {
    super(`There is no template ${name}${version === undefined ? '' : ` version ${version}`}`, {
      fields: { name, version },
    });
  }
}
