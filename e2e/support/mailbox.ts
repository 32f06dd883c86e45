// The mails of a desk without a mail server, as its own page shows them.
import { type Page, expect } from "@playwright/test";

/** Opens the link of the newest mail to somebody, once it has come; answers the link. */
export async function followMail(page: Page, address: string): Promise<string> {
  const mail = page.getByRole("article").filter({ hasText: address }).first();
  await expect(async () => {
    await page.goto("/dev/mailbox");
    await expect(mail).toBeVisible({ timeout: 200 });
  }).toPass();
  const link = await mail.getByRole("link").first().getAttribute("href");
  expect(link).toBeTruthy();
  await page.goto(link ?? "");
  return link ?? "";
}
