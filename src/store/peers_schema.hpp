// The tables of peers.hpp, as a step of the schema.
#pragma once

namespace threatlas::store {

inline constexpr const char* kPeersSchema = R"sql(
CREATE TABLE own_node (
    one INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    address TEXT NOT NULL,
    public_key TEXT NOT NULL,
    card TEXT NOT NULL
);
CREATE TABLE peers (
    organisation TEXT PRIMARY KEY,
    position BIGINT NOT NULL,
    address TEXT NOT NULL,
    public_key TEXT NOT NULL,
    card TEXT NOT NULL,
    access TEXT NOT NULL,
    machine TEXT NOT NULL,
    made TEXT NOT NULL,
    removed INTEGER NOT NULL
);
CREATE TABLE peer_states (
    organisation TEXT PRIMARY KEY,
    resume TEXT NOT NULL,
    contact BIGINT NOT NULL,
    whole BIGINT NOT NULL,
    tried BIGINT NOT NULL,
    next BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    error TEXT NOT NULL
);
CREATE TABLE posted (
    peer TEXT NOT NULL,
    number BIGINT NOT NULL,
    object TEXT NOT NULL,
    modified TEXT NOT NULL,
    hash TEXT NOT NULL,
    body TEXT NOT NULL,
    in_feed INTEGER NOT NULL,
    PRIMARY KEY (peer, number),
    UNIQUE (peer, hash),
    UNIQUE (peer, object, modified)
);
CREATE INDEX posted_by_object ON posted (object, modified);
CREATE INDEX posted_waiting ON posted (peer, in_feed, number);
CREATE TABLE arrivals (
    peer TEXT NOT NULL,
    hash TEXT NOT NULL,
    position BIGINT NOT NULL,
    number BIGINT NOT NULL,
    author TEXT NOT NULL,
    object TEXT NOT NULL,
    modified TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    size BIGINT NOT NULL,
    tries BIGINT NOT NULL,
    PRIMARY KEY (peer, hash)
);
CREATE INDEX arrivals_by_object ON arrivals (author, object, modified);
CREATE INDEX arrivals_by_state ON arrivals (peer, state, position);
CREATE INDEX arrivals_by_number ON arrivals (peer, number);
)sql";

}  // namespace threatlas::store
