// Whoever is waited for hears of it: the bell counts, leads to the ticket, and falls silent in every tab.
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply, thread } from "../support/tickets";

const bell = (page: Page, name: string | RegExp) => page.getByRole("banner").getByRole("button", { name });
const silent = (page: Page) => page.getByRole("banner").getByRole("button", { name: "Notifications", exact: true });
const list = (page: Page) => page.getByRole("dialog", { name: "Notifications" });

test("a response rings, leads to its ticket, and is read in every tab", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await bringAxe(ana);
  const address = await openTicket(ana, "The scale is silent", "It shows nothing.");
  // The assistant has answered before anybody leaves.
  await bell(ana, /otification/).click();
  await expect(list(ana).getByRole("listitem")).toHaveCount(1);
  await expect(list(ana)).not.toContainText("Unread");
  await ana.goto("/help");
  await expect(silent(ana)).toBeVisible();
  const tab = await ana.context().newPage();
  await tab.goto("/help");
  await expect(silent(tab)).toBeVisible();

  const agent = await windowOf(person("agent", "Camille"));
  await onTheDesk(agent, address);
  await reply(agent, "Is its battery charged?");
  await expect(bell(tab, "1 unread notification")).toBeVisible();

  // The other tab is behind; what is open and in sight is the one that counts.
  await ana.bringToFront();
  await expect(bell(ana, "1 unread notification")).toHaveAttribute("aria-expanded", "false");
  await bell(ana, "1 unread notification").focus();
  await ana.keyboard.press("Enter");
  await expect(bell(ana, "1 unread notification")).toHaveAttribute("aria-expanded", "true");
  const first = list(ana).getByRole("listitem").first();
  await expect(first).toContainText("Unread");
  await expect(first).toContainText("Camille replied");
  await expect(first).toContainText("The scale is silent");
  await expectAccessible(ana, "the open bell");

  // Esc gives focus back.
  await ana.keyboard.press("Tab");
  await ana.keyboard.press("Escape");
  await expect(bell(ana, "1 unread notification")).toBeFocused();
  await expect(list(ana)).toBeHidden();

  await ana.keyboard.press("Enter");
  await first.getByRole("link").click();
  await expect(ana).toHaveURL(address);
  await expect(list(ana)).toBeHidden();
  await expect(thread(ana).getByText("Is its battery charged?")).toBeVisible();
  await expect(ana.getByRole("heading", { level: 1, name: "The scale is silent" })).toBeFocused();
  await expect(silent(ana)).toBeVisible();
  await expect(silent(tab)).toBeVisible();

  // What comes while the ticket is open is read as it comes.
  await reply(agent, "And is it switched on?");
  await expect(thread(ana).getByText("And is it switched on?")).toBeVisible();
  await bell(ana, /otification/).click();
  await expect(list(ana).getByRole("listitem")).toHaveCount(3);
  await expect(list(ana)).not.toContainText("Unread");
  await expect(silent(tab)).toBeVisible();
});

test("the team hears of tickets, and marks all read at once", async ({ person, windowOf }) => {
  const admin = await windowOf(person("admin", "Dominique"));
  await expect(admin.getByRole("heading", { level: 1, name: "Desk" })).toBeVisible();
  const ben = await windowOf(person("customer", "Ben"));
  await openTicket(ben, "A first question of Ben's", "Hello.");
  await openTicket(ben, "A second question of Ben's", "Hello again.");

  await bell(admin, /otification/).click();
  const second = list(admin).getByRole("listitem").filter({ hasText: "A second question of Ben's" });
  await expect(second).toContainText("Ben opened a ticket");
  await expect(second).toContainText("Unread");
  await list(admin).getByRole("button", { name: "Mark all read" }).click();
  await expect(second).not.toContainText("Unread");
  await admin.keyboard.press("Escape");

  await bell(admin, /otification/).click();
  await second.getByRole("link").click();
  await expect(admin).toHaveURL(/\/admin\?ticket=/);
  await expect(admin.getByRole("heading", { level: 1, name: "A second question of Ben's" })).toBeVisible();
});

test("somebody says where to be told of what", async ({ person, windowOf }) => {
  const cleo = person("customer", "Cleo");
  const page = await windowOf(cleo);
  await bringAxe(page);
  await page.goto("/help");
  await bell(page, "Notifications").click();
  await list(page).getByRole("link", { name: "Choose what to be told" }).click();
  await expect(page).toHaveURL("/account#notifications");
  const table = page.getByRole("table");
  await expect(table.getByRole("row")).toHaveCount(3);
  await expectAccessible(page, "the preferences");

  // Quickly one after the other: the last choice of each stands.
  const inBell = page.getByLabel("In the bell somebody replies on my ticket");
  const byMail = page.getByLabel("By mail somebody replies on my ticket");
  await expect(inBell).toBeChecked();
  const saved = page.waitForResponse(async (answer) => {
    if (answer.request().method() !== "PATCH") return false;
    const { bell, mail } = (await answer.json()).preferences.notify.response;
    return !bell && mail;
  });
  await byMail.uncheck();
  await inBell.uncheck();
  await byMail.check();
  await saved;
  await page.reload();
  await expect(byMail).toBeChecked();
  await expect(inBell).not.toBeChecked();

  const team = await windowOf(person("agent", "Fanny"));
  await team.goto("/account");
  await expect(team.getByLabel("By mail a customer asks for a person")).toBeChecked();
  await expect(team.getByLabel("By mail a ticket is opened")).not.toBeChecked();
});

test("told by mail alone, the bell stays silent", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Cleo"));
  await page.goto("/account");
  const saved = page.waitForResponse((answer) => answer.request().method() === "PATCH");
  await page.getByLabel("In the bell somebody replies on my ticket").uncheck();
  await saved;
  const address = await openTicket(page, "Only by mail", "Please.");
  await page.goto("/account");
  const agent = await windowOf(person("agent", "Camille"));
  await onTheDesk(agent, address);
  await reply(agent, "Gladly.");
  await page.goto(address);
  await expect(thread(page).getByText("Gladly.")).toBeVisible();
  await bell(page, "Notifications").click();
  await expect(list(page).getByText("You are up to date")).toBeVisible();
});
