// One function a kind: from what was written to its canonical form. The value comes trimmed, in NFKC, of at most
// kLongest bytes; the country in capitals, or empty.
#pragma once

#include "exchange/identifiers/identifier.hpp"

namespace threatlas::exchange::identifiers {

using Read = core::Result<void>;

Read phone(const std::string& value, Identifier& out);
Read plate(const std::string& value, Identifier& out);
Read vin(const std::string& value, Identifier& out);
Read iban(const std::string& value, Identifier& out);
Read passport(const std::string& value, Identifier& out);
Read imei(const std::string& value, Identifier& out);
Read wallet(const std::string& value, Identifier& out);
Read company(const std::string& value, Identifier& out);
Read person(const std::string& value, Identifier& out);   // born is set

// What a kind complains of: its column goes into the error.
inline tl::unexpected<core::Error> wrong(std::string sentence, const char* column = "value") { return core::fail(core::ErrorCode::bad_input, std::move(sentence), {"", 0, column}); }

}  // namespace threatlas::exchange::identifiers
