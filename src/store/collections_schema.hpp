// The tables of what is exchanged. A step of the schema, as those of migrations.cpp.
#pragma once

namespace threatlas::store {

// API roots, collections with the number last given, the markings met in each, objects by number, what became of requests.
// `version` is in microseconds; `newest` marks the latest version of each object; the text comes last, so that a
// manifest reads none of it.
constexpr const char* kExchangeTables = R"sql(
CREATE TABLE api_roots (
    number BIGINT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
);
CREATE TABLE collections (
    number BIGINT PRIMARY KEY,
    root TEXT NOT NULL REFERENCES api_roots (path),
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    audience TEXT NOT NULL,
    last_number BIGINT NOT NULL,
    UNIQUE (root, id)
);
CREATE TABLE collection_marks (
    number BIGINT PRIMARY KEY,
    collection BIGINT NOT NULL REFERENCES collections (number),
    marking TEXT NOT NULL,
    originators TEXT NOT NULL,
    UNIQUE (collection, marking, originators)
);
CREATE TABLE collection_objects (
    collection BIGINT NOT NULL REFERENCES collections (number),
    number BIGINT NOT NULL,
    object TEXT NOT NULL,
    id_hash BIGINT NOT NULL,
    version BIGINT NOT NULL,
    version_text TEXT NOT NULL,
    type TEXT NOT NULL,
    spec_version TEXT NOT NULL,
    media TEXT NOT NULL,
    mark BIGINT NOT NULL,
    newest BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (collection, number)
);
CREATE INDEX collection_objects_by_id ON collection_objects (collection, id_hash);
CREATE INDEX collection_objects_by_type ON collection_objects (collection, type, number);
CREATE INDEX collection_objects_newest ON collection_objects (collection, number) WHERE newest = 1;
CREATE TABLE exchange_statuses (
    root TEXT NOT NULL,
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    made BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (root, id)
);
CREATE INDEX exchange_statuses_by_age ON exchange_statuses (made);
ALTER TABLE machines ADD COLUMN password TEXT NOT NULL DEFAULT '';
)sql";

}  // namespace threatlas::store
