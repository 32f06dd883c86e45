// The support page as the desk has set it: its panels, its name and colour, its welcome, and the key that sends.
import { bringAxe, expectAccessible } from "../support/axe";
import { publish, rareWord } from "../support/articles";
import { expect } from "../support/journey";
import { PAGE, test } from "../support/office";
import { openTicket, reply, thread } from "../support/tickets";

test.use({ settings: { WAGGLE_ASSISTANT: "off" } });

test("single panels are hidden", async ({ office, person, windowOf, freshWindow }) => {
  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  const word = rareWord();
  await publish(await freshWindow(), person("agent", "Camille"), { title: `About ${word}`, body: `How to treat ${word} in a hive.` });
  const address = await openTicket(page, `A question about ${word}`, `What is ${word} in my hive?`);
  const cards = page.getByRole("group", { name: "Tickets by status" });
  const bell = page.getByRole("button", { name: "Notifications" });
  const articles = page.getByRole("heading", { name: "These articles may help" });
  const number = page.getByRole("term").filter({ hasText: "Number" });
  await expect(articles).toBeVisible();
  for (const shown of [cards, bell, number]) await expect(shown).toBeVisible();

  await office.set({ page: { ...PAGE, cards: false } });
  await page.reload();
  await expect(number).toBeVisible();
  await expect(cards).toHaveCount(0);

  await office.set({ page: { ...PAGE, bell: false, details: false } });
  await page.goto(address);
  await expect(articles).toBeVisible();
  await expect(bell).toHaveCount(0);
  await expect(number).toHaveCount(0);
  await expectAccessible(page, "a ticket without its details");

  await office.set({ page: { ...PAGE, details: false, articles: false } });
  await page.reload();
  await expect(thread(page)).toBeVisible();
  await expect(articles).toHaveCount(0);
  // What one may do with a ticket does not go with the panel.
  await page.getByText("More", { exact: true }).click();
  await expect(page.getByRole("button", { name: "Delete ticket" })).toBeVisible();
  await expectAccessible(page, "a ticket without panels");
});

test("the list shows the customer's name as the title", async ({ office, person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana Maria"));
  await openTicket(page, "The scale is silent", "Since noon.");
  await page.goto("/");
  const row = page.getByRole("link", { name: /The scale is silent/ });
  await expect(row).not.toContainText("Ana Maria");
  await office.set({ page: { ...PAGE, name_as_title: true } });
  await page.reload();
  await expect(row).toContainText(/^Ana Maria\s+The scale is silent/);
});

test("Enter sends where the desk says so, unless somebody has chosen otherwise", async ({ office, person, windowOf }) => {
  await office.set({ page: { ...PAGE, enter_sends: true } });
  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  const address = await openTicket(page, "By the key", "Hello.");
  const box = page.getByLabel("Your reply");
  await expect(page.getByText("Enter sends, Shift + Enter starts a new line")).toBeVisible();
  await box.fill("One line");
  // While an input method composes, Enter chooses a word.
  await box.dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true });
  await box.dispatchEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true });
  await box.press("Shift+Enter");
  await box.pressSequentially("and another");
  await expect(box).toHaveValue("One line\nand another");
  await box.press("Enter");
  await expect(thread(page).getByText("and another")).toBeVisible();
  await expect(box).toHaveValue("");

  await page.goto("/account");
  const asTheDesk = page.getByRole("radio", { name: /As this desk has it/ });
  await expect(asTheDesk).toBeChecked();
  await expect(page.getByText("As this desk has it: Enter sends")).toBeVisible();
  await expectAccessible(page, "the account's page");
  const saved = page.waitForResponse((answer) => answer.url().endsWith("/me") && answer.request().method() === "PATCH");
  await page.getByRole("radio", { name: /^Ctrl or/ }).check();
  expect((await saved).status()).toBe(200);
  await page.goto(address);
  await box.fill("Kept");
  await box.press("Enter");
  await box.pressSequentially("in the box");
  await expect(box).toHaveValue("Kept\nin the box");
  await box.press("Control+Enter");
  await expect(thread(page).getByText("in the box")).toBeVisible();
});

