/** A box whose disk has room and yet takes no more: a quota is used up, or as many files are there as can be (inodes). */
import { afterEach, expect, test } from 'vitest';
import { mountQuotaDisk, mountSmallDisk, type SmallDisk } from '../../gateway/testing/small-disk.ts';
import { potholeModel, startBox, streetCamera } from './support/agent-box.ts';
import { GatewayStandIn } from './support/gateway-stand-in.ts';

let disk: SmallDisk | null = null;
afterEach(() => {
  disk?.unmount();
  disk = null;
});

const LIMITS = [
  {
    what: 'a quota that is used up',
    mount: () => mountQuotaDisk(40),
    reach: (full: SmallDisk) => full.fill(),
    needs: 'root and btrfs-progs',
    said: /data is full: .*\(EDQUOT\)/,
  },
  {
    what: 'no file left to be made',
    mount: () => mountSmallDisk(40, { files: 200 }),
    reach: (full: SmallDisk) => full.useUpFiles(),
    needs: 'root',
    said: /is full: it holds as many files as it can \(inodes\)/,
  },
] as const;

async function troubles(url: string): Promise<{ status: number; codes: string[]; details: string }> {
  const answer = await fetch(`${url}/healthz`);
  const body = (await answer.json()) as { troubles: { code: string; detail: string }[] };
  return {
    status: answer.status,
    codes: body.troubles.map(({ code }) => code),
    details: body.troubles.map(({ detail }) => detail).join('; '),
  };
}

test.for(LIMITS)(
  '$what while it runs: what is seen arrives with its clip, health says why, no camera is blamed, and with room all is as before',
  { timeout: 120_000 },
  async ({ mount, reach, needs, said }, { skip }) => {
    disk = mount();
    if (disk === null) return skip(`needs ${needs}`);
    const { path, makeRoom } = disk;
    const gateway = await GatewayStandIn.start();
    gateway.answer = 'silent';
    const camera = await streetCamera();
    const box = await startBox(path, gateway.url, { url: camera.url }, { model: await potholeModel() });
    reach(disk);
    await gateway.until(() => gateway.evidence('clip.mp4') !== undefined);
    await expect
      .poll(
        () => {
          if (disk !== null) reach(disk);
          return troubles(box.agent.healthUrl);
        },
        { timeout: 30_000, interval: 1_000 },
      )
      .toMatchObject({
        status: 503,
        codes: expect.arrayContaining(['disk_full', 'ring_in_memory']),
        details: expect.stringMatching(said),
      });
    await expect.poll(() => box.agent.figures().cameras[0]?.streaming, { timeout: 20_000 }).toBe(true);
    const lines = box.lines.map(({ msg, reason }) => `${msg}: ${reason}`);
    expect(lines.filter((line) => /the camera (ended|closed)|cannot rollback/.test(line))).toEqual([]);

    makeRoom();
    gateway.answer = 'stored';
    await expect
      .poll(() => troubles(box.agent.healthUrl), { timeout: 30_000 })
      .toMatchObject({ codes: ['ring_in_memory'] });
    expect(await box.agent.stop()).toEqual([]);
  },
);
