// What the pages do on top of what they do without a script.
import { copies } from "../parts/copies.js";
import { filters } from "../parts/filters.js";
import { news } from "../parts/news.js";
import { pairs } from "../parts/pairs.js";
import { sorting } from "../parts/sorting.js";
import { suggestions } from "../parts/suggestions.js";

suggestions();
filters();
news();
copies();
pairs();
sorting();
