// The tables of private matching.
#pragma once

namespace threatlas::store {

constexpr const char* kMatchingSchema = R"sql(
CREATE TABLE match_entries (
    id TEXT PRIMARY KEY,
    spelling_index TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    organisation TEXT NOT NULL,
    marking TEXT NOT NULL,
    sealed TEXT NOT NULL,
    added TEXT NOT NULL,
    published INTEGER NOT NULL,
    removed INTEGER NOT NULL
);
CREATE INDEX match_entries_added ON match_entries (added, id);
CREATE TABLE match_parts (
    organisation TEXT NOT NULL,
    epoch BIGINT NOT NULL,
    serial BIGINT NOT NULL,
    base INTEGER NOT NULL,
    day INTEGER NOT NULL,
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (organisation, epoch, serial)
);
CREATE TABLE match_commitments (
    organisation TEXT PRIMARY KEY,
    body TEXT NOT NULL
);
CREATE TABLE match_queries (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL,
    side TEXT NOT NULL,
    party TEXT NOT NULL,
    at TEXT NOT NULL,
    day INTEGER NOT NULL,
    case_index TEXT NOT NULL,
    evaluations BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    UNIQUE (side, party, id)
);
CREATE INDEX match_queries_case ON match_queries (case_index, day);
CREATE TABLE match_usage (
    side TEXT NOT NULL,
    party TEXT NOT NULL,
    day INTEGER NOT NULL,
    evaluations BIGINT NOT NULL,
    queries BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (side, party, day)
);
CREATE TABLE match_asked (
    asked_index TEXT PRIMARY KEY,
    day INTEGER NOT NULL
);
CREATE TABLE match_peers (
    organisation TEXT PRIMARY KEY,
    sealed TEXT NOT NULL
);
CREATE TABLE match_settings (
    name TEXT PRIMARY KEY,
    content TEXT NOT NULL
);
)sql";

}  // namespace threatlas::store
