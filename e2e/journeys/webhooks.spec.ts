// An admin has a program told what happens: where it may be, the secret that is shown once, and what came of each message.
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";

// Public, and nobody's: the block was given back in 2006 and leads nowhere.
const NOBODY = "https://[3ffe::1]/hook";

test("an admin adds a webhook, and sees what came of its messages", async ({ person, windowOf }) => {
  const page = await windowOf(person("admin", "Dominique"));
  await bringAxe(page);
  await page.goto("/admin/settings");
  await page.getByRole("link", { name: /^Webhooks/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Webhooks" })).toBeVisible();
  await expectAccessible(page, "no webhooks");

  // This machine is no place for one.
  await page.getByRole("link", { name: "Add a webhook" }).click();
  const address = page.getByLabel("Address");
  await address.fill("https://127.0.0.1/hook");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("leads to the public internet")).toBeVisible();
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "a refused address");

  await address.fill(NOBODY);
  await page.getByLabel("What it is for").fill("Tells the shop");
  await page.getByRole("switch", { name: "Tell it everything" }).uncheck();
  await page.getByLabel("Ticket opened (ticket.created)").check();
  await page.getByRole("button", { name: "Save" }).click();
  const secret = page.getByText(/^whsec_/);
  await expect(secret).toBeVisible();
  const first = await secret.textContent();
  await expectAccessible(page, "a new webhook");

  await page.getByRole("button", { name: "Send a test" }).click();
  const message = page.getByRole("listitem").filter({ hasText: "webhook.test" });
  await expect(async () => {
    await page.getByRole("button", { name: "Refresh" }).click({ timeout: 1_000 });
    await expect(message).toContainText(/no connection|no answer within 10 seconds/, { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await message.getByText("webhook.test").first().click();
  await expect(message).toContainText('"type": "webhook.test"');
  await message.getByRole("button", { name: "Send again" }).click();
  await expect(page.getByText("The message is on its way again.")).toBeVisible();
  await expectAccessible(page, "the messages of a webhook");

  await page.getByRole("button", { name: "New secret" }).click();
  await page.getByRole("button", { name: "Make a new one" }).click();
  await expect(page.getByText("The secret before signs as well until")).toBeVisible();
  await expect(secret).not.toHaveText(first ?? "");

  // Nobody is shown it again.
  await page.reload();
  await expect(page.getByText("The secret before signs as well until")).toBeVisible();
  await expect(secret).toHaveCount(0);
  await expect(page.getByLabel("Ticket opened (ticket.created)")).toBeChecked();

  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("An admin switched it off.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send a test" })).toHaveCount(0);
  await page.getByRole("link", { name: "All webhooks" }).click();
  const row = page.getByRole("listitem").filter({ hasText: NOBODY });
  await expect(row).toContainText("Off");
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(row).toBeVisible();
  const overhang = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overhang, "pixels that stick out at the right").toBeLessThanOrEqual(0);
  await expectAccessible(page, "the webhooks");

  await row.getByRole("link", { name: `Open ${NOBODY}` }).click();
  await page.getByRole("button", { name: "Remove" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove this webhook?" });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await dialog.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("No program is told anything yet.")).toBeVisible();
});
