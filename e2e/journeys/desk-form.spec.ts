// The form for a new ticket asks for what the desk has set, in its words, and says everything that is wrong at once.
import { bringAxe, expectAccessible } from "../support/axe";
import { expect } from "../support/journey";
import { FORM, test } from "../support/office";

// The assistant is silent: nothing here is about its answers.
test.use({ settings: { WAGGLE_ASSISTANT: "off" } });

test("title and message are called what the desk calls them, in both languages", async ({ office, person, windowOf }) => {
  const form = { ...FORM, title: { en: "Subject", fr: "Objet" }, message: { en: "What happened", fr: "Ce qui s’est passé" } };
  await office.set({ form });
  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  await page.goto("/?ticket=new");
  await page.getByLabel("Subject").fill("The queen is gone");
  await page.getByLabel("What happened").fill("Since Tuesday.");
  await expectAccessible(page, "the form in the desk's words");
  await page.getByLabel("Language").first().selectOption("fr");
  // The words change, and what is written stays.
  await expect(page.getByLabel("Objet")).toHaveValue("The queen is gone");
  await expect(page.getByLabel("Ce qui s’est passé")).toHaveValue("Since Tuesday.");
  await page.getByRole("button", { name: "Envoyer le ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "The queen is gone" })).toBeVisible();
});

test("a department is asked for as the desk needs it", async ({ office, person, windowOf }) => {
  const billing = await office.department("Billing");
  const technical = await office.department("Technical");
  await office.set({ form: { ...FORM, department: "required" } });
  const page = await windowOf(person("customer", "Ana"));
  await page.goto("/?ticket=new");
  const department = page.getByLabel("Department");
  await page.getByLabel("Title").fill("An invoice");
  await page.getByLabel("Message").fill("Twice.");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(department).toBeFocused();
  await expect(department).toHaveAttribute("aria-invalid", "true");
  await department.selectOption({ label: "Billing" });
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "An invoice" })).toBeVisible();
  expect((await office.ticketAt(page.url())).department.id).toBe(billing);

  // With a default it is chosen beforehand.
  await office.set({ form: { ...FORM, department: "optional", default_department: technical } });
  await page.goto("/?ticket=new");
  await expect(department).toHaveValue(technical);

  // Where there is only one, there is nothing to choose.
  await office.set({ form: { ...FORM, department: "required" } });
  await office.retireDepartment(billing);
  await page.goto("/?ticket=new");
  await expect(page.getByLabel("Priority")).toBeVisible();
  await expect(department).toHaveCount(0);
  await page.getByLabel("Title").fill("Only one");
  await page.getByLabel("Message").fill("Hello.");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Only one" })).toBeVisible();
  expect((await office.ticketAt(page.url())).department.id).toBe(technical);
});

test("a priority is asked for as the desk needs it", async ({ office, person, windowOf }) => {
  const page = await windowOf(person("customer", "Ana"));
  await page.goto("/?ticket=new");
  const priority = page.getByLabel("Priority");
  await expect(priority).toHaveValue("medium");

  await office.set({ form: { ...FORM, priority: "required" } });
  await page.reload();
  await expect(priority).toHaveValue("");
  await page.getByLabel("Title").fill("Swarm");
  await page.getByLabel("Message").fill("Now.");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(priority).toBeFocused();
  await priority.selectOption({ label: "High" });
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Swarm" })).toBeVisible();
  expect((await office.ticketAt(page.url())).priority).toBe("high");

  await office.set({ form: { ...FORM, priority: "off" } });
  await page.goto("/?ticket=new");
  await expect(page.getByLabel("Title")).toBeVisible();
  await expect(priority).toHaveCount(0);
});

