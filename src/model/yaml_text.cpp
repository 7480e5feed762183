#include "model/yaml_text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <sstream>
#include <vector>

namespace threatlas::model {
namespace {

// Takes no notice of anything but where a document begins.
struct Beginnings final : YAML::EventHandler {
    std::vector<YAML::Mark> at;
    void OnDocumentStart(const YAML::Mark& mark) override { at.push_back(mark); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

}  // namespace

// YAML::LoadAll is of no use: after a stray ',' or ']' it finds documents without end and never returns.
std::uint64_t second_document_line(const std::string& text) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    Beginnings found;
    for (int i = 0; i < 2; ++i)
        if (!parser.HandleNextDocument(found)) return 0;
    return found.at.size() < 2 ? 1 : static_cast<std::uint64_t>(found.at[1].line + 1);
}

}  // namespace threatlas::model
