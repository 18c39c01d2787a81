/**
 * The way it is first written in Node: fluent-ffmpeg gives a JPEG every so many seconds, sharp decodes it to pixels, a loop makes planes of
 * them, onnxruntime-node runs on the main thread.
 *
 *   node naive-node.ts MODEL.onnx WIDTH HEIGHT THRESHOLD SECONDS URL ...
 */
import { PassThrough } from 'node:stream';
import ffmpeg from 'fluent-ffmpeg';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const [path = '', w = '', h = '', limit = '', seconds = '', ...urls] = process.argv.slice(2);
const [width, height, threshold] = [Number(w), Number(h), Number(limit)];
const session = await InferenceSession.create(path, { intraOpNumThreads: 1 });
const input = session.inputNames[0] as string;
const END_OF_JPEG = Buffer.from([0xff, 0xd9]);
let analysed = 0;

async function analyse(jpeg: Buffer): Promise<void> {
  const { data } = await sharp(jpeg)
    .resize(width, height, { fit: 'contain', position: 'left top', background: { r: 114, g: 114, b: 114 } })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const planes = new Uint8Array(3 * width * height);
  for (let at = 0; at < width * height; at++) {
    planes[at] = data[at * 3 + 1] as number;
    planes[width * height + at] = data[at * 3 + 2] as number;
    planes[2 * width * height + at] = data[at * 3] as number;
  }
  const output = await session.run({ [input]: new Tensor('uint8', planes, [1, 3, height, width]) });
  const scores = Object.values(output)[0]?.data as Float32Array;
  scores.some((score) => score > threshold);
  analysed++;
}

for (const url of urls) {
  const pictures = new PassThrough();
  let rest = Buffer.alloc(0);
  pictures.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(END_OF_JPEG); end >= 0; end = rest.indexOf(END_OF_JPEG)) {
      void analyse(Buffer.from(rest.subarray(0, end + 2)));
      rest = rest.subarray(end + 2);
    }
  });
  ffmpeg(url)
    .inputOptions(['-rtsp_transport', 'tcp'])
    .outputOptions(['-vf', `fps=1/${seconds}`, '-q:v', '2', '-f', 'image2pipe', '-c:v', 'mjpeg'])
    .on('error', (error) => {
      console.error(`${url}: ${error.message}`);
      process.exit(1);
    })
    .pipe(pictures);
}
setInterval(() => console.log(analysed), 1000);
