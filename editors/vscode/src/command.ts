import { constants, promises as fs } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

export const SECTION = 'envlens';

/** The server's command line could not be made into a program to start. */
export class CommandError extends Error {}

/**
 * The words of `envlens.server.command`. Untrusted workspaces contribute nothing: `restrictedConfigurations` leaves out
 * their value, but not one inside an object `envlens`, so that the user's own is asked for.
 */
export function configuredCommand(): readonly string[] {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  const said = configuration.inspect<unknown>('server.command');
  const own: unknown = said?.globalValue ?? said?.defaultValue;
  const value: unknown = vscode.workspace.isTrusted ? configuration.get('server.command') : own;
  const valid = Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
  if (!valid || value[0] === '') {
    throw new CommandError('the setting envlens.server.command must be a list of strings, the program first');
  }
  return value as string[];
}

/** The program as an absolute path, and its arguments. */
export async function resolveCommand(words: readonly string[]): Promise<[string, string[]]> {
  const [name = '', ...args] = words.map(expand);
  return [await findProgram(name), args];
}

function expand(word: string): string {
  return word.replace(/\$\{(workspaceFolder|userHome)\}/g, (_match, variable: string) => {
    if (variable === 'userHome') {
      return os.homedir();
    }
    const folder = vscode.workspace.workspaceFolders?.[0];
    if (folder === undefined) {
      throw new CommandError('envlens.server.command uses ${workspaceFolder}, but no folder is open');
    }
    if (!vscode.workspace.isTrusted) {
      throw new CommandError('envlens.server.command uses ${workspaceFolder}, but this workspace is not trusted');
    }
    return folder.uri.fsPath;
  });
}

/**
 * Looks the program up on the PATH, and only there: left to itself, Windows would first look in the current folder,
 * so that a workspace could bring its own `envlens.exe`.
 */
async function findProgram(name: string): Promise<string> {
  const bare = path.basename(name) === name;
  if (!bare && !path.isAbsolute(name)) {
    throw new CommandError(`'${name}' in envlens.server.command is neither a program name nor an absolute path`);
  }
  const folders = bare ? (process.env['PATH'] ?? '').split(path.delimiter).filter(path.isAbsolute) : [''];
  for (const folder of folders) {
    for (const suffix of executableSuffixes(name)) {
      const candidate = path.join(folder, name + suffix);
      if (await isExecutable(candidate)) {
        return candidate;
      }
    }
  }
  throw new CommandError(`the command '${name}' was not found`);
}

function executableSuffixes(name: string): string[] {
  if (process.platform !== 'win32' || path.extname(name) !== '') {
    return [''];
  }
  return ['.exe', '.com'];
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await fs.access(file, constants.X_OK);
    return (await fs.stat(file)).isFile();
  } catch {
    return false;
  }
}
