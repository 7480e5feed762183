// Reads the folder: one YAML file a list, keys are field names.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <filesystem>

#include "core/hash.hpp"
#include "core/text.hpp"
#include "model/catalogue_check.hpp"
#include "model/yaml_codec.hpp"
#include "model/yaml_text.hpp"

namespace threatlas::model {
namespace {

std::uint64_t line_of_bad_text(const std::string& text) {
    std::uint64_t number = 0;
    for (const std::string& line : core::split(text, '\n')) {
        ++number;
        if (!core::is_utf8(line)) return number;
    }
    return number;
}

struct Reading {
    const std::map<std::string, std::string>& files;
    core::Sha256& hash;
    std::vector<CatalogueProblem>& problems;
    RecordLines lines;

    template <class T>
    void list(const std::string& name, std::vector<T>& out) {
        const std::string file = name + ".yaml";
        YAML::Node root;
        if (!parse(file, root)) return;
        YamlProblems found(file, problems);
        if (!root.IsSequence()) return found.add(1, "should be a list of records");
        for (const auto& record : root) {
            FieldLines& at = lines[file].emplace_back();
            at.line = static_cast<std::uint64_t>(record.Mark().line + 1);
            if (record.IsMap())
                for (const auto& each : record)
                    if (each.first.IsScalar()) at.fields.emplace(each.first.Scalar(), static_cast<std::uint64_t>(each.first.Mark().line + 1));
            out.emplace_back();
            from_yaml(record, out.back(), name, found);
            check_required(record, out.back(), found);
        }
    }

    // Checked with the lists, once they are read.
    std::string map;
    void read_map() {
        if (const auto text = files.find(kMapFile); text != files.end()) map = take(kMapFile, text->second);
        else problems.push_back({kMapFile, 0, "the file is missing: the areas of the countries, as GeoJSON"});
    }

    template <class T>
    void record(const std::string& name, T& out) {
        const std::string file = name + ".yaml";
        YAML::Node root;
        if (!parse(file, root)) return;
        YamlProblems found(file, problems);
        from_yaml(root, out, name, found);
        check_required(root, out, found);
    }

  private:
    const std::string& take(const std::string& file, const std::string& text) {
        hash.add(file);
        hash.add(std::string_view("\0", 1));
        hash.add(text);
        return text;
    }

    bool parse(const std::string& file, YAML::Node& root) {
        const auto text = files.find(file);
        if (text == files.end()) {
            problems.push_back({file, 0, "the file is missing"});
            return false;
        }
        take(file, text->second);
        if (!core::is_utf8(text->second)) {
            problems.push_back({file, line_of_bad_text(text->second), "the text is not UTF-8: save the file as UTF-8"});
            return false;
        }
        try {
            // A second document would otherwise be left out without a word.
            if (const std::uint64_t line = second_document_line(text->second); line != 0) {
                problems.push_back({file, line, "more than one list: a second document begins here"});
                return false;
            }
            root = YAML::Load(text->second);
            return true;
        } catch (const YAML::Exception& error) {
            problems.push_back({file, static_cast<std::uint64_t>(error.mark.line + 1), "not valid YAML: " + error.msg});
            return false;
        }
    }
};

}  // namespace

core::Result<Catalogue> load_catalogue(const std::string& folder, std::vector<CatalogueProblem>* problems) {
    if (!std::filesystem::is_directory(folder)) return core::fail(core::ErrorCode::not_found, "there is no such catalogue folder", {folder, 0, ""});
    std::map<std::string, std::string> files;
    for_each_field<Catalogue>([&](const auto& f) {
        const std::string file = std::string(f.name) + ".yaml";
        if (auto text = core::read_file((std::filesystem::path(folder) / file).string())) files[file] = *std::move(text);
    });
    if (auto text = core::read_file((std::filesystem::path(folder) / kMapFile).string())) files[kMapFile] = *std::move(text);
    return read_catalogue(files, problems);
}

core::Result<Catalogue> read_catalogue(const std::map<std::string, std::string>& files, std::vector<CatalogueProblem>* problems) {
    Catalogue c;
    core::Sha256 hash;
    std::vector<CatalogueProblem> found;
    Reading read{files, hash, found, {}, {}};
    // In name order, which is the order of the hash.
    read.list("areas", c.areas);
    read.list("codes", c.codes);
    read.list("countries", c.countries);
    read.list("criteria", c.criteria);
    read.list("drugs", c.drugs);
    read.list("grades", c.grades);
    read.list("handling", c.handling);
    read.list("indicators", c.indicators);
    read.list("lenses", c.lenses);
    read.read_map();
    read.list("members", c.members);
    read.list("profiles", c.profiles);
    read.list("recommendations", c.recommendations);
    read.record("region", c.region);
    read.list("routes", c.routes);
    read.list("sources", c.sources);
    read.list("threats", c.threats);
    read.list("units", c.units);
    read.list("whats", c.whats);
    read.list("yardsticks", c.yardsticks);
    c.hash = hash.finish();
    if (found.empty()) {
        check_catalogue(c, read.lines, found);
        check_map(c, read.map, found);
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return std::tie(a.file, a.line) < std::tie(b.file, b.line); });
    if (problems != nullptr) *problems = found;
    if (found.empty()) return c;
    const CatalogueProblem& first = found.front();
    std::string message = first.message;
    if (found.size() > 1) message += " (and " + std::to_string(found.size() - 1) + " more: threatlas catalogue check)";
    return core::fail(core::ErrorCode::bad_input, message, {first.file, first.line, ""});
}

}  // namespace threatlas::model
