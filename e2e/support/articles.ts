// Articles that journeys read, written by somebody of the team through the API.
import { randomBytes } from "node:crypto";
import { type Page, expect } from "@playwright/test";
import type { Person } from "./journey";

export type Text = { title: string; body: string };

/** A word that no other journey uses. */
export function rareWord(): string {
  const letters = "bdfgklmnprtv";
  const vowels = "aeiou";
  return Array.from(randomBytes(5), (byte) => letters[byte % 12] + vowels[byte % 5]).join("");
}

/** Publishes an article in one language or both; answers its slug. */
export async function publish(page: Page, author: Person, en: Text, fr?: Text): Promise<string> {
  const { email, password } = author;
  const session = await page.request.post("/api/v1/auth/login", { data: { email, password } });
  const headers = { authorization: `Bearer ${(await session.json()).access_token}` };
  const data = { locale: "en", title: en.title, body_markdown: en.body, publish: true };
  const made = await page.request.post("/api/v1/articles", { data, headers });
  expect(made.status(), await made.text()).toBe(201);
  const { slug } = await made.json();
  if (fr) {
    const data = { title: fr.title, body_markdown: fr.body, publish: true };
    const put = await page.request.put(`/api/v1/articles/${slug}/texts/fr`, { data, headers });
    expect(put.status(), await put.text()).toBe(200);
  }
  return slug;
}
