// The creator, and nobody else, says when a ticket is resolved; it is final.
import { expect, test } from "../support/journey";
import { expectCount, onTheDesk, openTicket, reply } from "../support/tickets";

test("the customer resolves after the team has replied, for good", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "The sensor is back", "It works again?");
  await expect(ana.getByRole("button", { name: "Mark as resolved" })).toHaveCount(0);

  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await reply(camille, "We restarted the gateway.");
  await expect(camille.getByRole("button", { name: "Mark as resolved" })).toHaveCount(0);

  await ana.reload();
  await ana.getByRole("button", { name: "Mark as resolved" }).click();
  const dialog = ana.getByRole("dialog", { name: "Mark this ticket as resolved?" });
  await expect(dialog.getByText("The sensor is back")).toBeVisible();
  // A hasty Enter does no harm.
  await expect(dialog.getByRole("button", { name: "Cancel" })).toBeFocused();
  await ana.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expectCount(ana, "Resolved", 0);

  await ana.getByRole("button", { name: "Mark as resolved" }).click();
  await dialog.getByRole("button", { name: "Yes, it is resolved" }).click();
  await expect(dialog).toBeHidden();
  await expect(ana.getByText("This ticket is resolved.")).toBeVisible();
  await expectCount(ana, "Resolved", 1);
  await expect(ana.getByLabel("Your reply")).toHaveCount(0);

  // What comes later is a ticket of its own that goes on from this one.
  await ana.getByRole("link", { name: "Open a follow-up ticket" }).click();
  await ana.getByLabel("Title").fill("The sensor is gone again");
  await ana.getByLabel("Message").fill("Since last night.");
  await ana.getByRole("button", { name: "Send ticket" }).click();
  await expect(ana.getByRole("heading", { name: "The sensor is gone again" })).toBeVisible();
  await expect(ana.getByText("Goes on from")).toBeVisible();
});
