/** `npm run gateway`: the command centre, and the commands of whoever runs it. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { type Logger, pino } from 'pino';
import { endedCertificates } from './agents/keys.ts';
import { createPairing } from './agents/pairing.ts';
import { registerAgent, revokeAgent } from './agents/registry.ts';
import { backUp } from './archive/backup.ts';
import { restore } from './archive/restore.ts';
import { describeAudit } from './audit/describe.ts';
import { parseAgentName } from './cameras/source.ts';
import { type Config, readConfig } from './config/config.ts';
import { tryUnit } from './dispatch/trial.ts';
import { openEvidence } from './evidence/open.ts';
import { recordExport } from './exports/record.ts';
import { exportRecords, FORMATS, RECORDS, type RecordFormat } from './exports/records.ts';
import { exportTraining } from './exports/training.ts';
import { tableText } from './http/access.ts';
import { fullConfig, listRoutes } from './http/list-routes.ts';
import { createToken, listTokens, revokeToken, SCOPES, type Scope, TOKEN_NAME } from './identity/tokens.ts';
import { disableUser, newPassword, resetSecondFactor, saveUser, USERNAME } from './identity/users.ts';
import { openStore, startGateway } from './main.ts';
import { openAuthority } from './pki/authority.ts';
import { replaceFile } from './pki/pem-file.ts';
import { isProven, proofLines } from './proof/tell.ts';
import { proveDetections } from './proof/verify.ts';
import { beginNewKey } from './store/audit/chain.ts';
import { headOf, printHead } from './store/audit/head.ts';
import { ROLES, type Role } from './store/tables/people.ts';
import { VERSION } from './version.ts';

// The store, evidence, keys, backups and exports are for nobody else on the machine, whatever the mask it was started with.
process.umask(0o077);

const CLI = { name: 'system', channel: 'cli' };

const program = new Command('roadwatch-gateway')
  .description('Receives what agents have verified, and turns it into alerts, tickets and dispatches.')
  .version(VERSION)
  .option('--config <file>', 'YAML configuration; gateway/gateway.example.yaml explains every key')
  .option('--check-config', 'say whether the configuration is valid, and end')
  .action(async (options: { config?: string; checkConfig?: boolean }) => {
    const config = configOf(options.config);
    if (options.checkConfig) console.log(`${options.config}: valid`);
    else await serve(config);
  });

program.enablePositionalOptions();

const agents = program.command('agents').description('which agents may connect');
agents
  .command('add <site/agent>')
  .description('register an agent, or give it a new password; prints the password, which is kept nowhere')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((name: string, { config }: { config: string }) =>
    withStore(config, async (store) => {
      console.log(`Password: ${await registerAgent(store, agentName(name))}`);
    }),
  );
agents
  .command('pair <site/agent>')
  .description(
    'a code, for once and for an hour, with which the box makes itself known: roadwatch-agent pair',
  )
  .option(
    '--url <address>',
    'where the box reaches this gateway; by default http.publicUrl, or host and port',
  )
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((name: string, { url, config }: { url?: string; config: string }) =>
    withStore(config, async (store, settings) => {
      const gateway = (url ?? addressOf(settings)).replace(/\/$/, '');
      const { fingerprint } = await openAuthority(settings.dataDir, settings.authority, store.now());
      const pairing = { gateway, authority: fingerprint };
      console.log(`Code: ${await createPairing(store, agentName(name), pairing)}`);
    }),
  );
agents
  .command('revocations')
  .description('the list of certificates that are no longer good (CRL, PEM), for a broker of another make')
  .requiredOption('--to <file>', 'the file to write')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ to, config }: { to: string; config: string }) =>
    withStore(config, async (store, settings) => {
      const authority = await openAuthority(settings.dataDir, settings.authority, store.now());
      const ended = await endedCertificates(store);
      // A broker reads it as a user of its own.
      replaceFile(to, await authority.revocationList(ended, store.now()), 0o644);
      console.log(`${ended.length} certificates are in ${to}`);
    }),
  );
agents
  .command('revoke <site/agent>')
  .description('an agent may connect no more')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((name: string, { config }: { config: string }) =>
    withStore(config, async (store) => {
      if (!(await revokeAgent(store, agentName(name)))) throw new Error(`there is no agent ${name}`);
      console.log(`${name} is revoked; a running gateway ends its connection at once`);
    }),
  );

const users = program.command('users').description('who may use the console');
users
  .command('add <username>')
  .description(
    'add a user, or give one that exists a new password and role, which ends their sessions; prints the password, which is kept nowhere',
  )
  .requiredOption('--role <role>', ROLES.join(', '))
  .option('--unit <id>', 'the unit that somebody in the role unit belongs to')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((username: string, options: { role: string; unit?: string; config: string }) => {
    const config = configOf(options.config);
    const user = newUserOf(username, options, config);
    return withStore(options.config, async (store) => {
      const password = newPassword();
      await saveUser(store, { ...user, password }, CLI);
      console.log(`Login: ${username}  Password: ${password}`);
      if (!config.login.local)
        console.log('Passwords are not taken while login.local is false; set it to true and start again.');
    });
  });
users
  .command('reset-second-factor <username>')
  .description('for somebody whose telephone is lost: the password is enough again; their sessions end')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((username: string, { config }: { config: string }) =>
    withStore(config, async (store) => {
      if (!(await resetSecondFactor(store, username, CLI)))
        throw new Error(`${username} has no second factor`);
      console.log(`${username} signs in with the password alone`);
    }),
  );
users
  .command('disable <username>')
  .description('somebody may log in no more; their sessions end')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((username: string, { config }: { config: string }) =>
    withStore(config, async (store) => {
      if (!(await disableUser(store, username, CLI))) throw new Error(`there is no user ${username}`);
      console.log(`${username} is disabled`);
    }),
  );

const tokens = program.command('tokens').description('which programs may use the API, and for what');
tokens
  .command('add <name>')
  .description('make a token; prints it, which is kept nowhere')
  .addOption(new Option('--scope <scope...>', 'what it may do').choices(SCOPES).makeOptionMandatory())
  .option('--days <number>', 'valid for so long', '365')
  .option('--unit <id>', 'it sees and moves the tickets of this unit only')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((name: string, options: { scope: Scope[]; days: string; unit?: string; config: string }) => {
    if (!new RegExp(TOKEN_NAME).test(name)) throw nameError(name);
    return withStore(options.config, async (store) => {
      const expiresAt = store.now() + Number(options.days) * 86_400_000;
      const unit = options.unit === undefined ? {} : { unitId: options.unit };
      const { token } = await createToken(store, { name, scopes: options.scope, expiresAt, ...unit }, CLI);
      console.log(`Token: ${token}`);
    });
  });
tokens
  .command('revoke <name>')
  .description('from now on it is refused')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((name: string, { config }: { config: string }) =>
    withStore(config, async (store) => {
      await revokeToken(store, { name }, CLI);
      console.log(`${name} is revoked`);
    }),
  );
tokens
  .command('list')
  .description('all tokens, without their secrets')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ config }: { config: string }) =>
    withStore(config, async (store) => {
      for (const { name, state, scopes, expiresAt, lastUsedAt } of await listTokens(store))
        console.log(
          [name, state, scopes.join(','), `until ${expiresAt}`, `used ${lastUsedAt ?? 'never'}`].join('  '),
        );
    }),
  );

const audit = program.command('audit').description('the record of who did what');
audit
  .command('verify')
  .description('check that no entry has been altered, removed or inserted, against the heads that were kept')
  .option(
    '--against <head or file...>',
    'heads kept elsewhere: as printed, or files they stand in, such as a log or a mail',
  )
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ against, config }: { against?: string[]; config: string }) =>
    withStore(config, async (store, { audit: { heads } }) => {
      for (const line of await describeAudit(store, heads.file, against ?? [])) console.log(line);
    }),
  );
audit
  .command('head')
  .description(
    'print how long the audit is and what its last entry was, signed: keep it elsewhere, for verify --against',
  )
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ config }: { config: string }) =>
    withStore(config, async (store) => {
      const head = await headOf(store.db, store.auditKeys, store.now());
      if (head === null) throw new Error('there is no sealed entry yet');
      console.log(printHead(head));
    }),
  );
audit
  .command('new-key')
  .description(
    'seal all further entries with a new key, added to the key file; stop gateways on other machines before',
  )
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ config }: { config: string }) =>
    withStore(config, async (store) => {
      const id = await store.transaction((tx) => beginNewKey(tx.db, store.auditKeys, tx.at));
      console.log(`${store.auditKeys.file}: the key ${id} seals the audit from now on`);
    }),
  );

program
  .command('backup')
  .description('save the store and the evidence into a folder; the gateway may run meanwhile')
  .requiredOption('--to <folder>', 'evidence that it has from an earlier backup is not copied again')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ to, config }: { to: string; config: string }) =>
    withStore(config, async (store, settings) => {
      const saved = await backUp(store, openEvidence(settings), to);
      console.log(`${saved.rows} rows and ${saved.evidence} pieces of evidence are in ${to}`);
    }),
  );
program
  .command('restore')
  .description('fill an empty store from a backup, also one of another kind of store')
  .requiredOption('--from <folder>', 'the backup')
  .requiredOption('--config <file>', 'the configuration of the gateway; its store must be empty')
  .action(({ from, config }: { from: string; config: string }) =>
    withStore(config, async (store, settings) => {
      const restored = await restore(store, openEvidence(settings), from);
      console.log(
        `${restored.rows} rows and ${restored.evidence} pieces of evidence restored; the audit is unbroken`,
      );
      if (restored.sealed !== 'checked')
        console.log(
          `what is in the backup was not checked against a key (${restored.sealed === 'none' ? 'it has no seal' : `its own is not in ${store.auditKeys.file}`})`,
        );
    }),
  );

program
  .command('evidence')
  .description('pictures and clips, and what boxes signed of them')
  .command('verify <alert-or-detection>')
  .description('prove that a detection, or all of an alert, and its pictures are what the box signed')
  .option('--json', 'the result for other programs')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action((id: string, { json, config }: { json?: true; config: string }) =>
    withStore(config, async (store, settings) => {
      const authority = await openAuthority(settings.dataDir, settings.authority, store.now());
      const proofs = await proveDetections(store.db, openEvidence(settings), authority, id);
      if (proofs.length === 0) throw new Error(`there is no alert or detection ${id}`);
      console.log(json ? JSON.stringify(proofs, null, 2) : proofs.flatMap(proofLines).join('\n'));
      if (!proofs.every(isProven)) process.exitCode = 1;
    }),
  );

program
  .command('routes')
  .description('every route of the HTTP interface, who may call it, and which scope a token needs')
  .option('--config <file>', 'the routes of this configuration; left out, all that can be')
  .action(async ({ config }: { config?: string }) => {
    const settings = config === undefined ? fullConfig() : readConfig(config);
    process.stdout.write(tableText(await listRoutes(settings, logger(settings))));
  });

const exporting = program.command('export').description('what the gateway knows, for other programs');
for (const kind of RECORDS)
  exporting
    .command(kind)
    .description(`all ${kind}`)
    .addOption(new Option('--format <format>').choices(FORMATS).default('csv'))
    .requiredOption('--to <file>', 'the file to write')
    .requiredOption('--config <file>', 'the configuration of the gateway')
    .action(({ format, to, config }: { format: RecordFormat; to: string; config: string }) =>
      withStore(config, (store, { timeZone }) =>
        recordExport(store, CLI, kind, { format }).then(() =>
          pipeline(exportRecords(store, kind, format, timeZone), createWriteStream(to)),
        ),
      ),
    );
exporting
  .command('training')
  .description('pictures of judged alerts with their boxes, as a YOLO and a COCO set')
  .requiredOption('--to <folder>', 'the folder to write')
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(({ to, config }: { to: string; config: string }) =>
    withStore(config, async (store, settings) => {
      await recordExport(store, CLI, 'training', {});
      const set = await exportTraining(store, openEvidence(settings), to);
      const left =
        set.withoutPicture === 0 ? '' : `; ${set.withoutPicture} judged alerts have no picture here`;
      console.log(`${set.pictures} pictures with ${set.boxes} boxes are in ${to}${left}`);
    }),
  );

program
  .command('test-unit <id>')
  .description("send a trial order to a unit's own system, and print what it said; makes no ticket")
  .requiredOption('--config <file>', 'the configuration of the gateway')
  .action(async (id: string, { config }: { config: string }) => {
    const settings = configOf(config);
    const unit = settings.units.find((entry) => entry.id === id);
    if (unit === undefined)
      throw new Error(`there is no unit ${id}; known: ${settings.units.map((entry) => entry.id).join(', ')}`);
    const { ok, lines } = await tryUnit(unit, settings, Date.now(), new AbortController().signal);
    for (const line of lines) console.log(line);
    if (!ok) throw new Error(`${id} has not taken the trial order`);
  });

await program.parseAsync().catch((error: Error) => {
  console.error(`roadwatch-gateway: ${error.message}`);
  process.exitCode = 1;
});

async function serve(config: Config): Promise<void> {
  const log = logger(config);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const gateway = await startGateway(config, log);
  console.log(`Console: ${gateway.consoleUrl}`);
  console.log(`MQTT: ${gateway.mqttUrl}`);
  if (gateway.firstLogin !== null)
    console.log(`Login: ${gateway.firstLogin.username}  Password: ${gateway.firstLogin.password}`);
  if (!stopping.signal.aborted)
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  await gateway.stop();
  log.info('gateway stopped');
}

async function withStore(
  file: string,
  work: (store: Awaited<ReturnType<typeof openStore>>, config: Config) => Promise<void>,
): Promise<void> {
  const config = configOf(file);
  const store = await openStore(config, logger(config));
  try {
    await work(store, config);
  } finally {
    await store.close();
  }
}

function configOf(file: string | undefined): Config {
  if (file === undefined)
    throw new Error('--config FILE is needed; gateway/gateway.example.yaml is one to begin with');
  return readConfig(file);
}

/** Where boxes reach the gateway, as far as its configuration tells. */
function addressOf({ http }: Config): string {
  if (http.publicUrl !== undefined) return http.publicUrl;
  if (http.port === 0)
    throw new Error('--url: is needed, since http.port is 0 and there is no http.publicUrl');
  return `http://${http.host.includes(':') ? `[${http.host}]` : http.host}:${http.port}`;
}

