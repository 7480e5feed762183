// What contact points tell one another: bulletins, requests and answers. Each has versions: a correction is the next, a
// withdrawal the last. Ids begin with a letter and the organisation that gave them, so that no other node gives the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/fields.hpp"

namespace threatlas::model {

struct Attachment {
    std::string name, media, sha256;
    std::uint64_t size = 0;
    static constexpr auto fields() {
        using T = Attachment;
        return std::make_tuple(field("name", &T::name, "file name"), field("media", &T::media, "its type, by its content"), field("sha256", &T::sha256, "SHA-256 of the content"), field("size", &T::size, "bytes"));
    }
};

struct Bulletin {
    static constexpr std::string_view kKind = "bulletin", kLetter = "N";
    std::string id;                          // 'N-rs_mup-0123456789'
    std::string kind;                        // new_mo, warning, best_practice, wanted_information
    std::string title, text, language = "en";
    std::vector<std::string> areas, threats, mos, places;
    std::string handling;                    // empty when written: the join of what it was made from, else TLP:AMBER
    std::string originator;                  // organisation that issues it
    std::vector<std::string> originators;    // whose marks bind it, the originator first
    std::vector<std::string> recipients;     // organisations
    std::string valid_until;                 // day, or empty
    std::vector<Attachment> attachments;
    std::vector<std::string> derived_from;   // ids of what it was made from
    std::uint64_t version = 1;
    std::string state = "current";           // current, withdrawn
    std::string reason;                      // of the correction or withdrawal
    std::string issued, modified;            // of the first version, of this one
    static constexpr auto fields() {
        using T = Bulletin;
        return std::make_tuple(field("id", &T::id, "id"), field("kind", &T::kind, "new_mo, warning, best_practice or wanted_information"), field("title", &T::title, "title"), field("text", &T::text, "text"), field("language", &T::language, "two letters"),
            field("areas", &T::areas, "crime areas"), field("threats", &T::threats, "threats"), field("mos", &T::mos, "modus operandi codes"), field("places", &T::places, "countries"), field("handling", &T::handling, "TLP word and handling codes"),
            field("originator", &T::originator, "organisation that issues it"), field("originators", &T::originators, "whose marks bind it"), field("recipients", &T::recipients, "organisations it goes to"), field("valid_until", &T::valid_until, "last day it holds; empty: no end"),
            field("attachments", &T::attachments, "files"), field("derived_from", &T::derived_from, "what it was made from"), field("version", &T::version, "1, and one more with every correction"), field("state", &T::state, "current or withdrawn"),
            field("reason", &T::reason, "why it was corrected or withdrawn"), field("issued", &T::issued, "when first issued"), field("modified", &T::modified, "when this version was"));
    }
};

struct Request {
    static constexpr std::string_view kKind = "request", kLetter = "Q";
    std::string id;                          // 'Q-rs_mup-0123456789'
    std::string kind = "information";        // information, verification, consent, match
    std::string title, text, language = "en";
    std::vector<std::string> questions;
    std::vector<std::string> areas, threats, mos, places;
    std::string deadline;                    // day, or empty
    std::string match;                       // kind match: what the private matching knows the hit by
    std::string handling, originator;
    std::vector<std::string> originators, recipients;
    std::vector<Attachment> attachments;
    std::vector<std::string> derived_from;
    std::uint64_t version = 1;
    std::string state = "open";              // open, closed, withdrawn
    std::string reason, issued, modified;
    static constexpr auto fields() {
        using T = Request;
        return std::make_tuple(field("id", &T::id, "id"), field("kind", &T::kind, "information, verification, consent or match"), field("title", &T::title, "title"), field("text", &T::text, "what it is about"), field("language", &T::language, "two letters"),
            field("questions", &T::questions, "what is asked, one by one"), field("areas", &T::areas, "crime areas"), field("threats", &T::threats, "threats"), field("mos", &T::mos, "modus operandi codes"), field("places", &T::places, "countries"),
            field("deadline", &T::deadline, "day by which an answer is needed; empty: none"), field("match", &T::match, "the hit of a private matching it is about"), field("handling", &T::handling, "TLP word and handling codes"), field("originator", &T::originator, "organisation that asks"),
            field("originators", &T::originators, "whose marks bind it"), field("recipients", &T::recipients, "organisations that are asked"), field("attachments", &T::attachments, "files"), field("derived_from", &T::derived_from, "what it was made from"),
            field("version", &T::version, "1, and one more with every change"), field("state", &T::state, "open, closed or withdrawn"), field("reason", &T::reason, "why it was changed, closed or withdrawn"), field("issued", &T::issued, "when first asked"), field("modified", &T::modified, "when this version was"));
    }
};

struct Answer {
    static constexpr std::string_view kKind = "answer", kLetter = "A";
    std::string id;                          // 'A-bg_mvr-0123456789'
    std::string request;                     // id
    std::string outcome = "answered";        // answered, nothing_known, cannot_answer
    std::string text, language = "en";
    std::vector<std::string> answers;        // to the questions, in their order
    std::string handling, originator;
    std::vector<std::string> originators, recipients;   // recipients: who asked, when none is named
    std::vector<Attachment> attachments;
    std::vector<std::string> derived_from;
    std::uint64_t version = 1;
    std::string state = "current";           // current, withdrawn
    std::string reason, issued, modified;
    static constexpr auto fields() {
        using T = Answer;
        return std::make_tuple(field("id", &T::id, "id"), field("request", &T::request, "id of the request"), field("outcome", &T::outcome, "answered, nothing_known or cannot_answer"), field("text", &T::text, "answer as a whole"), field("language", &T::language, "two letters"),
            field("answers", &T::answers, "to the questions, in their order"), field("handling", &T::handling, "TLP word and handling codes"), field("originator", &T::originator, "organisation that answers"), field("originators", &T::originators, "whose marks bind it"),
            field("recipients", &T::recipients, "organisations it goes to"), field("attachments", &T::attachments, "files"), field("derived_from", &T::derived_from, "what it was made from"), field("version", &T::version, "1, and one more with every correction"),
            field("state", &T::state, "current or withdrawn"), field("reason", &T::reason, "why it was corrected or withdrawn"), field("issued", &T::issued, "when first given"), field("modified", &T::modified, "when this version was"));
    }
};

// How far a version got at one organisation: the first time each.
struct Receipt {
    std::string organisation;
    std::string sent, fetched, read, acknowledged;   // times; empty: not yet
    std::string note;                                // said with the acknowledgement
    std::string forwarded_by;                        // organisation that passed it on to this one
    static constexpr auto fields() {
        using T = Receipt;
        return std::make_tuple(field("organisation", &T::organisation, "organisation"), field("sent", &T::sent, "when it was sent there"), field("fetched", &T::fetched, "when it arrived"), field("read", &T::read, "when it was first opened"), field("acknowledged", &T::acknowledged, "when it was acknowledged"),
            field("note", &T::note, "said with the acknowledgement"), field("forwarded_by", &T::forwarded_by, "who passed it on; empty: its originator sent it"));
    }
};

// One step of an organisation's, as it goes back to the originator.
struct Acknowledgement {
    std::string of, id;                // 'bulletin', its id
    std::uint64_t version = 1;
    std::string organisation;
    std::string state;                 // fetched, read, acknowledged, forwarded
    std::string at, note;
    std::vector<std::string> to;       // forwarded: to whom
    static constexpr auto fields() {
        using T = Acknowledgement;
        return std::make_tuple(field("of", &T::of, "bulletin, request or answer"), field("id", &T::id, "its id"), field("version", &T::version, "its version"), field("organisation", &T::organisation, "organisation"), field("state", &T::state, "fetched, read, acknowledged or forwarded"),
            field("at", &T::at, "when"), field("note", &T::note, "what is said with it"), field("to", &T::to, "forwarded: to whom"));
    }
};

}  // namespace threatlas::model
