// Files as people drop, paste and choose them.
import { deflateSync } from "node:zlib";
import { type Page, expect } from "@playwright/test";

/** `zeros` follow the bytes, made where they are needed. */
export type Gift = { name: string; type: string; bytes: Buffer; zeros?: number };

/** A picture of its own colour. */
export function picture(name: string, width = 640, height = 480, shade = 0): Gift {
  const row = Buffer.alloc(1 + width * 3);
  const rows = Array.from({ length: height }, (_, y) => {
    for (let x = 0; x < width; x++) row.set([(x * 255) / width, (y * 255) / height, shade], 1 + x * 3);
    return Buffer.from(row);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk("IHDR", header), chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))];
  return { name, type: "image/png", bytes: Buffer.concat([signature, ...parts]) };
}

export function document(name: string, words = "A page"): Gift {
  const bytes = Buffer.from(`%PDF-1.4\n% ${words}\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n`);
  return { name, type: "application/pdf", bytes };
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(checksum(body), body.length + 4);
  return whole;
}

function checksum(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  }
  return (rest ^ 0xffffffff) >>> 0;
}

/** Drags files over the page and lets them go on an element. */
export async function drop(page: Page, target: string, ...gifts: Gift[]): Promise<void> {
  const dataTransfer = await carried(page, gifts);
  await page.dispatchEvent(target, "dragover", { dataTransfer });
  await expect(page.getByText("Drop files to attach them")).toBeVisible();
  await page.dispatchEvent(target, "drop", { dataTransfer });
  await expect(page.getByText("Drop files to attach them")).toBeHidden();
}

/** Pastes files into the element that has focus. */
export async function paste(page: Page, ...gifts: Gift[]): Promise<void> {
  const dataTransfer = await carried(page, gifts);
  await page.evaluate((clipboardData) => {
    const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
    window.document.activeElement?.dispatchEvent(event);
  }, dataTransfer);
}

/** The file on its way in the box to write in. */
export function chip(page: Page, name: string) {
  return page.getByRole("list", { name: "Files to send" }).getByRole("listitem").filter({ hasText: name });
}

/** Waits until so many files are uploaded and can be sent. */
export async function expectReady(page: Page, count: number): Promise<void> {
  const words = count === 1 ? "1 file is attached" : `${count} files are attached`;
  await expect(page.getByRole("status").filter({ hasText: words })).toBeAttached();
}

/** Waits until a picture of the page is really drawn. */
export async function expectDrawn(page: Page, selector: string): Promise<void> {
  await expect
    .poll(() => page.locator(selector).first().evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth > 0))
    .toBe(true);
}

function carried(page: Page, gifts: Gift[]) {
  const plain = gifts.map(({ name, type, bytes, zeros = 0 }) => ({ name, type, zeros, text: bytes.toString("base64") }));
  return page.evaluateHandle((plain) => {
    const carried = new DataTransfer();
    for (const { name, type, zeros, text } of plain) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      carried.items.add(new File([bytes, new Uint8Array(zeros)], name, { type }));
    }
    return carried;
  }, plain);
}
