/** A field of a protobuf message as it is on the wire: a number, or bytes whose meaning its schema says. */
export type ProtobufField =
  | { readonly number: number; readonly kind: 'number'; readonly value: number }
  | { readonly number: number; readonly kind: 'bytes'; readonly value: Buffer };

/**
 * Reads the fields of a protobuf message, in order; numbers are read as unsigned integers.
 * https://protobuf.dev/programming-guides/encoding/
 */
export function* protobufFields(message: Buffer): Generator<ProtobufField> {
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(value);
    }
  };
  const bytes = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { number, kind: 'number', value: varint() };
        break;
      case 1:
        yield { number, kind: 'number', value: Number(bytes(8).readBigUInt64LE()) };
        break;
      case 2:
        yield { number, kind: 'bytes', value: bytes(varint()) };
        break;
      case 5:
        yield { number, kind: 'number', value: bytes(4).readUInt32LE() };
        break;
      default:
        throw new Error(`Not protobuf: wire type ${tag % 8} at byte ${at}`);
    }
  }
}

/** The parts of a message under one field number. */
export function protobufParts(message: Buffer, number: number): Buffer[] {
  return [...protobufFields(message)].flatMap((field) =>
    field.number === number && field.kind === 'bytes' ? [field.value] : [],
  );
}

/** The number under one field number; 0 where there is none, as protobuf has it. */
export function protobufNumber(message: Buffer, number: number): number {
  const found = [...protobufFields(message)].find((field) => field.number === number);
  return found?.kind === 'number' ? found.value : 0;
}
