/** The street of the tests with a car that stands beside the pothole: drawn, as the shipped model of road users takes it for one. */
import { join } from 'node:path';
import sharp from 'sharp';
import { temporaryFolder } from '../../support/temp.ts';
import { streetPicture } from './agent-box.ts';

const SPOKES = [0, 72, 144, 216, 288].map((degrees) => (degrees * Math.PI) / 180);

const wheel = (x: number): string => `<circle cx="${x}" cy="88" r="24" fill="#111"/>
<circle cx="${x}" cy="88" r="14" fill="#b8bcc0"/><circle cx="${x}" cy="88" r="4" fill="#333"/>
${SPOKES.map((at) => `<path d="M${x} 88 L${x + 13 * Math.cos(at)} ${88 + 13 * Math.sin(at)}" stroke="#555" stroke-width="3"/>`).join('')}`;

const CAR = `<ellipse cx="150" cy="104" rx="150" ry="8" fill="#333" opacity=".5"/>
<path d="M4 92 L4 66 Q6 54 28 50 L66 44 Q96 12 128 10 L190 10 Q216 12 240 42 L280 50 Q298 54 298 70 L298 92 Z" fill="url(#paint)" stroke="#200"/>
<path d="M78 44 Q100 18 128 17 L150 17 L150 44 Z" fill="#26303a"/><path d="M157 17 L188 17 Q208 20 226 44 L157 44 Z" fill="#26303a"/>
<path d="M153 46 L153 90 M76 46 L80 90 M228 46 L222 88" stroke="#400" stroke-width="1.5" fill="none"/>
<rect x="164" y="54" width="14" height="4" fill="#ddd"/><rect x="88" y="54" width="14" height="4" fill="#ddd"/>
<path d="M4 60 L18 56 L18 66 L4 68Z" fill="#ffd"/><path d="M298 60 L284 56 L284 66 L298 70Z" fill="#f60"/>
<rect x="2" y="86" width="298" height="8" fill="#222"/>${wheel(66)}${wheel(234)}`;

/** PNG of 800x448; the car covers about a fifth of its width, left of the middle. */
export async function streetWithCar(): Promise<string> {
  const file = join(await temporaryFolder(), 'street-with-car.png');
  const layer = `<svg xmlns="http://www.w3.org/2000/svg" width="800" height="448">
<defs><linearGradient id="paint" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#d84848"/><stop offset=".5" stop-color="#a81820"/><stop offset="1" stop-color="#601014"/></linearGradient></defs>
<g transform="translate(250 180) scale(.5)">${CAR}</g></svg>`;
  await sharp(await streetPicture())
    .composite([{ input: Buffer.from(layer) }])
    .png()
    .toFile(file);
  return file;
}
