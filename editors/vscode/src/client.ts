import * as vscode from 'vscode';
import {
  type CloseHandlerResult,
  CloseAction,
  type ErrorHandler,
  LanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
} from 'vscode-languageclient/node';
import { SECTION } from './command';
import { serverSettings } from './settings';

/** A language client that leaves it to its owner to tell the user, once, that the server did not start. */
export class EnvlensClient extends LanguageClient {
  private readonly defaults: ErrorHandler;
  private started = false;

  constructor(program: string, args: string[], cwd: string, channel: vscode.LogOutputChannel) {
    // The handler is asked only after the client was made, which then lends it the default behaviour.
    const handler: ErrorHandler = {
      error: (error, message, count) => this.defaults.error(error, message, count),
      closed: () => this.closed(),
    };
    const options: LanguageClientOptions = {
      documentSelector: [
        ...['yaml', 'dockerfile', 'pip-requirements'].flatMap((language) => [
          { scheme: 'file', language },
          { scheme: 'untitled', language },
        ]),
        // Without the Python extension these are plain text, and a v1 definition is JSON like any other.
        ...['*requirements*.txt', '*constraints*.txt', 'azureml_environment.json'].map((name) => ({
          scheme: 'file',
          pattern: `**/${name}`,
        })),
      ],
      errorHandler: handler,
      initializationFailedHandler: () => false, // neither ask nor tell: launch() fails, and its caller tells
      middleware: {
        // From the palette a command comes without a word about what it is meant for: the place of the cursor is.
        executeCommand: (command, args, next) => next(command, args.length > 0 ? args : cursor()),
        workspace: {
          configuration: (params) => params.items.map(() => serverSettings()), // the server asks for our section alone
          didChangeConfiguration: (_sections, next) => next(undefined), // it is told that, and asks what
        },
      },
      initializationOptions: () => serverSettings(),
      outputChannel: channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      synchronize: { configurationSection: SECTION },
    };
    super(SECTION, SECTION, { command: program, args, options: { cwd } }, options);
    this.defaults = this.createDefaultErrorHandler();
  }

  async launch(): Promise<void> {
    await this.start();
    // When the server ends during the start, start() may forget the failure and resolve.
    if (!this.isRunning()) {
      throw new Error('the server ended while it was starting');
    }
    this.started = true;
  }

  override error(message: string, data?: unknown, showNotification: boolean | 'force' = true): void {
    super.error(message, data, this.started ? showNotification : false);
  }

  /** A server that ran may be started again after a crash; one that never came up would only fail again. */
  private closed(): CloseHandlerResult | Promise<CloseHandlerResult> {
    return this.started ? this.defaults.closed() : { action: CloseAction.DoNotRestart, handled: true };
  }
}

/** Where the cursor stands, in the words of the protocol. */
function cursor(): unknown[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) {
    return [];
  }
  const { line, character } = editor.selection.active;
  return [{ uri: editor.document.uri.toString(), at: { line, character } }];
}
