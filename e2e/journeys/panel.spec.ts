// The panel in somebody else's website: another site, whose style sheet is hostile and whose users it knows by itself.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Page, chromium } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, Person, test as base } from "../support/journey";
import { as, openInside, panel, Website } from "../support/website";

const test = base.extend<{ website: Website }>({
  website: async ({ desk, person }, use) => {
    const website = await Website.start(desk.url, person("admin", "Dominique"));
    await use(website);
    website.stop();
  },
});

// The assistant is silent: what rings is the team.
test.use({ settings: { WAGGLE_ASSISTANT: "off" } });

const TOKEN = { script: 'data-token="/token"' };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const frame = (page: Page) => page.locator('iframe[title="Support"]');
const ticketIn = (page: Page) => new URL(page.url()).searchParams.get("ticket");

/** The document inside, for what a locator cannot ask. */
async function documentIn(page: Page) {
  const inside = await (await frame(page).elementHandle())?.contentFrame();
  if (!inside) throw new Error("there is no panel");
  return inside;
}

test("a website's user opens a ticket, and the website's address keeps it", async ({ website, freshWindow }) => {
  website.user = { name: "Ana", email: new Person("Ana").email };
  const page = await freshWindow();
  await bringAxe(page);
  await page.goto(`${website.show("/support", TOKEN)}?from=shop&a#top`);
  await expect(panel(page).getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await expectAccessible(await documentIn(page), "the panel");

  await openInside(page, "The hive hums");
  await expect.poll(() => ticketIn(page)).toMatch(/^[0-9a-f-]{36}$/);
  const id = ticketIn(page);
  // Nothing else of the website's address has changed.
  expect(page.url()).toBe(`${website.at("host.localhost")}/support?from=shop&a&ticket=${id}#top`);
  await expectAccessible(await documentIn(page), "a ticket in the panel");

  // The address leads back to it.
  await page.reload();
  await expect(panel(page).getByRole("heading", { level: 1, name: "The hive hums" })).toBeVisible();
  await panel(page).getByRole("link", { name: "Support", exact: true }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  await expect.poll(() => page.url()).toBe(`${website.at("host.localhost")}/support?from=shop&a#top`);
});

test("a website's user is told of an answer, follows links, and needs no cookie", async ({ desk, website, person, freshWindow }) => {
  website.user = { name: "Ana", email: new Person("Ana").email };
  const page = await freshWindow();
  await page.goto(website.show("/support", TOKEN));
  await openInside(page, "The hive hums");
  await expect.poll(() => ticketIn(page)).not.toBe(null);
  const id = ticketIn(page);
  await panel(page).getByRole("link", { name: "Support", exact: true }).click();
  const agent = await as(desk.url, person("agent", "Camille"));
  await agent("POST", `/tickets/${id}/comments`, { message: "Is it [warm](https://elsewhere.example/bees)?" });
  await panel(page).getByRole("button", { name: "1 unread notification" }).click();
  await panel(page).getByRole("dialog", { name: "Notifications" }).getByRole("link", { name: /Camille replied/ }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "The hive hums" })).toBeVisible();
  await expect.poll(() => ticketIn(page)).toBe(id);
  await expect(panel(page).getByRole("button", { name: "Notifications", exact: true })).toBeVisible();

  // A link out of the panel opens beside the website.
  await page.context().route("https://elsewhere.example/**", (route) => route.fulfill({ body: "Bees" }));
  const opened = page.waitForEvent("popup");
  await panel(page).getByRole("link", { name: "warm" }).click();
  expect((await opened).url()).toBe("https://elsewhere.example/bees");
  expect(ticketIn(page)).toBe(id);

  // Another page of the desk is another page of the panel.
  await panel(page).getByRole("button", { name: "Menu" }).click();
  await expect(panel(page).getByRole("button", { name: "Sign out" })).toHaveCount(0);
  await panel(page).getByRole("link", { name: "Account" }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "Account" })).toBeVisible();
  expect((await documentIn(page)).url()).toBe(`${desk.url}/panel/account`);
  expect(ticketIn(page)).toBe(id);
  await page.evaluate(() => history.back());
  await expect(panel(page).getByRole("heading", { level: 1, name: "The hive hums" })).toBeVisible();
  expect(await page.context().cookies(desk.url)).toEqual([]);
});

