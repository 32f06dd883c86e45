// One pane at a time on a phone, and nothing wider than it.
import type { Page } from "@playwright/test";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply } from "../support/tickets";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

test("a customer on a phone reads, replies and goes back to the list", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"), PHONE);
  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await expectFits(page);
  await openTicket(page, "A title that is long enough to need more than one line on a telephone's small screen", "Averyveryverylongwordwithoutanyspace".repeat(5));
  await expectFits(page);
  await reply(page, "From my phone.");
  await page.getByRole("link", { name: "Back to the list" }).click();
  await expect(page).not.toHaveURL(/ticket=/);
  await expect(page.getByRole("link", { name: /A title that is long/ })).toBeVisible();
  await expectFits(page);
});

test("the desk fits a phone", async ({ person, windowOf }) => {
  const address = await openTicket(await windowOf(person("customer", "Ana")), "For a small desk", "Hello.");
  const page = await windowOf(person("admin", "Dominique"), PHONE);
  await page.goto("/admin");
  await expect(page.getByRole("link", { name: /For a small desk/ }).first()).toBeVisible();
  await expectFits(page);
  await onTheDesk(page, address);
  await expectFits(page);
  await page.goto("/admin/people");
  await expect(page.getByRole("heading", { level: 1, name: "People" })).toBeVisible();
  await expectFits(page);
});

async function expectFits(page: Page): Promise<void> {
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overhang, "pixels that stick out at the right").toBeLessThanOrEqual(0);
}
