// The team answers in a second window, and the customer sees it.
import { expect, test } from "../support/journey";
import { expectCount, onTheDesk, openTicket, reply, thread } from "../support/tickets";

test("an agent answers, the customer sees it and answers back", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "The queen is gone", "No eggs for a week.");

  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await expect(thread(camille).getByText("No eggs for a week.")).toBeVisible();
  await reply(camille, "Have you looked for queen cells?");

  await ana.reload();
  await expect(thread(ana).getByText("Have you looked for queen cells?")).toBeVisible();
  await expect(thread(ana)).toContainText("Camille");
  await expectCount(ana, "Open", 0);
  await expectCount(ana, "In progress", 1);
  await reply(ana, "Yes, three of them.");

  await camille.reload();
  await expect(thread(camille).getByText("Yes, three of them.")).toBeVisible();
});

test("the customer sees an answer without a reload", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Is anybody there?", "Hello?");
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await reply(camille, "Yes, here we are.");
  await ana.bringToFront();
  await expect(thread(ana).getByText("Yes, here we are.")).toBeVisible({ timeout: 30_000 });
});

test("an internal note stays inside the team", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "An invoice twice", "I was charged twice.");
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await camille.getByRole("button", { name: "Internal note" }).click();
  await camille.getByLabel("Note for the team").fill("Refund agreed with accounting.");
  await camille.getByRole("button", { name: "Add note" }).click();
  await expect(thread(camille).getByText("Refund agreed with accounting.")).toBeVisible();
  await camille.getByRole("button", { name: "Reply", exact: true }).click();
  await reply(camille, "We look into it.");

  await ana.reload();
  await expect(thread(ana).getByText("We look into it.")).toBeVisible();
  await expect(ana.getByText("Refund agreed with accounting.")).toHaveCount(0);
});
