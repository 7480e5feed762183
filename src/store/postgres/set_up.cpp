// What PostgreSQL has beside the common schema: the table of observations, the role of the program, and the
// row-level rights. The rules of threatlas_may_see are those of store/rights.hpp; a test holds them together.
#include "store/postgres/segments.hpp"
#include "store/texts.hpp"

namespace threatlas::store::postgres {
namespace {

constexpr const char* kTables = R"sql(
CREATE TABLE IF NOT EXISTS segments (number BIGINT PRIMARY KEY, hash TEXT COLLATE "C" NOT NULL UNIQUE, row_count BIGINT NOT NULL, chunks TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS marks (number INTEGER PRIMARY KEY, handling TEXT COLLATE "C" NOT NULL, originator TEXT COLLATE "C" NOT NULL, UNIQUE (handling, originator));
CREATE TABLE IF NOT EXISTS observations (
    segment BIGINT NOT NULL, position INTEGER NOT NULL, mark INTEGER NOT NULL,
    what TEXT COLLATE "C" NOT NULL, member TEXT COLLATE "C" NOT NULL, place TEXT COLLATE "C" NOT NULL, unit TEXT COLLATE "C" NOT NULL, dims TEXT COLLATE "C" NOT NULL,
    flags TEXT COLLATE "C" NOT NULL, evaluation TEXT COLLATE "C" NOT NULL, handling TEXT COLLATE "C" NOT NULL, source TEXT COLLATE "C" NOT NULL, file TEXT COLLATE "C" NOT NULL,
    begin_day INTEGER NOT NULL, end_day INTEGER NOT NULL, known_at INTEGER NOT NULL, state SMALLINT NOT NULL, nature SMALLINT NOT NULL, statement SMALLINT NOT NULL,
    row_number BIGINT NOT NULL, value DOUBLE PRECISION NOT NULL, upper DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (segment, position)
);
)sql";

// A setting that is not there is empty, and what is empty may see nothing.
constexpr const char* kRules = R"sql(
CREATE OR REPLACE FUNCTION threatlas_rank(word text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE word WHEN 'TLP:CLEAR' THEN 0 WHEN 'TLP:WHITE' THEN 0 WHEN 'TLP:GREEN' THEN 1 WHEN 'TLP:AMBER' THEN 2 WHEN 'TLP:AMBER+STRICT' THEN 3 WHEN 'TLP:RED' THEN 4 END
$$;
CREATE OR REPLACE FUNCTION threatlas_whole() RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT COALESCE(current_setting('app.whole', true), '') = 'on' $$;
CREATE OR REPLACE FUNCTION threatlas_may_see(handling text, originator text) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    organisation text := COALESCE(current_setting('app.organisation', true), '');
    clearance integer := threatlas_rank(COALESCE(current_setting('app.clearance', true), ''));
    own_codes text[] := regexp_split_to_array(COALESCE(current_setting('app.codes', true), ''), ' +');
    purpose text := btrim(split_part(COALESCE(current_setting('app.purpose', true), ''), ':', 1));
    words text[] := array_remove(string_to_array(handling, ' '), '');
    rank integer := threatlas_rank(words[1]);
    codes text[] := words[2:];
BEGIN
    IF organisation = '' OR clearance IS NULL OR purpose = '' THEN RETURN false; END IF;
    -- Not marked, or with a word nobody knows: marked with everything.
    IF rank IS NULL OR NOT codes <@ ARRAY['H0', 'H1', 'H2', 'H3'] THEN rank := 4; codes := ARRAY['H1', 'H2', 'H3']; END IF;
    IF rank > clearance THEN RETURN false; END IF;
    IF 'H3' = ANY (codes) AND NOT 'H3' = ANY (own_codes) THEN RETURN false; END IF;
    IF originator = organisation OR originator = ANY (string_to_array(COALESCE(current_setting('app.consents', true), ''), ',')) THEN RETURN true; END IF;
    IF 'H1' = ANY (codes) AND purpose = 'judicial' THEN RETURN false; END IF;
    RETURN NOT (rank >= 3 OR 'H2' = ANY (codes)) OR organisation = 'regional';
END $$;
CREATE OR REPLACE FUNCTION threatlas_word(rank integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE rank WHEN 0 THEN 'TLP:CLEAR' WHEN 1 THEN 'TLP:GREEN' WHEN 2 THEN 'TLP:AMBER' WHEN 3 THEN 'TLP:AMBER+STRICT' ELSE 'TLP:RED' END
$$;
-- Of what is made of several: entitled to all of them, or to none of them.
CREATE OR REPLACE FUNCTION threatlas_may_see_all(marking text, originators text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT threatlas_may_see(marking, CASE WHEN originators <> '' AND string_to_array(originators, ',') <@
        (string_to_array(COALESCE(current_setting('app.consents', true), ''), ',') || COALESCE(current_setting('app.organisation', true), '')) THEN COALESCE(current_setting('app.organisation', true), '') ELSE '' END)
$$;
-- Of what is addressed: the audience counts as entitled, and what is AMBER or stricter, or coded, is for nobody else.
CREATE OR REPLACE FUNCTION threatlas_may_see_addressed(marking text, originators text, audience text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN COALESCE(current_setting('app.organisation', true), '') = ANY (string_to_array(audience, ',')) THEN threatlas_may_see(marking, COALESCE(current_setting('app.organisation', true), ''))
            AND (marking NOT LIKE '%H1%' OR btrim(split_part(COALESCE(current_setting('app.purpose', true), ''), ':', 1)) <> 'judicial' OR threatlas_may_see_all(marking, originators))
        WHEN audience <> '' AND marking NOT IN ('TLP:CLEAR', 'TLP:GREEN') AND NOT (originators <> '' AND string_to_array(originators, ',') <@
            (string_to_array(COALESCE(current_setting('app.consents', true), ''), ',') || COALESCE(current_setting('app.organisation', true), ''))) THEN false
        ELSE threatlas_may_see_all(marking, originators) END
$$;
-- Of what was addressed to somebody, who counts as entitled.
CREATE OR REPLACE FUNCTION threatlas_may_have(marking text, originators text, audience text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT threatlas_may_see_all(marking, CASE WHEN COALESCE(current_setting('app.organisation', true), '') = ANY (string_to_array(audience, ',')) THEN current_setting('app.organisation', true) ELSE originators END)
$$;
)sql";

constexpr const char* kPolicies = R"sql(
DROP POLICY IF EXISTS threatlas_rows ON observations;
CREATE POLICY threatlas_rows ON observations USING ((SELECT threatlas_whole()) OR mark IN (SELECT number FROM marks WHERE threatlas_may_see(handling, originator))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON submissions;
CREATE POLICY threatlas_rows ON submissions USING (threatlas_whole() OR EXISTS (SELECT 1 FROM submission_marks m WHERE m.submission = id AND threatlas_may_see(m.marking, m.originator))
    OR (NOT EXISTS (SELECT 1 FROM submission_marks m WHERE m.submission = id) AND threatlas_may_see(threatlas_word(mildest_handling), COALESCE(NULLIF(member, ''), source)))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON claims;
CREATE POLICY threatlas_rows ON claims USING (threatlas_whole() OR threatlas_may_see(COALESCE(body::json ->> 'handling', ''), COALESCE(NULLIF(body::json ->> 'organisation', ''), body::json ->> 'source', ''))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON rejects;
CREATE POLICY threatlas_rows ON rejects USING (threatlas_whole() OR (COALESCE(current_setting('app.organisation', true), '') <> '' AND EXISTS (SELECT 1 FROM submissions s WHERE s.id = submission AND (s.member = '' OR s.member = current_setting('app.organisation', true) OR (threatlas_rank(COALESCE(current_setting('app.clearance', true), '')) = 4 AND current_setting('app.organisation', true) = 'regional'))))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON assessments;
CREATE POLICY threatlas_rows ON assessments USING (threatlas_whole() OR (handling = threatlas_rank(split_part(marking, ' ', 1)) AND threatlas_may_see_all(marking, originators))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON collection_objects;
CREATE POLICY threatlas_rows ON collection_objects USING ((SELECT threatlas_whole()) OR mark IN (SELECT m.number FROM collection_marks m JOIN collections c ON c.number = m.collection WHERE threatlas_may_have(m.marking, m.originators, c.audience))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON dossiers;
CREATE POLICY threatlas_rows ON dossiers USING (threatlas_whole() OR (handling = threatlas_rank(split_part(marking, ' ', 1)) AND threatlas_may_see_addressed(marking, originators, audience))) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON dossier_steps;
CREATE POLICY threatlas_rows ON dossier_steps USING (threatlas_whole() OR EXISTS (SELECT 1 FROM dossiers d WHERE d.number = dossier)) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON desk_items;
CREATE POLICY threatlas_rows ON desk_items USING (threatlas_whole()) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON attachments;
CREATE POLICY threatlas_rows ON attachments USING (threatlas_whole()) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON deliveries;
CREATE POLICY threatlas_rows ON deliveries USING (threatlas_whole()) WITH CHECK (threatlas_whole());
DROP POLICY IF EXISTS threatlas_rows ON match_entries;
CREATE POLICY threatlas_rows ON match_entries USING (threatlas_whole() OR threatlas_may_see(marking, organisation)) WITH CHECK (threatlas_whole());
)sql";

// Grants to the role, where an administrator has made it.
constexpr const char* kGrants = R"sql(
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'threatlas_app') THEN
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO threatlas_app', current_schema());
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %I TO threatlas_app', current_schema());
        REVOKE UPDATE, DELETE ON audit FROM threatlas_app;
        REVOKE ALL ON text_index FROM threatlas_app;
    END IF;
END $$;
)sql";

}  // namespace

core::Result<void> set_up(Database& database) {
    THREATLAS_CHECK(database.run(kTables));
    THREATLAS_CHECK(database.run(kRules));
    for (const char* table : {"observations", "submissions", "claims", "rejects", "assessments", "dossiers", "dossier_steps", "desk_items", "attachments", "deliveries", "collection_objects", "match_entries", "own_node", "peers", "peer_states", "posted", "arrivals"})
        THREATLAS_CHECK(database.run("ALTER TABLE " + std::string(table) + " ENABLE ROW LEVEL SECURITY; ALTER TABLE " + table + " FORCE ROW LEVEL SECURITY;"));
    THREATLAS_CHECK(database.run(kPolicies));
    // Of the program alone: encrypted, and nobody's to read as a reader.
    for (const char* table : {"own_node", "peers", "peer_states", "posted", "arrivals"})
        THREATLAS_CHECK(database.run("DROP POLICY IF EXISTS threatlas_rows ON " + std::string(table) + "; CREATE POLICY threatlas_rows ON " + table + " USING (threatlas_whole()) WITH CHECK (threatlas_whole());"));
    THREATLAS_CHECK(set_up_texts(database));
    return database.run(kGrants);
}

}  // namespace threatlas::store::postgres
