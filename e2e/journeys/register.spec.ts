// A newcomer makes an account by a mailed link; somebody who forgot the password gets another.
import { expect, Person, signIn, test } from "../support/journey";
import { followMail } from "../support/mailbox";

test("a newcomer registers by the link in a mail", async ({ freshWindow }) => {
  const noor = new Person("Noor");
  const page = await freshWindow();
  await page.goto("/register");

  // The form says what is wrong before anything is sent.
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByLabel("Name")).toBeFocused();
  await expect(page.getByLabel("Name")).toHaveAttribute("aria-invalid", "true");

  await page.getByLabel("Name").fill(noor.name);
  await page.getByLabel("Email").fill(noor.email);
  await page.getByLabel("Password", { exact: true }).fill(noor.password);
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  await followMail(page, noor.email);
  await expect(page).toHaveURL("/");
  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
});

test("a forgotten password is replaced by the link in a mail", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("Email").fill(ana.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  const link = await followMail(page, ana.email);
  const renewed = { ...ana, password: "another long password" } as Person;
  await page.getByLabel("New password", { exact: true }).fill(renewed.password);
  await page.getByRole("button", { name: "Set password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await signIn(page, renewed);
  await expect(page).toHaveURL("/");

  // The link is used, and says so once a password is sent by it.
  const elsewhere = await freshWindow();
  await elsewhere.goto(link);
  await elsewhere.getByLabel("New password", { exact: true }).fill("a password of somebody else");
  await elsewhere.getByRole("button", { name: "Set password" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeFocused();
  await elsewhere.getByRole("button", { name: "Mail me a new link" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
  await expect(async () => {
    expect(await followMail(elsewhere, ana.email)).not.toBe(link);
  }).toPass();
  await expect(elsewhere.getByLabel("New password", { exact: true })).toBeVisible();
});

test("a link signs in without a password, once", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ana.email);
  await page.getByRole("button", { name: "Email me a sign-in link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  const link = await followMail(page, ana.email);
  await expect(page.getByRole("heading", { level: 1, name: "Support" })).toBeVisible();

  const elsewhere = await freshWindow();
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeVisible();
});
