package sqlite

// contractTable is the table that every index has (spec/docs-search.md 4.1, 5).
const contractTable = `
CREATE VIRTUAL TABLE doc_index USING fts5(processed, content, metadata, tokenize='porter trigram');
PRAGMA user_version = 1;`

// sectionTables are what the ranked search needs. The full-text tables hold no texts, only where words are. A page's number is its rowid in
// page_index; its sections have the rowids from number*sectionsPerPage on, in page_section as in section_index. That
// one has small leaves, since it is asked for a few rows somewhere in the middle, again and again.
const sectionTables = `
CREATE VIRTUAL TABLE page_index USING fts5(title, headings, body, content='', tokenize='porter unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE section_index USING fts5(headings, body, content='', tokenize='porter unicode61 remove_diacritics 2');
INSERT INTO section_index(section_index, rank) VALUES ('pgsz', 400);
CREATE TABLE page_section(rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, content TEXT NOT NULL, metadata TEXT NOT NULL);`

// sectionsPerPage is more than any page has. What goes beyond is left to doc_index.
const sectionsPerPage = 1 << 12
