// What the desk has of people leaves as files, and people leave for good: the queue, one's own data, a person's data, a
// person who is erased.
import { readFile } from "node:fs/promises";
import { type Download, type Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { openTicket } from "../support/tickets";

/** What a click has the browser save. */
async function saved(page: Page, click: () => Promise<void>): Promise<Download> {
  const [download] = await Promise.all([page.waitForEvent("download"), click()]);
  expect(await download.failure()).toBeNull();
  return download;
}

async function bytes(download: Download): Promise<Buffer> {
  return readFile(await download.path());
}

test("the team takes the queue along as it is filtered", async ({ person, windowOf }) => {
  const carl = await windowOf(person("customer", "Carl"));
  const word = `Ableger${Date.now()}`;
  await openTicket(carl, `${word} one`, "=1+1 is no formula");
  await openTicket(carl, "Something else", "Not asked for");

  const page = await windowOf(person("agent", "Ana"));
  await bringAxe(page);
  await page.goto("/admin");
  await page.getByRole("searchbox", { name: "Search" }).first().fill(word);
  await expect(page.getByRole("link", { name: `${word} one` })).toBeVisible();
  await expect(page.getByRole("link", { name: "Something else" })).toHaveCount(0);
  await page.getByText("Export", { exact: true }).click();
  await expectAccessible(page, "the export's choices");
  const csv = await saved(page, () => page.getByRole("button", { name: "CSV, for spreadsheets" }).click());
  expect(csv.suggestedFilename()).toMatch(/\.csv$/);
  const rows = (await bytes(csv)).toString("utf8").trim().split("\r\n");
  expect(rows).toHaveLength(2);
  expect(rows[1]).toContain(`${word} one`);

  const lines = await saved(page, () => page.getByRole("button", { name: "JSON Lines, with threads" }).click());
  const tickets = (await bytes(lines)).toString("utf8").trim().split("\n").map((line) => JSON.parse(line));
  expect(tickets.map((ticket) => [ticket.title, ticket.comments[0].message])).toEqual([[`${word} one`, "=1+1 is no formula"]]);
});

test("a customer takes their data along", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Carl"));
  await bringAxe(page);
  await openTicket(page, "My hive", "It hums");
  await page.goto("/account");
  const data = page.getByRole("region", { name: "Your data" });
  await data.getByRole("button", { name: "Prepare the file" }).click();
  // It shows itself, and the bell tells of it.
  const fetch = data.getByRole("button", { name: "Download the file" });
  await expect(fetch).toBeVisible();
  await expectAccessible(page, "one's own data");
  const zip = await saved(page, () => fetch.click());
  expect(zip.suggestedFilename()).toBe("data.zip");
  expect((await bytes(zip)).subarray(0, 2).toString()).toBe("PK");

  await page.goto("/");
  const bell = page.getByRole("button", { name: /notifications?$/i });
  await bell.click();
  await page.getByRole("link", { name: /^Unread Your data is ready/ }).click();
  await expect(page.getByRole("heading", { name: "Your data" })).toBeFocused();
  await bell.click();
  await expect(page.getByRole("link", { name: /^Your data is ready/ })).toBeVisible();
});

test("an admin answers for a person's data, and erases them", async ({ person, windowOf }) => {
  const [gone, camille] = [person("customer", `Gone${Date.now()}`), person("admin", "Camille")];
  const theirs = await windowOf(gone);
  await openTicket(theirs, "Soon to go", "Goodbye");
  const page = await windowOf(camille);
  await bringAxe(page);
  await page.goto("/admin/people");
  await page.getByRole("searchbox").fill(gone.email);
  const row = page.getByRole("row").filter({ hasText: gone.email });
  await row.getByRole("button", { name: `Data of ${gone.name}` }).click();
  const dialog = page.getByRole("dialog", { name: "A person’s data" });
  await expect(dialog).toContainText(gone.name);
  await dialog.getByRole("button", { name: "Prepare the file" }).click();
  await expect(dialog.getByRole("button", { name: "Download the file" })).toBeVisible();
  await expectAccessible(page, "a person's data");
  await dialog.getByRole("button", { name: "Close" }).click();

  // The bell leads back to it.
  await page.getByRole("button", { name: /notifications?$/i }).click();
  await page.getByRole("link", { name: `The data of ${gone.name} is ready` }).click();
  const zip = await saved(page, () => dialog.getByRole("button", { name: "Download the file" }).click());
  expect((await bytes(zip)).subarray(0, 2).toString()).toBe("PK");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();

  await page.getByRole("searchbox").fill(gone.email);
  await row.getByRole("button", { name: `Erase ${gone.name}` }).click();
  const question = page.getByRole("dialog", { name: "Erase this person for good?" });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await expectAccessible(page, "the question");
  await question.getByRole("button", { name: "Erase for good" }).click();
  await expect(question.getByLabel("Reason")).toBeFocused();
  // The reason is kept, so it may not tell who it was.
  await question.getByLabel("Reason").fill(`${gone.name} wants it`);
  await question.getByLabel("Reason").press("Enter");
  await expect(question.getByLabel("Reason")).toHaveAccessibleDescription(/Do not name the person\. .+/);
  const reason = `Asked for it by mail, ${Date.now()}`;
  await question.getByLabel("Reason").fill(reason);
  await question.getByRole("button", { name: "Erase for good" }).click();
  await expect(page.getByText("The person is erased.")).toBeVisible();
  await expect(row).toHaveCount(0);
  const receipt = page.getByRole("region", { name: "Erased people" }).getByRole("listitem").filter({ hasText: reason });
  await expect(receipt).toContainText("1 ticket · by Camille");
  await expectAccessible(page, "the receipts");
  await theirs.goto("/account");
  await expect(theirs).toHaveURL(/sign-in/);
});
