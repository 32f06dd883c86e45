// A mail that the mail server refuses is not lost: an admin sees why, and sends it again.
import { bringAxe, expectAccessible } from "../support/axe";
import { startDesk } from "../support/desk";
import { expect, test } from "../support/journey";
import { MailServer } from "../support/smtp";

type Post = { post: MailServer };

const it = test.extend<object, Post>({
  post: [
    async ({}, use) => {
      const post = await MailServer.start();
      await use(post);
      post.stop();
    },
    { scope: "worker" },
  ],
  desk: [
    async ({ post }, use) => {
      const desk = await startDesk({ WAGGLE_SMTP_URL: post.url });
      await use(desk);
      await desk.stop();
    },
    { scope: "worker", timeout: 90_000 },
  ],
});

it("a mail that was given up is sent again", async ({ person, windowOf, freshWindow, post }) => {
  const ana = person("customer", "Ana");
  const admin = await windowOf(person("admin", "Dominique"));
  await bringAxe(admin);
  await admin.goto("/admin");
  await admin.getByRole("link", { name: "Mails" }).click();
  await expect(admin.getByText("No mails yet")).toBeVisible();
  await expectAccessible(admin, "no mails");

  post.refusal = "550 no such mailbox here";
  const page = await freshWindow();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ana.email);
  await page.getByRole("button", { name: "Email me a sign-in link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  const row = admin.getByRole("row").filter({ hasText: ana.email });
  await expect(async () => {
    await admin.goto("/admin/mails?state=dead");
    await expect(row).toContainText("Given up", { timeout: 3_000 });
  }).toPass();
  await expect(admin.getByRole("combobox", { name: "Filter by state" })).toHaveValue("dead");
  await expect(row).toContainText("Sign-in link");
  await expect(row).toContainText("no such mailbox here");
  await expect(admin.getByRole("link", { name: "Mails some were given up" })).toBeVisible();
  await expectAccessible(admin, "a mail that was given up");

  await admin.setViewportSize({ width: 390, height: 844 });
  await expect(row.getByRole("button", { name: `Send again to ${ana.email}` })).toBeVisible();
  const overhang = await admin.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overhang, "pixels that stick out at the right").toBeLessThanOrEqual(0);

  post.refusal = "";
  await row.getByRole("button", { name: /Send again/ }).click();
  await expect(admin.getByText(`The mail to ${ana.email} is on its way again.`)).toBeVisible();
  await expect(row.getByRole("rowheader")).toBeFocused();
  await expect.poll(() => post.received.filter((mail) => mail.includes(`To: ${ana.email}`)).length).toBe(1);
  await admin.getByRole("combobox", { name: "Filter by state" }).selectOption("sent");
  await expect(admin).toHaveURL("/admin/mails?state=sent");
  await expect(async () => {
    await admin.reload();
    await expect(row).toContainText("Sent", { timeout: 3_000 });
  }).toPass();
  await admin.getByRole("combobox", { name: "Filter by state" }).selectOption("dead");
  await expect(admin.getByText("No mail is in this state")).toBeVisible();
});
