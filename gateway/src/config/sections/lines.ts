/** Where the gateway listens and what it connects to. */
import { SecretText as Secret } from '@roadwatch/common';
import { Type } from 'typebox';
import { TlsSection } from '../tls.ts';
import { TrustProxy } from '../trust-proxy.ts';
import { Host, Path, port, section } from './shared.ts';

export const HttpSection = section({
  host: Type.String({ ...Host, default: '127.0.0.1' }),
  port: port(8080),
  publicUrl: Type.Optional(
    Type.String({
      pattern: '^https?://[^\\s]+$',
      maxLength: 500,
      description: 'the http:// or https:// address under which people reach the console',
    }),
  ),
  trustProxy: TrustProxy,
});

export const BrokerSection = section({
  host: Type.String({ ...Host, default: '127.0.0.1' }),
  port: port(1883),
  url: Type.Optional(
    Type.String({
      pattern: '^(mqtts?|wss?)://[^\\s]+$',
      maxLength: 2048,
      description:
        'an mqtt://, mqtts://, ws:// or wss:// address of a broker to use instead of the embedded one',
    }),
  ),
  publicUrl: Type.Optional(
    Type.String({
      pattern: '^(mqtts?|wss?)://[^\\s@?#]+$',
      maxLength: 2048,
      description: 'the mqtts:// address under which boxes reach the broker; told to them when they pair',
    }),
  ),
  tls: Type.Optional(TlsSection),
  requireCertificates: Type.Boolean({ default: false, description: 'true or false' }),
  username: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  password: Type.Optional(Secret),
  passwordFile: Type.Optional(Path),
  caFile: Type.Optional(Path),
  shareGroup: Type.Optional(
    Type.String({
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      description: 'letters, digits, _ and -, at most 64: gateways with the same group share the messages',
    }),
  ),
});

export const StoreSection = section({
  url: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://[^\\s]+$',
      maxLength: 2048,
      description: 'a postgres:// address; left out, the store is SQLite in dataDir',
    }),
  ),
  passwordFile: Type.Optional(Path),
});
