#include "store/migrations.hpp"

#include <array>

#include "store/collections_schema.hpp"
#include "store/matching_schema.hpp"
#include "store/peers_schema.hpp"

namespace threatlas::store {
namespace {

// 1: records of submissions, what was refused, assessments, and the audit chain.
constexpr const char* kRecords = R"sql(
CREATE TABLE schema_version (version INTEGER NOT NULL);
INSERT INTO schema_version (version) VALUES (0);
CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    member TEXT NOT NULL,
    file TEXT NOT NULL,
    mapping TEXT NOT NULL,
    known_at INTEGER NOT NULL,
    rows_read BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    segment TEXT NOT NULL
);
CREATE TABLE claims (
    submission TEXT NOT NULL REFERENCES submissions (id),
    number BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (submission, number)
);
CREATE TABLE rejects (
    submission TEXT NOT NULL REFERENCES submissions (id),
    number BIGINT NOT NULL,
    file TEXT NOT NULL,
    row_number BIGINT NOT NULL,
    column_name TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    original TEXT NOT NULL,
    PRIMARY KEY (submission, number)
);
CREATE TABLE assessments (
    number BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    created_for TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    as_of INTEGER NOT NULL,
    body TEXT NOT NULL,
    body_hash TEXT NOT NULL
);
CREATE TABLE audit (
    number BIGINT PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
)sql";

// 2: where the audit chain ends, so that entries cut off its end are missed.
constexpr const char* kAuditHead = R"sql(
CREATE TABLE audit_head (one INTEGER PRIMARY KEY, entries BIGINT NOT NULL, hash TEXT NOT NULL);
INSERT INTO audit_head (one, entries, hash)
    SELECT 1, COUNT(*), COALESCE((SELECT hash FROM audit ORDER BY number DESC LIMIT 1), '') FROM audit;
)sql";

// 3: the mildest handling among a submission's rows: who may know that it exists. Older submissions
// are unknown, hence for the highest clearance only.
constexpr const char* kMildestHandling = R"sql(
ALTER TABLE submissions ADD COLUMN mildest_handling INTEGER NOT NULL DEFAULT 4;
CREATE INDEX submissions_segment ON submissions (segment);
)sql";

// 4: in which order submissions were taken in, so that of two tellings of one day the later stands;
// and which were withdrawn, since when and why. Older submissions count as taken in first.
constexpr const char* kWithdrawals = R"sql(
ALTER TABLE submissions ADD COLUMN taken BIGINT NOT NULL DEFAULT 0;
CREATE TABLE withdrawals (
    submission TEXT PRIMARY KEY REFERENCES submissions (id),
    day INTEGER NOT NULL,
    reason TEXT NOT NULL
);
)sql";

// 5: the strictest handling among the rows an assessment was made from: who may read it. Older
// assessments are unknown, hence for the highest clearance only.
constexpr const char* kAssessmentHandling = R"sql(
ALTER TABLE assessments ADD COLUMN handling INTEGER NOT NULL DEFAULT 4;
)sql";

// 6: what is followed up: signals, and what people did about them.
constexpr const char* kDossiers = R"sql(
CREATE TABLE dossiers (
    number BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    handling INTEGER NOT NULL,
    at TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, id)
);
CREATE TABLE dossier_steps (
    dossier BIGINT NOT NULL REFERENCES dossiers (number),
    number BIGINT NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    organisation TEXT NOT NULL,
    action TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (dossier, number)
);
)sql";

// 7: who may come in. Names, addresses and secrets are encrypted (columns 'sealed'), or kept as keyed hashes
// to be found by (columns 'index'); the key is not in the database, only a proof of which it is.
// Times are seconds since 1970.
constexpr const char* kAccounts = R"sql(
CREATE TABLE field_key (one INTEGER PRIMARY KEY, proof TEXT NOT NULL);
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name_index TEXT NOT NULL UNIQUE,
    name_sealed TEXT NOT NULL,
    email_index TEXT NOT NULL,
    email_sealed TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    clearance TEXT NOT NULL,
    state TEXT NOT NULL,
    password_sealed TEXT NOT NULL,
    totp_sealed TEXT NOT NULL,
    totp_pending_sealed TEXT NOT NULL,
    totp_step BIGINT NOT NULL,
    settings TEXT NOT NULL,
    made BIGINT NOT NULL
);
CREATE INDEX people_email ON people (email_index);
CREATE TABLE recovery_codes (
    person TEXT NOT NULL REFERENCES people (id),
    code_index TEXT NOT NULL,
    PRIMARY KEY (person, code_index)
);
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    secret_index TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    email_index TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    clearance TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL
);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    secret_index TEXT NOT NULL UNIQUE,
    person TEXT NOT NULL REFERENCES people (id),
    address_sealed TEXT NOT NULL,
    agent_sealed TEXT NOT NULL,
    made BIGINT NOT NULL,
    seen BIGINT NOT NULL
);
CREATE INDEX sessions_person ON sessions (person);
CREATE TABLE machines (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    secret_index TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    organisation TEXT NOT NULL,
    role TEXT NOT NULL,
    clearance TEXT NOT NULL,
    scopes TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used BIGINT NOT NULL,
    revoked BIGINT NOT NULL
);
CREATE TABLE oidc_links (
    subject_index TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    made BIGINT NOT NULL
);
CREATE TABLE attempts (
    subject_index TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    last BIGINT NOT NULL,
    until BIGINT NOT NULL
);
)sql";