function newUserOf(username: string, { role, unit }: { role: string; unit?: string }, config: Config) {
  if (!new RegExp(USERNAME).test(username)) throw nameError(username);
  if (!(ROLES as readonly string[]).includes(role))
    throw new Error(`--role: ${role} is not allowed; expected one of ${ROLES.join(', ')}`);
  if ((role === 'unit') !== (unit !== undefined))
    throw new Error('--unit: goes with --role unit, and only with it');
  const units = config.units.map((entry) => entry.id);
  if (unit !== undefined && !units.includes(unit))
    throw new Error(`--unit: there is no unit ${unit}; the configuration has ${units.join(', ')}`);
  return { username, role: role as Role, unitId: unit ?? null };
}

function nameError(name: string): Error {
  return new Error(`${name}: expected lower-case letters, digits, dots, hyphens and underscores, at most 63`);
}

function agentName(text: string): NonNullable<ReturnType<typeof parseAgentName>> {
  const name = parseAgentName(text);
  if (name === null)
    throw new Error(`${text}: expected SITE/AGENT, two names of lower-case letters, digits and hyphens`);
  return name;
}

/** The log goes to standard error; standard output holds what a person needs to know. */
function logger(config: Config): Logger {
  return pino(
    { base: null, level: config.log.level, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
}
