// Anybody finds an article, reads it in their language and goes to one of its sections.
import { publish, rareWord } from "../support/articles";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";

const filler = Array.from({ length: 40 }, (_, line) => `Line ${line} says little.`).join("\n\n");

test("an article is found, read in French, and opened at a section", async ({ person, freshWindow }) => {
  const word = rareWord();
  const page = await freshWindow();
  const slug = await publish(
    page,
    person("agent", "Camille"),
    { title: `Feeding a ${word}`, body: `It eats honey.\n\n## In winter\n\n${filler}\n\n## In spring\n\nIt eats pollen.` },
    { title: `Nourrir un ${word}`, body: `Il mange du miel.\n\n## En hiver\n\n${filler}\n\n## Au printemps\n\nIl mange du pollen.` },
  );

  await page.goto("/help");
  await page.getByRole("searchbox", { name: "Search the help" }).fill(word);
  await expect(page).toHaveURL(new RegExp(`[?&]q=${word}`));
  await page.getByRole("link", { name: new RegExp(`Feeding a ${word}`) }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Feeding a ${word}` })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/help/${slug}`));

  await page.getByRole("navigation", { name: "Language of the article" }).getByRole("link", { name: "Français" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Nourrir un ${word}` })).toBeVisible();
  await expect(page.getByText("Il mange du miel.")).toBeVisible();

  await page.getByRole("navigation", { name: "On this page" }).getByRole("link", { name: "Au printemps" }).click();
  await expect(page).toHaveURL(/#au-printemps$/);
  const heading = page.getByRole("heading", { name: "Au printemps" });
  await expect(heading).toBeInViewport();
  await expect(heading).toHaveAttribute("data-marked", "");
  await expect(heading).not.toHaveAttribute("data-marked", "");

  // A sent link opens the same.
  await page.goto(`/help/${slug}?lang=en#in-spring`);
  await expect(page.getByRole("heading", { name: "In spring" })).toBeInViewport();
});

test("a search without a result and an article that is not there say so", async ({ freshWindow }) => {
  const page = await freshWindow();
  await page.goto(`/help?q=${rareWord()}`);
  await expect(page.getByText("No article matches")).toBeVisible();
  await page.goto("/help/there-is-no-such-article");
  await expect(page.getByText("Article not found").last()).toBeVisible();
  await page.getByRole("link", { name: "Back to the help" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Help" })).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the help is accessible, ${colorScheme}`, async ({ person, freshWindow }) => {
    const page = await freshWindow({ colorScheme });
    await bringAxe(page);
    const word = rareWord();
    const slug = await publish(
      page,
      person("agent", "Camille"),
      { title: `About ${word}`, body: "Read.\n\n## One\n\n- a `code`\n\n## Two\n\n```\nlong\n```" },
      { title: `Sur ${word}`, body: "Lire.\n\n## Un\n\n- un `code`\n\n## Deux\n\n```\nlong\n```" },
    );
    await page.goto("/help");
    await expect(page.getByRole("link", { name: new RegExp(`About ${word}`) })).toBeVisible();
    await expectAccessible(page, "the help");
    await page.goto(`/help?q=${word}`);
    await expect(page.getByRole("link", { name: new RegExp(`About ${word}`) })).toBeVisible();
    await expectAccessible(page, "a search of the help");
    await page.goto(`/help/${slug}`);
    await expect(page.getByRole("heading", { level: 1, name: `About ${word}` })).toBeVisible();
    await expectAccessible(page, "an article");
  });
}
