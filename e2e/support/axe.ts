// The accessibility rules of WCAG 2.2 AA, as far as a program can check them.
import { createRequire } from "node:module";
import { type Page, expect } from "@playwright/test";
import type { AxeResults } from "axe-core";

const SCRIPT = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Lets a window answer `expectAccessible`; to be called before its first page. */
export async function bringAxe(page: Page): Promise<void> {
  // As an init script: the page's content security policy refuses scripts added later, and should.
  await page.addInitScript({ path: SCRIPT });
}

export async function expectAccessible(page: Pick<Page, "evaluate">, what: string): Promise<void> {
  const results: AxeResults = await page.evaluate(() =>
    (window as unknown as { axe: { run: (options: object) => Promise<AxeResults> } }).axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }),
  );
  const faults = results.violations.map((found) => `${found.id}: ${found.help} (${found.nodes.map((node) => node.html).join(" | ")})`);
  expect(faults, what).toEqual([]);
}
