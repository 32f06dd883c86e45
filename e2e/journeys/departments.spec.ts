// Tickets are for parts of the team: filtered by, moved between, and described by answers that the team can correct.
import type { Page } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { type Person, expect, test } from "../support/journey";
import { type Api, apiOf, chooseOption } from "../support/team-api";
import { onTheDesk } from "../support/tickets";

test.use({ settings: { WAGGLE_ASSISTANT: "off" } });
// One after the other: they share the desk's form.
test.describe.configure({ mode: "default" });

const bell = (page: Page) => page.getByRole("banner").getByRole("button", { name: /otification/ });
const rows = (page: Page) => page.getByRole("region", { name: "Tickets" }).getByRole("listitem");

type Named = { id: string };
type View = { id: string; number: number };

/** A department of somebody's, open to new tickets. Its name is its own. */
async function department(office: Api, name: string, people: string[]): Promise<string> {
  const { id } = await office<Named>("POST", "/admin/departments", { name_en: name, name_fr: `${name} (fr)`, people });
  await office("PATCH", "/admin/settings", { form: { priority: "optional", department: "optional" } });
  return id;
}

async function idOf(request: Parameters<typeof apiOf>[0], person: Person): Promise<string> {
  return (await (await apiOf(request, person))<Named>("GET", "/me")).id;
}

test("the queue is filtered by department and by answers", async ({ person, windowOf, request }) => {
  const [admin, camille, ana] = [person("admin", "Dominique"), person("agent", "Camille"), person("customer", "Ana")];
  const office = await apiOf(request, admin);
  const technical = await department(office, "Hives and scales", []);
  const choices = [{ key: "basic", en: "Basic plan", fr: "Offre de base" }, { key: "pro", en: "Pro plan", fr: "Offre pro" }];
  await office("POST", "/admin/fields", { key: "plan", kind: "select", label_en: "Plan", label_fr: "Offre", choices, in_queue: true });
  await office("POST", "/admin/fields", { key: "hives", kind: "number", label_en: "Hives", label_fr: "Ruches" });
  const asks = await apiOf(request, ana);
  const opens = (title: string, rest: object) => asks<View>("POST", "/tickets", { title, message: "Help", ...rest });
  await opens("The scale is silent", { department_id: technical, custom_fields: { plan: "basic", hives: 12 } });
  await opens("No department at all", {});

  const page = await windowOf(camille);
  await bringAxe(page);
  await page.goto("/admin");
  await expect(rows(page)).toHaveCount(2);
  await chooseOption(page, "Filter by department", "Hives and scales");
  await expect(page).toHaveURL(new RegExp(`department=${technical}`));
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toContainText("Hives and scales");
  await expect(rows(page)).toContainText("Plan: Basic plan");
  await chooseOption(page, "Filter by department", "No department");
  await expect(rows(page)).toContainText("No department at all");
  await page.getByRole("button", { name: "Clear filters" }).click();

  // Answers are looked for behind a disclosure, and stand in the address as the rest does.
  await page.getByText("More filters").click();
  await chooseOption(page, "Filter by a field", "Plan");
  await chooseOption(page, "Answer to look for", "Pro plan");
  await expect(page.getByText("No ticket matches")).toBeVisible();
  await chooseOption(page, "Answer to look for", "Basic plan");
  await expect(page).toHaveURL(/field=plan%3Abasic/);
  await expect(rows(page)).toHaveCount(1);
  await page.reload();
  await expect(page.getByLabel("Answer to look for")).toHaveValue("basic");
  await expectAccessible(page, "the queue, filtered by an answer");
  await chooseOption(page, "Filter by a field", "Hives");
  await expect(rows(page)).toHaveCount(2);
  await page.getByLabel("Answer to look for").fill("12");
  await page.keyboard.press("Enter");
  await expect(rows(page)).toHaveCount(1);

  // What the desk has named in two languages is said in the one that is chosen.
  await expect(rows(page)).toContainText("Hives and scales");
  await page.getByLabel("Language").first().selectOption("fr");
  await expect(rows(page)).toContainText("Hives and scales (fr)");
  await expect(rows(page)).toContainText("Offre: Offre de base");
});

