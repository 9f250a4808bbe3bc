import * as vscode from 'vscode';
import { SECTION } from './command';

/** What a folder has no say in: hosts, commands, credentials, places. Of the scope `machine` in package.json, too. */
const USER_ONLY: readonly string[] = ['workspace'];

/**
 * The settings for the server. Of those that are the user's own the user's value alone counts: VS Code leaves out a
 * folder's `envlens.workspace`, but not one inside an object `envlens`.
 */
export function serverSettings(): Record<string, unknown> {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  // Without the methods that VS Code adds to it.
  const table = JSON.parse(JSON.stringify(configuration)) as Record<string, unknown>;
  for (const name of USER_ONLY) {
    delete table[name];
    const own: unknown = configuration.inspect(name)?.globalValue;
    if (own !== undefined && own !== null) {
      table[name] = own;
    }
  }
  return table;
}