test("a welcome stands on a person's first ticket, and on no other", async ({ office, person, windowOf }) => {
  await office.set({ welcome: { en: "**Good to see you.** We answer within [a day](https://desk.example/hours)." } });
  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  const first = await openTicket(page, "My first", "Hello.");
  const welcome = page.getByRole("note");
  await expect(welcome).toHaveCount(1);
  await expect(welcome.getByText("Good to see you.")).toBeVisible();
  await expect(welcome.getByRole("link", { name: "a day" })).toBeVisible();
  await expectAccessible(page, "a first ticket with a welcome");
  await openTicket(page, "My second", "Hello again.");
  await expect(thread(page).getByText("Hello again.")).toBeVisible();
  await expect(welcome).toHaveCount(0);
  await page.goto(first);
  await expect(welcome).toHaveCount(1);
});

test("archived tickets are out of the way until they are asked for", async ({ office, person, windowOf }) => {
  const ana = person("customer", "Ana");
  const page = await windowOf(ana);
  await bringAxe(page);
  const address = await openTicket(page, "Long done", "Hello.");
  await openTicket(page, "Still open", "Hello.");
  const agent = await windowOf(person("agent", "Camille"));
  await agent.goto(`/admin${new URL(address).search}`);
  await reply(agent, "Done.");
  await page.goto(address);
  await page.getByRole("button", { name: "Mark as resolved" }).click();
  await page.getByRole("button", { name: "Yes, it is resolved" }).click();
  await expect(page.getByText("This ticket is resolved. It stays here to read.")).toBeVisible();
  await office.archive(address);

  await page.goto("/");
  const [done, open] = ["Long done", "Still open"].map((title) => page.getByRole("link", { name: title }));
  await expect(open).toBeVisible();
  await expect(done).toHaveCount(0);
  await page.getByRole("button", { name: "Show archived tickets" }).click();
  await expect(done).toBeVisible();
  await expect(open).toHaveCount(0);
  await expect(page).toHaveURL(/archived=true/);
  await expectAccessible(page, "the archived tickets");
  await page.getByRole("button", { name: "Back to the current tickets" }).click();
  await expect(open).toBeVisible();
  await expect(done).toHaveCount(0);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the desk's name and colour are the page's, ${colorScheme}`, async ({ office, person, windowOf, freshWindow }) => {
    await office.set({ brand: { name: "Les Ruchers", accent: "#0b6e4f" } });
    const page = await windowOf(person("customer", "Ana"), { colorScheme });
    await bringAxe(page);
    await page.goto("/");
    await expect(page.getByRole("banner").getByRole("link", { name: "Les Ruchers" })).toBeVisible();
    await expect(page).toHaveTitle("Support · Les Ruchers");
    const button = page.getByRole("link", { name: "New ticket" }).first();
    const colour = () => button.evaluate((it) => getComputedStyle(it).backgroundColor);
    if (colorScheme === "light") expect(await colour()).toBe("rgb(11, 110, 79)");
    await expectAccessible(page, "the support page in the desk's colour");
    await openTicket(page, "In colour", "Hello.");
    await expectAccessible(page, "a ticket in the desk's colour");

    // The other pages wear it too, and a change is taken up when the reader comes back.
    const visitor = await freshWindow({ colorScheme });
    await bringAxe(visitor);
    await visitor.goto("/sign-in");
    await expect(visitor).toHaveTitle("Sign in · Les Ruchers");
    await expectAccessible(visitor, "the sign-in page in the desk's colour");
    await office.set({ brand: { name: "Ruches du Lot", accent: "#7a1f5c" } });
    await visitor.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
    await expect(visitor).toHaveTitle("Sign in · Ruches du Lot");
    await expect(visitor.getByRole("banner").getByRole("link", { name: "Ruches du Lot" })).toBeVisible();
    await expectAccessible(visitor, "the sign-in page in another colour");
  });
}
