// The domain declared once. A type that has `static constexpr auto fields()` returning a tuple of
// field(...) entries is a record; JSON, SQL columns, CSV headings, schema and docs/MODEL.md are
// visitors over that list. An enumeration that specialises EnumNames is written by name.
#pragma once

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

namespace threatlas::model {

template <class Record, class Member>
struct Field {
    std::string_view name;
    Member Record::* member;
    std::string_view meaning;  // one line for people: what it is, its unit
    bool required = false;     // a file people write must have it, and not empty
};

template <class Record, class Member>
constexpr Field<Record, Member> field(std::string_view name, Member Record::* member, std::string_view meaning) {
    return {name, member, meaning};
}

template <class Record, class Member>
constexpr Field<Record, Member> required(std::string_view name, Member Record::* member, std::string_view meaning) {
    return {name, member, meaning, true};
}

template <class T>
concept Described = requires { T::fields(); };

// Calls visit(field) for each field of a record, in declaration order.
template <Described T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
    std::apply([&](const auto&... each) { (visit(each), ...); }, T::fields());
}

// Specialise with `static constexpr std::array<std::pair<E, std::string_view>, N> names`.
template <class E>
struct EnumNames;

template <class E>
concept Named = requires { EnumNames<E>::names; };

template <Named E>
constexpr std::string_view name_of(E value) {
    for (const auto& [each, name] : EnumNames<E>::names)
        if (each == value) return name;
    return "?";
}

// True and sets value when the name is known.
template <Named E>
constexpr bool from_name(std::string_view text, E& value) {
    for (const auto& [each, name] : EnumNames<E>::names)
        if (name == text) return value = each, true;
    return false;
}

}  // namespace threatlas::model
