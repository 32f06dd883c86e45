// Every page keeps the rules of WCAG 2.2 AA that a program can check, in light and in dark.
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply } from "../support/tickets";

for (const colorScheme of ["light", "dark"] as const) {
  test(`pages before signing in, ${colorScheme}`, async ({ freshWindow }) => {
    const page = await freshWindow({ colorScheme });
    await bringAxe(page);
    for (const path of ["/sign-in", "/register", "/forgot", "/verify", "/reset", "/nowhere"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      await expectAccessible(page, path);
    }
  });

  test(`pages of a customer, ${colorScheme}`, async ({ person, windowOf }) => {
    const page = await windowOf(person("customer", "Ana"), { colorScheme });
    await bringAxe(page);
    await page.goto("/");
    await expect(page.getByText("No tickets yet")).toBeVisible();
    await expectAccessible(page, "an empty list");

    await page.getByRole("link", { name: "New ticket" }).first().click();
    await page.getByRole("button", { name: "Send ticket" }).click();
    await expect(page.getByLabel("Title")).toBeFocused();
    await expectAccessible(page, "the form with faults");

    await openTicket(page, "Readable by everybody", "Is it?");
    await expectAccessible(page, "a ticket");
    await page.getByRole("button", { name: "Delete ticket" }).click();
    await expectAccessible(page, "a dialog");
    await page.keyboard.press("Escape");

    await page.goto("/account");
    await expect(page.getByLabel("Name")).toHaveValue("Ana");
    await expectAccessible(page, "the account");
  });

  test(`pages of the team, ${colorScheme}`, async ({ person, windowOf }) => {
    const ana = await windowOf(person("customer", "Ana"));
    const address = await openTicket(ana, "For the team", "Hello.");
    const page = await windowOf(person("admin", "Dominique"), { colorScheme });
    await bringAxe(page);
    await page.goto("/admin");
    await expect(page.getByRole("link", { name: /For the team/ }).first()).toBeVisible();
    await expectAccessible(page, "the desk");
    await onTheDesk(page, address);
    await reply(page, "Hello to you.");
    await expectAccessible(page, "a ticket on the desk");
    await page.goto("/admin/people");
    await expect(page.getByRole("table")).toBeVisible();
    await expectAccessible(page, "the people");
  });
}
