/** What is used of @cycjimmy/jsmpeg-player 6, which brings no types. */
declare module '@cycjimmy/jsmpeg-player' {
  interface PlayerOptions {
    readonly canvas: HTMLCanvasElement;
    readonly source: new (url: string) => object;
    readonly audio: boolean;
    readonly disableGl: boolean;
    readonly disableWebAssembly: boolean;
    readonly pauseWhenHidden: boolean;
    /** Bytes. */
    readonly videoBufferSize: number;
    readonly onVideoDecode: () => void;
  }
  class Player {
    constructor(url: string, options: PlayerOptions);
    destroy(): void;
  }
  const JSMpeg: { readonly Player: typeof Player };
  export default JSMpeg;
}
