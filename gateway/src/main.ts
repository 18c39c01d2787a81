/** The gateway, put together: broker -> inbox -> store -> alerts and tickets -> API and console. */
import { type Liveness, OutageLog, thrown } from '@roadwatch/common';
import { agentTopics, type Command, sha256 } from '@roadwatch/contract';
import type { Logger } from 'pino';
import { AgentCommands } from './agents/commands.ts';
import { agentOfSubject } from './agents/registry.ts';
import { noteSilence, tellSharedNames } from './agents/watch.ts';
import { returnAlerts } from './alerts/verdicts.ts';
import { headKeeper } from './audit/keep-heads.ts';
import { mailHeads } from './audit/mail-head.ts';
import { openShownKeys, toldToBoxes } from './broker/trust.ts';
import type { AgentName } from './cameras/source.ts';
import type { Config } from './config/config.ts';
import { warnOfOpenLines } from './config/open-lines.ts';
import { basePath } from './config/public-url.ts';
import { checkUnitsOfRoles } from './config/units-of-roles.ts';
import { deliverDue } from './dispatch/delivery.ts';
import { dispatchDue } from './dispatch/desk.ts';
import { createMailer } from './dispatch/mail/mail.ts';
import { askForStatus } from './dispatch/open311/status.ts';
import { noteOverdue } from './dispatch/overdue.ts';
import { openEvidence } from './evidence/open.ts';
import { Thumbnails } from './evidence/thumbnail.ts';
import { watchedEvidence } from './evidence/watched.ts';
import { DayKeeper } from './figures/days/keeper.ts';
import { advanceRollouts } from './fleet/advance.ts';
import { buildConsole } from './http/console-build.ts';
import { liveness } from './http/liveness.ts';
import { registerRoutes } from './http/register-routes.ts';
import type { GatewayParts } from './http/route-context.ts';
import { createMetrics } from './http/routes/health.ts';
import { createServer, type Server } from './http/server.ts';
import { forgetAnswers } from './idempotency/once.ts';
import { createFirstAdmin, endLocalSessions } from './identity/users.ts';
import { answersTo } from './ingest/answers.ts';
import { Inbox } from './ingest/inbox.ts';
import { openLine } from './ingest/line.ts';
import type { Content } from './ingest/message.ts';
import { Ticker } from './jobs/ticker.ts';
import { LiveRelay } from './live/relay.ts';
import { forgetIncidents } from './operations/forget.ts';
import { photographNext } from './operations/photograph.ts';
import { Teller } from './operations/tell.ts';
import { openAuthority } from './pki/authority.ts';
import { endLeases } from './queue/desk.ts';
import { purgeEvidence, purgeMessages } from './retention/purge.ts';
import { purgeReports } from './retention/purge-reports.ts';
import { purgeAreas } from './settings/areas.ts';
import { BoxSettingsSender } from './settings/box/sender.ts';
import { CameraSettingsSender } from './settings/camera/sender.ts';
import { Settings } from './settings/settings.ts';
import { ChangeFeed, trimChanges } from './store/change-feed.ts';
import { Store } from './store/database.ts';
import { probeStore } from './store/probe.ts';
import { receiversOf } from './workflow/collect.ts';
import { fireDueClocks } from './workflow/fire-clocks.ts';
import { askDueInspections } from './workflow/inspect.ts';
import { askDueSceneHints } from './workflow/scene-hint.ts';

/** See ticker.ts. */
const TICKS_A_MINUTE = 120;
/** Connections that wait to be taken up: a whole fleet comes at once for a release. The system may have a lower bound of its own. */
const BACKLOG = 4096;

export interface Gateway {
  readonly consoleUrl: string;
  /** Where agents connect. */
  readonly mqttUrl: string;
  /** Of the first run only: kept nowhere, so it must be shown now. */
  readonly firstLogin: { readonly username: string; readonly password: string } | null;
  /** Whether it answers and stores what comes, for whoever would end a gateway that hangs. */
  liveness(): Promise<Liveness>;
  /** Finishes what is under way and ends everything that was started. */
  stop(): Promise<void>;
}

/** How long bodies of requests may take; left out, as long as people's lines need. */
export interface BodyLimits {
  readonly bodyMs?: number;
  readonly uploadIdleMs?: number;
}

export async function openStore(config: Config, log: Logger): Promise<Store> {
  return Store.open({
    dataDir: config.dataDir,
    ...(config.store.url === undefined ? {} : { url: config.store.url.reveal() }),
    ...(config.audit.keyFile === undefined ? {} : { auditKeyFile: config.audit.keyFile }),
    log,
    onError: (error) => log.warn(thrown(error), 'store'),
    onNewer: (steps) =>
      log.warn({ steps }, 'the store has been at a newer gateway; this one can work with it'),
  });
}

