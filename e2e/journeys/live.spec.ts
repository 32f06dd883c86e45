// Nobody has to reload: what others do appears by itself, and nobody loses their place or their words.
import { spawn } from "node:child_process";
import { type BrowserContext, type Locator, type Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { freePort } from "../support/desk";
import { expect, signIn, test } from "../support/journey";
import { expectCount, onTheDesk, openTicket, reply, thread } from "../support/tickets";

/** What a page asks for by itself only now and then would come too late to pass for this. */
const SOON = { timeout: 5_000 };

const LIVE = "**/api/v1/live";

function streams(context: BrowserContext): string[] {
  const opened: string[] = [];
  context.on("request", (request) => {
    if (request.url().endsWith("/api/v1/live")) opened.push(request.url());
  });
  return opened;
}

/** Waits until a page hears of what happens, which the others can see of somebody who looks at a ticket. */
async function expectCompany(page: Page, name: string): Promise<void> {
  await expect(page.getByText(`${name} is looking at this ticket`)).toBeVisible();
}

test("a comment appears on the other side by itself, and so do a new ticket and its count", async ({ person, windowOf }) => {
  const camille = await windowOf(person("agent", "Camille"));
  const ana = await windowOf(person("customer", "Ana"));
  const title = `The smoker is cold ${Date.now()}`;
  const address = await openTicket(ana, title, "It goes out.");
  await expect(camille.getByRole("link", { name: new RegExp(title) })).toBeVisible(SOON);
  // The assistant has written all that it is going to.
  await expect(thread(ana).getByRole("article").filter({ hasText: "[ai:" })).toBeVisible({ timeout: 20_000 });
  await onTheDesk(camille, address);

  await reply(camille, "Which fuel do you use?");
  await expect(thread(ana).getByText("Which fuel do you use?")).toBeVisible(SOON);
  await expectCount(ana, "In progress", 1);
  await reply(ana, "Hay.");
  await expect(thread(camille).getByText("Hay.")).toBeVisible(SOON);
});

test("who reads further up keeps their place, and a button leads to what is new", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "A long story", "It began in May.\n\n".repeat(40));
  const camille = await windowOf(person("agent", "Camille"));
  await bringAxe(camille);
  await onTheDesk(camille, address);
  const conversation = camille.getByRole("region", { name: "Conversation" });
  // The assistant leaves the ticket to her and adds nothing of its own.
  await reply(camille, "I read it all.");
  await expect.poll(() => conversation.evaluate((it) => it.scrollTop)).toBeGreaterThan(200);
  await conversation.evaluate(drawn);
  await conversation.evaluate((it) => it.scrollTo(0, 100));

  await reply(ana, "First addition.\n\n".repeat(30));
  const news = camille.getByRole("status").getByRole("button");
  await expect(news).toHaveText("1 new message");
  await reply(ana, "Second addition.");
  await expect(news).toHaveText("2 new messages");
  expect(await conversation.evaluate((it) => it.scrollTop)).toBe(100);
  await expectAccessible(camille, "news of new messages");

  await news.focus();
  await camille.keyboard.press("Enter");
  await expect(news).toHaveCount(0);
  const first = thread(camille).getByRole("article").filter({ hasText: "First addition." });
  await expect.poll(() => above(first, conversation)).toBeLessThan(4);
  await expect(conversation).toBeFocused();

  // Whoever is at the end simply sees what comes.
  await camille.keyboard.press("End");
  await expect.poll(() => conversation.evaluate((it) => it.scrollHeight - it.scrollTop - it.clientHeight)).toBeLessThan(8);
  await reply(ana, "Third addition.");
  await expect(thread(camille).getByText("Third addition.")).toBeInViewport(SOON);
  await expect(news).toHaveCount(0);
});

/** Waits until all that was to be drawn, and to be scrolled to, is. */
function drawn(): Promise<void> {
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())));
}

/** How far, in pixels, a comment begins from where what one sees of the conversation does. */
async function above(comment: Locator, conversation: Locator): Promise<number> {
  const [inner, outer] = [await comment.boundingBox(), await conversation.boundingBox()];
  return Math.abs((inner?.y ?? 0) - (outer?.y ?? 0));
}

