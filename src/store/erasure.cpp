#include "store/erasure.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <vector>

#include "core/hash.hpp"
#include "core/json.hpp"
#include "store/file_io.hpp"
#include "store/records.hpp"

namespace threatlas::store {
namespace {

using core::ErrorCode;
using core::fail;
using core::Result;
namespace json = core::json;

constexpr std::string_view kWithheld = "erased";

// What says where a row stood and not what it said.
bool names_the_place(std::string_view key) {
    // Words of fixed lists and days among them: they have no empty form.
    constexpr std::array<std::string_view, 12> kKept{"submission", "source", "handling", "state", "nature", "statement", "kind", "lens", "known_at", "dated", "begin", "end"};
    return std::find(kKept.begin(), kKept.end(), key) != kKept.end();
}

class Cleaner {
  public:
    Cleaner(const std::string& submission, const std::vector<std::string>& quotes) : submission_(submission), quotes_(quotes) {}

    void clean(json::value& value) {
        if (auto* list = value.if_array()) {
            for (json::value& each : *list) clean(each);
        } else if (auto* object = value.if_object()) {
            const auto* whose = object->if_contains("submission");
            if (whose != nullptr && whose->is_string() && std::string_view(whose->get_string()) == submission_) {
                empty(*object);
                return;
            }
            for (auto& [key, each] : *object) clean(each);
        } else if (value.is_string()) {
            const std::string_view text = value.get_string();
            if (std::any_of(quotes_.begin(), quotes_.end(), [&](const std::string& quote) { return text.find(quote) != std::string_view::npos; })) value = kWithheld;
        }
    }

  private:
    static void empty(json::object& row) {
        for (auto& [key, each] : row) {
            if (names_the_place(key)) continue;
            if (each.is_string()) each = key == "text" || key == "title" ? json::value(kWithheld) : json::value("");
            else if (each.is_double()) each = 0.0;
            else if (each.is_int64() || each.is_uint64()) each = 0;
            else if (each.is_bool()) each = false;
            else if (each.is_array()) each = json::array{};
            else if (each.is_object()) each = json::object{};
        }
    }
    const std::string& submission_;
    const std::vector<std::string>& quotes_;
};

// Overwritten with zeros before it is unlinked. What a copy-on-write or flash disk keeps below that is
// the disk's; an encrypted volume answers it.
Result<void> shred(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::exists(path, error)) return {};
    const std::uint64_t size = std::filesystem::file_size(path, error);
    {
        THREATLAS_TRY(File file, File::overwrite(path));
        const std::vector<char> zeros(std::min<std::uint64_t>(size, std::uint64_t{1} << 20), 0);
        for (std::uint64_t done = 0; done < size; done += zeros.size()) THREATLAS_CHECK(file.write(zeros.data(), std::min<std::uint64_t>(zeros.size(), size - done)));
        THREATLAS_CHECK(file.sync());
    }
    if (::unlink(path.c_str()) != 0) return system_error(errno, "the erased segment cannot be removed", path);
    return {};
}

struct Text {
    std::string kind, id, body;
    std::int64_t dossier = 0, step = 0;  // step 0: the head
};

Result<std::vector<Text>> texts_naming(Database& database, const std::string& sql, const std::string& like) {
    THREATLAS_TRY(Statement row, database.prepare(sql));
    row.bind(like);
    std::vector<Text> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all.push_back({row.text(0), row.text(1), row.text(2), row.integer(3), row.integer(4)});
    }
}

Result<void> clean_texts(Database& database, const std::string& submission, const std::vector<std::string>& quotes) {
    std::vector<Text> all;
    for (const char* sql : {"SELECT 'assessment', id, body, 0, 0 FROM assessments WHERE body LIKE $1", "SELECT kind, id, body, number, 0 FROM dossiers WHERE body LIKE $1",
                            "SELECT d.kind, d.id, s.body, s.dossier, s.number FROM dossier_steps s JOIN dossiers d ON d.number = s.dossier WHERE s.body LIKE $1"}) {
        THREATLAS_TRY(auto some, texts_naming(database, sql, "%" + submission + "%"));
        all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    }
    for (const Text& each : all) {
        THREATLAS_TRY(const std::string cleaned, without_submission(each.body, submission, quotes));
        if (cleaned == each.body) continue;
        const std::string before = core::sha256(each.body), after = core::sha256(cleaned);
        if (each.dossier == 0) THREATLAS_CHECK(database.run("UPDATE assessments SET body = $1, body_hash = $2 WHERE id = $3", cleaned, after, each.id));
        else if (each.step == 0) THREATLAS_CHECK(database.run("UPDATE dossiers SET body = $1 WHERE number = $2", cleaned, each.dossier));
        else THREATLAS_CHECK(database.run("UPDATE dossier_steps SET body = $1 WHERE dossier = $2 AND number = $3", cleaned, each.dossier, each.step));
        THREATLAS_CHECK(database.run("INSERT INTO erased_bodies (number, submission, kind, id, before, after) VALUES ((SELECT COALESCE(MAX(number), 0) + 1 FROM erased_bodies), $1, $2, $3, $4, $5)", submission,
                                     each.kind, each.id, before, after));
    }
    return {};
}

}  // namespace

