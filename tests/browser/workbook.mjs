// Workbooks as they were written, with other words in them.

import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/// The parts of a package: name and bytes.
export function parts(bytes) {
  const found = new Map();
  let at = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let many = bytes.readUInt16LE(at + 10);
  at = bytes.readUInt32LE(at + 16);
  for (; many > 0; many -= 1) {
    const [method, size, name, extra, remark, start] = [
      bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32), bytes.readUInt32LE(at + 42)];
    const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
    const packed = bytes.subarray(from, from + size);
    const key = bytes.subarray(at + 46, at + 46 + name).toString();
    found.set(key, method === 8 ? inflateRawSync(packed) : packed);
    at += 46 + name + extra + remark;
  }
  return found;
}

/// A package of such parts.
export function packed(all) {
  const out = [];
  const directory = [];
  let at = 0;
  for (const [key, bytes] of all) {
    const name = Buffer.from(key);
    const body = deflateRawSync(bytes);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0); // version
    fixed.writeUInt16LE(0x0800, 2); // names in UTF-8
    fixed.writeUInt16LE(8, 4); // deflated
    fixed.writeUInt16LE(0x21, 8); // 1980-01-01
    fixed.writeUInt32LE(crc32(bytes), 10);
    fixed.writeUInt32LE(body.length, 14);
    fixed.writeUInt32LE(bytes.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fixed, rest, name);
    const local = [Buffer.from('PK\x03\x04', 'latin1'), fixed, name, body];
    out.push(...local);
    at += local.reduce((sum, part) => sum + part.length, 0);
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(all.size, 8);
  end.writeUInt16LE(all.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...out, ...directory, end]);
}

const STRINGS = 'xl/sharedStrings.xml';
const SHEETS = { 机构: 'xl/worksheets/sheet1.xml', 人员: 'xl/worksheets/sheet2.xml' };

/// A workbook whose words are others: `change` is given each word that stands in a cell.
export function reworded(bytes, change) {
  const all = parts(bytes);
  const text = all.get(STRINGS).toString();
  const words = text.replace(/(<t[^>]*>)([^<]*)(<\/t>)/g, (_, open, word, close) => open + change(word) + close);
  all.set(STRINGS, Buffer.from(words));
  return packed(all);
}

/// The words in a column of a sheet, below its two rows of headings.
export function column(bytes, sheet, letter) {
  const all = parts(bytes);
  const words = [...all.get(STRINGS).toString().matchAll(/<si>(?:<t[^>]*>([^<]*)<\/t>|<t\/>)<\/si>/g)].map(([, word]) => word);
  const cells = all.get(SHEETS[sheet]).toString().matchAll(new RegExp(`<c r="${letter}(\\d+)"[^>]* t="s"><v>(\\d+)</v></c>`, 'g'));
  return [...cells].filter(([, row]) => Number(row) > 2).map(([, , number]) => words[Number(number)]);
}

/// The same word in the whole column of a sheet, below its headings.
export function filled(bytes, sheet, letter, word) {
  const all = parts(bytes);
  const words = [...all.get(STRINGS).toString().matchAll(/<si>(?:<t[^>]*>([^<]*)<\/t>|<t\/>)<\/si>/g)].map(([, one]) => one);
  const number = words.indexOf(word);
  const cells = new RegExp(`(<c r="${letter}(\\d+)"[^>]* t="s"><v>)\\d+(</v></c>)`, 'g');
  const text = all.get(SHEETS[sheet]).toString();
  all.set(SHEETS[sheet], Buffer.from(text.replace(cells, (whole, open, row, close) => (Number(row) > 2 ? open + number + close : whole))));
  return packed(all);
}
