import { describe, expect, test } from 'vitest';
import { liveRefusal } from './gateway-address.ts';

describe('a live view goes to the gateway that the configuration or the pairing names', () => {
  const known = { gatewayUrl: 'https://roads.example.org/base/', brokerUrl: 'mqtts://broker.example.org' };
  test.each([
    ['its own', 'wss://roads.example.org/base/api/agents/live/x', true],
    ['its own, with the port said', 'wss://roads.example.org:443/base/api/agents/live/x', true],
    ['without encryption', 'ws://roads.example.org/base/api/agents/live/x', false],
    ['another port', 'wss://roads.example.org:8443/base/api/agents/live/x', false],
    ['another path', 'wss://roads.example.org/other/api/agents/live/x', false],
    ['a path that leaves', 'wss://roads.example.org/base/../api/agents/live/x', false],
    ['the broker', 'wss://broker.example.org/base/x', false],
    ['another host', 'wss://attacker.example/base/x', false],
    ['a host that begins like it', 'wss://roads.example.org.attacker.example/base/x', false],
    ['a user that looks like it', 'wss://roads.example.org:x@attacker.example/base/x', false],
    ['its own with a user', 'wss://u:p@roads.example.org/base/x', false],
    ['this machine', 'ws://127.0.0.1:8080/base/x', false],
    ['no address', 'wss://', false],
  ])('%s: %s', (_name, url, allowed) => {
    const refusal = liveRefusal(url, known);
    if (allowed) expect(refusal).toBeNull();
    else expect(refusal).toMatch(/^url: /);
  });
});

describe('without a gateway named, to the machine of the broker', () => {
  test.each([
    ['mqtt://127.0.0.1:1883', 'ws://127.0.0.1:8080/x', true],
    ['mqtt://127.0.0.1:1883', 'ws://localhost:8080/x', true],
    ['mqtt://localhost:1883', 'ws://[::1]:8080/x', true],
    ['mqtt://127.0.0.1:1883', 'ws://10.0.0.9:8080/x', false],
    ['mqtt://127.0.0.1:1883', 'ws://127.0.0.1.attacker.example/x', false],
    ['mqtt://10.0.0.2', 'ws://10.0.0.2:8080/x', true],
    ['mqtt://10.0.0.2', 'ws://10.0.0.3:8080/x', false],
    ['mqtt://10.0.0.2', 'ws://127.0.0.1:8080/x', false],
    ['mqtts://roads.example.org', 'wss://roads.example.org/x', true],
    ['mqtts://roads.example.org', 'ws://roads.example.org/x', false],
  ])('broker %s, live view %s', (brokerUrl, url, allowed) => {
    expect(liveRefusal(url, { brokerUrl }) === null).toBe(allowed);
  });
});
