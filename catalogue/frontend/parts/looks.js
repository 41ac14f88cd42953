// The look of the editor: the colours of the site, which know light and dark.
import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--visited)", fontWeight: "600" },
  { tag: [tags.variableName, tags.bool], color: "var(--link)" },
  { tag: [tags.string, tags.integer, tags.float, tags.annotation], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
]);

const chosen = { background: "var(--accent)", color: "var(--on-accent)" };
const raised = { background: "var(--page)", color: "var(--text)", border: "1px solid var(--control)" };

export const look = EditorView.theme({
  "&": { border: "1px solid var(--control)", borderRadius: "var(--radius)", background: "var(--page)" },
  "&.cm-focused": { outline: "0", boxShadow: "0 0 0 4px var(--focus-ground)" },
  ".cm-scroller": {
    minHeight: "18rem",
    fontFamily: "ui-monospace, 'Cascadia Mono', 'Liberation Mono', monospace",
    fontSize: ".92rem",
    lineHeight: "1.5",
  },
  ".cm-content": { caretColor: "var(--text)" },
  ".cm-content:focus-visible": { outline: "3px solid var(--focus)", outlineOffset: "-3px", boxShadow: "none" },
  ".cm-gutters": { background: "var(--soft)", color: "var(--muted)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { background: "var(--soft)" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--warn-page)", outline: "1px solid var(--warn)" },
  "&.cm-focused .cm-nonmatchingBracket": { background: "none", textDecoration: "underline double var(--warn)" },
  ".cm-lintRange-error": { backgroundImage: "none", background: "var(--warn-page)", textDecoration: "underline wavy var(--warn) 2px" },
  ".cm-lintPoint::after": { borderBottomColor: "var(--warn)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--warn)" },
  ".cm-tooltip": raised,
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "none" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: ".15rem .6rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": chosen,
  ".cm-completionDetail": { fontStyle: "normal", marginLeft: "1em", opacity: "1" },
  ".cm-panels": { ...raised, borderWidth: "0 0 1px" },
  ".cm-panel.cm-search": { fontSize: ".92rem", padding: ".4rem 2rem .4rem .5rem" },
  ".cm-panel.cm-search :is(input, button, label)": { fontSize: "inherit" },
  ".cm-panel.cm-search :is(.cm-textfield, button)": { minHeight: "1.9rem", border: "1px solid var(--control)" },
  ".cm-panel.cm-search .cm-textfield": { background: "var(--page)" },
  ".cm-panel.cm-search button": { ...chosen, backgroundImage: "none" },
  ".cm-panel.cm-search [name=close]": { ...raised, minWidth: "1.9rem", padding: "0" },
  ".cm-panel.cm-search label": { display: "inline-block" },
  ".cm-searchMatch": { background: "var(--warn-page)", outline: "1px solid var(--warn)" },
});
