// Everything without a mouse.
import { type Locator, type Page } from "@playwright/test";
import { expect, test } from "../support/journey";
import { thread } from "../support/tickets";

test("a customer signs in, opens a ticket and replies by keyboard alone", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();
  await page.goto("/");
  await tabTo(page, page.getByLabel("Email"));
  await page.keyboard.type(ana.email);
  await tabTo(page, page.getByLabel("Password", { exact: true }));
  await page.keyboard.type(ana.password);
  await page.keyboard.press("Enter");

  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await tabTo(page, page.getByRole("link", { name: "New ticket" }).first());
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Title"));
  await page.keyboard.type("Without a mouse");
  await tabTo(page, page.getByLabel("Message"));
  await page.keyboard.type("Can I do it all?");
  await tabTo(page, page.getByRole("button", { name: "Send ticket" }));
  await page.keyboard.press("Enter");

  // What is opened takes the focus to its heading.
  await expect(page.getByRole("heading", { name: "Without a mouse" })).toBeFocused();
  await tabTo(page, page.getByLabel("Your reply"));
  await page.keyboard.type("Yes.");
  await page.keyboard.press("Control+Enter");
  await expect(thread(page).getByText("Yes.", { exact: true })).toBeVisible();
});

/** Presses Tab until the element has focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  await expect(wanted).toBeVisible();
  for (let presses = 0; presses < 60; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never gets to ${wanted}`);
}
