/**
 * A program for Linux without what only debuggers read: of Node 17 MiB of 121. What the kernel and the loader use is in segments at
 * the file's beginning; symbols for debuggers, and the table of sections that names them, come after the last of these.
 */

/** Offsets of the 64-bit ELF header and of its program headers (elf(5)). */
const HEADER = { class: 4, encoding: 5, phoff: 0x20, shoff: 0x28, phentsize: 0x36, phnum: 0x38, shnum: 0x3c };
const SEGMENT = { offset: 0x08, fileSize: 0x20 };
const [CLASS_64, LITTLE_ENDIAN] = [2, 1];

/** Throws when it is no 64-bit ELF file. */
export function slimElf(program: Buffer): Buffer {
  const magic = program.subarray(0, 4).toString('latin1');
  if (magic !== '\x7fELF' || program[HEADER.class] !== CLASS_64 || program[HEADER.encoding] !== LITTLE_ENDIAN)
    throw new Error('expected a program for 64-bit Linux (ELF, little endian)');
  const at = Number(program.readBigUInt64LE(HEADER.phoff));
  const size = program.readUInt16LE(HEADER.phentsize);
  const ends = Array.from({ length: program.readUInt16LE(HEADER.phnum) }, (_, index) => {
    const segment = at + index * size;
    return Number(
      program.readBigUInt64LE(segment + SEGMENT.offset) + program.readBigUInt64LE(segment + SEGMENT.fileSize),
    );
  });
  const slim = Buffer.from(program.subarray(0, Math.max(...ends)));
  // No table of sections: its place, their number, and which of them holds their names.
  slim.writeBigUInt64LE(0n, HEADER.shoff);
  slim.writeUInt32LE(0, HEADER.shnum);
  return slim;
}