test("a ticket is moved, and its new department is told", async ({ person, windowOf, request }) => {
  const [admin, camille] = [person("admin", "Dominique"), person("agent", "Camille")];
  const [fanny, ana] = [person("agent", "Fanny"), person("customer", "Ana")];
  const office = await apiOf(request, admin);
  const workshop = await department(office, "Workshop", [await idOf(request, camille)]);
  await department(office, "Invoices", [await idOf(request, fanny)]);
  const asks = await apiOf(request, ana);
  const ticket = await asks<View>("POST", "/tickets", { title: "A loose screw", message: "Help", department_id: workshop });

  const other = await windowOf(fanny);
  await other.goto("/admin/people");
  const page = await windowOf(camille);
  await onTheDesk(page, `http://desk/?ticket=${ticket.id}`);
  const place = page.getByLabel("Department", { exact: true });
  const moved = page.getByRole("status").filter({ hasText: "Moved to Invoices" });
  await chooseOption(page, "Department", "Invoices");
  await moved.getByRole("button", { name: "Undo" }).click();
  await expect(place).toHaveValue(workshop);
  await chooseOption(page, "Department", "Invoices");
  await expect(moved).toBeVisible();

  await other.bringToFront();
  await expect(bell(other)).toHaveAccessibleName(/unread/);
  await bell(other).click();
  const told = other.getByRole("dialog", { name: "Notifications" }).getByRole("listitem").filter({ hasText: "moved" });
  await told.first().getByRole("link").click();
  await expect(other.getByRole("heading", { level: 1, name: "A loose screw" })).toBeVisible();

  // The customer sees where it is, and cannot change it.
  const window = await windowOf(ana);
  await bringAxe(window);
  await window.goto(`/?ticket=${ticket.id}`);
  await expect(window.locator("details").filter({ hasText: "Details" })).toContainText("Invoices");
  await expect(window.getByLabel("Department", { exact: true })).toHaveCount(0);
  await expectAccessible(window, "the customer's ticket with its department");
});

test("the team corrects an answer, and the customer reads it", async ({ person, windowOf, request }) => {
  const [admin, camille, ana] = [person("admin", "Dominique"), person("agent", "Camille"), person("customer", "Ana")];
  const office = await apiOf(request, admin);
  const field = (key: string, kind: string, label: string, rest = {}) =>
    office("POST", "/admin/fields", { key, kind, label_en: label, label_fr: label, ...rest });
  const choices = ["Varroa", "Nosema"].map((name) => ({ key: name.toLowerCase(), en: name, fr: name }));
  await field("apiary", "text", "Apiary", { required: true });
  await field("colonies", "number", "Colonies", { rules: { min: 1, max: 9 } });
  await field("ills", "multi_select", "Illnesses", { choices });
  await field("visited", "date", "Visited on");
  await field("organic", "checkbox", "Organic");
  const asks = await apiOf(request, ana);
  const custom_fields = { apiary: "Near the lavender", ills: ["varroa"] };
  const ticket = await asks<View>("POST", "/tickets", { title: "A quiet hive", message: "Help", custom_fields });

  const page = await windowOf(camille);
  await bringAxe(page);
  await onTheDesk(page, `http://desk/?ticket=${ticket.id}`);
  await page.getByRole("button", { name: "Change the answers" }).click();
  const dialog = page.getByRole("dialog", { name: "Change the answers" });
  await expect(dialog.getByLabel("Apiary")).toHaveValue("Near the lavender");
  await expect(dialog.getByLabel("Varroa")).toBeChecked();
  await dialog.getByLabel("Apiary").fill("");
  await dialog.getByLabel("Colonies").fill("40");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("Apiary")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByLabel("Apiary")).toBeFocused();
  await expect(dialog.getByLabel("Colonies")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog).toContainText("Fill in this field.");
  await expectAccessible(page, "answers that are refused");
  await dialog.getByLabel("Apiary").fill("Behind the barn");
  await dialog.getByLabel("Colonies").fill("4");
  await dialog.getByLabel("Nosema").check();
  await dialog.getByLabel("Varroa").uncheck();
  await dialog.getByLabel("Visited on").fill("2026-11-02");
  await dialog.getByLabel("Organic").check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("The answers are changed.")).toBeVisible();

  const window = await windowOf(ana);
  await window.goto(`/?ticket=${ticket.id}`);
  const details = window.locator("details").filter({ hasText: "Details" });
  for (const answer of ["Behind the barn", "4", "Nosema", "2 Nov 2026", "Yes"]) await expect(details).toContainText(answer);
  await expect(details).not.toContainText("Varroa");
  await expect(window.getByRole("button", { name: "Change the answers" })).toHaveCount(0);
});
