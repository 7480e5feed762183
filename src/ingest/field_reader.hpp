// One field of a mapping, bound to a table: cell -> meaning, each distinct cell translated once.
// Internal to the room.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ingest/mapping.hpp"
#include "model/catalogue.hpp"
#include "model/observation.hpp"

namespace threatlas::ingest {

struct Meaning {
    std::string text, refusal;  // refusal: why the cell has no meaning; then text is nothing
    core::Interval period{};
    const model::What* what = nullptr;
    model::Nature nature = model::Nature::other;
    std::uint64_t hash = 0;     // of text, or of the period
};

struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

class FieldReader {
  public:
    // Fills the rest of a meaning whose text is set, or its refusal.
    using Interpret = std::function<void(Meaning&, bool is_number)>;
    // bad_input when the table has no such column, or a constant has no meaning.
    static core::Result<FieldReader> make(const FieldRule& rule, std::string name, const RowSource& table, const Mapping& mapping, Interpret interpret);
    // Valid until the next call.
    const Meaning& read(const std::vector<std::string_view>& cells, const RowSource& table);
    const std::string& name() const { return name_; }  // heading, or the field's own name

  private:
    Meaning translate(std::string_view cell, bool is_number) const;
    FieldRule rule_;
    std::string name_;
    std::size_t column_ = 0;
    Interpret interpret_;
    Meaning constant_;
    // Keyed by the cell and whether it is a number by type.
    std::unordered_map<std::string, std::unique_ptr<Meaning>, TextHash, std::equal_to<>> known_[2];
    std::string last_cell_;
    bool last_number_ = false;
    const Meaning* last_ = nullptr;
};

class PeriodReader {
  public:
    static core::Result<PeriodReader> make(const PeriodRule& rule, const RowSource& table, const Mapping& mapping);
    const Meaning& read(const std::vector<std::string_view>& cells, const RowSource& table);
    const std::string& name() const { return parts_.empty() ? whole_->name() : parts_[0].name(); }

  private:
    std::unique_ptr<FieldReader> whole_;
    std::vector<FieldReader> parts_;   // year, then month or quarter
    bool quarter_ = false;
    Meaning last_;
    std::string last_year_, last_part_;
};

}  // namespace threatlas::ingest
