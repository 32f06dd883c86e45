// Somebody moves their account to another address: the code that is mailed there settles it, and only it.
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { followMail } from "../support/mailbox";

test("an account moves to another address", async ({ person, windowOf, freshWindow }) => {
  const ana = person("customer", "Ana");
  const elsewhere = `moved-${ana.email}`;
  const page = await windowOf(ana);
  await bringAxe(page);
  await page.goto("/account");
  await page.getByLabel("New address").fill("not an address");
  await page.getByRole("button", { name: "Change address" }).click();
  await expect(page.getByLabel("New address")).toBeFocused();
  await page.getByLabel("New address").fill(elsewhere);
  await page.getByLabel("Current password").first().fill(ana.password);
  await page.getByRole("button", { name: "Change address" }).click();
  await expect(page.getByText(`Look into the mail at ${elsewhere}`)).toBeVisible();
  await expectAccessible(page, "a mail is on its way to the new address");

  // In another browser the link is good for nothing.
  const stranger = await freshWindow();
  await followMail(stranger, elsewhere);
  await expect(stranger.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeVisible();

  // The link settles it, and leads home.
  await followMail(page, elsewhere);
  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await page.goto("/account");
  await expect(page.getByRole("definition").filter({ hasText: elsewhere })).toBeVisible();
});
