// Who may see what. The rules of TLP 2.0 (FIRST) and of the handling codes H0 to H3, with originator
// control, stand here once: `Sight::allows`. docs/HANDLING.md says them in words, and
// tests/rights/handling.tsv line by line.
#pragma once

#include <compare>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "model/reader.hpp"
#include "store/consent.hpp"
#include "store/snapshot.hpp"

namespace threatlas::store {

// CLEAR 0, GREEN 1, AMBER 2, AMBER+STRICT 3, RED 4; WHITE of TLP 1.0 is CLEAR.
constexpr int kMildest = 0, kStrictest = 4;
constexpr std::string_view kRegional = "regional";  // the working group that contributions are made to

enum Code : std::uint8_t { kH1 = 1, kH2 = 2, kH3 = 4, kAllCodes = 7 };

// A handling code read: the place in the chain and the set of codes. What is not marked, or marked with
// a word nobody knows, is marked with everything.
struct Marking {
    int rank = kStrictest;
    std::uint8_t codes = kAllCodes;
    bool operator==(const Marking&) const = default;
    // Whether it matters who gave it.
    bool controlled() const { return rank >= 3 || (codes & (kH1 | kH2)) != 0; }
};
constexpr Marking kOpen{kMildest, 0}, kAllMarks{};

Marking parse_marking(std::string_view handling);          // 'TLP:AMBER H1 H3'; H0 says nothing
std::string text(const Marking& marking);                  // the same again, codes in order
Marking join(const Marking& a, const Marking& b);          // what is made of both: the higher word, all codes
std::string join_handling(std::string_view a, std::string_view b);

// The word alone, as a rank.
int handling_rank(std::string_view handling);
std::string_view handling_word(int rank);  // 'TLP:AMBER'; RED for what is no rank

// The originator of a row is the member that gave it, else its published source.
inline std::string_view originator_of(std::string_view member, std::string_view source) { return member.empty() ? source : member; }

// What is made of several inputs is marked with the join of their marks and belongs to all whose
// marks bind. Joining is a semilattice: order and repetition change nothing.
struct Protection {
    Marking marking = kOpen;
    std::set<std::string, std::less<>> originators{};  // of controlled inputs only: nobody asks leave of a public source
    bool operator==(const Protection&) const = default;
    void add(const Marking& input, std::string_view originator);
    void add(const Protection& other);
    std::string handling() const { return text(marking); }
    std::vector<std::string> owners() const { return {originators.begin(), originators.end()}; }
};
Protection protection_of(const Snapshot& snapshot);

// The strictest word among a snapshot's rows and judgements; protection_of says all.
int strictest_handling(const Snapshot& snapshot);

// The rank the reader may see up to. not_allowed when the purpose, the organisation or the
// clearance is missing or not known: there is no anonymous read.
core::Result<int> clearance_of(const model::Reader& reader);

// A reader's rights, read once; then each question costs a few comparisons.
class Sight {
  public:
    // consents: those in force on `today` (ISO) count. Errors as clearance_of.
    static core::Result<Sight> of(const model::Reader& reader, std::vector<Consent> consents = {}, std::string_view today = {});

    // The rules. entitled: the reader's organisation gave it, or has its consent.
    bool allows(const Marking& marking, bool entitled) const;
    bool entitled(std::string_view originator, std::string_view submission = {}) const;

    bool sees(const Marking& marking, std::string_view originator, std::string_view submission = {}) const { return allows(marking, entitled(originator, submission)); }
    // Of what is made of several: entitled to all of them.
    bool sees(const Marking& marking, std::span<const std::string> originators) const;

    // Of what is addressed: who is in the audience counts as entitled, and what is marked AMBER or stricter, or with a
    // code, is for nobody else than who gave it or has its consent. subject: what a consent may be limited to.
    bool sees(const Marking& marking, std::span<const std::string> originators, std::span<const std::string> audience, std::string_view subject) const;

    // Whether it may be written to a file, sent or published. not_allowed names who has not consented.
    core::Result<void> may_disclose(const Marking& marking, std::span<const std::string> originators, std::string_view submission = {}) const;

    int clearance() const { return clearance_; }
    bool regional() const { return organisation_ == kRegional; }
    const std::string& organisation() const { return organisation_; }
    const std::vector<Consent>& consents() const { return consents_; }  // in force, to this organisation, for this purpose

  private:
    int clearance_ = kMildest;
    std::uint8_t codes_ = 0;
    model::Purpose purpose_ = model::Purpose::assessment;
    std::string organisation_;
    std::vector<Consent> consents_;  // in force, to this organisation, for this purpose
};

// One question, for callers that ask seldom. A reader without rights at all sees nothing.
bool may_see(const model::Reader& reader, const Marking& marking, std::string_view originator);
core::Result<void> may_disclose(const model::Reader& reader, const Marking& marking, std::span<const std::string> originators, std::vector<Consent> consents = {}, std::string_view today = {});

}  // namespace threatlas::store
