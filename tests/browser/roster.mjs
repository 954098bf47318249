/* Spreadsheets as offices make them, and the little of ZIP that reading and writing them needs. */

import { deflateRawSync, inflateRawSync } from "node:zlib";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** An identity number of 18 characters with its check character. */
export function identity(seventeen) {
    const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(seventeen[i]), 0);
    return seventeen + "10X98765432"[sum % 11];
}

/** A card number whose last digit fits the others (Luhn). */
export function card(order) {
    const digits = `621700${String(order).padStart(12, "0")}`;
    const sum = [...digits].reverse().reduce((total, digit, i) => {
        const twice = i % 2 === 0 ? Number(digit) * 2 : Number(digit);
        return total + (twice > 9 ? twice - 9 : twice);
    }, 0);
    return digits + String((10 - (sum % 10)) % 10);
}

export function fullWidth(text) {
    return text.replaceAll(/[0-9X]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
}

/* --- ZIP */

const CRC = Array.from({ length: 256 }, (_, i) => {
    let value = i;
    for (let bit = 0; bit < 8; bit++) {
        value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return value >>> 0;
});

function crc(bytes) {
    let value = 0xffffffff;
    for (const byte of bytes) {
        value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
    }
    return (value ^ 0xffffffff) >>> 0;
}

/** What the local header and the directory say alike of a file. */
function entry(name, bytes, packed) {
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0); // version needed
    head.writeUInt16LE(0x0800, 2); // names in UTF-8
    head.writeUInt16LE(8, 4); // deflate
    head.writeUInt32LE(crc(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    return head;
}

function zip(files) {
    const bodies = [];
    const directory = [];
    let offset = 0;
    for (const [name, text] of Object.entries(files)) {
        const bytes = Buffer.from(text);
        const packed = deflateRawSync(bytes);
        const head = entry(name, bytes, packed);
        const where = Buffer.alloc(14);
        where.writeUInt32LE(offset, 10);
        const body = Buffer.concat([Buffer.from("PK\x03\x04"), head, Buffer.from(name), packed]);
        directory.push(Buffer.from("PK\x01\x02\x14\x00"), head, where, Buffer.from(name));
        bodies.push(body);
        offset += body.length;
    }
    const list = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06");
    end.writeUInt16LE(bodies.length, 8);
    end.writeUInt16LE(bodies.length, 10);
    end.writeUInt32LE(list.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...bodies, list, end]);
}

/** All text of a file, be it CSV or XLSX. */
export function textOf(bytes) {
    if (bytes.toString("latin1", 0, 2) !== "PK") {
        return bytes.toString("utf8");
    }
    let at = bytes.readUInt32LE(bytes.lastIndexOf("PK\x05\x06") + 16);
    let text = "";
    while (bytes.toString("latin1", at, at + 4) === "PK\x01\x02") {
        const [nameLength, extra, note] = [28, 30, 32].map((i) => bytes.readUInt16LE(at + i));
        const local = bytes.readUInt32LE(at + 42);
        const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        const packed = bytes.subarray(start, start + bytes.readUInt32LE(at + 20));
        text += (bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed).toString();
        at += 46 + nameLength + extra + note;
    }
    return text;
}

/* --- XLSX */

function cell(value, row, column) {
    const place = `${String.fromCharCode(65 + column)}${row}`;
    if (value === null) {
        return "";
    }
    if (typeof value === "number") {
        return `<c r="${place}"><v>${value}</v></c>`;
    }
    return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${value}</t></is></c>`;
}

function sheetOf(rows, merged) {
    const lines = rows.map((cells, i) => {
        const inside = cells.map((value, column) => cell(value, i + 1, column)).join("");
        return `<row r="${i + 1}">${inside}</row>`;
    });
    const merges = merged.map((range) => `<mergeCell ref="${range}"/>`).join("");
    return `<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.join("")}</sheetData>${
        merges === "" ? "" : `<mergeCells>${merges}</mergeCells>`
    }</worksheet>`;
}

/** A workbook; `sheets` are [name, rows, merged ranges]. */
export function workbook(sheets) {
    const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const packages = "http://schemas.openxmlformats.org/package/2006";
    const types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    const each = (make) => sheets.map((sheet, i) => make(sheet[0], i + 1)).join("");
    const files = {
        "[Content_Types].xml": `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${types}.sheet.main+xml"/>${each(
            (_, i) => `<Override PartName="/xl/worksheets/sheet${i}.xml" ContentType="${types}.worksheet+xml"/>`,
        )}</Types>`,
        "_rels/.rels": `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
        "xl/workbook.xml": `<workbook xmlns="${main}" xmlns:r="${office}"><sheets>${each(
            (name, i) => `<sheet name="${name}" sheetId="${i}" r:id="rId${i}"/>`,
        )}</sheets></workbook>`,
        "xl/_rels/workbook.xml.rels": `<Relationships xmlns="${packages}/relationships">${each(
            (_, i) => `<Relationship Id="rId${i}" Type="${office}/worksheet" Target="worksheets/sheet${i}.xml"/>`,
        )}</Relationships>`,
    };
    sheets.forEach(([, rows, merged = []], i) => {
        files[`xl/worksheets/sheet${i + 1}.xml`] = sheetOf(rows, merged);
    });
    return zip(files);
}
