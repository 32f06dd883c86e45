// How long it takes, how that stands against what is promised, and why: on a desk whose tickets are as old as they say.
import { execFileSync } from "node:child_process";
import type { APIRequestContext, Locator, Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { program } from "../support/desk";
import { type Person, expect, signIn, test } from "../support/journey";
import { type Api, apiOf } from "../support/team-api";
import { thread } from "../support/tickets";

// A desk of its own, which the demo's people and tickets fill.
test.use({ settings: { WAGGLE_ASSISTANT: "draft" } });
test.describe.configure({ mode: "default" });

type Ticket = { id: string; title: string; sla: { elapsed_seconds: number } };
type Targets = { first_response?: number; next_response?: number; resolution?: number };

const cast = new Map<string, Person>();

test.beforeAll(({ desk }) => {
  const env = { ...process.env, WAGGLE_DATA_DIR: desk.dataDir };
  const said = execFileSync(program(), ["seed", "--demo"], { env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  for (const [, name, email, password] of said.matchAll(/^(admin|agent|customer)\s+(\S+@\S+)\s+(\S+)$/gm)) {
    cast.set(name, { name, email, password });
  }
  expect([...cast.keys()]).toEqual(["admin", "agent", "customer"]);
});

const of = (role: string) => cast.get(role) as Person;

/** Somebody of the demo, who reads English here. */
async function apiAs(request: APIRequestContext, role: string): Promise<Api> {
  const api = await apiOf(request, of(role));
  await api("PATCH", "/me", { locale: "en" });
  return api;
}

/** Promises the same to tickets of every priority. */
async function promise(office: Api, targets: Targets, calendar: object = {}): Promise<void> {
  await office("PATCH", "/admin/settings", { sla: { targets: { low: targets, medium: targets, high: targets }, calendar } });
}

async function list(api: Api, query: string): Promise<Ticket[]> {
  return (await api<{ items: Ticket[] }>("GET", `/tickets?limit=100&${query}`)).items;
}

const row = (page: Page, ticket: Ticket) => page.locator(`[data-ticket="${ticket.id}"]`);
const why = (page: Page) => page.getByRole("button", { name: /^Time since creation: \d/ });
const account = (page: Page) => page.getByRole("dialog", { name: "Why does it say so?" });

async function open(page: Page, ticket: Ticket, base: "/" | "/admin"): Promise<Locator> {
  await page.goto(`${base}?ticket=${ticket.id}`);
  await expect(thread(page)).toBeVisible();
  return page.getByRole("article").locator("header");
}

test("the chip says what is promised beside the time that has passed", async ({ windowOf, request }) => {
  const office = await apiAs(request, "admin");
  const page = await windowOf(of("admin"));
  await bringAxe(page);
  const [fresh] = (await list(office, "stage=new")).slice(-1);
  const head = await open(page, fresh, "/admin");
  await expect(head.getByText(/Time since creation: \d+ (day|hour)/)).toBeAttached();
  await expect(why(page), "nothing is promised, so there is nothing to explain").toHaveCount(0);

  // The first answer is due in a while, soon, and since long.
  const age = fresh.sla.elapsed_seconds / 60;
  for (const [minutes, full, short] of [
    [age * 4, /First response on track, due in \d+ (day|hour)/, /First reply due in/],
    [age / 0.85, /First response at risk, \d+ (day|hour|minute)s? .*left/, /First reply at risk/],
    [age / 2, /First response overdue by \d+ (day|hour)/, /First reply overdue/],
  ] as const) {
    await promise(office, { first_response: Math.ceil(minutes) });
    await page.reload();
    await expect(why(page)).toHaveAccessibleName(full);
    await expect(why(page).getByText(short)).toBeVisible();
    await expect(row(page, fresh)).toHaveAccessibleName(full);
    await expect(row(page, fresh)).toHaveAccessibleName(/Time since creation: \d/);
  }
  await expectAccessible(page, "an overdue ticket");

  // What was answered in time says so, and what is resolved keeps how it went.
  await promise(office, { first_response: 500_000 });
  const [resolved] = await list(office, "status=resolved");
  await open(page, resolved, "/admin");
  await expect(page.getByRole("button", { name: /^Resolved in \d/ })).toHaveAccessibleName(/First response in time/);
  await promise(office, { first_response: 1 });
  await page.reload();
  await expect(page.getByRole("button", { name: /^Resolved in \d/ })).toHaveAccessibleName(/First response late/);
});

test("a pause says why, to whom it concerns", async ({ windowOf, request }) => {
  const office = await apiAs(request, "admin");
  await promise(office, { resolution: 500_000 });
  const customer = await apiAs(request, "customer");
  const mine = (await list(customer, "status=in_progress"))[0];
  const [desk, support] = [await windowOf(of("admin")), await windowOf(of("customer"))];
  await bringAxe(support);
  await open(desk, mine, "/admin");
  await open(support, mine, "/");

  await office("PUT", `/tickets/${mine.id}/stage`, { stage: "waiting_customer" });
  await desk.reload();
  await expect(why(desk)).toHaveAccessibleName(/Resolution paused \(waiting for the customer\)/);
  await support.reload();
  await expect(why(support)).toHaveAccessibleName(/Resolution paused \(your turn\)/);
  await expect(why(support).getByText("Resolution paused (your turn)").first()).toBeVisible();

  await office("PUT", `/tickets/${mine.id}/stage`, { stage: "on_hold", reason: "A part is on its way" });
  await desk.reload();
  await expect(why(desk)).toHaveAccessibleName(/Resolution paused \(on hold\)/);
  // That it was parked is the team's business.
  await support.reload();
  await expect(why(support)).toHaveAccessibleName(/Resolution paused/);
  await why(support).click();
  await expect(account(support)).toContainText("Paused (your turn)");
  await expect(account(support).getByText("Paused", { exact: true })).toBeVisible();
  await expect(support.getByText(/on hold/i)).toHaveCount(0);
  await expectAccessible(support, "the account of a customer's ticket");
});

test("it tells what was counted, in the desk's time", async ({ windowOf, request }) => {
  const office = await apiAs(request, "admin");
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const day = [{ from: "09:00", to: "17:30" }];
  const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const hours = Object.fromEntries(days.map((name) => [name, day]));
  const holidays = [{ date: yesterday, name: "Sainte-Barbe" }];
  await promise(office, { first_response: 60, resolution: 6_000 }, { time_zone: "Europe/Paris", hours, holidays });
  const [ticket] = (await list(office, "stage=working&priority=medium")).slice(-1);

  // Somebody far away reads the desk's hours, not theirs.
  const page = await windowOf(of("admin"), { timezoneId: "Pacific/Auckland" });
  await bringAxe(page);
  await open(page, ticket, "/admin");
  await why(page).focus();
  await page.keyboard.press("Enter");
  await expect(account(page)).toContainText("Priority Medium · Times in Europe/Paris");
  await expect(account(page)).toContainText("Promised");
  const resolution = account(page).locator("details").filter({ hasText: "Resolution" });
  const stretches = resolution.getByRole("listitem");
  if (!(await stretches.first().isVisible())) await resolution.locator("summary").click();
  await expect(stretches.filter({ hasText: "Counted" }).filter({ hasText: /09:00\s*–\s*17:30/ }).first()).toBeVisible();
  await expect(stretches.filter({ hasText: "Out of hours" }).first()).toBeVisible();
  await expect(stretches.filter({ hasText: "Holiday (Sainte-Barbe)" })).toHaveCount(1);
  await expect(account(page).locator("details").filter({ hasText: "First response" })).toHaveCount(1);
  await expectAccessible(page, "the account on the desk");

  // It is asked for anew when the ticket changes under it.
  await office("PUT", `/tickets/${ticket.id}/priority`, { priority: "high" });
  await expect(account(page)).toContainText("Priority High");
  await page.keyboard.press("Escape");
  await expect(account(page)).toBeHidden();
  await expect(why(page)).toBeFocused();
});

test("time goes on in an open page that cannot ask", async ({ freshWindow, request }) => {
  const office = await apiAs(request, "admin");
  const [fresh] = (await list(office, "stage=new")).slice(-1);
  await promise(office, { first_response: Math.ceil((fresh.sla.elapsed_seconds / 60) * 4) });
  const page = await freshWindow();
  await page.clock.install();
  await page.goto("/sign-in");
  await signIn(page, of("admin"));
  await open(page, fresh, "/admin");
  await expect(why(page)).toHaveAccessibleName(/First response on track/);
  await page.context().setOffline(true);
  await page.clock.fastForward(Math.ceil(fresh.sla.elapsed_seconds * 2.5) * 1000);
  await expect(why(page)).toHaveAccessibleName(/First response at risk/);
  await page.clock.fastForward(fresh.sla.elapsed_seconds * 1000);
  await expect(why(page)).toHaveAccessibleName(/First response overdue by/);
  await expect(row(page, fresh)).toHaveAccessibleName(/First response overdue by/);
});
