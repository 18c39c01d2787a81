/** What cameras send as packets that are read here. */
export type PictureCodec = 'H264' | 'H265';
