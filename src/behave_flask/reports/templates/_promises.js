(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const query = document.getElementById("query");
  const found = document.getElementById("found");
  const own = (element) => element.textContent.toLowerCase();
  const head = (feature) => [feature.closest(".area").querySelector("h2"),
    ...all(":scope > summary h3, :scope > .in > p", feature)].map(own).join(" ").replace(/[_/]/g, " ");
  const said = (leaf) => {
    const rule = leaf.closest(".rule");
    const texts = rule ? all(":scope > h4, :scope > p", rule) : [];
    const steps = rule ? all(":scope > .one, :scope > p", leaf.closest(".scenario")) : [];
    return [...texts, ...steps, ...(leaf.matches("tr") ? [leaf] : [])].map(own).join(" ");
  };
  const featureElements = all(".area .feature").map((element) => ({ element, open: element.open, text: head(element) }));
  const leaves = featureElements.flatMap((feature) => all(".leaf", feature.element).map((element) => ({
    element, feature, states: ["", element.dataset.state, "observed" in element.dataset && "observed"], text: `${feature.text} ${said(element)}`,
    why: element.nextElementSibling?.matches(".why") ? element.nextElementSibling : null,
  })));

  const show = (element, visible) => { element.hidden = !visible; };
  const holding = (selector) => all(selector).forEach((each) => show(each, each.querySelector(".leaf:not([hidden])")));
  const say = (shown, asked) => {
    const count = (state) => shown.filter((leaf) => leaf.states.includes(state)).length;
    const parts = [["bad", "broken"], ["ok", "hold"], ["none", "not checked"], ["observed", "not approved yet"]]
      .filter(([state]) => count(state)).map(([state, word]) => `${count(state)} ${word}`);
    const features = new Set(shown.map((leaf) => leaf.feature)).size;
    found.textContent = !asked ? "" : !shown.length ? "Nothing found."
      : `${shown.length} examples in ${features} features: ${parts.length > 1 || !count("ok") ? parts.join(", ") : "all hold"}.`;
  };
  const list = (asked) => {
    const rules = asked ? all(".rule:not([hidden])") : [];
    document.getElementById("sentences").replaceChildren(...rules.map((rule) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      const heading = rule.querySelector("h4") ?? rule.closest(".feature").querySelector("h3");
      link.href = `#${rule.id}`;
      link.textContent = heading.firstChild.textContent;
      item.append(link, rule.querySelector(":scope > h4 > .tally")?.cloneNode(true) ?? "");
      return item;
    }));
    show(document.getElementById("sentences"), rules.length);
  };
  const filter = () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const state = document.querySelector("[name=state]:checked").value;
    const asked = Boolean(words.length || state);
    for (const leaf of leaves) {
      const visible = leaf.states.includes(state) && words.every((word) => leaf.text.includes(word));
      show(leaf.element, visible);
      if (leaf.why) show(leaf.why, visible);
    }
    [".table", ".scenario:not(.leaf)", ".rule", ".area .feature", ".area"].forEach(holding);
    featureElements.forEach(({ element, open }) => { element.open = asked ? !element.hidden : open; });
    show(document.querySelector(".overview"), !asked);
    list(asked);
    say(leaves.filter((leaf) => !leaf.element.hidden), asked);
  };
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) { query.value = ""; document.querySelector("[name=state]").checked = true; filter(); }
    for (let each = target; each; each = each.parentElement?.closest("details")) if (each.matches("details")) each.open = true;
    target.scrollIntoView();
  };

  document.querySelector(".find").hidden = false;
  query.value = new URLSearchParams(location.search).get("q") ?? "";
  query.addEventListener("input", filter);
  all("[name=state]").forEach((choice) => choice.addEventListener("change", filter));
  addEventListener("hashchange", reveal);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all(".feature:not([open])");
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => closed.forEach((each) => { each.open = false; }));
  if (query.value) filter();
  reveal();
})();
