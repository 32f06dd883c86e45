// What a program does first, in TypeScript, with a client made from the API's document.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components, paths } from "./made/waggle.js";

type TicketSummary = components["schemas"]["TicketSummary"];

const { WAGGLE_URL = "", WAGGLE_EMAIL = "", WAGGLE_PASSWORD = "" } = process.env;

const visitor = createClient<paths>({ baseUrl: WAGGLE_URL });
const session = await visitor.POST("/api/v1/auth/login", { body: { email: WAGGLE_EMAIL, password: WAGGLE_PASSWORD } });
assert(session.data, JSON.stringify(session.error));

const waggle = createClient<paths>({
  baseUrl: WAGGLE_URL,
  headers: { Authorization: `Bearer ${session.data.access_token}` },
});

const opened = await waggle.POST("/api/v1/tickets", {
  params: { header: { "Idempotency-Key": crypto.randomUUID() } },
  body: { title: "From TypeScript", message: "It **works**.", priority: "high" },
});
assert(opened.data, JSON.stringify(opened.error));
assert.equal(opened.data.status, "open");
const { id } = opened.data;

// Two by two, until the last page names no next one.
const seen: TicketSummary[] = [];
for (let after: string | undefined; ; ) {
  const page = await waggle.GET("/api/v1/tickets", { params: { query: after ? { limit: 2, after } : { limit: 2 } } });
  assert(page.data, JSON.stringify(page.error));
  seen.push(...page.data.items);
  if (!page.data.next_cursor) break;
  after = page.data.next_cursor;
}
assert(seen.length > 2 && seen.some((ticket) => ticket.id === id));
assert.equal(new Set(seen.map((ticket) => ticket.id)).size, seen.length);

const comment = await waggle.POST("/api/v1/tickets/{id}/comments", {
  params: { path: { id } },
  body: { id: crypto.randomUUID(), message: "And it pages." },
});
assert.equal(comment.data?.author.kind, "user");

const absent = await waggle.GET("/api/v1/tickets/{id}", { params: { path: { id: crypto.randomUUID() } } });
assert.equal(absent.error?.code, "not_found");

const wrong = await waggle.POST("/api/v1/tickets", { body: { title: "", message: "No title" } });
assert.equal(wrong.error?.code, "invalid");
assert.deepEqual(
  wrong.error.errors?.map((field) => [field.pointer, field.code]),
  [["/title", "required"]],
);
