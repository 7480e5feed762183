// What any bytes may do to a decoder of private matching: nothing, but be refused or come back the same. Called by the fuzz targets and by the
// replay of their corpora. Each returns whether the bytes were accepted, and ends the process if what was accepted is not written the same again.
#pragma once

#include "exchange/matching/group.hpp"

namespace threatlas::exchange::matching {

bool try_filter(Bytes bytes);             // a part of a filter, whatever its signature; then looked up in
bool try_evaluation(Bytes bytes);         // a request or a response
// A whole session: the first byte says role (bit 0) and kind (bit 1) of the party under test, then messages, each behind its length in four bytes
// (little-endian). Accepted: the session came to its end.
bool try_bulk(Bytes bytes);

}  // namespace threatlas::exchange::matching
