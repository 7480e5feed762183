// Any bytes as an envelope, as filters, as a cursor, as a media type and as what a server answers: the first byte says which.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "core/text.hpp"
#include "exchange/http/answer_reader.hpp"
#include "exchange/taxii/client.hpp"
#include "exchange/taxii/envelope.hpp"
#include "exchange/taxii/media.hpp"
#include "exchange/taxii/query.hpp"

namespace taxii = threatlas::exchange::taxii;

namespace {

void envelope(std::string_view text) {
    const auto read = taxii::Envelope::read(text, 1000);
    if (!read) return;
    std::string again = "{\"objects\":[";
    for (const auto& each : read->objects()) {
        if (each.text.empty() || each.text.front() != '{' || each.text.back() != '}') std::abort();
        again += (again.back() == '[' ? "" : ",") + std::string(each.text);
    }
    // What is handed on is whole JSON, and says the same again.
    const auto back = taxii::Envelope::read(again + "]}", 1000);
    if (!back || back->objects().size() != read->objects().size()) std::abort();
    for (std::size_t i = 0; i < back->objects().size(); ++i) {
        const auto &a = read->objects()[i], &b = back->objects()[i];
        if (a.text != b.text || a.id != b.id || a.version != b.version || a.marked != b.marked || a.fault != b.fault) std::abort();
        if (a.fault.empty() && (!taxii::is_stix_id(a.id) || (!a.version.empty() && !taxii::is_timestamp(a.version)))) std::abort();
    }
}

void query(std::string_view text) {
    taxii::Parameters parameters;
    for (const std::string& pair : threatlas::core::split(text, '&')) {
        const std::size_t equals = pair.find('=');
        parameters.emplace_back(pair.substr(0, equals), equals == std::string::npos ? "" : pair.substr(equals + 1));
    }
    const auto read = taxii::read_query(parameters, {});
    if (!read) return;
    if (read->limit && *read->limit == 0) std::abort();
    for (const std::string& each : read->versions)
        if (!taxii::is_timestamp(each)) std::abort();
    if (read->text().empty()) std::abort();
}

void answer(std::string_view text) {
    threatlas::exchange::http::AnswerReader whole(10'000, false), pieces(10'000, false);
    bool good = whole.take(text).has_value(), same = true;
    for (std::size_t i = 0; i < text.size() && same; i += 3) same = pieces.take(text.substr(i, 3)).has_value();
    if (good != same) std::abort();
    if (whole.answer().body.size() > 10'000) std::abort();
}

void resources(std::string_view text) {
    (void)taxii::read_discovery(text, "https://h/taxii2/");
    (void)taxii::read_root(text);
    (void)taxii::read_collections(text, "https://h/r/");
    (void)taxii::read_status(text);
    if (taxii::read_error(400, text).size() > 400) std::abort();
    if (const auto state = taxii::read_state(text))
        if (!(taxii::read_state(taxii::write_state(*state))->added_after == state->added_after)) std::abort();
    (void)taxii::raw_list(text, "/objects");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 6) {
        case 0: envelope(text); break;
        case 1: query(text); break;
        case 2: answer(text); break;
        case 3: resources(text); break;
        case 4: (void)taxii::accepts_taxii(text), (void)taxii::is_taxii(text); break;
        case 5:
            if (const auto place = threatlas::exchange::http::place_of(text); place && (place->host.empty() || place->port.empty() || place->path.front() != '/')) std::abort();
            break;
    }
    return 0;
}
