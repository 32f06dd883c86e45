// The team writes an article, publishes it, and loses nothing on the way.
import { publish, rareWord } from "../support/articles";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";

test("an article is written, previewed, published, changed and restored", async ({ person, windowOf, freshWindow }) => {
  const word = rareWord();
  const camille = await windowOf(person("agent", "Camille"));
  await camille.goto("/admin/articles");
  await camille.getByRole("link", { name: "New article" }).first().click();
  await camille.getByLabel("Title").fill(`A ${word} at home`);
  await camille.getByLabel("Text", { exact: true }).fill("It likes **honey**.\n\n## Where it sleeps\n\nIn a box.");
  await camille.getByRole("button", { name: "Preview" }).click();
  await expect(camille.getByRole("heading", { name: "Where it sleeps" })).toBeVisible();
  await expect(camille.locator(".preview strong")).toHaveText("honey");
  await camille.getByRole("button", { name: "Write" }).click();
  await camille.getByRole("button", { name: "Save draft" }).click();
  await expect(camille).toHaveURL(new RegExp(`/admin/articles/[a-z0-9-]*${word}`));
  const slug = new URL(camille.url()).pathname.split("/").pop() ?? "";

  const visitor = await freshWindow();
  await visitor.goto(`/help/${slug}`);
  await expect(visitor.getByText("Article not found").last()).toBeVisible();
  await camille.getByRole("button", { name: "Publish" }).click();
  await expect(camille.getByText("Published. Readers see it now.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("In a box.")).toBeVisible();

  // A saved draft is not what readers see.
  await camille.getByLabel("Text", { exact: true }).fill("It moved to the attic.");
  await camille.getByRole("button", { name: "Save draft" }).click();
  await expect(camille.getByText("Readers do not see it yet.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("In a box.")).toBeVisible();
  await camille.getByRole("button", { name: "Publish" }).click();
  await expect(camille.getByText("Published. Readers see it now.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("It moved to the attic.")).toBeVisible();

  // The first text comes back as the newest revision.
  await camille.getByRole("button", { name: "View revision 1" }).click();
  await camille.getByRole("button", { name: "Put into the editor" }).click();
  await expect(camille.getByLabel("Text", { exact: true })).toHaveValue(/In a box/);
  await camille.getByRole("button", { name: "Publish" }).click();
  await expect(camille.getByRole("button", { name: "View revision 3" })).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("In a box.")).toBeVisible();

  await camille.getByRole("button", { name: "Take back" }).click();
  await expect(camille.getByText("Readers no longer see it.")).toBeVisible();
  await visitor.reload();
  await expect(visitor.getByText("Article not found").last()).toBeVisible();
});

test("what is typed survives a reload, and somebody else's newer version", async ({ person, windowOf, freshWindow }) => {
  const word = rareWord();
  const [one, other] = [person("agent", "Camille"), person("agent", "Hugo")];
  const slug = await publish(await freshWindow(), one, { title: `On ${word}`, body: "As it was." });
  const camille = await windowOf(one);
  await camille.goto(`/admin/articles/${slug}`);
  const text = camille.getByLabel("Text", { exact: true });
  await text.fill("As Camille wants it.");
  await camille.reload();
  await expect(text).toHaveValue("As Camille wants it.");
  await expect(camille.getByText("It is not saved yet.")).toBeVisible();

  const hugo = await windowOf(other);
  await hugo.goto(`/admin/articles/${slug}`);
  await hugo.getByLabel("Text", { exact: true }).fill("As Hugo wants it.");
  await hugo.getByRole("button", { name: "Save draft" }).click();
  await expect(hugo.getByText("Readers do not see it yet.")).toBeVisible();

  await camille.getByRole("button", { name: "Save draft" }).click();
  await expect(camille.getByText("Somebody has saved a newer version of this text.")).toBeVisible();
  await expect(text).toHaveValue("As Camille wants it.");
  await camille.getByRole("button", { name: "See the newer version" }).click();
  await expect(camille.getByText("As Hugo wants it.")).toBeVisible();
  await camille.keyboard.press("Escape");
  await camille.getByRole("button", { name: "Keep mine" }).click();
  await camille.getByRole("button", { name: "Save draft" }).click();
  await expect(camille.getByText("Readers do not see it yet.")).toBeVisible();
  await expect(camille.getByRole("button", { name: "View revision 3" })).toBeVisible();
});

test("categories and synonyms are kept", async ({ person, windowOf }) => {
  const word = rareWord();
  const camille = await windowOf(person("agent", "Camille"));
  await camille.goto("/admin/articles");
  await camille.getByRole("button", { name: "Categories" }).click();
  await camille.getByLabel("Name in English").last().fill(`All of ${word}`);
  await camille.getByLabel("Name in French").last().fill(`Tout ${word}`);
  await camille.getByRole("button", { name: "Add category" }).click();
  await expect(camille.getByRole("button", { name: `Remove category All of ${word}` })).toBeVisible();
  await camille.getByRole("button", { name: "Close" }).first().click();

  await camille.getByRole("button", { name: "Synonyms" }).click();
  const groups = camille.getByLabel("Groups");
  const before = await groups.inputValue();
  await groups.fill(`${before}\n${word}, ${word}s`.trim());
  await camille.getByRole("button", { name: "Save", exact: true }).click();
  await expect(camille.getByText("The synonyms are saved.")).toBeVisible();
  await camille.getByRole("button", { name: "Synonyms" }).click();
  await expect(groups).toHaveValue(new RegExp(`${word}, ${word}s`));
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the editor is accessible, ${colorScheme}`, async ({ person, windowOf }) => {
    const dominique = person("admin", "Dominique");
    const page = await windowOf(dominique, { colorScheme });
    await bringAxe(page);
    const slug = await publish(page, dominique, { title: `For ${rareWord()}`, body: "Read.\n\n## One\n\nMore." });
    await page.goto("/admin/articles");
    await expect(page.getByRole("link", { name: /^For / }).first()).toBeVisible();
    await expectAccessible(page, "the articles");
    await page.getByRole("button", { name: "Categories" }).click();
    await expectAccessible(page, "the categories");
    await page.keyboard.press("Escape");
    await page.goto(`/admin/articles/${slug}`);
    await expect(page.getByRole("button", { name: "View revision 1" })).toBeVisible();
    await expectAccessible(page, "the editor");
    await page.goto("/admin/answers");
    await expect(page.getByRole("heading", { level: 1, name: "Answers" })).toBeVisible();
    await expectAccessible(page, "the answers");
  });
}
