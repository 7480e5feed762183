// The index of texts: words as the stemmers of PostgreSQL know them, and the text in Latin letters for trigrams. Triggers
// keep it, so what is erased is gone from here as well. It has no row-level rights, for those keep an index from being
// used; so nobody but the owner may read it, and it gives numbers alone: what is read by them is under the rights of its table.
#include <algorithm>

#include "core/text.hpp"
#include "store/postgres/connection.hpp"
#include "store/texts.hpp"

namespace threatlas::store::postgres {
namespace {

using core::Result;

// Whatever the collation of the database: letters of the region are folded by name. Cyrillic as Serbian and Macedonian
// write it in Latin letters, Greek as ELOT 743 but for its accents; Bulgarian's own letters stand for their sound without marks.
constexpr const char* kFunctions = R"sql(
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE OR REPLACE FUNCTION threatlas_latin(said text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    t text := replace(replace(replace(replace(said, 'ѓ', 'gj'), 'Ѓ', 'gj'), 'ќ', 'kj'), 'Ќ', 'kj');
    pair text[];
BEGIN
    t := regexp_replace(normalize(t, NFKD), '[\u0300-\u036f]+', '', 'g');
    IF octet_length(t) > length(t) THEN
        t := translate(t, 'АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШЩЪЫЬЭЮЯІЄҐЅΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩĐŁØÆŒẞ', 'абвгдђежзијклљмнњопрстћуфхцчџшщъыьэюяієґѕαβγδεζηθικλμνξοπρστυφχψωđłøæœß');
        FOREACH pair SLICE 1 IN ARRAY ARRAY[['ђ', 'dj'], ['đ', 'dj'], ['љ', 'lj'], ['њ', 'nj'], ['џ', 'dz'], ['щ', 'st'], ['ю', 'ju'], ['я', 'ja'], ['ου', 'ou'], ['θ', 'th'], ['χ', 'ch'], ['ψ', 'ps'], ['æ', 'ae'], ['œ', 'oe'], ['ß', 'ss']] LOOP
            t := replace(t, pair[1], pair[2]);
        END LOOP;
        t := translate(t, 'абвгдежзијклмнопрстћуфхцчшъыьэієґѕαβγδεζηικλμνξοπρσςτυφωıłø', 'abvgdezzijklmnoprstcufhccsayyeiegzavgdeziiklmnxoprsstyfoilo');
    END IF;
    -- Codes are several words: 'drugs.heroin', 'rs_mup'.
    RETURN translate(lower(t COLLATE "C"), './_-:', '     ');
END $$;
CREATE OR REPLACE FUNCTION threatlas_words(said text) RETURNS tsvector LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE t text := threatlas_latin(said);
BEGIN
    RETURN to_tsvector('pg_catalog.simple', t) || to_tsvector('pg_catalog.english', t) || to_tsvector('pg_catalog.serbian', t) || to_tsvector('pg_catalog.romanian', t) || to_tsvector('pg_catalog.greek', said);
END $$;
CREATE OR REPLACE FUNCTION threatlas_query(word text) RETURNS tsquery LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE t text := threatlas_latin(word);
BEGIN
    RETURN plainto_tsquery('pg_catalog.simple', t) || plainto_tsquery('pg_catalog.english', t) || plainto_tsquery('pg_catalog.serbian', t) || plainto_tsquery('pg_catalog.romanian', t) || plainto_tsquery('pg_catalog.greek', word);
END $$;
-- Within a word, from three letters on.
CREATE OR REPLACE FUNCTION threatlas_pattern(word text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN length(threatlas_latin(word)) >= 3 THEN '%' || replace(replace(replace(threatlas_latin(word), '\', '\\'), '%', '\%'), '_', '\_') || '%' END
$$;
-- The fields of a record in which words are found; texts.cpp has the same list. What is no JSON that PostgreSQL reads says nothing.
CREATE OR REPLACE FUNCTION threatlas_said(body text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE j json;
BEGIN
    j := body::json;
    RETURN left(concat_ws(' ', j ->> 'title', j ->> 'sentence', j ->> 'measure', j ->> 'text', j ->> 'subject', j ->> 'summary', j ->> 'note', j ->> 'statement', j ->> 'threat', j ->> 'criterion', j ->> 'organisation', j ->> 'value', j ->> 'place'), 100000);
EXCEPTION WHEN others THEN RETURN '';
END $$;
)sql";

constexpr const char* kIndex = R"sql(
CREATE TABLE IF NOT EXISTS text_index (
    kind TEXT COLLATE "C" NOT NULL, submission TEXT COLLATE "C" NOT NULL, dossier BIGINT NOT NULL, part BIGINT NOT NULL,
    latin TEXT COLLATE "C" NOT NULL, words TSVECTOR NOT NULL,
    PRIMARY KEY (kind, submission, dossier, part)
);
CREATE INDEX IF NOT EXISTS text_index_words ON text_index USING gin (words);
CREATE INDEX IF NOT EXISTS text_index_latin ON text_index USING gin (latin gin_trgm_ops);
CREATE OR REPLACE FUNCTION threatlas_index(kind text, submission text, dossier bigint, part bigint, said text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO text_index SELECT kind, submission, dossier, part, threatlas_latin(said), threatlas_words(said) WHERE said <> '' ON CONFLICT DO NOTHING
$$;
CREATE OR REPLACE FUNCTION threatlas_index_claim() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM text_index t WHERE t.kind = 'claim' AND t.submission = OLD.submission AND t.part = OLD.number; END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM threatlas_index('claim', NEW.submission, 0, NEW.number, threatlas_said(NEW.body)); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION threatlas_index_submission() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM text_index t WHERE t.kind = 'submission' AND t.submission = OLD.id; END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM threatlas_index('submission', NEW.id, 0, 0, concat_ws(' ', NEW.file, NEW.source, NEW.member, NEW.mapping)); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION threatlas_index_dossier() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM text_index t WHERE t.kind = OLD.kind AND t.submission = '' AND t.dossier = OLD.number AND t.part = 0; END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM threatlas_index(NEW.kind, '', NEW.number, 0, threatlas_said(NEW.body)); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION threatlas_index_step() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'INSERT' THEN DELETE FROM text_index t WHERE t.submission = '' AND t.dossier = OLD.dossier AND t.part = OLD.number; END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM threatlas_index((SELECT kind FROM dossiers d WHERE d.number = NEW.dossier), '', NEW.dossier, NEW.number, threatlas_said(NEW.body)); END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER threatlas_texts AFTER INSERT OR UPDATE OR DELETE ON claims FOR EACH ROW EXECUTE FUNCTION threatlas_index_claim();
CREATE OR REPLACE TRIGGER threatlas_texts AFTER INSERT OR UPDATE OR DELETE ON submissions FOR EACH ROW EXECUTE FUNCTION threatlas_index_submission();
CREATE OR REPLACE TRIGGER threatlas_texts AFTER INSERT OR UPDATE OR DELETE ON dossiers FOR EACH ROW EXECUTE FUNCTION threatlas_index_dossier();
CREATE OR REPLACE TRIGGER threatlas_texts AFTER INSERT OR UPDATE OR DELETE ON dossier_steps FOR EACH ROW EXECUTE FUNCTION threatlas_index_step();
)sql";

// What was there before the index was.
constexpr const char* kFill = R"sql(
DO $$ BEGIN
    IF EXISTS (SELECT 1 FROM text_index) THEN RETURN; END IF;
    PERFORM threatlas_index('claim', submission, 0, number, threatlas_said(body)) FROM claims;
    PERFORM threatlas_index('submission', id, 0, 0, concat_ws(' ', file, source, member, mapping)) FROM submissions;
    PERFORM threatlas_index(kind, '', number, 0, threatlas_said(body)) FROM dossiers;
    PERFORM threatlas_index(d.kind, '', d.number, s.number, threatlas_said(s.body)) FROM dossier_steps s JOIN dossiers d ON d.number = s.dossier;
END $$;
)sql";

// All words of one text, and how well they fit, in thousandths. By the stemmers alone; or nearly: within a word, or written
// nearly so.
struct Wanted {
    std::string condition, score;
    Wanted(std::size_t words, bool nearly) {
        std::string all, sum;
        for (std::size_t i = 1; i <= words; ++i) {
            const std::string word = "$" + std::to_string(i) + "::text";
            all += (i == 1 ? "" : " && ") + ("threatlas_query(" + word + ")");
            if (!nearly) continue;
            condition += " AND (t.words @@ threatlas_query(" + word + ") OR t.latin LIKE threatlas_pattern(" + word + ") OR threatlas_latin(" + word + ") <% t.latin)";
            sum += (i == 1 ? "" : " + ") + ("word_similarity(threatlas_latin(" + word + "), t.latin)");
        }
        if (!nearly) condition = " AND t.words @@ (" + all + ")";
        score = nearly ? "(800 * (" + sum + ") / " + std::to_string(words) + ")::bigint" : "(900 + 100 * ts_rank(t.words, " + all + "))::bigint";
    }
};
constexpr std::size_t kEnough = 20;   // found by the words themselves: then nobody misspelt

Result<void> find(Database& database, const std::vector<std::string>& words, const TextQuery& query, bool nearly, std::vector<TextHit>& out) {
    const Wanted wanted(words.size(), nearly);
    const std::string limit = " ORDER BY 4 DESC, 2 LIMIT " + std::to_string(query.limit);
    std::string kinds, heads;
    const auto list = [](std::string& into, const std::string& kind) {
        if (std::all_of(kind.begin(), kind.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; })) into += (into.empty() ? "'" : ", '") + kind + "'";
    };
    for (const std::string& kind : query.heads) list(heads, kind);
    std::vector<std::string> parts;
    for (const std::string& kind : query.kinds) {
        if (kind == "claim")
            parts.push_back("SELECT 'claim', c.submission, c.body, " + wanted.score + " FROM text_index t JOIN claims c ON c.submission = t.submission AND c.number = t.part WHERE t.kind = 'claim'" + wanted.condition +
                            " AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.submission = t.submission)");
        else if (kind == "submission") parts.push_back("SELECT 'submission', s.id, '', " + wanted.score + " FROM text_index t JOIN submissions s ON s.id = t.submission WHERE t.kind = 'submission'" + wanted.condition);
        else list(kinds, kind);
    }
    const auto dossiers = [&](const std::string& which, const std::string& more) {
        parts.push_back("SELECT d.kind, d.id, d.body, max(" + wanted.score + ") FROM text_index t JOIN dossiers d ON d.number = t.dossier WHERE t.submission = '' AND t.kind IN (" + which + ")" + more + wanted.condition +
                        " GROUP BY d.number, d.kind, d.id, d.body");
    };
    if (!kinds.empty()) dossiers(kinds, "");
    if (!heads.empty()) dossiers(heads, " AND t.part = 0");
    for (const std::string& part : parts) {
        THREATLAS_TRY(Statement row, database.prepare(part + limit));
        for (std::size_t i = 0; i < words.size(); ++i) row.put(static_cast<int>(i) + 1, words[i]);
        for (;;) {
            THREATLAS_TRY(const bool more, row.step());
            if (!more) break;
            out.push_back({row.text(0), row.text(1), row.text(2), static_cast<double>(row.integer(3)) / 1000});
        }
    }
    return {};
}

}  // namespace

Result<void> set_up_texts(Database& database) {
    THREATLAS_CHECK(database.run(kFunctions));
    THREATLAS_CHECK(database.run(kIndex));
    return database.run(kFill);
}

Result<std::vector<TextHit>> find_texts(Database& database, const std::vector<std::string>& words, const TextQuery& query) {
    // The planner knows nothing of how rare a trigram is; and a table read from end to end is what an index is for.
    THREATLAS_CHECK(database.run("SET LOCAL pg_trgm.word_similarity_threshold = 0.5; SET LOCAL enable_seqscan = off"));
    std::vector<TextHit> out;
    THREATLAS_CHECK(find(database, words, query, false, out));
    if (out.size() >= kEnough) return out;
    out.clear();
    THREATLAS_CHECK(find(database, words, query, true, out));
    return out;
}

}  // namespace threatlas::store::postgres
