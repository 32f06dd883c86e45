// What people do with tickets, as steps that several journeys share.
import { type Page, expect } from "@playwright/test";

/** Opens a ticket through the form; answers its address. */
export async function openTicket(page: Page, title: string, message: string): Promise<string> {
  await page.goto("/");
  await page.getByRole("link", { name: "New ticket" }).first().click();
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Message").fill(message);
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { name: title })).toBeVisible();
  await expect(page).toHaveURL(/[?&]ticket=[0-9a-f-]{36}/);
  return page.url();
}

/** Writes into the open ticket, and waits until the server has it. */
export async function reply(page: Page, text: string): Promise<void> {
  await page.getByLabel("Your reply").fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread(page).getByText(text)).toBeVisible();
  await expect(page.getByText("Sending…")).toHaveCount(0);
  await expect(thread(page).locator("[data-unsent]")).toHaveCount(0);
  await expect(page.getByLabel("Your reply")).toHaveValue("");
}

/** Reads the same ticket on the desk. */
export async function onTheDesk(agent: Page, address: string): Promise<void> {
  const ticket = new URL(address).searchParams.get("ticket");
  await agent.goto(`/admin?ticket=${ticket}`);
  await expect(thread(agent)).toBeVisible();
}

export function thread(page: Page) {
  return page.getByRole("log", { name: "Conversation" });
}

/** The number on one of the three cards. */
export async function expectCount(page: Page, card: "Open" | "In progress" | "Resolved", count: number): Promise<void> {
  const cards = page.getByRole("group", { name: "Tickets by status" });
  await expect(cards.getByRole("button", { name: card })).toContainText(String(count));
}
