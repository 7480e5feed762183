// Oblivious evaluation of a keyed function: RFC 9497, ristretto255-SHA512, modes 0 (OPRF) and 1 (VOPRF). The asker learns
// F(key, input) for its own inputs and nothing of the key; the holder of the key learns how many inputs, and nothing of them.
// In mode 1 the asker also knows that the key is the published one, the same for every asker (batched DLEQ proof).
//
//   asker:  Query query = blind(inputs)             -> encode(request_of(query, key_id))
//   holder: evaluate(key pair, request.blinded)     -> encode(response)
//   asker:  finalize(query, public key, response)   -> 64 bytes an input, to look up in the holder's filter
//   holder: evaluate_directly(key pair, list)       -> the same 64 bytes, of which it makes the filter
//
// What leaks: sizes of batches, and when. A holder that is asked sees uniformly random elements. An asker that is answered can
// test as many guesses as it was given answers: quotas are the caller's (docs/ASSURANCE.md, 'Private matching').
// Errors: bad_input for what no honest side sends (encodings, counts, lengths), mismatch for a proof that does not verify or another key.
// Cost an input: asker 2 multiplications and 2 hashes; holder 1 multiplication; proof and verification besides, see docs/PERFORMANCE.md.
#pragma once

#include <cstdint>

#include "exchange/matching/group.hpp"

namespace threatlas::exchange::matching {

enum class Mode : std::uint8_t { oprf = 0, voprf = 1 };

inline constexpr std::size_t kMaxBatch = 4'096;   // inputs in one request; the RFC's limit is 65,535
using Output = std::array<unsigned char, 64>;
using Proof = std::array<unsigned char, 2 * kScalarBytes>;
using KeyId = std::array<unsigned char, 16>;

struct KeyPair {
    Mode mode = Mode::voprf;
    Scalar secret;
    Element public_key;
};

// Seed: 32 secret bytes, to be kept sealed; info: public, at most 65,535 bytes, says what the key is for ('rs_mup/2026-4').
// The same seed, info and mode give the same key for ever: keep the seed, not the key.
core::Result<KeyPair> derive_key_pair(Mode mode, Bytes seed, std::string_view info);
// By which a key is named in requests and filters: the beginning of SHA-512 over mode and public key.
KeyId key_id(Mode mode, const Element& public_key);

// What the asker keeps until the answer is there. Secret; blinds are wiped when it ends.
struct Query {
    Mode mode = Mode::voprf;
    std::vector<std::string> inputs;
    std::vector<Scalar> blinds;
    std::vector<Element> blinded;
};
struct Request {
    Mode mode = Mode::voprf;
    KeyId key{};
    std::vector<Element> blinded;
};
struct Response {
    Mode mode = Mode::voprf;
    KeyId key{};
    std::vector<Element> evaluated;
    Proof proof{};                      // zeros in mode 0
};

// 1 to kMaxBatch inputs, in the caller's order, repeats allowed. bad_input otherwise.
core::Result<Query> blind(Mode mode, std::vector<std::string> inputs);
// With blinds given: for test vectors only.
core::Result<Query> blind_with(Mode mode, std::vector<std::string> inputs, std::vector<Scalar> blinds);
Request request_of(const Query& query, const KeyId& key);

// mismatch when the request names another key or mode. `nonce` of the proof is drawn anew; given only for test vectors.
core::Result<Response> evaluate(const KeyPair& key, const Request& request);
core::Result<Response> evaluate_with(const KeyPair& key, const Request& request, const Scalar& nonce);
// The proof alone: secret times blinded[i] is evaluated[i] for all i, with the secret of the public key.
core::Result<Proof> prove(const KeyPair& key, std::span<const Element> blinded, std::span<const Element> evaluated, const Scalar& nonce);
core::Result<void> verify(Mode mode, const Element& public_key, std::span<const Element> blinded, std::span<const Element> evaluated, const Proof& proof);

// Verifies (mode 1), then takes the blinds off. As many outputs as inputs, in their order.
core::Result<std::vector<Output>> finalize(const Query& query, const Element& public_key, const Response& response);
core::Result<std::vector<Output>> evaluate_directly(const KeyPair& key, std::span<const std::string> inputs);

// Messages, binary: 'TLVQ' or 'TLVR', version, mode, key id, count (4 bytes, little-endian), elements, in mode 1 of a response the proof.
// Exactly so long; decoded ones are whole: every element checked.
std::string encode(const Request& request);
std::string encode(const Response& response);
core::Result<Request> decode_request(Bytes message, std::size_t max_items = kMaxBatch);
core::Result<Response> decode_response(Bytes message, std::size_t max_items = kMaxBatch);

}  // namespace threatlas::exchange::matching
