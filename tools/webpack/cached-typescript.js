const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { version } = require('typescript');

const workspaceRoot = join(__dirname, '../..');
const CACHE = join(workspaceRoot, '.nx/cache/typescript');
const compilerOptions = readFileSync(join(workspaceRoot, 'tsconfig.base.json'), 'utf8');

/**
 * A loader that goes before that of TypeScript and keeps what it made: apps have most of their
 * sources in common, and each compiles by itself, from nothing but the file and the options.
 */
module.exports = function keep(code, map) {
  const isSound = this._module.getNumberOfErrors() === 0;
  if (isSound) write(fileOf(this.resourcePath), JSON.stringify({ code, map }));
  this.callback(null, code, map);
};

/** Webpack's name for what runs first: what it gives to its callback makes later loaders needless. */
module.exports.pitch = function lookUp() {
  const kept = read(fileOf(this.resourcePath));
  if (!kept) return;
  this.addDependency(this.resourcePath);
  this.callback(null, kept.code, kept.map);
};

/** @param {string} path of a source */
function fileOf(path) {
  const parts = [version, compilerOptions, path, readFileSync(path, 'utf8')];
  return join(CACHE, createHash('sha256').update(parts.join('\0')).digest('hex'));
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** As a whole or not at all, since builds run side by side. */
function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, file);
}