test("the website's word is asked for again when a session ends", async ({ desk, website, person, freshWindow }) => {
  website.user = { name: "Ben", email: new Person("Ben").email };
  const page = await freshWindow();
  await page.goto(website.show("/support", TOKEN));
  await openInside(page, "Before");
  expect(website.asked).toBe(1);
  // Every token made so far ends with this.
  const call = await as(desk.url, person("admin", "Dominique"));
  const [ben] = (await call("GET", `/admin/people?q=${encodeURIComponent(website.user.email)}`)).items;
  for (const disabled of [true, false]) await call("PATCH", `/admin/people/${ben.id}`, { disabled });
  await panel(page).getByLabel("Your reply").fill("Still here.");
  await panel(page).getByRole("button", { name: "Send", exact: true }).click();
  await expect(panel(page).getByRole("log", { name: "Conversation" }).getByText("Still here.")).toBeVisible();
  expect(website.asked).toBe(2);

  // Somebody else signs in there, by a page that does not load anew.
  website.user = { name: "Cleo", email: new Person("Cleo").email };
  await page.evaluate(() => (window as unknown as { waggle: { refresh: () => void } }).waggle.refresh());
  await expect(panel(page).getByRole("heading", { name: "Ticket not found" })).toBeVisible();
  await panel(page).getByRole("button", { name: "Menu" }).click();
  await expect(panel(page).getByText("Cleo", { exact: true })).toBeVisible();
});

