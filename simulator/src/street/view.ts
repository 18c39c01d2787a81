/**
 * A camera on a pole above a flat road. World: X to the right across the road, Y up, Z along the road, metres;
 * the road's surface is Y = 0 and the camera stands at Z = 0. Picture: pixels, origin top left.
 */
export interface ViewOptions {
  readonly width: number;
  readonly height: number;
  /** Metres above the road. */
  readonly cameraHeight: number;
  readonly cameraX: number;
  /** Degrees below the horizon. */
  readonly pitch: number;
  /** Degrees to the right of the road's direction. */
  readonly yaw: number;
  /** Degrees from the left edge of the picture to the right. */
  readonly fieldOfView: number;
}

export interface Pixel {
  x: number;
  y: number;
  /** Metres along the camera's axis; what is not in front of it is not in the picture. */
  depth: number;
}

/** Where a pixel's ray goes: `x`, `z` on the road, or null above the horizon. */
export interface GroundPoint {
  x: number;
  z: number;
  /** Metres from the camera. */
  distance: number;
  /** Metres of road that a pixel covers across the line of sight. */
  footprint: number;
}

export class View {
  readonly options: ViewOptions;
  readonly width: number;
  readonly height: number;
  /** Focal length in pixels. */
  readonly focal: number;
  readonly #right: readonly [number, number, number];
  readonly #up: readonly [number, number, number];
  readonly #forward: readonly [number, number, number];

  constructor(options: ViewOptions) {
    this.options = options;
    this.width = options.width;
    this.height = options.height;
    this.focal = options.width / 2 / Math.tan(radians(options.fieldOfView / 2));
    const pitch = radians(options.pitch);
    const yaw = radians(options.yaw);
    this.#forward = [Math.sin(yaw) * Math.cos(pitch), -Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
    this.#right = [Math.cos(yaw), 0, -Math.sin(yaw)];
    this.#up = [Math.sin(yaw) * Math.sin(pitch), Math.cos(pitch), Math.cos(yaw) * Math.sin(pitch)];
  }

  /** The same view with more around it, pixels on each side. */
  widened(margin: number): View {
    const { width, height, fieldOfView } = this.options;
    const wide = width + 2 * margin;
    const tangent = (Math.tan(radians(fieldOfView / 2)) * wide) / width;
    return new View({
      ...this.options,
      width: wide,
      height: height + 2 * margin,
      fieldOfView: (Math.atan(tangent) * 360) / Math.PI,
    });
  }

  project(x: number, y: number, z: number): Pixel {
    const dx = x - this.options.cameraX;
    const dy = y - this.options.cameraHeight;
    const [rx, ry, rz] = this.#right;
    const [ux, uy, uz] = this.#up;
    const [fx, fy, fz] = this.#forward;
    const depth = dx * fx + dy * fy + z * fz;
    const scale = this.focal / Math.max(depth, 1e-6);
    return {
      x: this.width / 2 + (dx * rx + dy * ry + z * rz) * scale,
      y: this.height / 2 - (dx * ux + dy * uy + z * uz) * scale,
      depth,
    };
  }

  /** The direction of a pixel's ray, of length 1 along the camera's axis. */
  ray(px: number, py: number): [number, number, number] {
    const a = (px - this.width / 2) / this.focal;
    const b = (this.height / 2 - py) / this.focal;
    const [rx, ry, rz] = this.#right;
    const [ux, uy, uz] = this.#up;
    const [fx, fy, fz] = this.#forward;
    return [fx + a * rx + b * ux, fy + a * ry + b * uy, fz + a * rz + b * uz];
  }

  ground(px: number, py: number, out: GroundPoint): boolean {
    const [dx, dy, dz] = this.ray(px, py);
    if (dy > -1e-4) return false;
    const t = -this.options.cameraHeight / dy;
    out.x = this.options.cameraX + dx * t;
    out.z = dz * t;
    out.distance = t * Math.hypot(dx, dy, dz);
    out.footprint = t / this.focal;
    return out.distance < 400;
  }
}

export function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
