// The box for a query becomes an editor: colours, names that complete, the place of an error.
// What it says stands in the page, in the page's language; without this script the box still works.
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics, setDiagnosticsEffect } from "@codemirror/lint";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";
import { completer } from "../parts/completing.js";
import { colours, look } from "../parts/looks.js";

const OFFERED = 12; // names in sight at once: the list never scrolls

const box = document.querySelector("textarea[data-terms]");
if (box) edit(box);

function edit(box) {
  const { form, labels: [label] } = box;
  const { nonce } = document.querySelector("script[nonce]");
  const run = Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => (form.requestSubmit(), true) }]));
  const view = new EditorView({
    doc: box.value,
    extensions: [
      EditorView.cspNonce.of(nonce),
      EditorState.phrases.of(JSON.parse(box.dataset.phrases)),
      EditorView.contentAttributes.of({
        "aria-label": label.textContent,
        "aria-describedby": box.getAttribute("aria-describedby"),
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) box.value = update.state.doc.toString();
      }),
      // What was wrong with a query is not what is wrong with another.
      EditorState.transactionExtender.of((change) =>
        change.docChanged ? { effects: setDiagnosticsEffect.of([]) } : null),
      run,
      // Tab is left to the browser: it leads out of the editor.
      keymap.of([...closeBracketsKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap]),
      lineNumbers(),
      highlightActiveLine(),
      history(),
      bracketMatching(),
      closeBrackets(),
      search({ top: true }),
      EditorView.lineWrapping,
      sparql(),
      syntaxHighlighting(colours),
      autocompletion({ override: [completer(box.dataset)], icons: false, maxRenderedOptions: OFFERED }),
      look,
    ],
  });
  box.hidden = true;
  box.after(view.dom);
  label.addEventListener("click", () => view.focus());
  if (box.dataset.line) point(view, box.dataset);
}

// Underlines what the server could not read, and goes there.
function point(view, { line, column, said }) {
  const { doc } = view.state;
  const at = doc.line(Math.min(Number(line), doc.lines));
  // The server counts characters, the editor halves of them.
  const place = [...at.text].slice(0, Number(column) - 1).join("").length;
  const words = [...at.text.matchAll(/[\w:?$-]+|\S/gu)].filter(({ index }) => index <= place);
  const word = words.at(-1) ?? { index: 0, 0: at.text };
  const from = at.from + word.index;
  const to = from + word[0].length;
  view.dispatch(setDiagnostics(view.state, [{ from, to, severity: "error", message: said }]));
  view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
}
