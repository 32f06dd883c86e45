// The creator deletes a ticket; a stranger never sees it.
import { expect, test } from "../support/journey";
import { openTicket } from "../support/tickets";

test("a deleted ticket is gone, for its creator too", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Sent by mistake", "Never mind.");
  await ana.getByRole("button", { name: "Delete ticket" }).click();
  const dialog = ana.getByRole("dialog", { name: "Delete this ticket?" });
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await ana.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await ana.getByRole("button", { name: "Delete ticket" }).click();
  await dialog.getByRole("button", { name: "Delete for good" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.getByText("No tickets yet")).toBeVisible();

  await ana.goto(address);
  await expect(ana.getByRole("heading", { name: "Ticket not found" })).toBeVisible();
});

test("a stranger's address is not found, as one that never was", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Nobody else's business", "A secret.");

  const bela = await windowOf(person("customer", "Bela"));
  await bela.goto(address);
  await expect(bela.getByRole("heading", { name: "Ticket not found" })).toBeVisible();
  await expect(bela.getByText("Nobody else's business")).toHaveCount(0);
  await bela.goto("/?ticket=00000000-0000-7000-8000-000000000000");
  await expect(bela.getByRole("heading", { name: "Ticket not found" })).toBeVisible();
});

test("a mailed address leads to the ticket through the sign-in", async ({ person, windowOf, freshWindow }) => {
  const ana = person("customer", "Ana");
  const address = await openTicket(await windowOf(ana), "By mail", "Hello.");
  const page = await freshWindow();
  await page.goto(address);
  await page.getByLabel("Email").fill(ana.email);
  await page.getByLabel("Password", { exact: true }).fill(ana.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "By mail" })).toBeVisible();
});
