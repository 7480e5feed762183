// What every function of the contact desk needs, and small things they share.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/catalogue.hpp"
#include "model/reader.hpp"
#include "store/store.hpp"

namespace threatlas::work::contact {

std::int64_t system_seconds();

struct Desk {
    store::Store& store;
    const model::Catalogue& catalogue;
    std::function<std::int64_t()> now = system_seconds;   // seconds since 1970
};

// Contact points, analysts and directors speak and receive for their organisation: what others read leaves no receipt.
bool speaks(const model::Reader& who);
core::Result<void> may_speak(const model::Reader& who, const std::string& what);
// The desk itself, on behalf of an organisation: to send what was issued, to plan what is due.
model::Reader desk_of(const std::string& organisation, const std::string& what);

// Free text: UTF-8 without control characters but line ends and tabs, not longer than so many bytes.
core::Result<void> fit(const std::string& text, const char* what, std::size_t most, bool needed);
// A line of it: no line ends either.
core::Result<void> fit_line(const std::string& text, const char* what, std::size_t most, bool needed);
core::Result<void> known_organisations(const model::Catalogue& catalogue, const std::vector<std::string>& all);   // members, and 'regional'
core::Result<void> fit_topics(const model::Catalogue& catalogue, const std::vector<std::string>& areas, const std::vector<std::string>& threats, const std::vector<std::string>& mos, const std::vector<std::string>& places);
core::Result<void> fit_language(const std::string& language);

std::string iso_time(std::int64_t seconds);                     // '2026-11-29T11:00:00Z'
std::string new_id(std::string_view letter, std::string_view organisation = {});   // 'N-rs_mup-0123456789'
bool has(const std::vector<std::string>& list, std::string_view value);
void add_to(std::vector<std::string>& list, const std::string& value);   // once

}  // namespace threatlas::work::contact