Result<std::string> without_submission(const std::string& text, const std::string& submission, const std::vector<std::string>& quotes) {
    THREATLAS_TRY(json::value value, core::parse_json(text, "a text of the store"));
    Cleaner(submission, quotes).clean(value);
    std::string out = core::write_json(value);
    if (text.ends_with('\n') && !out.ends_with('\n')) out += '\n';
    return out;
}

std::string BodiesBeforeErasure::of(const std::string& kind, const std::string& id, std::string hash) const {
    // Erasures follow each other, so a text may have lost rows several times.
    for (std::size_t steps = 0; steps <= before_.size(); ++steps) {
        const auto found = before_.find(kind + " " + id + " " + hash);
        if (found == before_.end()) break;
        hash = found->second;
    }
    return hash;
}

Result<BodiesBeforeErasure> bodies_before_erasure(Database& database) {
    BodiesBeforeErasure out;
    THREATLAS_TRY(Statement row, database.prepare("SELECT kind, id, before, after FROM erased_bodies ORDER BY number"));
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return out;
        out.add(row.text(0), row.text(1), row.text(2), row.text(3));
    }
}

Result<std::map<std::string, Erasure>> load_erasures(Database& database) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT submission, at, reason, segment, file_kept, finished FROM erasures"));
    std::map<std::string, Erasure> all;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) return all;
        all[row.text(0)] = {row.text(0), row.text(1), row.text(2), row.text(3), row.integer(4) != 0, row.integer(5) != 0};
    }
}

Result<std::string> erase_object(Database& database, const Erasure& erasure) {
    THREATLAS_TRY(Statement row, database.prepare("SELECT kind, id, before, after FROM erased_bodies WHERE submission = $1 ORDER BY number"));
    row.bind(erasure.submission);
    core::Sha256 bodies;
    std::uint64_t count = 0;
    for (;;) {
        THREATLAS_TRY(const bool more, row.step());
        if (!more) break;
        ++count;
        for (int column = 0; column < 4; ++column) bodies.add(std::to_string(row.text(column).size()) + ":" + row.text(column) + "\n");
    }
    return "submission " + erasure.submission + " segment " + (erasure.segment.empty() ? "none" : erasure.segment) + " file name " + (erasure.file_kept ? "kept" : "erased") + " at " + erasure.at + " texts changed " +
           std::to_string(count) + " " + bodies.finish() + " because: " + erasure.reason;
}

Result<Erasure> erase_content(Engine& engine, const std::string& submission, const std::string& reason, bool with_file_name) {
    Database& database = engine.database;
    std::vector<std::string> quotes;
    Erasure erasure{submission, engine.clock(), reason, "", !with_file_name, false};
    {
        THREATLAS_TRY(Statement row, database.prepare("SELECT segment, file FROM submissions WHERE id = $1"));
        THREATLAS_TRY(const bool there, row.bind(submission).step());
        if (!there) return fail(ErrorCode::not_found, "there is no submission '" + submission + "'");
        erasure.segment = row.text(0);
        if (with_file_name && !row.text(1).empty()) quotes.push_back(row.text(1));
    }
    THREATLAS_TRY(const auto claims, load_claims(database, submission));
    constexpr std::size_t kShortest = 8;  // a word like 'high' is nobody's
    for (const model::Claim& each : claims)
        for (const std::string* text : {&each.text, &each.value})
            if (text->size() >= kShortest) quotes.push_back(*text);
    THREATLAS_CHECK(clean_texts(database, submission, quotes));
    for (const char* table : {"claims", "rejects", "reviews"}) THREATLAS_CHECK(database.run(std::string("DELETE FROM ") + table + " WHERE submission = $1", submission));
    THREATLAS_CHECK(database.run(with_file_name ? "UPDATE submissions SET segment = '', file = '' WHERE id = $1" : "UPDATE submissions SET segment = '' WHERE id = $1", submission));
    THREATLAS_CHECK(database.run("INSERT INTO erasures (submission, at, reason, segment, file_kept, finished) VALUES ($1, $2, $3, $4, $5, 0)", submission, erasure.at, reason, erasure.segment, erasure.file_kept ? 1 : 0));
    if (engine.remote() && !erasure.segment.empty()) {
        THREATLAS_TRY(const bool shared, has_segment(database, erasure.segment));
        if (!shared) {
            THREATLAS_CHECK(database.run("DELETE FROM observations WHERE segment = (SELECT number FROM segments WHERE hash = $1)", erasure.segment));
            THREATLAS_CHECK(database.run("DELETE FROM segments WHERE hash = $1", erasure.segment));
        }
    }
    return erasure;
}

Result<void> finish_erasures(Engine& engine) {
    THREATLAS_TRY(const auto all, load_erasures(engine.database));
    bool any = false;
    for (const auto& [submission, each] : all) {
        if (each.finished) continue;
        any = true;
        THREATLAS_TRY(const bool shared, has_segment(engine.database, each.segment));
        if (!each.segment.empty() && !shared) THREATLAS_CHECK(shred(engine.segment(each.segment)));
    }
    if (!any) return {};
    THREATLAS_CHECK(sync_folder(engine.segments()));
    THREATLAS_CHECK(engine.database.forget());
    THREATLAS_CHECK(engine.database.run("UPDATE erasures SET finished = 1 WHERE finished = 0"));
    return {};
}

}  // namespace threatlas::store