test("the list keeps its place when a ticket comes in", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  for (const number of [1, 2, 3]) await openTicket(ana, `Frame ${number}`, "Help");
  await ana.goto("/");
  const second = ana.getByRole("link", { name: /Frame 2/ });
  await second.focus();
  const other = await ana.context().newPage();
  await openTicket(other, "Frame 4", "Help");
  await expect(ana.getByRole("link", { name: /Frame 4/ })).toBeVisible(SOON);
  await expect(second).toBeFocused();
  await expectCount(ana, "Open", 4);
});

test("offline is said, what is written is kept, and all is caught up with", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await bringAxe(ana);
  const address = await openTicket(ana, "Swarm in the chimney", "They are inside.");
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);

  await ana.context().setOffline(true);
  const banner = ana.getByText("Offline. What you write is kept.");
  await expect(banner).toBeVisible();
  await expectAccessible(ana, "a page that is offline");
  await reply(camille, "Light no fire.");
  await ana.getByLabel("Your reply").fill("Of course not.");
  await ana.getByRole("button", { name: "Send", exact: true }).click();
  await expect(ana.getByText("Not sent.")).toBeVisible();

  await ana.context().setOffline(false);
  await expect(banner).toHaveCount(0);
  await expect(thread(ana).getByText("Light no fire.")).toBeVisible(SOON);
  await expect(ana.getByText("Not sent.")).toHaveCount(0);
  await expect(thread(camille).getByText("Of course not.")).toBeVisible(SOON);
  // Sent again by the page, and there once.
  await expect(thread(ana).getByText("Of course not.")).toHaveCount(1);
});

test("a page without a stream follows all the same, be it more slowly", async ({ person, windowOf }) => {
  test.slow();
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Behind a proxy", "Hello?");
  let tries = 0;
  await ana.route(LIVE, (route) => {
    tries += 1;
    return route.abort();
  });
  await ana.reload();
  await expect.poll(() => tries, { timeout: 20_000 }).toBeGreaterThan(2);
  // All else is answered, so nobody is told that they are offline.
  expect(await ana.getByText("Offline.").count()).toBe(0);
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await reply(camille, "We hear you.");
  await expect(thread(ana).getByText("We hear you.")).toBeVisible({ timeout: 30_000 });
  expect(await ana.getByText("Offline.").count()).toBe(0);
});

test("the team sees who else looks and writes, and the customer does not", async ({ person, windowOf }) => {
  // Four windows, one after the other.
  test.slow();
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Wax moths", "In the storeroom.");
  const camille = await windowOf(person("agent", "Camille"));
  await bringAxe(camille);
  await onTheDesk(camille, address);
  const benoit = await windowOf(person("agent", "Benoît"));
  await onTheDesk(benoit, address);
  await expectCompany(camille, "Benoît");
  await expectCompany(benoit, "Camille");

  await benoit.getByLabel("Your reply").pressSequentially("Freeze the");
  await expect(camille.getByText("Benoît is writing…")).toBeVisible(SOON);
  await expectAccessible(camille, "somebody else is writing");
  await benoit.getByLabel("Your reply").fill("");
  await expect(camille.getByText("Benoît is writing…")).toHaveCount(0);
  // A tab that comes later is told by the first one.
  const later = await camille.context().newPage();
  await later.goto(camille.url());
  await expectCompany(later, "Benoît");
  await benoit.goto("/admin");
  await expect(camille.getByText("Benoît is looking at this ticket")).toHaveCount(0);
  await expect(ana.getByText(/is (looking|writing)/)).toHaveCount(0);
});

