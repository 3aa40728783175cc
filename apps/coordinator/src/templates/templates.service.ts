import { JSON_OBJECT, type JsonObject } from '@askflash/contracts';
import {
  describe,
  parseTemplate,
  validateTemplate,
  type TaskTemplate,
  type TemplateProblem,
} from '@askflash/dag-templates';
import {
  insertTemplateVersion,
  selectTemplate,
  selectTemplates,
  type Database,
} from '@askflash/typeorm-entities';
import { TemplateNotFoundError } from './errors';

/** What a candidate is called while it is only looked at. */
const UNSAVED = { name: 'unsaved', version: 1 };

/** What clients can do with templates. A version never changes: to change one is to add another. */
export class TemplatesService {
  constructor(private readonly database: Pick<Database, 'dataSource'>) {}

  /** What new tasks can choose from: of each name the version in force. */
  async list(): Promise<JsonObject[]> {
    const rows = await selectTemplates(this.manager);
    return rows.map(({ definition }) => definition);
  }

  /** @throws {TemplateNotFoundError} */
  async read(name: string, version?: number): Promise<JsonObject> {
    const row = await selectTemplate(this.manager, name, version);
    if (!row) throw new TemplateNotFoundError(name, version);
    return row.definition;
  }

  /**
   * Stores a new version of a template, which new tasks take; those that run keep theirs.
   *
   * @param candidate what it says of name and version counts for nothing
   * @throws {TemplateInvalidError} with every problem and its path
   */
  async save(name: string, candidate: unknown): Promise<TaskTemplate> {
    const template = parseTemplate(withNames(candidate, { ...UNSAVED, name }));
    return insertTemplateVersion(this.manager, name, (version) => ({ ...template, version }));
  }

  /** What is wrong with a candidate; nothing where it can run. */
  problems(candidate: unknown): readonly TemplateProblem[] {
    const validation = validateTemplate(withNames(candidate, UNSAVED));
    return validation.ok ? [] : validation.problems;
  }

  /**
   * A template as a Mermaid flowchart.
   *
   * @throws {TemplateNotFoundError}
   */
  async diagram(name: string, version?: number): Promise<string> {
    return describe(parseTemplate(await this.read(name, version)));
  }

  private get manager() {
    return this.database.dataSource.manager;
  }
}

/** What is no object is left as it is, for validation to refuse. */
function withNames(candidate: unknown, names: typeof UNSAVED): unknown {
  const object = JSON_OBJECT.safeParse(candidate);
  return object.success ? { ...object.data, ...names } : candidate;
}
