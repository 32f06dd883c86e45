// Le bureau en français, from the browser's language or by the switch.
import { expect, Person, test } from "../support/journey";
import { followMail } from "../support/mailbox";

test("a French browser gets French pages and French mails", async ({ freshWindow }) => {
  const lea = new Person("Léa");
  const page = await freshWindow({ locale: "fr-FR" });
  await page.goto("/register");
  await expect(page.locator("html")).toHaveAttribute("lang", "fr");
  await page.getByLabel("Nom").fill(lea.name);
  await page.getByLabel("Adresse e-mail").fill(lea.email);
  await page.getByLabel("Mot de passe", { exact: true }).fill(lea.password);
  await page.getByRole("button", { name: "Créer le compte" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Consultez votre messagerie" })).toBeVisible();

  await followMail(page, lea.email);
  await expect(page.getByRole("heading", { level: 1, name: "Assistance" })).toBeVisible();
  await page.goto("/dev/mailbox");
  await expect(page.getByRole("article").filter({ hasText: lea.email }).first()).toContainText("Bonjour");

  await page.goto("/");
  await page.getByRole("link", { name: "Nouveau ticket" }).first().click();
  await page.getByLabel("Titre").fill("La ruche 7 ne répond plus");
  await page.getByLabel("Message").fill("Depuis ce matin.");
  await page.getByRole("button", { name: "Envoyer le ticket" }).click();
  await expect(page.getByRole("heading", { name: "La ruche 7 ne répond plus" })).toBeVisible();
});

test("the language can be switched, and stays", async ({ freshWindow }) => {
  const page = await freshWindow();
  await page.goto("/sign-in");
  await page.getByLabel("Language").first().selectOption("fr");
  await expect(page.getByRole("heading", { level: 1, name: "Se connecter" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Se connecter" })).toBeVisible();
});