test("fields of every kind are filled in, kept, and refused together", async ({ office, person, windowOf }) => {
  const [billing] = [await office.department("Billing"), await office.department("Technical")];
  await office.set({ form: { ...FORM, department: "optional" } });
  const choices = ["scale", "sensor", "app"].map((key) => ({ key, en: `The ${key}`, fr: `Le ${key}` }));
  await office.field("hive", "text", "Hive", { help_en: "As on its label.", rules: { max_length: 20 } });
  await office.field("before", "long_text", "What was before");
  await office.field("hives", "number", "Number of hives", { required: true, rules: { min: 1, max: 500 } });
  await office.field("seen", "date", "First seen", { rules: { earliest: "2026-01-01" } });
  await office.field("device", "select", "Main device", { choices });
  await office.field("devices", "multi_select", "Devices", { choices, required: true });
  await office.field("consent", "checkbox", "You may read my data", { required: true });
  await office.field("shop", "url", "Web shop");
  await office.field("second", "email", "Second address");
  await office.field("invoice", "text", "Invoice", { departments: [billing], required: true });

  const page = await windowOf(person("customer", "Ana"));
  await bringAxe(page);
  await page.goto("/?ticket=new");
  await page.getByLabel("Title").fill("All of it");
  await page.getByLabel("Message").fill("Here.");
  await expect(page.getByLabel("Hive (optional)")).toHaveAccessibleDescription("As on its label.");
  await page.getByLabel("Hive (optional)").fill("H12");
  await page.getByLabel("What was before").fill("Nothing.\nThen something.");
  await page.getByLabel("Number of hives").fill("many");
  await page.getByLabel("First seen").fill("2026-03-02");
  await page.getByLabel("Main device").selectOption({ label: "The app" });
  const devices = page.getByRole("group", { name: "Devices" });
  await devices.getByLabel("The sensor").check();
  await devices.getByLabel("The scale").check();
  await page.getByLabel("You may read my data").check();
  await page.getByLabel("Web shop").fill("shop.example");
  await page.getByLabel("Second address").fill("ana@work.example");

  // A department has questions of its own.
  await expect(page.getByLabel("Invoice")).toHaveCount(0);
  await page.getByLabel("Department").focus();
  await page.getByLabel("Department").selectOption({ label: "Billing" });
  await expect(page.getByLabel("Invoice")).toBeVisible();
  await expect(page.getByLabel("Department")).toBeFocused();

  // Everything that is wrong is said at once, and the first of it has focus.
  const send = page.getByRole("button", { name: "Send ticket" });
  await send.click();
  await expect(page.getByLabel("Number of hives")).toBeFocused();
  await expect(page.getByLabel("Number of hives")).toHaveAccessibleDescription(/A number, such as 12/);
  await expect(page.getByLabel("Web shop")).toHaveAccessibleDescription(/begins with https/);
  await expect(page.getByLabel("Invoice")).toHaveAccessibleDescription("Fill in this field.");
  await expect(page.locator("[aria-invalid=true]")).toHaveCount(3);
  await expectAccessible(page, "the form with faults");

  // What was answered is still there after the page was closed.
  await page.reload();
  await expect(page.getByLabel("Number of hives")).toHaveValue("many");
  await expect(devices.getByLabel("The sensor")).toBeChecked();
  await expect(devices.getByLabel("The app")).not.toBeChecked();
  await page.getByLabel("Number of hives").fill("1,500");
  await send.click();
  await expect(page.getByLabel("Number of hives")).toHaveAccessibleDescription("At least 1. At most 500.");
  await page.getByLabel("Number of hives").fill("12,5");
  await page.getByLabel("Web shop").fill("https://shop.example");
  await page.getByLabel("Invoice").fill("F-77");
  await expectAccessible(page, "the form filled in");
  await send.click();
  await expect(page.getByRole("heading", { level: 1, name: "All of it" })).toBeVisible();
  const ticket = await office.ticketAt(page.url());
  const answers = Object.fromEntries(ticket.custom_fields.map((it: { key: string; value: unknown }) => [it.key, it.value]));
  expect(answers).toEqual({
    hive: "H12",
    before: "Nothing.\nThen something.",
    hives: 12.5,
    seen: "2026-03-02",
    device: "app",
    devices: ["scale", "sensor"],
    consent: true,
    shop: "https://shop.example",
    second: "ana@work.example",
    invoice: "F-77",
  });
  expect(ticket.department.id).toBe(billing);
});

test("what only the server knows is said at its field, and asked from then on", async ({ office, person, windowOf }) => {
  const hive = await office.field("hive", "text", "Hive");
  const page = await windowOf(person("customer", "Ana"));
  await page.goto("/?ticket=new");
  await page.getByLabel("Title").fill("Late rules");
  await page.getByLabel("Message").fill("Hello.");
  await page.getByLabel("Hive").fill("a very long name of a hive");
  // Meanwhile the desk has become stricter.
  await office.changeField(hive, { rules: { max_length: 5 } });
  await office.field("plan", "text", "Plan", { required: true });
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByLabel("Hive")).toHaveAccessibleDescription("At most 5 characters.");
  await expect(page.getByLabel("Plan")).toHaveAccessibleDescription("Fill in this field.");
  await expect(page.getByLabel("Hive")).toHaveValue("a very long name of a hive");
  await page.getByLabel("Hive").fill("H12");
  await page.getByLabel("Plan").fill("Pro");
  await page.getByRole("button", { name: "Send ticket" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Late rules" })).toBeVisible();
});
