/** How a camera's own video is framed on its way to a browser. */

/** What a camera may send that a browser may play as it is. */
export type PassedCodec = 'h264' | 'h265';

/** The first byte of each message of an fmp4 view says what follows: ftyp and moov, or moof and mdat of one picture. */
export const LIVE_MESSAGE = { init: 0, keyframe: 1, picture: 2 } as const;

/** A keyframe of 4K fits; both ends take no larger message. */
export const MAX_LIVE_MESSAGE_BYTES = 4 * 1024 * 1024;
