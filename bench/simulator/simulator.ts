/** What the simulator costs: many cameras, and a fleet of agents. */

import { startBroker } from '../../evaluate/broker.ts';
import type { Bench } from '../report.ts';
import { measureCameras } from './cameras.ts';
import { measureFleet } from './fleet.ts';

const CAMERAS = 64;
const SECONDS = 20;
const AGENTS = 2000;
const ALERTS_PER_SECOND = 20;

export const simulator: Bench = {
  name: 'simulator',
  about: `${CAMERAS} cameras of 1080p25, and a fleet of ${AGENTS} agents: cores, pace, memory`,
  async run() {
    const cameras = await measureCameras(CAMERAS, SECONDS);
    const { lateMs, idleLateMs } = cameras;
    const broker = await startBroker(() => {});
    const rate = ['--agents', String(AGENTS), '--alerts-per-second', String(ALERTS_PER_SECOND)];
    const fleet = await measureFleet(broker.url, [...rate, '--minutes', '0.5']).finally(() => broker.stop());
    return {
      figures: { cameras, fleet },
      table: [
        ['', 'cores', 'MiB', 'Mbit/s', 'p50 ms', 'p99 ms'],
        [
          `${CAMERAS} cameras, arrival of pictures`,
          cameras.cores,
          cameras.residentMiB,
          cameras.megabitsPerSecond,
          cameras.jitterMs.p50,
          cameras.jitterMs.p99,
        ],
        [
          `${AGENTS} agents, alert to answer`,
          fleet.cores,
          fleet.residentMiB,
          Math.round((fleet.report.mebibytesSent * 8.39) / fleet.report.seconds),
          fleet.report.alertMs.p50 ?? '-',
          fleet.report.alertMs.p99 ?? '-',
        ],
      ],
      notes: [
        `pictures left late by p50 ${lateMs.p50Ms}, p90 ${lateMs.p90Ms}, p99 ${lateMs.p99Ms} ms; an idle process was woken late by p50 ${idleLateMs.p50}, p90 ${idleLateMs.p90}, p99 ${idleLateMs.p99} ms; load average ${cameras.loadAverage}`,
        `first picture ${cameras.firstPictureMs} ms after a client connects`,
        'all clients run in one process on the same machine, as does the broker that answers the fleet: their own delays count',
        `fleet: ${fleet.report.alerts} alerts, ${fleet.report.lost} messages lost, ${fleet.report.doubled} doubled`,
      ],
    };
  },
};
