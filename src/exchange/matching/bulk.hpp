// Two members find out what their two lists have in common, for planning a joint operation: the asker learns which of its items
// the holder has too (intersection), or only how many (cardinality). ECDH on ristretto255 with a secret of each side, new for every session.
//
//   asker                                  holder
//   hello (signed: count, cap, terms)  ->
//                                      <-  hello (signed)
//   a*H(x), shuffled, in batches       ->
//                                      <-  b*H(y), shuffled, in batches; 10 bytes of each b*(a*H(x)): in the order of the batches
//                                          (intersection), or sorted once all are there (cardinality)
//   compares the same 10 bytes of a*(b*H(y)) with the replies
//
// The 10 bytes are the first of SHA-512 over the session and the element.
// Each side is a BulkParty: send what next() gives, hand what comes to take(), until done(). Messages may go one a request, answered
// by one; in each direction they keep their order (a sequence number is checked). Another try is another session.
// Traffic: 32 bytes an item each way, 10 a reply: 77.6 MB at 2^20 x 2^20. Memory: some 60 bytes an item beside the lists. A side multiplies
// once an own item and once an item of the peer.
// False matches: 80 bits are compared, n*m pairs: n*m/2^80, 2^-40 at 2^20 x 2^20.
// What leaks: to the holder the asker's count; to the asker the holder's count and the result. The peer is assumed to follow the protocol
// for its result to be right: who lies can miss matches or claim them, but tests no more guesses than the items its signed hello counts.
// Cardinality hides which items match from an honest asker only: one real item among random ones counts as itself.
// Errors: bad_input for what no honest side sends, mismatch for another session, kind, terms or signature, conflict for an order that is not kept,
// not_allowed for a count above a cap. After an error the session is over.
// Source: Meadows (1986); Huberman, Franklin and Hogg (1999); De Cristofaro, Gasti and Tsudik (2012); docs/method/private_matching.md.
#pragma once

#include <memory>

#include "exchange/matching/filter.hpp"

namespace threatlas::exchange::matching {

enum class BulkKind : std::uint8_t { intersection = 1, cardinality = 2 };
enum class BulkRole : std::uint8_t { asker = 1, holder = 2 };

inline constexpr std::size_t kBulkBatch = 4'096;      // items in one message: 131 kB
inline constexpr std::size_t kReplyBytes = 10;
inline constexpr std::uint32_t kMaxBulkItems = 1U << 24;

struct BulkTerms {
    std::array<unsigned char, 16> session{};   // drawn by the asker; never used twice
    BulkKind kind = BulkKind::intersection;
    std::uint32_t own_cap = 0, peer_cap = 0;   // most items either side may bring, as agreed
    Digest agreement{};                        // SHA-256 of what was agreed in words: case, legal basis, both members
};

struct BulkResult {
    std::uint32_t peer_items = 0;              // how many the peer brought
    std::uint64_t common = 0;                  // asker only
    std::vector<std::uint32_t> items;          // intersection, asker only: places in the list given, ascending
};

class BulkParty {
  public:
    // Items: canonical identifiers, distinct (repeats are bad_input), 1 .. own_cap. `sign` of the own node, `verify` of the peer's.
    static core::Result<BulkParty> begin(BulkRole role, const BulkTerms& terms, std::vector<std::string> items, const Sign& sign, Verify verify);
    BulkParty(BulkParty&&) noexcept;
    BulkParty& operator=(BulkParty&&) noexcept;
    ~BulkParty();

    // The next message to send; empty when there is none until something is taken. Cost: up to kBulkBatch multiplications.
    core::Result<std::string> next();
    // One message of the peer, whole.
    core::Result<void> take(Bytes message);
    bool done() const;                         // everything sent and taken; the secret is wiped
    core::Result<BulkResult> result() const;   // conflict before done()

  private:
    struct State;
    explicit BulkParty(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace threatlas::exchange::matching
