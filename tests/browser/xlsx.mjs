// The smallest workbook that is one: sheets of rows of numbers and texts, stored without compression.
import { crc32 } from 'node:zlib';

const escape = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const column = i => String.fromCharCode(65 + i);
const cell = (value, at) => (typeof value === 'number' ? `<c r="${at}"><v>${value}</v></c>` : `<c r="${at}" t="inlineStr"><is><t>${escape(value)}</t></is></c>`);
const sheet = rows => `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${rows.map((row, r) => `<row r="${r + 1}">${row.map((value, c) => cell(value, column(c) + (r + 1))).join('')}</row>`).join('')}</sheetData></worksheet>`;

function zip(files) {
    const parts = [], heads = [];
    let at = 0;
    for (const [name, text] of files) {
        const data = Buffer.from(text), path = Buffer.from(name), local = Buffer.alloc(30), head = Buffer.alloc(46), sum = crc32(data);
        local.writeUInt32LE(0x04034b50, 0), local.writeUInt16LE(20, 4), local.writeUInt32LE(sum, 14), local.writeUInt32LE(data.length, 18), local.writeUInt32LE(data.length, 22), local.writeUInt16LE(path.length, 26);
        head.writeUInt32LE(0x02014b50, 0), head.writeUInt16LE(20, 4), head.writeUInt16LE(20, 6), head.writeUInt32LE(sum, 16), head.writeUInt32LE(data.length, 20), head.writeUInt32LE(data.length, 24), head.writeUInt16LE(path.length, 28), head.writeUInt32LE(at, 42);
        parts.push(local, path, data), heads.push(head, path), at += 30 + path.length + data.length;
    }
    const size = heads.reduce((sum, each) => sum + each.length, 0), end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50, 0), end.writeUInt16LE(files.length, 8), end.writeUInt16LE(files.length, 10), end.writeUInt32LE(size, 12), end.writeUInt32LE(at, 16);
    return Buffer.concat([...parts, ...heads, end]);
}

// {name: rows}
export function workbook(sheets) {
    const names = Object.keys(sheets), types = 'application/vnd.openxmlformats-officedocument.spreadsheetml', links = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships', packages = 'http://schemas.openxmlformats.org/package/2006';
    return zip([
        ['[Content_Types].xml', `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${names.map((_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" ContentType="${types}.worksheet+xml"/>`).join('')}</Types>`],
        ['_rels/.rels', `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${links}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
        ['xl/workbook.xml', `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${links}"><sheets>${names.map((name, i) => `<sheet name="${escape(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`],
        ['xl/_rels/workbook.xml.rels', `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="${packages}/relationships">${names.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${links}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}</Relationships>`],
        ...names.map((name, i) => [`xl/worksheets/sheet${i + 1}.xml`, sheet(sheets[name])]),
    ]);
}
