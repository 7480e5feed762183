// Records known by what their JSON schema says, so that a document can name them instead of repeating them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "core/json.hpp"
#include "model/schema.hpp"

namespace threatlas::serve {

// 'threatlas::assess::Figure' of the type, as the compiler writes it.
template <class T>
std::string full_name() {
    const std::string_view text = __PRETTY_FUNCTION__;
    const std::size_t begin = text.find("T = ") + 4;
    return std::string(text.substr(begin, text.find_first_of(";]", begin) - begin));
}

class RecordNames {
  public:
    // The record and every record in it.
    template <class T>
    void add() {
        if constexpr (model::detail::is_optional<T>) add<typename T::value_type>();
        else if constexpr (model::detail::is_vector<T>) add<typename T::value_type>();
        else if constexpr (model::detail::is_map<T>) add<typename T::mapped_type>();
        else if constexpr (model::Described<T>) {
            core::json::object schema = model::json_schema<T>();
            if (!note(full_name<T>(), std::move(schema))) return;
            model::for_each_field<T>([&](const auto& f) { add<std::remove_cvref_t<decltype(std::declval<T>().*f.member)>>(); });
        }
    }
    // The name of the record with this schema (its description set aside); empty: none.
    std::string of(const core::json::object& schema) const;
    const std::map<std::string, core::json::object>& schemas() const { return schemas_; }

  private:
    bool note(const std::string& full, core::json::object schema);   // false: known already
    std::map<std::string, core::json::object> schemas_;   // by short name; 'early_warning.Signal' where two share it
    std::map<std::string, std::string> names_;            // by canonical schema
};

}  // namespace threatlas::serve
