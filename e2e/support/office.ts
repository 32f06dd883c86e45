// The desk's settings, changed by an admin through the API. Every journey begins with a desk as it is installed.
import { type APIRequestContext, expect, request } from "@playwright/test";
import { type Person, test as base } from "./journey";

export const PAGE = { cards: true, articles: true, details: true, bell: true, name_as_title: false, enter_sends: false };
export const FORM = { priority: "optional", department: "off" };

const AS_INSTALLED = {
  brand: { name: "Waggle" },
  form: FORM,
  registration: { mode: "required", entry: "sign_in", profile_editing: true },
  page: PAGE,
  welcome: {},
  captcha: {},
};

type Named = { id: string; retired: boolean };

export class Office {
  private constructor(private readonly api: APIRequestContext) {}

  static async open(url: string, admin: Person): Promise<Office> {
    const nobody = await request.newContext({ baseURL: url });
    const { email, password } = admin;
    const session = await nobody.post("/api/v1/auth/login", { data: { email, password } });
    const authorization = `Bearer ${(await session.json()).access_token}`;
    await nobody.dispose();
    const office = new Office(await request.newContext({ baseURL: url, extraHTTPHeaders: { authorization } }));
    await office.set(AS_INSTALLED);
    for (const kind of ["departments", "fields"]) {
      const all: Named[] = (await office.call("get", `/admin/${kind}`)).items;
      for (const it of all.filter((it) => !it.retired)) await office.call("patch", `/admin/${kind}/${it.id}`, { retired: true });
    }
    return office;
  }

  close(): Promise<void> {
    return this.api.dispose();
  }

  async set(change: object): Promise<void> {
    await this.call("patch", "/admin/settings", change);
  }

  async department(name: string): Promise<string> {
    return (await this.call("post", "/admin/departments", { name_en: name, name_fr: `${name} (fr)` })).id;
  }

  async retireDepartment(id: string): Promise<void> {
    await this.call("patch", `/admin/departments/${id}`, { retired: true });
  }

  async field(key: string, kind: string, label: string, more: object = {}): Promise<string> {
    return (await this.call("post", "/admin/fields", { key, kind, label_en: label, label_fr: `${label} (fr)`, ...more })).id;
  }

  async changeField(id: string, change: object): Promise<void> {
    await this.call("patch", `/admin/fields/${id}`, change);
  }

  /** The ticket whose page this is, as the team reads it. */
  async ticketAt(address: string) {
    return this.call("get", `/tickets/${new URL(address).searchParams.get("ticket")}`);
  }

  async archive(address: string): Promise<void> {
    await this.call("put", `/tickets/${new URL(address).searchParams.get("ticket")}/archive`);
  }

  private async call(method: "get" | "post" | "patch" | "put", path: string, data?: object) {
    const answer = await this.api[method](`/api/v1${path}`, { data });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return answer.json();
  }
}

export const test = base.extend<{ office: Office }>({
  office: async ({ desk, person }, use) => {
    const office = await Office.open(desk.url, person("admin", "Root"));
    await use(office);
    await office.close();
  },
});
