import * as vscode from 'vscode';
import { EnvlensClient } from './client';
import { CommandError, configuredCommand, resolveCommand, SECTION } from './command';

const COMMAND_SETTING = `${SECTION}.server.command`;

/** Owns the one client. Starts and stops are queued, so that two of them never overlap. */
class Server implements vscode.Disposable {
  private client: EnvlensClient | undefined;
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly cwd: string,
    private readonly channel: vscode.LogOutputChannel,
  ) {}

  restart(): Promise<void> {
    return this.enqueue(async () => {
      await this.halt();
      await this.launch();
    });
  }

  stop(): Promise<void> {
    return this.enqueue(() => this.halt());
  }

  dispose(): void {
    void this.stop();
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    this.queue = this.queue.then(task).catch((error: unknown) => this.channel.error(text(error)));
    return this.queue;
  }

  private async launch(): Promise<void> {
    let client: EnvlensClient | undefined;
    try {
      const [program, args] = await resolveCommand(configuredCommand());
      this.channel.info(`starting: ${[program, ...args].join(' ')}`);
      client = new EnvlensClient(program, args, this.cwd, this.channel);
      await client.launch();
      this.client = client;
    } catch (error) {
      this.report(error);
      await client?.dispose().catch(() => undefined);
    }
  }

  private async halt(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    await client?.dispose();
  }

  private report(error: unknown): void {
    this.channel.error(text(error));
    const message =
      error instanceof CommandError
        ? `envlens did not start: ${error.message}.`
        : 'envlens did not start: the server ended or failed before it was ready.';
    // Not awaited: the message stays until the user answers it.
    void vscode.window.showErrorMessage(message, 'Open Settings', 'Show Output').then(async (answer) => {
      if (answer === 'Open Settings') {
        // The scope `machine-overridable` puts the setting on the remote page of a remote window.
        const remote = vscode.env.remoteName === undefined ? '' : 'Remote';
        await vscode.commands.executeCommand(`workbench.action.open${remote}Settings`, { query: COMMAND_SETTING });
      } else if (answer === 'Show Output') {
        this.channel.show();
      }
    });
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const channel = vscode.window.createOutputChannel(SECTION, { log: true });
  // The server runs in the extension's own folder: `python -m` would import modules from a workspace folder.
  const running = new Server(context.extensionPath, channel);
  server = running;
  context.subscriptions.push(
    channel,
    running,
    vscode.commands.registerCommand(`${SECTION}.restart`, () => running.restart()),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration(COMMAND_SETTING)) {
        await running.restart();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => running.restart()),
  );
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