test("a function of the website's answers for its user, and nobody is nobody", async ({ website, freshWindow }) => {
  website.user = { name: "Dora", email: new Person("Dora").email };
  const before = '<script>window.waggle = { token: async () => (await fetch("/token")).text() }</script>';
  const address = website.show("/support", { before });
  const page = await freshWindow();
  await page.goto(address);
  await expect(panel(page).getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
  website.user = undefined;
  await page.reload();
  await expect(panel(page).getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  // A website that cannot be asked is not one that knows nobody.
  await page.route("**/token", (route) => route.abort());
  await page.reload();
  await expect(panel(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await page.unroute("**/token");
  website.user = { name: "Dora", email: new Person("Dora").email };
  await panel(page).getByRole("button", { name: "Try again" }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
});

test("it fills the window below the website's header, at every size", async ({ website, freshWindow }) => {
  website.user = { name: "Eve", email: new Person("Eve").email };
  const page = await freshWindow({ viewport: { width: 1400, height: 900 } });
  await page.goto(website.show("/support", TOKEN));
  await openInside(page, "A matter of size");
  const inside = panel(page);
  const list = inside.getByRole("region", { name: "Tickets" });
  const [folded, open] = [inside.locator(".details > summary"), inside.locator(".details-body")];
  const back = inside.getByRole("link", { name: "Back to the list" });
  const width = async () => (await list.boundingBox())?.width;

  await expect(frame(page)).toHaveJSProperty("clientHeight", 900 - 64);
  await expect(open).toBeVisible();
  await expect(folded).toBeHidden();
  await page.setViewportSize({ width: 1299, height: 700 });
  await expect(frame(page)).toHaveJSProperty("clientHeight", 700 - 64);
  await expect(folded).toBeVisible();
  await expect(open).toBeHidden();
  expect(await width()).toBe(24 * 16);
  await page.setViewportSize({ width: 999, height: 700 });
  await expect.poll(width).toBe(19 * 16);
  await expect(back).toBeHidden();
  await page.setViewportSize({ width: 799, height: 700 });
  await expect(list).toBeHidden();
  await back.click();
  await expect(list).toBeVisible();

  await page.setViewportSize(PHONE.viewport);
  await expect.poll(() => frame(page).boundingBox()).toEqual({ x: 0, y: 64, width: 390, height: 844 - 64 });
  await page.setViewportSize({ width: 640, height: 360 });
  await expect.poll(() => frame(page).boundingBox()).toEqual({ x: 0, y: 64, width: 640, height: 360 - 64 });
});

test("on a phone it takes the screen below the header", async ({ website, freshWindow }) => {
  website.user = { name: "Finn", email: new Person("Finn").email };
  const page = await freshWindow(PHONE);
  await page.goto(website.show("/support", { ...TOKEN, before: "<p>Words of the shop.</p>" }));
  await openInside(page, "In my hand");
  expect(await frame(page).boundingBox()).toEqual({ x: 0, y: 64, width: 390, height: 844 - 64 });
  const overhang = await (await documentIn(page)).evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overhang, "pixels that stick out at the right").toBeLessThanOrEqual(0);
  await panel(page).getByRole("link", { name: "Back to the list" }).click();
  await expect(panel(page).getByRole("link", { name: /In my hand/ })).toBeVisible();
});

type Looks = { what: string; style: Record<string, string> }[];

/** How the elements of a document look, by their place in it. */
function looks(): Looks {
  const all = [...document.querySelectorAll("body *:not(iframe, script)")];
  return all.map((element) => {
    const style = getComputedStyle(element);
    const values = Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
    return { what: `${element.tagName}.${element.className}`, style: values };
  });
}

/** What differs between two documents that have the same elements. */
function differences(one: Looks, other: Looks): string[] {
  expect(one.map(({ what }) => what)).toEqual(other.map(({ what }) => what));
  return one.flatMap(({ what, style }, place) =>
    Object.keys(style)
      .filter((name) => style[name] !== other[place].style[name])
      .map((name) => `${what} has ${name}: ${style[name]}, not ${other[place].style[name]}`),
  );
}

test("no rule of a style sheet passes in either direction", async ({ desk, website, freshWindow }) => {
  const viewport = { width: 1000, height: 800 };
  const page = await freshWindow({ viewport });
  await page.goto(website.show("/without", { body: "" }));
  const without = await page.evaluate(looks);
  await page.goto(website.show("/support"));
  await expect(panel(page).getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  // That there is something in it makes the page's middle higher, and nothing else.
  const high = /has (block-size|height|perspective-origin|transform-origin):/;
  expect(differences(await page.evaluate(looks), without).filter((it) => !high.test(it))).toEqual([]);

  const style = await frame(page).evaluate((element) => {
    const { display, opacity, borderTopWidth, transform, visibility, position } = getComputedStyle(element);
    return { display, opacity, borderTopWidth, transform, visibility, position };
  });
  expect(style).toEqual({ display: "block", opacity: "1", borderTopWidth: "0px", transform: "none", visibility: "visible", position: "static" });
  expect(await frame(page).boundingBox()).toEqual({ x: 0, y: 64, width: 1000, height: 800 - 64 });

  // The same page in a tab of its own, in a window of the panel's size, looks the same to the last property.
  const inside = await (await documentIn(page)).evaluate(looks);
  const alone = await freshWindow({ viewport: { width: 1000, height: 800 - 64 } });
  await alone.goto(`${desk.url}/panel/sign-in`);
  await expect(alone.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  expect(differences(inside, await alone.evaluate(looks))).toEqual([]);
});

test("the browser refuses it to a website that is not named, and the team's pages to all", async ({ browser, desk, website }) => {
  const page = await browser.newPage();
  const refusals: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && message.text().includes("frame-ancestors")) refusals.push(message.text());
  });
  website.show("/support");
  await page.goto(`${website.at("other.localhost")}/support`);
  await expect.poll(() => refusals.length).toBe(1);
  expect((await documentIn(page)).url()).toBe("chrome-error://chromewebdata/");

  const team = ["/admin", "/admin/people", "/sign-in", "/"].map((path) => `<iframe src="${desk.url}${path}"></iframe>`);
  await page.goto(website.show("/frames", { body: team.join("") }));
  await expect.poll(() => refusals.length).toBe(5);
  await page.close();
});

test("loaded twice, late or elsewhere, it is there once", async ({ desk, website, freshWindow }) => {
  const script = (attributes = "") => `<script src="${desk.url}/panel.js" data-title="Help" ${attributes}></script>`;
  const page = await freshWindow();
  const there = page.locator("iframe");
  await page.goto(website.show("/twice", { body: script() + script() }));
  await expect(page.frameLocator("iframe").getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(there).toHaveCount(1);
  await page.goto(website.show("/ahead", { body: `${script('data-target="#spot"')}<div id="spot"></div><p>After</p>` }));
  await expect(page.locator("#spot > iframe[title=Help]")).toHaveCount(1);
  // A page that was drawn anew without it, and loads it again.
  await page.evaluate((source) => {
    document.querySelector("iframe")?.remove();
    const again = document.createElement("script");
    again.src = source;
    again.dataset.target = "#spot";
    document.body.append(again);
  }, `${desk.url}/panel.js`);
  await expect(page.locator("#spot > iframe")).toHaveCount(1);
  await expect(there).toHaveCount(1);
});

test("where third-party cookies are blocked, a password lasts, and the website's word needs no cookie", async ({ desk, website, person }) => {
  // It has a browser of its own.
  test.slow();
  const carl = person("customer", "Carl");
  const profile = mkdtempSync(join(tmpdir(), "waggle-profile-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify({ profile: { block_third_party_cookies: true, cookie_controls_mode: 1 } }));
  const { launchOptions } = test.info().project.use;
  const context = await chromium.launchPersistentContext(profile, { ...launchOptions, locale: "en-GB" });
  try {
    const page = await context.newPage();
    // That they are: an ordinary cookie of the desk's does not reach the panel.
    const probe = { name: "probe", value: "1", url: desk.url, sameSite: "None" as const, secure: true };
    await context.addCookies([probe]);
    const asked = page.waitForRequest((request) => request.url().endsWith("/auth/refresh"));
    await page.goto(website.show("/support"));
    expect((await (await asked).allHeaders()).cookie ?? "").not.toContain("probe");

    await signInInside(page, carl);
    await expect(panel(page).getByRole("heading", { level: 1, name: "Support" })).toBeVisible();
    await openInside(page, "Behind a blocker");
    await page.reload();
    await expect(panel(page).getByRole("heading", { level: 1, name: "Behind a blocker" })).toBeVisible();
    // What is live reaches it as well.
    const agent = await as(desk.url, person("agent", "Camille"));
    await agent("POST", `/tickets/${ticketIn(page)}/comments`, { message: "Heard." });
    await expect(panel(page).getByText("Heard.")).toBeVisible();
    await panel(page).getByRole("button", { name: "Menu" }).click();
    await panel(page).getByRole("button", { name: "Sign out" }).click();
    await expect(panel(page).getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
    // Under another website it was never anybody's.
    expect((await context.cookies(desk.url)).filter((cookie) => cookie.name !== "probe")).toEqual([]);

    website.user = { name: "Hugo", email: new Person("Hugo").email };
    await page.goto(website.show("/known", TOKEN));
    await openInside(page, "Known by the shop");
    await page.reload();
    await expect(panel(page).getByRole("heading", { level: 1, name: "Known by the shop" })).toBeVisible();
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

/** Fills in the sign-in form inside. */
async function signInInside(page: Page, { email, password }: Person): Promise<void> {
  await panel(page).getByLabel("Email").fill(email);
  await panel(page).getByLabel("Password", { exact: true }).fill(password);
  await panel(page).getByRole("button", { name: "Sign in", exact: true }).click();
}

test("the team does not come in through it", async ({ website, person, freshWindow }) => {
  const page = await freshWindow();
  await page.goto(website.show("/support"));
  await signInInside(page, person("agent", "Fanny"));
  await expect(panel(page).getByRole("alert")).toContainText(/./);
  await expect(panel(page).getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

test("a visitor writes, and comes in by the code of the mail", async ({ desk, website, person, freshWindow }) => {
  const call = await as(desk.url, person("admin", "Dominique"));
  const { registration, captcha } = await call("GET", "/admin/settings");
  await call("PATCH", "/admin/settings", { registration: { ...registration, mode: "passwordless" }, captcha: { ...captcha, provider: "off" } });
  const zoe = new Person("Zoé");
  const page = await freshWindow();
  await page.goto(website.show("/support"));
  await panel(page).getByLabel("Your name").fill(zoe.name);
  await panel(page).getByLabel("Your email").fill(zoe.email);
  await panel(page).getByLabel("Title").fill("The queen is gone");
  await panel(page).getByLabel("Message").fill("Since Tuesday.");
  await panel(page).getByRole("button", { name: "Send ticket" }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();

  const mailbox = await freshWindow();
  const mail = mailbox.getByRole("article").filter({ hasText: zoe.email }).first();
  await expect(async () => {
    await mailbox.goto("/dev/mailbox");
    await expect(mail).toBeVisible({ timeout: 200 });
  }).toPass();
  const code = /[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/.exec((await mail.textContent()) ?? "")?.[0];
  await panel(page).getByLabel("Code from the message").fill(code ?? "");
  await panel(page).getByRole("button", { name: "Confirm" }).click();
  await expect(panel(page).getByRole("heading", { level: 1, name: "The queen is gone" })).toBeVisible();
  await page.reload();
  await expect(panel(page).getByRole("heading", { level: 1, name: "The queen is gone" })).toBeVisible();
  await call("PATCH", "/admin/settings", { registration, captcha });
});
