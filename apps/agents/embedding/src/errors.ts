import { BackboneError } from '@askflash/agent-kit';

/** The folder that questions are answered from cannot be listed. */
export class KnowledgeFolderUnreadableError extends BackboneError {
  static override readonly code = 'KNOWLEDGE_FOLDER_UNREADABLE';
  static override readonly when =
    'The folder that KNOWLEDGE_DIR names is missing, is not a folder, or may not be read.';
  static override readonly remedy =
    'Set KNOWLEDGE_DIR to a folder that the agent may read; a relative path starts at its working directory.';
  static override readonly exit = 'config';

  constructor(
    readonly folder: string,
    cause: unknown,
  ) {
    super(`Cannot read the knowledge folder ${folder}`, { fields: { folder }, cause });
  }
}
