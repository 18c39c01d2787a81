/** The lines to broker and gateway. A session that the running agent has is left alone: the broker would end it for ours. */
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { redactText } from '@roadwatch/common';
import type { Broker, ResolvedConfig } from '../config/config.ts';
import { causeInChinese } from '../language.ts';
import { lineOptions } from '../uplink/mqtt.ts';
import { Session } from '../uplink/session.ts';
import { type Finding, fail, ok, warn } from './finding.ts';
import type { RunningAgent } from './running-agent.ts';

const CLOCK_MS = 5_000;
const ASK_MS = 10_000;
const CONNECT = {
  en: 'see to the line, mqtt.url, its caFile, and whether the gateway knows this box (pair it again)',
  zh: '检查线路、mqtt.url、caFile，以及网关是否登记本设备（可重新配对）',
};

/** Of a running agent the one that it is at; else each, for one that stands in is of use only when it lets the box in. */
export async function checkBrokers(
  config: ResolvedConfig,
  running: RunningAgent | null,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const { mqtt, health } = config;
  if (running !== null || health.port === 0) return [await checkBroker(config, mqtt, running, signal)];
  return Promise.all([mqtt, ...mqtt.fallbackUrls].map((broker) => checkBroker(config, broker, null, signal)));
}

async function checkBroker(
  config: ResolvedConfig,
  login: Broker,
  running: RunningAgent | null,
  signal: AbortSignal,
): Promise<Finding> {
  const broker = running?.broker ?? String(login.url);
  if (config.health.port === 0)
    return warn(
      'broker',
      {
        en: `${broker}: not tried; with health.port: 0 nobody can tell whether the agent runs`,
        zh: `${broker}：未检测；health.port 为 0，无法判断程序是否在运行`,
      },
      { en: 'give health.port a number', zh: '为 health.port 指定端口' },
    );
  if (running !== null)
    return running.brokerConnected
      ? ok('broker', `the running agent is connected to ${broker}`, `运行中的程序已连接 ${broker}`)
      : fail(
          'broker',
          {
            en: `the running agent is not connected to ${broker}; its log says why`,
            zh: `运行中的程序未连接 ${broker}，原因见日志`,
          },
          CONNECT,
        );
  for (const version of [5, 4] as const) {
    const { reason, isOpen, isOtherVersion } = await connectOnce(config, login, version, signal);
    if (isOpen) return ok('broker', `${broker} lets this box in`, `${broker} 允许本设备登录`);
    if (version === 5 && isOtherVersion) continue;
    return fail(
      'broker',
      {
        en: `${broker}: ${reason ?? 'ends the connection'}`,
        zh: `${broker}：无法连接（${reason === null || reason === undefined ? '连接被关闭' : causeInChinese(reason)}）`,
      },
      CONNECT,
    );
  }
  throw new Error('unreachable');
}

/** As the agent itself would, with the name that it has, and gone at once. */
async function connectOnce(
  config: ResolvedConfig,
  { url, username, password }: Broker,
  version: 4 | 5,
  signal: AbortSignal,
) {
  let isOpen = false;
  try {
    const session: Session = new Session(
      {
        url: url.reveal(),
        version,
        mqtt: {
          clientId: `${config.site}/${config.agent}`,
          username,
          ...(password === undefined ? {} : { password: password.reveal() }),
          ...lineOptions(config, url),
        },
      },
      {
        open: () => {
          isOpen = true;
          void session.end();
        },
        message: () => {},
      },
    );
    const drop = (): void => session.drop();
    signal.addEventListener('abort', drop);
    const { reason, isOtherVersion } = await session.ended;
    signal.removeEventListener('abort', drop);
    signal.throwIfAborted();
    return { isOpen, reason, isOtherVersion };
  } catch (error) {
    signal.throwIfAborted();
    return { isOpen, reason: redactText((error as Error).message), isOtherVersion: false };
  }
}

/** Its `Date` header is whole seconds (RFC 9110 6.6.1). */
export async function checkGateway(
  { gateway }: Pick<ResolvedConfig, 'gateway'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (gateway.url === undefined) return [];
  const askedAt = Date.now();
  let date: string | undefined;
  try {
    date = await dateOf(new URL(`${gateway.url.replace(/\/+$/, '')}/healthz`), gateway.caFile, signal);
  } catch (error) {
    signal.throwIfAborted();
    const cause = (error as NodeJS.ErrnoException).code ?? (error as Error).name;
    return [
      warn(
        'gateway',
        {
          en: `${gateway.url} does not answer (${cause}); live views need it`,
          zh: `${gateway.url} 无应答（${causeInChinese(cause)}），实况需要它`,
        },
        {
          en: 'see to the line, gateway.url and gateway.caFile',
          zh: '检查线路、gateway.url 和 gateway.caFile',
        },
      ),
    ];
  }
  const aheadMs = date === undefined ? Number.NaN : (askedAt + Date.now()) / 2 - (Date.parse(date) + 500);
  if (!(Math.abs(aheadMs) > CLOCK_MS))
    return [ok('gateway', `${gateway.url} answers; the clocks agree`, `${gateway.url} 正常，时钟一致`)];
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const [en, zh] = aheadMs > 0 ? ['ahead of', '快'] : ['behind', '慢'];
  return [
    warn(
      'gateway.clock',
      { en: `this box is ${seconds} s ${en} the gateway`, zh: `本机时钟比网关${zh} ${seconds} 秒` },
      { en: 'have both take their time by NTP', zh: '两端启用 NTP 校时' },
    ),
  ];
}

/** Of its answer, whatever that is. Rejects with what the system or TLS says. */
function dateOf(url: URL, caFile: string | undefined, signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const limit = AbortSignal.timeout(ASK_MS);
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const sent = request(
    url,
    {
      agent: false,
      signal: AbortSignal.any([signal, limit]),
      ...(caFile === undefined ? {} : { ca: [...rootCertificates, readFileSync(caFile, 'utf8')] }),
    },
    (response) => {
      resolve(response.headers.date);
      response.destroy();
    },
  );
  sent.on('error', (error) => reject(limit.aborted ? limit.reason : error));
  sent.end();
  return promise;
}
