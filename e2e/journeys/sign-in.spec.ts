// Somebody with an account signs in, stays signed in, and signs out.
import { expect, signIn, test } from "../support/journey";

test("a customer signs in, comes back, and signs out", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();

  // Whoever is nobody yet is asked who they are, and then goes where they wanted to.
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await signIn(page, ana);
  await expect(page).toHaveURL("/account");
  await expect(page.getByLabel("Name")).toHaveValue("Ana");

  await page.reload();
  await expect(page.getByLabel("Name")).toHaveValue("Ana");

  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("signing out without a network holds", async ({ person, freshWindow }) => {
  const page = await freshWindow();
  await page.goto("/sign-in");
  await signIn(page, person("customer", "Ana"));
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.route("**/auth/logout", (route) => route.abort());
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();

  await page.unroute("**/auth/logout");
  await page.goto("/account");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("a wrong password is refused and nothing typed is lost", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(ana.email);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert")).not.toBeEmpty();
  await expect(page.getByLabel("Email")).toHaveValue(ana.email);
});

test("a member of the team arrives at the desk, a customer cannot", async ({ person, windowOf }) => {
  const agent = await windowOf(person("agent", "Camille"));
  await expect(agent).toHaveURL("/admin");

  const customer = await windowOf(person("customer", "Ana"));
  await customer.goto("/admin");
  await expect(customer.getByRole("heading", { level: 1, name: "Page not found" })).toBeVisible();
});