export interface StartOptions {
  /** Holds a console that has been built already. */
  readonly consoleDir?: string;
  readonly limits?: BodyLimits;
  /** Called with the HTTP server before its routes are registered. */
  readonly onServer?: (server: Server) => void;
}

/** Starts a gateway. Throws one sentence when a port, the store or the data folder cannot be had. */
export async function startGateway(
  file: Config,
  log: Logger,
  { consoleDir, limits = {}, onServer }: StartOptions = {},
): Promise<Gateway> {
  const ending: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ending.splice(0).toReversed()) await end();
  };
  try {
    const store = await openStore(file, log);
    ending.push(() => store.close());
    await store.claimAuditKey();
    if (store.auditKeys.exposed)
      log.warn({ file: store.auditKeys.file }, 'every user of this machine can read the key of the audit');
    const settings = await Settings.open(store, file, log);
    // From here on what the city has set counts, whenever it is changed.
    const { config } = settings;
    checkUnitsOfRoles(config);
    const heads = headKeeper(store, config.audit.heads.file, headMail(config), log);
    ending.push(() =>
      heads.keepLast().catch((error: Error) => log.error(thrown(error), 'audit head not kept')),
    );
    // Where passwords are not taken, nobody is made who would need one.
    const firstLogin = config.login.local ? await createFirstAdmin(store) : null;
    if (!config.login.local) await endLocalSessions(store);
    const metrics = createMetrics();
    const evidence = watchedEvidence(openEvidence(config), store.health);
    // A bucket that cannot be reached is told at once; the gateway runs without it, and takes no pictures meanwhile.
    await evidence.get(sha256('')).catch((error: Error) => log.error(thrown(error), 'evidence store'));
    const changes = await ChangeFeed.start(store, log);
    ending.push(() => changes.stop());
    settings.follow(changes);

    const thumbnails = new Thumbnails(evidence, log);
    ending.push(() => thumbnails.stop());
    warnOfOpenLines(config, log);
    const inbox = new Inbox({
      store,
      evidence,
      receivers: receiversOf(config.alerts),
      limits: config.agents.limits,
      log,
      onCommitted: (batch) => {
        metrics.ingest.committed(batch);
        for (const { message, outcome } of batch)
          if (outcome === null && isPicture(message.content)) thumbnails.ahead(message.sha256);
        for (const { topic, ack } of answersTo(batch, store.now()))
          line.send(topic, JSON.stringify(ack), false);
        for (const { from, content } of batch.map(({ message }) => message))
          if (content.kind === 'reply' && from !== null) commands.onReply(from, content.value);
      },
    });
    const authority = await openAuthority(config.dataDir, config.authority, store.now());
    const shown = await openShownKeys(config, authority, store.now());
    const line = await openLine(config, { store, changes, inbox, tls: shown.tls, metrics, log });
    const command = (agent: AgentName, order: Command): void =>
      line.send(agentTopics(agent.site, agent.agent).command(order.id), JSON.stringify(order), true);
    const commands = new AgentCommands(command);
    const cameraSettings = new CameraSettingsSender(store, commands, log);
    const boxSettings = new BoxSettingsSender(store, commands, log);
    ending.push(() => line.stop());
    ending.push(() => inbox.stop());

    let sharedSince = store.now();
    const figureDays = new DayKeeper(store, config);
    const ticker = new Ticker(
      [
        { name: 'dispatch', every: 1, run: () => dispatchDue(store, config, log) },
        { name: 'overdue', every: 1, run: () => noteOverdue(store, config, log) },
        {
          name: 'inspections',
          every: 2,
          run: () => askDueInspections(store, config, command, log),
        },
        { name: 'looks at scenes', every: 2, run: () => askDueSceneHints(store, command, log) },
        { name: 'clocks', every: 1, run: () => fireDueClocks(store, config, log) },
        { name: 'rollouts', every: 2, run: () => advanceRollouts(store, command) },
        { name: 'settings', every: 2, run: () => settings.refresh() },
        { name: 'store probe', every: 4, run: () => probeStore(store, writtenFolders(config)) },
        { name: 'alerts', every: 4, run: () => returnAlerts(store) },
        { name: 'leases', every: 4, run: () => endLeases(store) },
        { name: 'kept answers', every: TICKS_A_MINUTE, run: () => forgetAnswers(store) },
        { name: 'figures', every: 20, run: () => figureDays.keep() },
        { name: 'silence', every: 10, run: () => noteSilence(store) },
        {
          name: 'shared names',
          every: 20,
          run: async () => {
            sharedSince = await tellSharedNames(store, sharedSince, log);
          },
        },
        {
          name: 'retention',
          every: 7200,
          run: async () => {
            await purgeEvidence(store, evidence, config.retention, log);
            await purgeMessages(store, config.retention);
            await forgetIncidents(store);
            await purgeReports(store, config.retention);
            await purgeAreas(store);
          },
        },
        {
          name: 'audit heads',
          every: config.audit.heads.everyMinutes * TICKS_A_MINUTE,
          run: () => heads.keep(),
        },
        { name: 'changes', every: 7200, run: () => trimChanges(store) },
        { name: 'camera settings', every: 10, run: () => cameraSettings.sendOwed() },
        { name: 'box settings', every: 2, run: () => boxSettings.advance() },
        {
          name: 'certificate of the broker',
          every: TICKS_A_MINUTE,
          run: async () => {
            const keys = await shown.fresh(store.now());
            if (keys === null) return;
            line.useKeys(keys);
            log.info('the broker shows a new certificate');
          },
        },
      ],
      log,
    );
    ending.push(() => ticker.stop());
    // Apart from the rest, because a unit's system may take long to answer.
    const delivering = new AbortController();
    const { signal } = delivering;
    const mailer =
      config.smtp === undefined ? null : createMailer(config.smtp, { store, evidence, config, log });
    const teller = new Teller(
      store,
      config,
      new OutageLog(log, {
        failed: 'the system of the maintainers takes nothing; it is told later',
        over: 'the system of the maintainers is told again',
      }),
    );
    const photographed = new Map<string, number>();
    const deliverers = [
      { name: 'operations', every: 4, run: () => teller.tellDue(signal) },
      {
        name: 'pictures for maintainers',
        every: 10,
        run: () => photographNext(store, commands, photographed),
      },
      { name: 'delivery', every: 1, run: () => deliverDue(store, config, log, signal, mailer) },
      { name: 'open311', every: 1, run: () => askForStatus(store, config, log, signal) },
    ].map((job) => new Ticker([job], log));
    ending.push(() => {
      delivering.abort();
      return Promise.all(deliverers.map((deliverer) => deliverer.stop()));
    });

    const parts: GatewayParts = { config, settings, store, evidence, thumbnails, changes, log };
    const server = await createServer(config, store, log, limits.bodyMs);
    onServer?.(server);
    let consoleUrl = '';
    const relay = new LiveRelay(commands, () => liveUrl(config, consoleUrl), log);
    changes.listen(({ kind, subject }) => {
      const agent = kind === 'access' ? agentOfSubject(subject) : null;
      if (agent !== null) relay.shutOut(agent);
    });
    const embedded = config.broker.url === undefined ? line.url : null;
    await registerRoutes(server, {
      parts,
      relay,
      commands,
      cameraSettings,
      boxSettings,
      authority,
      broker: toldToBoxes(config, authority, embedded),
      registry: metrics.registry,
      figures: {
        brokerConnected: () => line.connected,
        folders: { data: config.dataDir, evidence: writtenFolders(config).evidence },
      },
      consoleDir: consoleDir ?? (await buildConsole()),
      base: basePath(config.http),
      ...(limits.uploadIdleMs === undefined ? {} : { uploadIdleMs: limits.uploadIdleMs }),
    });
    ending.push(async () => {
      relay.stop();
      commands.stop();
      await cameraSettings.stop();
      await boxSettings.stop();
      await server.close();
    });
    consoleUrl = `${await server.listen({ host: config.http.host, port: config.http.port, backlog: BACKLOG })}/`;
    const mqttUrl = line.url;
    log.info({ console: consoleUrl, mqtt: mqttUrl, store: store.kind }, 'gateway started');
    return {
      consoleUrl,
      mqttUrl,
      firstLogin,
      liveness: () => liveness(consoleUrl, inbox.unansweredMs(performance.now())),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isPicture(content: Content): boolean {
  return content.kind === 'evidence' && content.contentType === 'image/jpeg';
}

/** Where agents push live views to: the public address if there is one, else the one that we listen on. */
function liveUrl({ http }: Config, consoleUrl: string): string {
  return (http.publicUrl ?? consoleUrl).replace(/^http/, 'ws').replace(/\/$/, '');
}

/** Of those stores that lie in a folder of this machine. */
function writtenFolders({ dataDir, store, evidence }: Config) {
  return {
    store: store.url === undefined ? dataDir : null,
    evidence: evidence.s3 === undefined ? evidence.dir : null,
  };
}

function headMail({ audit, smtp }: Config) {
  return smtp === undefined || audit.heads.mail.length === 0 ? null : mailHeads(smtp, audit.heads.mail);
}
