import { readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isDocument } from '@askflash/documents';
import { KnowledgeFolderUnreadableError } from '../errors';

/** A document of the folder as it was when the folder was listed. */
export interface FolderDocument {
  /** Relative to the folder, parted by `/`. */
  readonly path: string;
  /** Where its content really is, links resolved. */
  readonly location: string;
  /** Differs as soon as the content does. */
  readonly version: string;
}

/** What is in the folder, and what of it cannot be used, told as `path: why`. */
export interface FolderListing {
  readonly documents: readonly FolderDocument[];
  readonly problems: readonly string[];
}

/** How much of a folder is read. */
export interface FolderLimits {
  readonly maxDocuments: number;
  readonly maxDocumentBytes: number;
}

export const DEFAULT_FOLDER_LIMITS: FolderLimits = {
  maxDocuments: 5000,
  maxDocumentBytes: 1024 * 1024,
};

/**
 * Lists the documents under a folder, in the order of their paths. Hidden files and `node_modules`
 * are left out. A link to a file is followed where it stays inside the folder; a link to a folder
 * never is, so that no file is read from outside or in a circle.
 *
 * @throws {KnowledgeFolderUnreadableError} where the folder itself cannot be listed
 */
export async function listDocuments(
  folder: string,
  limits: FolderLimits = DEFAULT_FOLDER_LIMITS,
): Promise<FolderListing> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw new KnowledgeFolderUnreadableError(folder, cause);
  });
  const walk = await walkFolder(root);
  const looks = await Promise.all(walk.paths.map((path) => look(root, path, limits)));
  const problems = [...walk.problems, ...looks.filter((found) => typeof found === 'string')];
  const documents = uniqueByLocation(looks.filter((found) => typeof found !== 'string'));
  if (documents.length > limits.maxDocuments) {
    const { maxDocuments } = limits;
    problems.push(`${folder}: only ${maxDocuments} of ${documents.length} documents are read`);
  }
  return { documents: documents.slice(0, limits.maxDocuments), problems };
}

/** Paths of all documents, links after files. */
async function walkFolder(root: string): Promise<{ paths: string[]; problems: string[] }> {
  const files: string[] = [];
  const links: string[] = [];
  const problems: string[] = [];
  const folders = [''];
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(() => null);
    if (entries === null) problems.push(`${folder}: the folder cannot be read`);
    for (const entry of entries ?? []) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) folders.push(path);
      else if (!isDocument(entry.name)) continue;
      else if (entry.isSymbolicLink()) links.push(path);
      else if (entry.isFile()) files.push(path);
    }
  }
  return { paths: [...files.sort(), ...links.sort()], problems };
}

/** What a path leads to, or why it is not used. */
async function look(
  root: string,
  path: string,
  { maxDocumentBytes }: FolderLimits,
): Promise<FolderDocument | string> {
  try {
    const location = await realpath(join(root, path));
    if (!location.startsWith(root.endsWith(sep) ? root : root + sep)) {
      return `${path}: links to a place outside the folder`;
    }
    const found = await stat(location);
    if (!found.isFile()) return `${path}: is not a file`;
    const { size, mtimeMs, ctimeMs, ino } = found;
    if (size > maxDocumentBytes) return `${path}: is larger than ${maxDocumentBytes} bytes`;
    return { path, location, version: [size, mtimeMs, ctimeMs, ino].join(':') };
  } catch {
    return `${path}: cannot be found or read`;
  }
}

function uniqueByLocation(documents: readonly FolderDocument[]): FolderDocument[] {
  const unique = new Map<string, FolderDocument>();
  for (const document of documents) {
    if (!unique.has(document.location)) unique.set(document.location, document);
  }
  return [...unique.values()];
}