// 8: who may see what by handling codes and originators; review dates; what was erased; signed
// checkpoints; refused rows encrypted; the log searched by who and what.
constexpr const char* kRights = R"sql(
ALTER TABLE assessments ADD COLUMN marking TEXT NOT NULL DEFAULT '';
ALTER TABLE assessments ADD COLUMN originators TEXT NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN marking TEXT NOT NULL DEFAULT '';
ALTER TABLE dossiers ADD COLUMN originators TEXT NOT NULL DEFAULT '';
ALTER TABLE rejects ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0;
CREATE TABLE submission_marks (
    submission TEXT NOT NULL REFERENCES submissions (id),
    marking TEXT NOT NULL,
    originator TEXT NOT NULL,
    PRIMARY KEY (submission, marking, originator)
);
CREATE TABLE reviews (
    submission TEXT PRIMARY KEY REFERENCES submissions (id),
    due INTEGER NOT NULL,
    reason TEXT NOT NULL
);
CREATE TABLE erasures (
    submission TEXT PRIMARY KEY REFERENCES submissions (id),
    at TEXT NOT NULL,
    reason TEXT NOT NULL,
    segment TEXT NOT NULL,
    file_kept INTEGER NOT NULL,
    finished INTEGER NOT NULL
);
CREATE TABLE erased_bodies (
    number BIGINT PRIMARY KEY,
    submission TEXT NOT NULL REFERENCES submissions (id),
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL
);
CREATE TABLE checkpoints (
    entries BIGINT PRIMARY KEY,
    hash TEXT NOT NULL,
    at TEXT NOT NULL,
    public_key TEXT NOT NULL,
    signature TEXT NOT NULL
);
CREATE INDEX audit_by_person ON audit (person, number);
CREATE INDEX audit_by_organisation ON audit (organisation, number);
CREATE INDEX audit_by_action ON audit (action, number);
CREATE INDEX audit_by_time ON audit (at, number);
)sql";

// 9: answers to changes, so that asking again changes nothing.
constexpr const char* kIdempotency = R"sql(
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    request TEXT NOT NULL,
    status INTEGER NOT NULL,
    type TEXT NOT NULL,
    body TEXT NOT NULL,
    made BIGINT NOT NULL,
    PRIMARY KEY (caller, key)
);
)sql";

// 11: the contact desk. What is addressed to organisations; what is set up to send and receive; files; what was sent.
// Bodies are encrypted.
constexpr const char* kDesk = R"sql(
ALTER TABLE dossiers ADD COLUMN audience TEXT NOT NULL DEFAULT '';
CREATE TABLE desk_items (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    organisation TEXT NOT NULL,
    made BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (kind, id)
);
CREATE TABLE attachments (
    hash TEXT NOT NULL,
    organisation TEXT NOT NULL,
    size BIGINT NOT NULL,
    made BIGINT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (hash, organisation)
);
CREATE TABLE deliveries (
    number BIGINT PRIMARY KEY,
    channel TEXT NOT NULL,
    target TEXT NOT NULL,
    subject TEXT NOT NULL,
    organisation TEXT NOT NULL,
    state TEXT NOT NULL,
    made BIGINT NOT NULL,
    next BIGINT NOT NULL,
    attempts TEXT NOT NULL,
    UNIQUE (channel, target, subject)
);
CREATE INDEX deliveries_due ON deliveries (state, next);
)sql";

// 13: other nodes, what was posted to them and what came (peers_schema.hpp).

// 14: nothing common; PostgreSQL gets its index of texts (postgres/texts.cpp).
constexpr const char* kTexts = "SELECT 1";

constexpr std::array kSteps{kRecords, kAuditHead, kMildestHandling, kWithdrawals,
                            kAssessmentHandling, kDossiers, kAccounts, kRights,
                            kIdempotency, kExchangeTables, kDesk, kMatchingSchema,
                            kPeersSchema, kTexts};

}  // namespace

int newest_schema() { return static_cast<int>(kSteps.size()); }

core::Result<int> schema_version(Database& database) {
    THREATLAS_TRY(const bool exists, database.has_table("schema_version"));
    if (!exists) return 0;
    THREATLAS_TRY(Statement statement, database.prepare("SELECT version FROM schema_version"));
    THREATLAS_TRY(const bool row, statement.step());
    return row ? static_cast<int>(statement.integer(0)) : 0;
}

core::Result<int> migrate(Database& database, int version) {
    THREATLAS_TRY(const int from, schema_version(database));
    for (int step = from; step < version; ++step) {
        THREATLAS_CHECK(database.run(database.dialect(kSteps[static_cast<std::size_t>(step)])));
        THREATLAS_CHECK(database.run("UPDATE schema_version SET version = $1", step + 1));
    }
    return from;
}

}  // namespace threatlas::store
