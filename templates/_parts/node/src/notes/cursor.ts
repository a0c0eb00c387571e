/** The place of a note in the list: the keyset that the next page starts after. */
export interface Place {
  createdAt: string;
  id: string;
}

/**
 * Microseconds since 1970 and the id, both in hexadecimal: every text of this form is a place, so that the
 * form is all there is to check.
 */
export const CURSOR_PATTERN = /^[0-9a-f]{46}$/;

const TIME_DIGITS = 14;

export function encodeCursor({ createdAt, id }: Place): string {
  const [seconds = '', fraction = ''] = createdAt.slice(0, -1).split('.');
  const microseconds = BigInt(Date.parse(`${seconds}Z`)) * 1000n + BigInt(fraction.padEnd(6, '0'));
  return microseconds.toString(16).padStart(TIME_DIGITS, '0') + id.replaceAll('-', '');
}

export function decodeCursor(cursor: string): Place {
  const microseconds = BigInt(`0x${cursor.slice(0, TIME_DIGITS)}`);
  const milliseconds = new Date(Number(microseconds / 1000n)).toISOString();
  const rest = String(microseconds % 1000n).padStart(3, '0');
  return {
    createdAt: milliseconds.replace('Z', `${rest}Z`),
    id: cursor.slice(TIME_DIGITS), // PostgreSQL reads a uuid without hyphens as well
  };
}
