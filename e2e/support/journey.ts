// What every journey starts from: people who exist, windows that are theirs, and no error on the way.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { type BrowserContext, type BrowserContextOptions, type Page, expect, test as base } from "@playwright/test";
import { type Desk, program, startDesk } from "./desk";

export type Role = "customer" | "agent" | "admin";

export class Person {
  readonly email: string;
  readonly password = randomBytes(12).toString("base64url");

  constructor(readonly name: string) {
    // Two journeys may both have an Ana; and an address has no accents.
    const plain = name.toLowerCase().normalize("NFD").replace(/[^a-z]/g, "");
    this.email = `${plain}-${randomBytes(4).toString("hex")}@journeys.example`;
  }
}

type World = {
  /** Somebody with an account. */
  person: (role: Role, name: string) => Person;
  /** A window of their own for somebody, signed in. */
  windowOf: (person: Person, options?: BrowserContextOptions) => Promise<Page>;
  /** A window of nobody's. */
  freshWindow: (options?: BrowserContextOptions) => Promise<Page>;
};

/** The desk that a file of journeys plays at. */
type Place = {
  /** Its settings, if the one that all share does not fit. */
  settings: NodeJS.ProcessEnv;
  desk: Pick<Desk, "url" | "dataDir">;
};

export const test = base.extend<World, Place>({
  settings: [{}, { scope: "worker", option: true }],

  desk: [
    async ({ settings }, use) => {
      if (Object.keys(settings).length === 0) {
        await use({ url: process.env.WAGGLE_URL ?? "", dataDir: process.env.WAGGLE_DATA_DIR ?? "" });
      } else {
        const desk = await startDesk(settings);
        await use(desk);
        await desk.stop();
      }
    },
    { scope: "worker", timeout: 90_000 },
  ],

  baseURL: async ({ desk }, use) => use(desk.url),

  person: async ({ desk }, use) => {
    await use((role, name) => {
      const person = new Person(name);
      const words = ["user", "create", "--role", role, "--email", person.email, "--name", name, "--password-stdin"];
      const env = { ...process.env, WAGGLE_DATA_DIR: desk.dataDir };
      execFileSync(program(), words, { env, input: `${person.password}\n`, stdio: ["pipe", "pipe", "pipe"] });
      return person;
    });
  },

  freshWindow: async ({ browser, contextOptions }, use) => {
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, ...options });
      contexts.push(context);
      context.on("weberror", (error) => faults.push(String(error.error())));
      context.on("console", (message) => {
        // A refused request is the server's business, and some journeys ask for one.
        const refused = message.text().startsWith("Failed to load resource");
        // A dialog moves focus to its button all the same when it opens.
        const framed = message.text().startsWith("Blocked autofocusing");
        if (message.type() === "error" && !refused && !framed) faults.push(message.text());
      });
      return context.newPage();
    });
    for (const context of contexts) await context.close();
    expect(faults, "errors in the console").toEqual([]);
  },

  windowOf: async ({ freshWindow }, use) => {
    await use(async (person, options) => {
      const page = await freshWindow(options);
      await page.goto("/sign-in");
      await signIn(page, person);
      return page;
    });
  },
});

export { expect };

/** Fills in the sign-in form that is on screen. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Email").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(person.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}
