// What is done with is put away, and never lost: hidden unless asked for, and found by search when it is.
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply } from "../support/tickets";
import { rareWord } from "../support/articles";

const row = (page: Page, title: string) => page.getByRole("region", { name: "Tickets" }).getByRole("link", { name: title });

test("a resolved ticket is archived, found, and taken back", async ({ person, windowOf }) => {
  const title = `The smoker of ${rareWord()}`;
  const ana = await windowOf(person("customer", "Ana"));
  await bringAxe(ana);
  const address = await openTicket(ana, title, "It does not smoke.");
  const camille = await windowOf(person("agent", "Camille"));
  await bringAxe(camille);
  await onTheDesk(camille, address);
  await reply(camille, "Is there fuel in it?");
  await expect(camille.getByRole("button", { name: "Archive", exact: true })).toHaveCount(0);
  await ana.bringToFront();
  await ana.getByRole("button", { name: "Mark as resolved" }).click();
  await ana.getByRole("button", { name: "Yes, it is resolved" }).click();
  await expect(ana.getByText("This ticket is resolved.")).toBeVisible();

  // Archived by mistake, and back.
  await camille.bringToFront();
  const head = camille.getByRole("article").locator("header");
  await camille.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(head.getByText("Archived")).toBeVisible();
  await camille.getByRole("button", { name: "Undo" }).click();
  await expect(head.getByText("Archived")).toHaveCount(0);
  await camille.getByRole("button", { name: "Archive", exact: true }).click();
  await expect(head.getByText("Archived")).toBeVisible();

  // The queue leaves it out, its search too, unless asked.
  await camille.goto("/admin");
  await camille.getByLabel("Search tickets").fill(title);
  await expect(camille).toHaveURL(/[?&]q=/);
  await expect(camille.getByText("No ticket matches")).toBeVisible();
  const filters = camille.getByRole("group", { name: "Filter the queue" });
  await filters.getByRole("button", { name: "Archived" }).click();
  await expect(camille).toHaveURL(/archived=true/);
  await expect(row(camille, title)).toContainText("Archived");
  await expectAccessible(camille, "the archived tickets on the desk");

  // So does the customer's list.
  await ana.bringToFront();
  await ana.goto("/");
  await expect(ana.getByText("No tickets yet")).toBeVisible();
  await ana.getByRole("button", { name: "Show archived tickets" }).click();
  await expect(row(ana, title)).toContainText("Archived");
  await ana.getByLabel("Search tickets").fill("smoke");
  await expect(row(ana, title)).toBeVisible();
  await expectAccessible(ana, "a customer's archived tickets");
  await row(ana, title).click();
  await expect(ana.getByRole("article").locator("header").getByText("Archived")).toBeVisible();
  await ana.goto("/?archived=true");
  await ana.getByRole("button", { name: "Back to the current tickets" }).click();
  await expect(ana).not.toHaveURL(/archived/);

  await camille.bringToFront();
  await row(camille, title).click();
  await camille.getByRole("button", { name: "Unarchive" }).click();
  await expect(camille.getByText("Back in the list.")).toBeVisible();
  await ana.bringToFront();
  await ana.reload();
  await expect(row(ana, title)).toBeVisible();
});
