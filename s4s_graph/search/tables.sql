-- The index of a release. A kind of thing is one range of ids, in the order of the addresses.
CREATE TABLE list (
    name TEXT PRIMARY KEY, first INTEGER NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE thing (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL,
    order_nl INTEGER NOT NULL, order_en INTEGER NOT NULL,  -- by name, within the list
    year INTEGER,  -- the last that is known
    evidence INTEGER  -- the place of its value among the strengths, 0 is strongest
);

-- What is said of a thing, as folded words; the texts themselves are in the store.
CREATE VIRTUAL TABLE entry USING fts5(
    name_nl, name_en, synonym_nl, synonym_en, text_nl, text_en,
    content='', prefix='2 3', tokenize='unicode61 remove_diacritics 2'
);
CREATE TABLE name (  -- folded: what is called just so comes before what is called more
    name TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (name, thing)
) WITHOUT ROWID;
-- Every word of those texts. A search is widened here, to words that the index has for sure.
CREATE TABLE word (
    word TEXT NOT NULL, lang TEXT NOT NULL, stem TEXT NOT NULL, PRIMARY KEY (word, lang)
) WITHOUT ROWID;
CREATE INDEX word_stem ON word (lang, stem);
CREATE VIRTUAL TABLE part USING fts5(word, stem, tokenize='trigram');  -- for compounds
CREATE TABLE slip (  -- every word with each of its letters left out, for typing errors
    shorter TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (shorter, word)
) WITHOUT ROWID;

CREATE TABLE facet (
    id INTEGER PRIMARY KEY, list TEXT NOT NULL, name TEXT NOT NULL,
    title_nl TEXT NOT NULL, title_en TEXT NOT NULL, help_nl TEXT NOT NULL, help_en TEXT NOT NULL,
    chosen_from TEXT,  -- the list that its values are in
    path TEXT, query TEXT  -- one of the two: how the graph gives its values
);
CREATE TABLE value (
    id INTEGER PRIMARY KEY, facet INTEGER NOT NULL, key TEXT NOT NULL,
    name_nl TEXT NOT NULL, name_en TEXT NOT NULL, term TEXT NOT NULL, depth INTEGER NOT NULL
);
CREATE TABLE valued (  -- a thing has a value, or one below it; real = 0: by an example only
    value INTEGER NOT NULL, thing INTEGER NOT NULL, real INTEGER NOT NULL,
    PRIMARY KEY (value, thing)
) WITHOUT ROWID;
