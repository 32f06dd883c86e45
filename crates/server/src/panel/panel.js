// Waggle's panel in this page:
//   <script src="https://desk.example/panel.js" data-offset="64" data-token="/support-token"></script>
// data-offset  pixels that a fixed header takes from the window's height
// data-target  a selector to mount it in, instead of where the script stands
// data-title   what screen readers call it
// data-token   an address of this website that answers a fresh token for its user as text, and nothing for nobody;
//              or set window.waggle = { token: async () => "..." } before this script
// waggle.refresh() shows the panel anew, after a user has signed in or out.
(() => {
  const script = document.currentScript || document.querySelector('script[src*="/panel.js"]');
  const waggle = (window.waggle = window.waggle || {});
  const before = waggle.frame;
  // Loaded twice, it is there or about to be; a page that took it away has it again.
  if (!script || (before && (before.isConnected || !before.src))) return;

  const desk = new URL(script.src).origin;
  const { target, token, title } = script.dataset;
  const offset = Math.max(0, parseInt(script.dataset.offset, 10) || 0);
  const frame = (waggle.frame = document.createElement("iframe"));
  const isFrench = /^fr/i.test(document.documentElement.lang || navigator.language);
  frame.title = title || (isFrench ? "Assistance" : "Support");
  frame.allow = "clipboard-write";

  waggle.off?.abort();
  const { signal } = (waggle.off = new AbortController());

  // Important and inline, so that no style sheet of this page reaches it.
  const phone = matchMedia("(max-width: 640px)");
  const lay = () => {
    const room = (window) => `height:max(200px,calc(${window} - ${offset}px));`;
    const place = phone.matches ? `position:fixed;inset:${offset}px 0 auto;z-index:2147483000;` : "";
    const rules = `all:initial;display:block;width:100%;${room("100vh")}${room("100dvh")}${place}`;
    frame.style.cssText = rules.replaceAll(";", "!important;");
  };
  phone.addEventListener("change", lay, { signal });

  const aim = () => {
    const ticket = /[?&]ticket=([\w-]+)/.exec(location.search);
    // The panel asks for a token where it is told so by its name, which it has before it is anywhere.
    frame.name = token || waggle.token ? "waggle:token" : "waggle";
    frame.src = desk + "/panel" + (ticket ? "?ticket=" + ticket[1] : "");
  };

  const ask = async () => {
    try {
      if (waggle.token) return "token:" + ((await waggle.token()) || "");
      const answer = await fetch(token, { credentials: "same-origin", cache: "no-store" });
      if (answer.status > 499) return "failed:";
      return "token:" + (answer.ok ? (await answer.text()).trim() : "");
    } catch {
      return "failed:";
    }
  };

  const keep = (ticket) => {
    const others = location.search.slice(1).split("&").filter((part) => part && !part.startsWith("ticket="));
    const query = others.concat(ticket ? "ticket=" + ticket : []).join("&");
    const here = location.origin + location.pathname + (query && "?" + query) + location.hash;
    if (here !== location.href) history.replaceState(history.state, "", here);
  };

  const hear = async ({ origin, source, data }) => {
    if (origin !== desk || !source || source !== frame.contentWindow) return;
    const [, what, ticket] = /^waggle:(token|ticket):([\w-]*)$/.exec(data) || [];
    if (what === "ticket") keep(ticket);
    if (what === "token") source.postMessage("waggle:" + (await ask()), desk);
  };
  addEventListener("message", hear, { signal });

  waggle.refresh = () => {
    const spot = document.createComment("");
    frame.replaceWith(spot);
    aim();
    spot.replaceWith(frame);
  };

  const mount = () => {
    const spot = target && document.querySelector(target);
    if (target ? !spot : !document.body?.contains(script)) {
      if (document.readyState === "loading") return addEventListener("DOMContentLoaded", mount, { once: true, signal });
      if (target) {
        waggle.frame = null;
        return console.error(`Waggle: nothing here matches ${target}`);
      }
    }
    aim();
    if (spot) spot.append(frame);
    else if (document.body.contains(script)) script.after(frame);
    else document.body.append(frame);
  };
  lay();
  mount();
})();