test("an answer is held back when somebody else wrote meanwhile", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Which feed?", "Sugar or fondant?");
  const camille = await windowOf(person("agent", "Camille"));
  await bringAxe(camille);
  await camille.route(LIVE, (route) => route.abort());
  await onTheDesk(camille, address);
  await expect(thread(camille).getByText("Sugar or fondant?")).toBeVisible();
  // The assistant leaves the ticket to her.
  await reply(camille, "Let me look it up.");
  // She hears of nothing until her answer has been refused.
  let refuse = () => {};
  const refused = new Promise<void>((done) => (refuse = done));
  await camille.route(/\/api\/v1\/tickets\/[0-9a-f-]{36}$/, async (route) => {
    await refused;
    await route.continue();
  });
  await reply(ana, "I have decided: fondant.");
  const answered = camille.waitForResponse((response) => response.status() === 409);
  await camille.getByLabel("Your reply").fill("Take sugar.");
  await camille.getByRole("button", { name: "Send", exact: true }).click();
  await answered;
  refuse();
  await expect(thread(camille).getByText("I have decided: fondant.")).toBeVisible();
  const held = thread(camille).getByRole("article").filter({ hasText: "Take sugar." });
  await expect(held).toContainText("Somebody wrote on this ticket meanwhile.");
  await expectAccessible(camille, "an answer held back");

  await held.getByRole("button", { name: "Edit" }).click();
  await expect(camille.getByLabel("Your reply")).toHaveValue("Take sugar.");
  await camille.getByLabel("Your reply").fill("Good choice.");
  await camille.getByRole("button", { name: "Send", exact: true }).click();
  // Nothing is held back twice for the same comment.
  await expect(thread(ana).getByText("Good choice.")).toBeVisible(SOON);
  await expect(thread(ana).getByText("Take sugar.")).toHaveCount(0);
});

test("the tabs of one browser share a stream, and pass it on", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Two tabs", "Hello?");
  const opened = streams(ana.context());
  const tab = await ana.context().newPage();
  await tab.goto(address);
  await expect(thread(tab).getByText("Hello?")).toBeVisible();
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await reply(camille, "Seen in both.");
  await expect(thread(ana).getByText("Seen in both.")).toBeVisible(SOON);
  await expect(thread(tab).getByText("Seen in both.")).toBeVisible(SOON);
  // The first tab's own may have begun before they were counted.
  const before = opened.length;
  expect(before, "streams while two tabs are open").toBeLessThan(2);

  await ana.close();
  await expect.poll(() => opened.length, "the other tab takes over").toBe(before + 1);
  await reply(camille, "Seen in the other.");
  await expect(thread(tab).getByText("Seen in the other.")).toBeVisible(SOON);
  expect(opened.length).toBe(before + 1);
});

test("another person at the same browser hears their own news", async ({ person, freshWindow }) => {
  const ana = await freshWindow();
  const opened = streams(ana.context());
  await ana.goto("/sign-in");
  await signIn(ana, person("customer", "Ana"));
  // The page of the sign-in may have begun one before it left.
  await expect(ana.getByRole("heading", { name: "Support" })).toBeVisible();
  await expect.poll(() => opened.length).toBeGreaterThan(0);
  const before = opened.length;
  await ana.getByRole("button", { name: "Menu" }).click();
  await ana.getByRole("button", { name: "Sign out" }).click();
  await expect(ana).toHaveURL(/sign-in/);
  const dora = person("customer", "Dora");
  await signIn(ana, dora);
  await expect.poll(() => opened.length).toBeGreaterThan(before);
  const elsewhere = await freshWindow();
  await elsewhere.goto("/sign-in");
  await signIn(elsewhere, dora);
  await openTicket(elsewhere, "Dora's own", "Hello");
  await expect(ana.getByRole("link", { name: /Dora's own/ })).toBeVisible(SOON);
});

test("two servers on one Postgres tell each other", async ({ person, windowOf, freshWindow }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "From one server", "Hello?");
  const port = await freePort();
  const env = { ...process.env, WAGGLE_LISTEN: `127.0.0.1:${port}`, WAGGLE_PUBLIC_URL: `http://localhost:${port}` };
  const second = spawn(process.env.WAGGLE_PROGRAM ?? "", ["serve"], { env, stdio: "ignore" });
  try {
    const url = `http://localhost:${port}`;
    await expect(async () => {
      expect(second.exitCode).toBe(null);
      expect((await fetch(`${url}/api/v1/health`)).status).toBe(204);
    }).toPass({ timeout: 20_000 });
    const team = person("agent", "Camille");
    const camille = await freshWindow({ baseURL: url });
    await camille.goto("/sign-in");
    await signIn(camille, team);
    await onTheDesk(camille, address);
    await reply(camille, "To the other.");
    await expect(thread(ana).getByText("To the other.")).toBeVisible(SOON);
    await reply(ana, "And back.");
    await expect(thread(camille).getByText("And back.")).toBeVisible(SOON);
  } finally {
    second.kill("SIGTERM");
    await new Promise((done) => second.once("exit", done));
  }
});
