// A customer opens a ticket, and loses nothing that was typed on the way.
import { expect, test } from "../support/journey";
import { expectCount, openTicket, thread } from "../support/tickets";

test("a ticket is opened, listed and counted", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"));
  await expect(page.getByText("No tickets yet")).toBeVisible();
  await expectCount(page, "Open", 0);

  await openTicket(page, "The scale shows nothing", "Since **this morning**:\n\n- battery is new\n- light is green");
  const said = thread(page);
  await expect(said.getByRole("listitem").filter({ hasText: "battery is new" })).toBeVisible();
  await expect(said.getByText("this morning")).toBeVisible();
  await expectCount(page, "Open", 1);

  await page.reload();
  await expect(page.getByRole("heading", { name: "The scale shows nothing" })).toBeVisible();
});

test("the form names what is missing, and a draft survives a reload", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"));
  await page.getByRole("link", { name: "New ticket" }).first().click();
  await page.getByLabel("Message").fill("Half a thought");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByLabel("Title")).toBeFocused();
  await expect(page.getByLabel("Title")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Message")).toHaveValue("Half a thought");

  await page.getByLabel("Title").fill("Where is my");
  await page.reload();
  if (!(await page.getByLabel("Title").isVisible())) {
    await page.getByRole("link", { name: "New ticket" }).first().click();
  }
  await expect(page.getByLabel("Title")).toHaveValue("Where is my");
  await expect(page.getByLabel("Message")).toHaveValue("Half a thought");
});

test("a card filters, and a second click shows everything again", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"));
  await openTicket(page, "First of two", "One.");
  await page.goto("/");
  const cards = page.getByRole("group", { name: "Tickets by status" });
  await cards.getByRole("button", { name: "Resolved" }).click();
  await expect(page).toHaveURL(/[?&]status=resolved/);
  await expect(cards.getByRole("button", { name: "Resolved" })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByText("No ticket matches")).toBeVisible();

  await cards.getByRole("button", { name: "Resolved" }).click();
  await expect(page).not.toHaveURL(/status=/);
  await expect(page.getByRole("link", { name: /First of two/ })).toBeVisible();

  await page.goBack();
  await expect(cards.getByRole("button", { name: "Resolved" })).toHaveAttribute("aria-pressed", "true");
});

test("a reply that is not sent yet survives a reload", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"));
  await openTicket(page, "A slow thought", "To begin with.");
  await page.getByLabel("Your reply").fill("and then I noticed");
  await page.reload();
  await expect(page.getByLabel("Your reply")).toHaveValue("and then I noticed");
});
