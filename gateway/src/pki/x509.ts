/** The X.509 library, with what it needs to be loaded first. */
import 'reflect-metadata';

export type { X509CrlCreateParams } from '@peculiar/x509';
export * as x509 from '@peculiar/x509';
