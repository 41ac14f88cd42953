// Names to complete: the variables of the query, and the terms of the graph by what people call
// them in either language. The server tells the terms once, when someone first types.
const MOST = 40; // names that are offered
const VARIABLE = /[?$]\w+/gu;
const KEY = { class: "class", property: "property", concept: "enum" };

export function completer({ terms: address, lang }) {
  let known;

  return async (context) => {
    const variable = context.matchBefore(/[?$]\w*/u);
    if (variable) return variables(context, variable);
    const word = context.matchBefore(/[\p{L}\w-]+(?::[\p{L}\w-]*)?/u);
    if (!word && !context.explicit) return null;
    known ??= told(address);
    const found = matching(await known, word?.text ?? "", lang);
    return { from: word?.from ?? context.pos, filter: false, options: found };
  };
}

function variables({ state, pos }, { from, text }) {
  const others = state.sliceDoc(0, from) + " " + state.sliceDoc(pos);
  const names = new Set(others.match(VARIABLE));
  const options = [...names].filter((name) => name.startsWith(text)).map((label) => ({ label }));
  return { from, options, validFor: /^[?$]\w*$/u };
}

async function told(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : { terms: [], prefixes: {} };
  } catch {
    return { terms: [], prefixes: {} }; // without them one types the names
  }
}

// What starts with the words goes before what only has them somewhere.
function matching({ terms, prefixes }, text, lang) {
  const words = text.toLowerCase();
  const ranked = [];
  for (const term of terms) {
    const names = [term.name, term.name.split(":")[1], term[lang], term.nl, term.en];
    const places = names.map((name) => (name ?? "").toLowerCase().indexOf(words));
    const first = Math.min(...places.filter((place) => place >= 0));
    if (first < Infinity) ranked.push([first > 0, term]);
  }
  ranked.sort((one, other) => one[0] - other[0]);
  return ranked.slice(0, MOST).map(([, term]) => ({
    label: term.name,
    detail: term[lang] ?? term.nl ?? term.en,
    type: KEY[term.kind],
    apply: (view, _, from, to) => insert(view, term.name, prefixes, from, to),
  }));
}

// Puts a name in the query, and at its start the prefix if the query does not have it yet.
function insert(view, name, prefixes, from, to) {
  const prefix = name.split(":")[0];
  const declared = new RegExp(`\\bPREFIX\\s+${prefix}:`, "iu").test(view.state.doc.toString());
  const changes = [{ from, to, insert: name }];
  if (!declared && prefixes[prefix]) {
    changes.push({ from: start(view.state.doc), insert: `PREFIX ${prefix}: <${prefixes[prefix]}>\n` });
  }
  const change = view.state.changes(changes);
  view.dispatch({ changes: change, selection: { anchor: change.mapPos(to, 1) }, userEvent: "input.complete" });
}

// Prefixes stand after the comments at the top.
function start(doc) {
  let number = 1;
  while (number < doc.lines && doc.line(number).text.startsWith("#")) number++;
  return doc.line(number).from;
}
