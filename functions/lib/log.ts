type Fields = Readonly<Record<string, unknown>>;

/** One JSON line per outcome; every line carries the fields it was made with. */
export interface Log {
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  /** A logger of its own for one run or one item, so that parallel work never mixes its fields. */
  child(fields: Fields): Log;
}

export function makeLog(fields: Fields, write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, more: Fields = {}) =>
      write(JSON.stringify({ level, message, ...fields, ...more }));
  return {
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (more) => makeLog({ ...fields, ...more }, write),
  };
}
