// Who comes in, and how, is the desk's to say; and a captcha of somebody else guards every way in without an account.
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, Person } from "../support/journey";
import { Judge, provide, SCRIPTS } from "../support/judge";
import { FORM, test as base } from "../support/office";

const test = base.extend<object, { judge: Judge }>({
  judge: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern.
    async ({}, use) => {
      const judge = await Judge.open();
      await use(judge);
      await judge.close();
    },
    { scope: "worker" },
  ],
  settings: [
    async ({ judge }, use) =>
      use({ WAGGLE_ASSISTANT: "off", WAGGLE_CAPTCHA_SECRET: "secret", WAGGLE_CAPTCHA_VERIFY_URL: judge.url }),
    { scope: "worker" },
  ],
});

const registration = (mode: string, entry = "sign_in", profile_editing = true) => ({
  registration: { mode, entry, profile_editing },
});

test("who needs an account is sent where the desk says", async ({ office, freshWindow }) => {
  const page = await freshWindow();
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
  await office.set(registration("required", "register"));
  const elsewhere = await freshWindow();
  await elsewhere.goto("/");
  await expect(elsewhere).toHaveURL(/\/register/);
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Create an account" })).toBeVisible();
  // A ticket is somebody's who has been here.
  await elsewhere.goto("/?ticket=01980000-0000-7000-8000-000000000000");
  await expect(elsewhere).toHaveURL(/\/sign-in/);

  // On a desk that does without accounts, the form is there at once, with the same questions.
  await office.set(registration("passwordless"));
  await office.department("Billing");
  await office.department("Technical");
  await office.field("hive", "text", "Hive", { required: true });
  await office.set({ form: { ...FORM, department: "required" } });
  const visitor = await freshWindow();
  await visitor.goto("/");
  await visitor.getByLabel("Your name").fill("Zoé");
  await visitor.getByLabel("Your email").fill(new Person("Zoé").email);
  await visitor.getByLabel("Title").fill("Hello");
  await visitor.getByLabel("Message").fill("Hello.");
  await visitor.getByRole("button", { name: "Send ticket" }).click();
  await expect(visitor.getByLabel("Department")).toBeFocused();
  await expect(visitor.getByLabel("Hive")).toHaveAttribute("aria-invalid", "true");
  await visitor.getByLabel("Department").selectOption({ label: "Technical" });
  await visitor.getByLabel("Hive").fill("H12");
  await visitor.getByRole("button", { name: "Send ticket" }).click();
  await expect(visitor.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
});

test("a closed desk offers no account, and says who makes one", async ({ office, freshWindow }) => {
  await office.set({ ...registration("closed"), brand: { name: "Les Ruchers" } });
  const page = await freshWindow();
  await bringAxe(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.getByText("Ask the person at Les Ruchers")).toBeVisible();
  await expect(page.getByRole("link", { name: "Create an account" })).toHaveCount(0);
  await expectAccessible(page, "the sign-in page of a closed desk");
  await page.goto("/register");
  await expect(page.getByRole("heading", { level: 1, name: "Accounts are made by the team" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Create account" })).toHaveCount(0);
  await expectAccessible(page, "registration of a closed desk");
});

test("where the team keeps the names, nobody is offered to change theirs", async ({ office, person, windowOf }) => {
  await office.set(registration("required", "sign_in", false));
  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  await page.goto("/account");
  await expect(page.getByText("On this desk the team keeps names and addresses.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Change address" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Change password" })).toBeVisible();
  await expectAccessible(page, "an account with a fixed name");
  // The team's own stay theirs.
  const agent = await windowOf(person("agent", "Camille"));
  await agent.goto("/account");
  await expect(agent.getByLabel("Name", { exact: true })).toHaveValue("Camille");
});

type Way = { action: string; path: string; fill: (page: Page, who: Person) => Promise<void>; button: string };

const byMail = (page: Page, who: Person) => page.getByLabel("Email").fill(who.email);
const WAYS: Record<string, Way> = {
  recaptcha_v2: {
    action: "register",
    path: "/register",
    button: "Create account",
    fill: async (page, who) => {
      await page.getByLabel("Name").fill(who.name);
      await byMail(page, who);
      await page.getByLabel("Password", { exact: true }).fill(who.password);
    },
  },
  recaptcha_v3: { action: "link", path: "/sign-in", button: "Email me a sign-in link", fill: byMail },
  hcaptcha: { action: "link", path: "/forgot", button: "Send the link", fill: byMail },
  turnstile: {
    action: "ticket",
    path: "/",
    button: "Send ticket",
    fill: async (page, who) => {
      await page.getByLabel("Your name").fill(who.name);
      await page.getByLabel("Your email").fill(who.email);
      await page.getByLabel("Title").fill("Hello");
      await page.getByLabel("Message").fill("Hello.");
    },
  },
};

for (const [provider, way] of Object.entries(WAYS)) {
  test(`${provider} guards ${way.path}`, async ({ office, judge, freshWindow }) => {
    await office.set({ ...registration("passwordless"), captcha: { provider, site_key: "public" } });
    const yes = { success: true, hostname: "localhost", action: way.action, score: 0.9 };
    judge.judgement = { ...yes, success: false };
    const page = await freshWindow({ colorScheme: "dark" });
    await bringAxe(page);
    const asked = await provide(page, provider);
    await page.goto(way.path);
    const send = page.getByRole("button", { name: way.button, exact: true });
    await expect(send).toBeVisible();
    // Nobody else hears of whoever only looks.
    expect(asked).toEqual([]);
    await way.fill(page, new Person("Zoé"));
    const box = page.getByLabel("I am a person, dark, en");
    if (provider !== "recaptcha_v3") {
      await send.click();
      await expect(page.getByText("Show first that you are not a program")).toBeVisible();
      await expectAccessible(page, "a form that waits for the captcha");
      await box.check();
    }
    const before = judge.asked.length;
    await send.click();
    // The judge says no: the answer is gone, and another one is asked for.
    await expect.poll(() => judge.asked.length).toBe(before + 1);
    const words = provider === "recaptcha_v3" ? "takes your browser for a program" : "Show first that you are not a program";
    await expect(page.getByText(words)).toBeVisible();
    judge.judgement = yes;
    if (provider !== "recaptcha_v3") {
      await expect(box).not.toBeChecked();
      await box.check();
    }
    if (provider === "recaptcha_v2" || provider === "hcaptcha") {
      // An answer grows old; Turnstile renews its own.
      await page.evaluate(() => (window as unknown as { grecaptcha: { expire: () => void } }).grecaptcha.expire());
      await expect(box).not.toBeChecked();
      await box.check();
    }
    await send.click();
    await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
    expect(asked).toHaveLength(1);
    expect(asked[0]).toContain("hl=en");
    expect(judge.asked.at(-1)?.get("secret")).toBe("secret");
    expect(judge.asked.at(-1)?.get("response")).toMatch(
      provider === "recaptcha_v3" ? new RegExp(`token-public-${way.action}-[0-9a-f-]{36}$`) : /^token-[0-9a-f-]{36}$/,
    );
  });
}

test("a blocked captcha says so, and is tried again", async ({ office, judge, freshWindow }) => {
  await office.set({ captcha: { provider: "turnstile", site_key: "public" } });
  judge.judgement = { success: true, hostname: "localhost", action: "register" };
  const page = await freshWindow();
  await bringAxe(page);
  await page.route(`${SCRIPTS.turnstile}**`, (route) => route.abort("blockedbyclient"));
  await page.goto("/register");
  await WAYS.recaptcha_v2.fill(page, new Person("Zoé"));
  await expect(page.getByText("Something here keeps challenges.cloudflare.com away")).toBeVisible();
  await expectAccessible(page, "a form whose captcha is blocked");
  await page.unroute(`${SCRIPTS.turnstile}**`);
  await provide(page, "turnstile");
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByLabel("I am a person, light, en").check();
  await page.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Check your mail" })).toBeVisible();
});
