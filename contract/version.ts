/**
 * The version rule: every JSON message begins with `v`. Fields may be added within a version and unknown ones are ignored;
 * a message of another version is refused with a reason, kept aside and counted, never guessed at.
 */
import { Type } from 'typebox';

export const WIRE_VERSION = 1;
export const Version = Type.Literal(WIRE_VERSION, { description: 'wire version' });
