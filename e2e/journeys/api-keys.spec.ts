// A person makes a key, a program uses it, and neither works once it is revoked; an admin looks after all of them.
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";

/** What the API says to whoever has this key. */
async function asks(page: Page, key: string, path: string): Promise<number> {
  return (await page.request.get(`/api/v1${path}`, { headers: { authorization: `Bearer ${key}` } })).status();
}

/** Makes a key in the dialog that is to be opened, and answers its token. */
async function make(page: Page, name: string, scopes: string[]): Promise<string> {
  await page.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog", { name: "New API key" });
  await dialog.getByRole("textbox", { name: "Name" }).fill(name);
  for (const scope of scopes) await dialog.getByRole("checkbox", { name: scope }).check();
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await dialog.getByRole("button", { name: "Copy" }).click();
  await expect(page.getByText("Copied.")).toBeVisible();
  const token = await page.evaluate(() => navigator.clipboard.readText());
  expect(token).toMatch(/^wgl_[\w-]{43}$/);
  await expectAccessible(page, "the dialog with the token");
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(token)).toBeHidden();
  return token;
}

test("a customer's key reads their tickets until it is revoked", async ({ person, windowOf }) => {
  const page = await windowOf(person("customer", "Carl"), { permissions: ["clipboard-read", "clipboard-write"] });
  await bringAxe(page);
  await page.goto("/account");
  const keys = page.getByRole("region", { name: "API keys" });
  await expect(keys.getByText("No keys yet.")).toBeVisible();

  // Nothing is made without a name and a scope, and what only the desk's keys may is not offered.
  await keys.getByRole("button", { name: "Make a key" }).click();
  const dialog = page.getByRole("dialog", { name: "New API key" });
  await dialog.getByRole("button", { name: "Make a key" }).click();
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByText("Choose at least one.")).toBeVisible();
  await expect(dialog.getByRole("checkbox")).toHaveCount(3);
  await expectAccessible(page, "the dialog");
  await page.keyboard.press("Escape");

  const key = await make(page, "Bookkeeping", ["Read tickets, their threads and files"]);
  expect(await asks(page, key, "/tickets")).toBe(200);
  expect(await asks(page, key, "/admin/people")).toBe(403);
  const row = keys.getByRole("listitem").filter({ hasText: "Bookkeeping" });
  await expect(row).toContainText(`${key.slice(0, 12)}…`);
  await expect(row).toContainText("tickets:read");
  await expectAccessible(page, "the account");

  await row.getByRole("button", { name: "Revoke Bookkeeping" }).click();
  const question = page.getByRole("dialog", { name: "Revoke this key?" });
  await expect(question.getByRole("button", { name: "Cancel" })).toBeFocused();
  await question.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("“Bookkeeping” is revoked.")).toBeVisible();
  await expect(keys.getByText("No keys yet.")).toBeVisible();
  expect(await asks(page, key, "/tickets")).toBe(401);
});

test("an admin makes the desk's key and sees everybody's", async ({ person, windowOf }) => {
  const [admin, carl] = [person("admin", "Camille"), person("customer", "Carl")];
  const his = await windowOf(carl, { permissions: ["clipboard-read", "clipboard-write"] });
  await bringAxe(his);
  await his.goto("/account");
  const own = await make(his, "Own script", ["Read tickets, their threads and files"]);

  const page = await windowOf(admin, { permissions: ["clipboard-read", "clipboard-write"] });
  await bringAxe(page);
  await page.goto("/admin/settings");
  await page.getByRole("link", { name: /^API keys/ }).click();
  const desks = page.getByRole("region", { name: "The desk’s keys" });
  const key = await make(page, "Shop", ["Open tickets for customers", "Read help articles"]);
  await expect(desks.getByRole("listitem").filter({ hasText: "Shop" })).toContainText("Made by Camille");
  const opened = await page.request.post("/api/v1/behalf/tickets", {
    headers: { authorization: `Bearer ${key}` },
    data: { customer: { email: carl.email, name: "Carl" }, ticket: { title: "From the shop", message: "Help" } },
  });
  expect(opened.status(), await opened.text()).toBe(201);
  await his.goto("/");
  await expect(his.getByRole("link", { name: "From the shop" })).toBeVisible();

  const others = page.getByRole("region", { name: "People’s own keys" }).getByRole("listitem").filter({ hasText: "Made by Carl" });
  await expectAccessible(page, "the desk's keys");
  await others.getByRole("button", { name: "Revoke Own script" }).click();
  await page.getByRole("dialog", { name: "Revoke this key?" }).getByRole("button", { name: "Revoke" }).click();
  await expect(others).toHaveCount(0);
  expect(await asks(page, own, "/tickets")).toBe(401);
});
