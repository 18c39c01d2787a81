/** Which boxes are meant: patterns of SITE/AGENT. Pure. */
import { type AgentName, formatAgentName } from '../cameras/source.ts';

/** Those of the boxes that one of the patterns names, each once and in their order. */
export function matching<Box extends AgentName>(boxes: readonly Box[], patterns: readonly string[]): Box[] {
  const shapes = patterns.map(shapeOf);
  return boxes.filter((box) => shapes.some((shape) => shape.test(formatAgentName(box))));
}

/** `*` stands for any letters of one name; patterns have been checked to hold nothing else that means something here. */
function shapeOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll(/\*+/g, '[a-z0-9-]*')}$`);
}
