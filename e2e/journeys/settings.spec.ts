// An admin sets the desk up in the browser, sees what it does before it is saved, and who changed what.
import { type Page, expect } from "@playwright/test";
import { bringAxe, expectAccessible } from "../support/axe";
import { document, picture } from "../support/files";
import { test } from "../support/journey";

// A desk of its own: what is changed here would be in other journeys' way.
test.use({ settings: { WAGGLE_ASSISTANT: "off", WAGGLE_ASSISTANT_NAME: "Melissa" } });

const TOPICS = "brand assistant departments team form fields sla archiving registration captcha page welcome panel api-keys history".split(" ");

async function open(page: Page, topic: string): Promise<void> {
  await page.goto(`/admin/settings/${topic}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save", exact: true }).click();
}

const saved = (page: Page) => page.getByText("Saved. It holds from now on.");

test("a brand is chosen, refused while nobody could read it, and told in the history", async ({ person, windowOf }) => {
  const page = await windowOf(person("admin", "Camille"));
  await page.goto("/admin");
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: /^Brand/ }).click();
  const look = page.getByRole("region", { name: "Preview" });
  await page.getByLabel("Name of the desk").fill("The Apiary");
  await expect(look.getByText("The Apiary")).toHaveCount(2);

  const accent = page.getByLabel("Accent colour", { exact: true });
  await accent.fill("#ffd75e");
  await expect(page.getByText(/^Contrast 1\.3 to 1: too light/)).toBeVisible();
  await save(page);
  await expect(page.getByText("White words could not be read on this colour.")).toBeVisible();
  await expect(accent).toBeFocused();
  await expect(accent).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Name of the desk")).toHaveValue("The Apiary");

  // Going elsewhere loses nothing, and the browser asks before the page goes.
  const topics = page.getByRole("navigation", { name: "Topics of the settings" });
  await topics.getByRole("link", { name: "Welcome" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Welcome" })).toBeVisible();
  await expect(topics.getByRole("link", { name: "Brand (not saved)" })).toBeVisible();
  await topics.getByRole("link", { name: /Brand/ }).click();
  await expect(accent).toHaveValue("#ffd75e");
  let asked = 0;
  page.on("dialog", (dialog) => {
    asked += 1;
    void dialog.accept();
  });
  await page.reload();
  expect(asked).toBe(1);
  await expect(page.getByLabel("Name of the desk")).toHaveValue("Waggle");

  await page.getByLabel("Name of the desk").fill("The Apiary");
  await accent.fill("#0b6b3a");
  await expect(page.getByText(/^Contrast 6\.\d to 1: white words/)).toBeVisible();
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(page.getByText("Not saved yet")).toHaveCount(0);
  await page.reload();
  expect(asked).toBe(1);
  await expect(accent).toHaveValue("#0b6b3a");
  await page.getByLabel("Name of the desk").fill("Another");
  await page.getByRole("button", { name: "Discard changes" }).click();
  await expect(page.getByLabel("Name of the desk")).toHaveValue("The Apiary");

  await topics.getByRole("link", { name: "History" }).click();
  const change = page.getByRole("listitem").filter({ hasText: "Name of the desk" });
  await expect(change).toContainText("Brand");
  await expect(change).toContainText("Camille");
  await expect(change.locator("del").filter({ hasText: "Waggle" })).toBeVisible();
  await expect(change.locator("ins").filter({ hasText: "The Apiary" })).toBeVisible();
});

test("a logo stands before the name, and what is no picture does not", async ({ person, windowOf }) => {
  const page = await windowOf(person("admin", "Camille"));
  await open(page, "brand");
  const file = page.locator("input[type=file]");
  const gift = ({ name, type, bytes }: { name: string; type: string; bytes: Buffer }) => ({ name, mimeType: type, buffer: bytes });
  await file.setInputFiles(gift(document("hive.png")));
  await expect(page.getByText("This file cannot be the logo.")).toBeVisible();
  await file.setInputFiles(gift(picture("hive.png", 96, 96)));
  await expect(page.getByText("This file cannot be the logo.")).toHaveCount(0);
  const look = page.getByRole("region", { name: "Preview" });
  await expect(look.locator("img")).toHaveCount(2);
  await save(page);
  await expect(saved(page)).toBeVisible();
  const banner = page.getByRole("banner").locator("img");
  await expect.poll(() => banner.evaluate((it: HTMLImageElement) => it.complete && it.naturalWidth)).toBe(96);

  await page.getByRole("button", { name: "Remove the logo" }).click();
  await save(page);
  await expect(banner).toHaveCount(0);
});

test("departments and fields are added, refused at their fields, ordered and retired", async ({ person, windowOf }) => {
  // A long way through many pages.
  test.slow();
  const admin = person("admin", "Camille");
  person("agent", "Hugo");
  const page = await windowOf(admin);

  // What is impossible is said before it is asked for, and refused at its place.
  await open(page, "form");
  const need = page.getByRole("group", { name: "Department", exact: true });
  await need.getByLabel("Required").check();
  await expect(page.getByText("There is no department to choose yet. Add one first:").first()).toBeVisible();
  await save(page);
  await expect(need.getByText("There is no department to choose yet.")).toBeVisible();
  await page.getByRole("button", { name: "Discard changes" }).click();

  await open(page, "departments");
  await page.getByRole("link", { name: "Add a department" }).click();
  await page.getByLabel("In English").fill("Billing");
  await save(page);
  await expect(page.getByText("Fill in this field.")).toBeVisible();
  await page.getByLabel("In French").fill("Facturation");
  await page.getByLabel("Hugo").first().check();
  await save(page);
  await expect(page.getByText("The department is there.")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Billing" })).toContainText("Hugo");

  await open(page, "form");
  await need.getByLabel("Required").check();
  await page.getByLabel("Default department").selectOption({ label: "Billing" });
  await save(page);
  await expect(saved(page)).toBeVisible();
  await open(page, "departments");
  await page.getByRole("button", { name: "Retire Billing" }).click();
  await expect(page.getByText("It stays: it is the default department")).toBeVisible();

  await open(page, "fields");
  await page.getByRole("link", { name: "Add a field" }).click();
  const question = page.getByRole("group", { name: "Question" });
  await question.getByLabel("In English").fill("Your plan");
  await page.getByLabel("One of several choices").check();
  await page.getByRole("button", { name: "Add a choice" }).click();
  await page.getByLabel("Choice 1 in English").fill("Essential");
  await page.getByRole("button", { name: "Add a choice" }).click();
  await page.getByLabel("Choice 2 in English").fill("Pro");
  await page.getByLabel("Choice 2 in French").fill("Pro");
  await save(page);
  // All that is wrong is named at once.
  await expect(page.getByText("Fill in this field.")).toHaveCount(2);
  await expect(question.getByLabel("In French")).toBeFocused();
  await question.getByLabel("In French").fill("Votre offre");
  await page.getByLabel("Choice 1 in French").fill("Essentiel");
  await page.getByRole("button", { name: "Move choice 2 up" }).click();
  await expect(page.getByLabel("Choice 1 in English")).toHaveValue("Pro");
  const look = page.getByRole("region", { name: "Preview" });
  await expect(look.getByText("Votre offre")).toBeVisible();
  await expect(look.getByText("Pro · Essential", { exact: true })).toBeVisible();
  await expect(look.getByText("Pro · Essentiel", { exact: true })).toBeVisible();
  await save(page);
  await expect(page.getByText("The field is in the form.")).toBeVisible();

  await page.getByRole("link", { name: "Add a field" }).click();
  await question.getByLabel("In English").fill("Number of hives");
  await question.getByLabel("In French").fill("Nombre de ruches");
  await page.getByLabel("A number").check();
  await page.getByLabel("At least").fill("5");
  await page.getByLabel("At most").fill("2");
  await save(page);
  await expect(page.getByText("No answer could keep to this.")).toBeVisible();
  await page.getByLabel("At most").fill("500");
  await page.getByLabel("Billing").check();
  await save(page);
  await expect(page.getByText("The field is in the form.")).toBeVisible();

  // By keyboard, and the button that was pressed keeps the focus.
  const up = page.getByRole("button", { name: "Move Number of hives up" });
  await up.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Custom fields" }).getByRole("listitem").first()).toContainText("Number of hives");
  await expect(up).toBeFocused();
  await page.getByRole("button", { name: "Retire Your plan" }).click();
  await expect(page.getByText("Your plan is retired.")).toBeVisible();
  await page.getByText("Retired (1)").click();
  await page.getByRole("button", { name: "Bring back Your plan" }).click();
  await expect(page.getByText("Your plan is back.")).toBeVisible();

  const settings = await (await page.request.get("/api/v1/settings")).json();
  expect(settings.fields.map((field: { key: string }) => field.key)).toEqual(["number_of_hives", "your_plan"]);
  expect(settings.fields[0].rules).toEqual({ min: 5, max: 500 });
  expect(settings.fields[1].choices.map((choice: { key: string }) => choice.key)).toEqual(["pro", "essential"]);

  // A choice that was saved is retired and not lost.
  await page.getByRole("link", { name: "Edit Your plan" }).click();
  await page.getByRole("button", { name: "Retire choice 2" }).click();
  await save(page);
  await expect(saved(page)).toBeVisible();
  await open(page, "form");
  await expect(page.getByRole("region", { name: "Preview" }).getByText("Pro", { exact: true })).toBeVisible();
});

test("targets and opening hours say what they mean before they hold", async ({ person, windowOf }) => {
  const page = await windowOf(person("admin", "Camille"));
  await open(page, "sla");
  const look = page.getByRole("region", { name: "Preview" });
  await expect(look.getByText("Nothing is promised.")).toBeVisible();
  const medium = page.getByRole("group", { name: "Medium priority" });
  await medium.getByLabel("First answer", { exact: true }).fill("1.5");
  await page.getByLabel("Time zone").selectOption("Europe/Paris");
  await page.getByRole("button", { name: "Monday to Friday, 9 to 17" }).click();
  await expect(look).toContainText(/Friday .* 17:50/);
  await expect(look).toContainText(/First answer\s*Monday .* 10:30/);

  // Two windows of a day share no minute.
  const friday = page.getByRole("group", { name: "Friday" });
  await friday.getByRole("button", { name: "Friday Add hours" }).click();
  await friday.getByLabel("Friday 2, from").fill("16:00");
  await friday.getByLabel("Friday 2, to").fill("18:00");
  await save(page);
  await expect(friday.getByText("Up to six windows, one after the other")).toBeVisible();
  await friday.getByLabel("Friday 2, from").fill("17:30");
  await expect(look).toContainText(/First answer\s*Monday .* 10:20/);
  await page.getByRole("button", { name: "Add a holiday" }).click();
  await page.getByLabel("Day of the holiday 1").fill("2030-12-25");
  await page.getByLabel("Name of the holiday 1").fill("Christmas");
  await save(page);
  await expect(saved(page)).toBeVisible();

  await page.reload();
  await expect(medium.getByLabel("First answer", { exact: true })).toHaveValue("90");
  await expect(medium.getByLabel("First answer, unit")).toHaveValue("1");
  await expect(friday.getByLabel("Friday 2, from")).toHaveValue("17:30");
  await expect(page.getByLabel("Name of the holiday 1")).toHaveValue("Christmas");
  await open(page, "history");
  await expect(page.getByRole("listitem").filter({ hasText: "Medium · First answer" })).toContainText("1 h 30 min");
});

test("what is set holds: words, toggles, welcome, archiving, registration and the captcha", async ({ person, windowOf }) => {
  // A long way through many pages.
  test.slow();
  const page = await windowOf(person("admin", "Camille"));
  await open(page, "page");
  await page.getByLabel("Cards with the counts").uncheck();
  await page.getByLabel("Enter sends").check();
  await expect(page.getByRole("region", { name: "Preview" }).getByText("3 open")).toHaveCount(0);
  await save(page);
  await expect(saved(page)).toBeVisible();

  await open(page, "welcome");
  await page.getByLabel("In English").fill("Welcome to the **apiary**");
  const look = page.getByRole("region", { name: "Preview" });
  await expect(look.locator("strong", { hasText: "apiary" })).toHaveCount(2);
  await expect(look.getByText("The text of the other language")).toBeVisible();
  await save(page);
  await expect(saved(page)).toBeVisible();

  await open(page, "archiving");
  const days = page.getByLabel("Archive after so many days");
  await days.fill("0");
  await save(page);
  await expect(page.getByText("1 to 3,650 days.")).toBeVisible();
  await days.fill("30");
  await expect(look.getByText(/^A ticket that is resolved today is archived on/)).toBeVisible();
  await save(page);
  await expect(saved(page)).toBeVisible();

  await open(page, "captcha");
  await page.getByLabel("hCaptcha").check();
  await expect(look.getByText("WAGGLE_CAPTCHA_SECRET=…")).toBeVisible();
  await save(page);
  await expect(page.getByText("This server has no secret for it yet.")).toBeVisible();
  await expect(page.getByText("Fill in this field.")).toBeVisible();
  await page.getByRole("button", { name: "Discard changes" }).click();

  await open(page, "registration");
  await page.getByLabel("the registration form").check();
  await page.getByLabel("Only people whose account the team has made").check();
  await expect(look.getByText("there is no way to register")).toBeVisible();
  await page.getByLabel("Customers may change their name and address").uncheck();
  await save(page);
  await expect(saved(page)).toBeVisible();

  await open(page, "panel");
  await page.getByRole("button", { name: "Add a website" }).click();
  const website = page.getByLabel("Websites that may show it 1");
  await website.fill("http://www.example.com/shop");
  await save(page);
  await expect(page.getByText("An address such as https://www.example.com, without a path. Plain http")).toBeVisible();
  await website.fill("https://www.example.com");
  await save(page);
  await expect(saved(page)).toBeVisible();
  await expect(page.getByText(/^<script src="http.*\/panel\.js" data-offset="64"><\/script>$/)).toBeVisible();
  await page.getByRole("button", { name: "Make a new secret" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Make it" }).click();
  await expect(page.getByText("Copy it now: it is shown this once.")).toBeVisible();
  await expect(page.getByRole("status").locator("pre")).toHaveText(/^\S{32,}$/);

  const settings = await (await page.request.get("/api/v1/settings")).json();
  expect(settings).toMatchObject({
    page: { cards: false, enter_sends: true, bell: true },
    registration: "closed",
    entry: "sign_in",
    profile_editing: false,
  });
});

for (const [theme, width] of [["light", 1280], ["dark", 390]] as const) {
  test(`the settings are accessible, in French, ${theme}, ${width} wide`, async ({ person, windowOf }) => {
    // Sixteen pages, each looked through.
    test.slow();
    const page = await windowOf(person("admin", "Camille"), { colorScheme: theme, viewport: { width, height: 844 } });
    await bringAxe(page);
    await page.goto("/admin/settings");
    await page.getByLabel("Language").first().selectOption("fr");
    await expect(page.getByRole("heading", { level: 1, name: "Réglages" })).toBeVisible();
    await expectAccessible(page, "the overview");
    await page.getByRole("link", { name: /^Marque/ }).click();
    for (const topic of TOPICS) {
      if (width < 992) await page.getByLabel("Rubrique", { exact: true }).selectOption(topic);
      else await page.locator(`nav a[href="/admin/settings/${topic}"]`).click();
      await expect(page).toHaveURL(new RegExp(`/${topic}$`));
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(/^(Brand|Welcome|History)$/);
      await expectAccessible(page, topic);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, `${topic} is wider than its window`).toBe(0);
    }
    for (const things of ["fields", "departments"]) {
      await open(page, `${things}?edit=new`);
      await expect(page.getByRole("region", { name: "Aperçu" })).toBeVisible();
      await expectAccessible(page, `a new one of the ${things}`);
    }
  });
}

test("nobody else sees the settings", async ({ person, windowOf }) => {
  const hugo = await windowOf(person("agent", "Hugo"));
  await expect(hugo.getByRole("link", { name: "Settings" })).toHaveCount(0);
  await hugo.goto("/admin/settings/brand");
  await expect(hugo.getByText("Page not found").last()).toBeVisible();
});
