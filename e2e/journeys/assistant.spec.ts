// The assistant answers from the articles, shows what it rests on, and gives way to people.
import { publish, rareWord } from "../support/articles";
import { bringAxe, expectAccessible } from "../support/axe";
import { expect, test } from "../support/journey";
import { onTheDesk, openTicket, reply, thread } from "../support/tickets";

/** An article with one fact that answers one question. */
function fact(word: string) {
  const quote = `A ${word} is charged with the blue cable for three hours.`;
  return {
    quote,
    text: {
      title: `Charging a ${word}`,
      body: `This page is about power.\n\n## How long to charge\n\n${quote}\n\n## Where to buy\n\nAsk your dealer.`,
    },
    question: `How long do I charge a ${word} with the blue cable?`,
  };
}

test("a ticket gets an answer with its sources, and a person when one is wanted", async ({ person, windowOf }) => {
  const team = person("agent", "Camille");
  const camille = await windowOf(team);
  const word = rareWord();
  const { quote, text, question } = fact(word);
  await publish(camille, team, text);
  const ana = await windowOf(person("customer", "Ana"));
  await bringAxe(ana);
  const address = await openTicket(ana, `Charging my ${word}`, question);

  const answer = thread(ana).getByRole("article").filter({ hasText: "[ai:" });
  await expect(answer).toBeVisible({ timeout: 20_000 });
  await expect(answer).toContainText("can be wrong");
  await expect(answer.getByRole("link", { name: `Charging a ${word}` }).last()).toBeVisible();
  await expectAccessible(ana, "an answer of the assistant");

  await answer.locator(".sources").getByRole("link", { name: `Charging a ${word}` }).first().click();
  const reader = ana.getByRole("dialog", { name: "Help article" });
  await expect(reader.locator("[data-quoted]")).toContainText(quote);
  await expect(reader.locator("[data-quoted]")).toBeInViewport();
  await expectAccessible(ana, "the reader");
  await ana.keyboard.press("Escape");

  await answer.getByRole("button", { name: "This helped" }).click();
  await expect(answer).toContainText("You said that this helped.");
  await answer.getByRole("button", { name: "I need a person" }).click();
  await expect(answer).toContainText("The team knows that you would like a person.");
  await ana.reload();
  await expect(answer).toContainText("You said that this helped.");
  await expect(answer).toContainText("The team knows that you would like a person.");

  await camille.goto("/admin?person_wanted=true");
  const row = camille.getByRole("link", { name: new RegExp(word) });
  await expect(row).toContainText("Wants a person");
  await onTheDesk(camille, address);
  await expect(camille.getByText("Silent: the customer asked for a person.")).toBeVisible();
  await reply(camille, "Here I am.");
  await camille.goto("/admin?person_wanted=true");
  await expect(camille.getByText("No ticket matches").or(camille.getByRole("list").first())).toBeVisible();
  await expect(row).toHaveCount(0);
});

test("a question that the articles do not cover gets an honest answer", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  await openTicket(ana, `Does the ${rareWord()} sing in ${rareWord()}?`, `Only ${rareWord()} knows.`);
  const answer = thread(ana).getByRole("article").filter({ hasText: "[ai:" });
  await expect(answer).toBeVisible({ timeout: 20_000 });
  await expect(answer).toContainText("Not in the documentation");
  await expect(answer.getByRole("button", { name: "This helped" })).toHaveCount(0);
  await expect(answer.getByRole("button", { name: "I need a person" })).toBeVisible();
});

test("an answer of the team silences the assistant, which the team can take back", async ({ person, windowOf }) => {
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, "Is anybody at home?", "I would like to know.");
  const camille = await windowOf(person("agent", "Camille"));
  await onTheDesk(camille, address);
  await reply(camille, "Yes, I am.");
  await expect(camille.getByText("Silent since the team answered.")).toBeVisible();
  await camille.getByRole("button", { name: "Let it speak again" }).click();
  await expect(camille.getByText("Silent since the team answered.")).toHaveCount(0);
  await camille.getByRole("button", { name: "Silence it here" }).click();
  await expect(camille.getByText("Silent since the team answered.")).toBeVisible();
});

test("in draft mode the team sends, rewords or drops", async ({ person, windowOf }) => {
  test.setTimeout(120_000);
  const team = person("agent", "Camille");
  const camille = await windowOf(team);
  const word = rareWord();
  const { quote, text, question } = fact(word);
  await publish(camille, team, text);
  const ana = await windowOf(person("customer", "Ana"));
  const address = await openTicket(ana, `All about my ${word}`, `I have a ${word}.`);
  const answers = thread(ana).getByRole("article").filter({ hasText: "[ai:" });
  await expect(answers).toHaveCount(1, { timeout: 20_000 });
  await onTheDesk(camille, address);
  await camille.getByLabel("Assistant", { exact: true }).selectOption({ label: "Writes drafts for the team" });
  await expect(camille.getByText("Assistant: Writes drafts for the team.")).toBeVisible();

  const draft = camille.getByRole("region", { name: "Draft by the assistant" }).first();
  const greetings = ["Hello.", "Good morning.", "Good evening."];
  const asked = async () => {
    await reply(ana, `${greetings.shift()} ${question}`);
    await camille.bringToFront();
    await expect(draft).toContainText(quote, { timeout: 40_000 });
  };
  await asked();
  await draft.getByRole("button", { name: "Drop" }).click();
  await expect(draft).toHaveCount(0);
  await expect(answers).toHaveCount(1);

  await asked();
  await draft.getByRole("button", { name: "Send" }).click();
  await expect(draft).toHaveCount(0);
  await ana.reload();
  await expect(answers).toHaveCount(2);
  await expect(answers.last()).toContainText(quote);

  await asked();
  await draft.getByRole("button", { name: "Edit" }).click();
  const box = camille.getByLabel("Your reply");
  await expect(box).toHaveValue(new RegExp(word));
  await box.fill("Three hours, with the blue one.");
  await camille.getByRole("button", { name: "Send", exact: true }).last().click();
  await expect(thread(camille).getByText("Three hours, with the blue one.")).toBeVisible();
  await expect(draft).toHaveCount(0);
  await ana.reload();
  await expect(thread(ana).getByRole("article").filter({ hasText: "[admin:Camille]" })).toContainText("Three hours");
});
