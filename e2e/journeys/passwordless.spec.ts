// Somebody without an account writes to a desk that does without: the mailed link opens the ticket, once.
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, Person, test } from "../support/journey";
import { followMail } from "../support/mailbox";
import { onTheDesk, reply, thread } from "../support/tickets";

// The assistant is silent: an answer of its own would come between what the two write.
test.use({ settings: { WAGGLE_REGISTRATION: "passwordless", WAGGLE_ASSISTANT: "off" } });

test("a visitor asks, confirms, reads and replies", async ({ person, freshWindow, windowOf }) => {
  const zoe = new Person("Zoé");
  const page = await freshWindow();
  await bringAxe(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "How can we help?" })).toBeVisible();
  await expectAccessible(page, "the visitor's form");

  // The form says what is wrong before anything is sent, and keeps what is there.
  await page.getByLabel("Title").fill("The queen is gone");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByLabel("Your name")).toBeFocused();
  await expect(page.getByLabel("Your email")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page, "the visitor's form with faults");
  await page.getByLabel("Your name").fill(zoe.name);
  await page.getByLabel("Your email").fill(zoe.email);
  await page.getByLabel("Message").fill("Since Tuesday.");
  await page.reload();
  await expect(page.getByLabel("Your email")).toHaveValue(zoe.email);
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeFocused();
  await expect(page.getByText(zoe.email)).toBeVisible();
  await expectAccessible(page, "what happens next");

  // Until then nobody has seen it.
  const agent = await windowOf(person("agent", "Camille"));
  await expect(agent.getByText("The queue is empty")).toBeVisible();

  const link = await followMail(page, zoe.email);
  await expect(page.getByRole("heading", { level: 1, name: "The queen is gone" })).toBeVisible();
  await expect(page.getByLabel("Your reply")).toBeFocused();
  await page.keyboard.type("It is a new hive.");
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(thread(page).getByText("It is a new hive.")).toBeVisible();

  await onTheDesk(agent, page.url());
  await reply(agent, "Look for eggs first.");
  await expect(thread(page).getByText("Look for eggs first.")).toBeVisible();

  // Elsewhere the link is used, and a new one leads there.
  const elsewhere = await freshWindow();
  await bringAxe(elsewhere);
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeFocused();
  await expectAccessible(elsewhere, "a used link");
  await elsewhere.getByRole("button", { name: "Mail me a new link" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Check your mail" })).toBeFocused();
  await expectAccessible(elsewhere, "a new link is on its way");
  await expect(async () => {
    expect(await followMail(elsewhere, zoe.email)).not.toBe(link);
  }).toPass();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "The queen is gone" })).toBeVisible();
});

test("a known address gets the same words, and its owner may sign in instead", async ({ person, freshWindow }) => {
  const ana = person("customer", "Ana");
  const page = await freshWindow();
  await page.goto("/?ticket=new");
  await page.getByLabel("Your name").fill("Ana");
  await page.getByLabel("Your email").fill(ana.email);
  await page.getByLabel("Title").fill("Again from me");
  await page.getByLabel("Message").fill("Hello.");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByText(`We have sent a message to ${ana.email}.`)).toBeVisible();

  await page.goto("/");
  await page.getByRole("link", { name: "Sign in to see your tickets" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  // A ticket is somebody's: there is no way round signing in.
  await page.goto("/?ticket=01980000-0000-7000-8000-000000000000");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("a forged link looks like a used one", async ({ freshWindow }) => {
  const page = await freshWindow();
  await page.goto("/verify#token=forged");
  await expect(page.getByRole("heading", { level: 1, name: "This link no longer works" })).toBeVisible();
  await page.getByRole("button", { name: "Mail me a new link" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
});
