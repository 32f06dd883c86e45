// Articles that may answer are offered while a ticket is written and beside it, and open in place.
import { publish, rareWord } from "../support/articles";
import { expect, test } from "../support/journey";
import { openTicket } from "../support/tickets";

test("an article is offered while a ticket is written, and the form stays", async ({ person, windowOf, freshWindow }) => {
  const word = rareWord();
  await publish(await freshWindow(), person("agent", "Camille"), {
    title: `How to clean a ${word}`,
    body: `## With water\n\nA ${word} is cleaned with warm water.\n\n## Without water\n\nUse a brush on the ${word}.`,
  });
  const ana = await windowOf(person("customer", "Ana"));
  await ana.goto("/?ticket=new");
  const offered = ana.getByRole("region", { name: "These articles may help" });
  await ana.getByLabel("Title").fill("How clean");
  await expect(offered.getByRole("link")).toHaveCount(0);
  await ana.getByLabel("Title").fill(`How do I clean my ${word}?`);
  await ana.getByLabel("Message").fill("It is dirty.");
  await offered.getByRole("link", { name: new RegExp(`How to clean a ${word}`) }).first().click();

  const reader = ana.getByRole("dialog", { name: "Help article" });
  await expect(reader.getByRole("heading", { name: `How to clean a ${word}` })).toBeVisible();
  await expect(reader.getByText("warm water")).toBeVisible();
  await expect(reader.getByRole("link", { name: /Open as a page/ })).toHaveAttribute("href", /^\/help\//);
  await ana.keyboard.press("Escape");
  await expect(reader).toBeHidden();
  await expect(ana.getByLabel("Title")).toHaveValue(`How do I clean my ${word}?`);
  await expect(ana.getByLabel("Message")).toHaveValue("It is dirty.");

  await openTicket(ana, `My ${word} needs cleaning`, "How is it done?");
  await expect(offered.getByRole("link", { name: new RegExp(`How to clean a ${word}`) }).first()).toBeVisible();
});
