// What the office sets and the team does, as a program would: over the API, with somebody's own session.
import { type APIRequestContext, type Page, expect } from "@playwright/test";
import type { Person } from "./journey";

export type Api = <T = Record<string, unknown>>(method: "GET" | "POST" | "PUT" | "PATCH", path: string, body?: object) => Promise<T>;

/** Signs somebody in beside the pages. */
export async function apiOf(request: APIRequestContext, person: Pick<Person, "email" | "password">): Promise<Api> {
  const { email, password } = person;
  const session = await request.post("/api/v1/auth/login", { data: { email, password } });
  expect(session.status(), await session.text()).toBe(200);
  const headers = { authorization: `Bearer ${(await session.json()).access_token}` };
  return async (method, path, data) => {
    const answer = await request.fetch(`/api/v1${path}`, { method, headers, data });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
    return answer.json();
  };
}

export async function chooseOption(page: Page, label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).selectOption({ label: option });
}
