// Media types of TAXII 2.1 (1.6.8) and their negotiation (RFC 9110, 12.5.1).
#pragma once

#include <string>
#include <string_view>

namespace threatlas::exchange::taxii {

constexpr std::string_view kTaxiiMedia = "application/taxii+json;version=2.1";
constexpr std::string_view kStixMedia = "application/stix+json;version=2.1";

// Whether an Accept header lets TAXII 2.1 be sent: named with this version or none, or covered by a range; the most
// exact range decides, and q=0 says no. An empty header accepts everything.
bool accepts_taxii(std::string_view accept);
// Whether a Content-Type is TAXII 2.1: its version is 2.1 or not said; other parameters do not matter.
bool is_taxii(std::string_view content_type);

}  // namespace threatlas::exchange::taxii
