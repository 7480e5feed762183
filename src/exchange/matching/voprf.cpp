#include "exchange/matching/voprf.hpp"

#include <sodium.h>

#include <algorithm>
#include <cstring>

#include "core/parallel.hpp"

namespace threatlas::exchange::matching {

using core::ErrorCode;
using core::fail;
using core::Result;

namespace {

std::string context(Mode mode) { return std::string("OPRFV1-") + static_cast<char>(mode) + "-ristretto255-SHA512"; }
std::string group_tag(Mode mode) { return "HashToGroup-" + context(mode); }
std::string scalar_tag(Mode mode) { return "HashToScalar-" + context(mode); }

// What is hashed, piece by piece, each with its length in two bytes before it.
class Transcript {
  public:
    Transcript& bare(Bytes bytes) {
        text_.insert(text_.end(), bytes.begin(), bytes.end());
        return *this;
    }
    Transcript& bare(std::string_view text) { return bare(bytes_of(text)); }
    Transcript& number(std::size_t value) {
        text_.push_back(static_cast<unsigned char>(value >> 8)), text_.push_back(static_cast<unsigned char>(value & 255));
        return *this;
    }
    Transcript& add(Bytes bytes) { return number(bytes.size()).bare(bytes); }
    Transcript& add(const Element& element) { return add(Bytes(element.bytes)); }
    Bytes bytes() const { return text_; }
    std::array<unsigned char, 64> hash() const {
        std::array<unsigned char, 64> out;
        crypto_hash_sha512(out.data(), text_.data(), text_.size());
        return out;
    }

  private:
    std::vector<unsigned char> text_;
};

Output output_of(std::string_view input, const Element& unblinded) {
    crypto_hash_sha512_state state;
    crypto_hash_sha512_init(&state);
    const std::array<unsigned char, 2> size{static_cast<unsigned char>(input.size() >> 8), static_cast<unsigned char>(input.size() & 255)}, size_32{0, 32};
    const auto add = [&](Bytes bytes) { crypto_hash_sha512_update(&state, bytes.data(), bytes.size()); };
    add(size), add(bytes_of(input)), add(size_32), add(unblinded.bytes), add(bytes_of("Finalize"));
    Output out;
    crypto_hash_sha512_final(&state, out.data());
    sodium_memzero(&state, sizeof state);
    return out;
}

Result<void> fits(std::size_t count) {
    if (count == 0 || count > kMaxBatch) return fail(ErrorCode::bad_input, "a request holds 1 to " + std::to_string(kMaxBatch) + " identifiers");
    return {};
}

// The weights of ComputeComposites: public, 32 bytes each.
Result<std::vector<unsigned char>> weights_of(Mode mode, const Element& public_key, std::span<const Element> blinded, std::span<const Element> evaluated) {
    const auto seed = Transcript().add(public_key).add(bytes_of("Seed-" + context(mode))).hash();
    const std::string tag = scalar_tag(mode);
    std::vector<unsigned char> out(kScalarBytes * blinded.size());
    constexpr std::size_t kPiece = 128;
    std::vector<Result<void>> said((blinded.size() + kPiece - 1) / kPiece);
    core::parallel_for(said.size(), [&](std::size_t piece) {
        for (std::size_t i = piece * kPiece; i < std::min(blinded.size(), (piece + 1) * kPiece); ++i) {
            const auto weight = hash_to_scalar(Transcript().add(Bytes(seed)).number(i).add(blinded[i]).add(evaluated[i]).bare("Composite").bytes(), tag);
            if (!weight) said[piece] = tl::unexpected(weight.error());
            else std::memcpy(out.data() + kScalarBytes * i, weight->data(), kScalarBytes);
        }
    });
    for (auto& each : said) THREATLAS_CHECK(std::move(each));
    return out;
}

Result<Scalar> challenge(Mode mode, const Element& public_key, const Element& m, const Element& z, const Element& t2, const Element& t3) {
    return hash_to_scalar(Transcript().add(public_key).add(m).add(z).add(t2).add(t3).bare("Challenge").bytes(), scalar_tag(mode));
}

Result<void> same_size(std::span<const Element> blinded, std::span<const Element> evaluated) {
    THREATLAS_CHECK(fits(blinded.size()));
    if (blinded.size() != evaluated.size()) return fail(ErrorCode::bad_input, "the answer holds not as many elements as the request");
    return {};
}

Result<Element> one_times(const Scalar& scalar, const Element& element) {
    THREATLAS_TRY(auto out, multiply(scalar, std::span(&element, 1)));
    return out[0];
}

// a * p + b * q, all public.
Result<Element> two(const Scalar& a, const Element& p, const Scalar& b, const Element& q) {
    THREATLAS_TRY(const Element ap, one_times(a, p));
    THREATLAS_TRY(const Element bq, one_times(b, q));
    Element out;
    if (crypto_core_ristretto255_add(out.bytes.data(), ap.bytes.data(), bq.bytes.data()) != 0) return fail(ErrorCode::internal, "a sum of elements is no element");
    return out;
}

// 1 / each, at the price of one inversion and three products each (Montgomery).
std::vector<Scalar> inverses(std::span<const Scalar> scalars) {
    std::vector<Scalar> out;
    out.reserve(scalars.size());
    for (const auto& each : scalars) out.push_back(out.empty() ? each.clone() : out.back().times(each));
    Scalar rest = out.back().inverse();
    for (std::size_t i = scalars.size(); i-- > 1;) {
        out[i] = rest.times(out[i - 1]);
        rest = rest.times(scalars[i]);
    }
    out[0] = std::move(rest);
    return out;
}

Result<Response> answered(const KeyPair& key, const Request& request, const Scalar* nonce) {
    THREATLAS_CHECK(fits(request.blinded.size()));
    if (request.mode != key.mode || request.key != key_id(key.mode, key.public_key)) return fail(ErrorCode::mismatch, "the request is for another key: fetch the current filter and ask again");
    Response out{key.mode, request.key, {}, {}};
    THREATLAS_TRY(out.evaluated, multiply(key.secret, request.blinded));
    if (key.mode == Mode::oprf) return out;
    const Scalar fresh = Scalar::random();
    THREATLAS_TRY(out.proof, prove(key, request.blinded, out.evaluated, nonce != nullptr ? *nonce : fresh));
    return out;
}

}  // namespace

Result<KeyPair> derive_key_pair(Mode mode, Bytes seed, std::string_view info) {
    if (seed.size() != 32) return fail(ErrorCode::bad_input, "the seed of a matching key has 32 bytes");
    if (info.size() > 65'535) return fail(ErrorCode::bad_input, "what a matching key is for is longer than 65,535 bytes");
    std::vector<unsigned char> text(seed.begin(), seed.end());
    text.reserve(text.size() + info.size() + 3);
    text.push_back(static_cast<unsigned char>(info.size() >> 8)), text.push_back(static_cast<unsigned char>(info.size() & 255));
    text.insert(text.end(), info.begin(), info.end());
    text.push_back(0);
    for (;; ++text.back()) {
        auto secret = hash_to_scalar(text, "DeriveKeyPair" + context(mode));
        if (secret && secret->is_zero() && text.back() < 255) continue;
        sodium_memzero(text.data(), text.size());
        if (!secret) return tl::unexpected(secret.error());
        if (secret->is_zero()) return fail(ErrorCode::internal, "no key comes of this seed");
        const Element public_key = multiply_base(*secret);
        return KeyPair{mode, std::move(*secret), public_key};
    }
}

KeyId key_id(Mode mode, const Element& public_key) {
    const auto hash = Transcript().bare("threatlas/matching/key/").number(static_cast<std::size_t>(mode)).add(public_key).hash();
    KeyId out;
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

Result<Query> blind(Mode mode, std::vector<std::string> inputs) {
    THREATLAS_CHECK(fits(inputs.size()));
    std::vector<Scalar> blinds;
    blinds.reserve(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i) blinds.push_back(Scalar::random());
    return blind_with(mode, std::move(inputs), std::move(blinds));
}

Result<Query> blind_with(Mode mode, std::vector<std::string> inputs, std::vector<Scalar> blinds) {
    THREATLAS_CHECK(fits(inputs.size()));
    const std::string tag = group_tag(mode);
    std::vector<Element> hashed;
    hashed.reserve(inputs.size());
    for (const auto& input : inputs) {
        THREATLAS_TRY(const Element each, hash_to_group(input, tag));
        hashed.push_back(each);
    }
    THREATLAS_TRY(auto blinded, multiply_each(blinds, hashed));
    return Query{mode, std::move(inputs), std::move(blinds), std::move(blinded)};
}

Request request_of(const Query& query, const KeyId& key) { return {query.mode, key, query.blinded}; }

Result<Response> evaluate(const KeyPair& key, const Request& request) { return answered(key, request, nullptr); }
Result<Response> evaluate_with(const KeyPair& key, const Request& request, const Scalar& nonce) { return answered(key, request, &nonce); }

Result<Proof> prove(const KeyPair& key, std::span<const Element> blinded, std::span<const Element> evaluated, const Scalar& nonce) {
    THREATLAS_CHECK(same_size(blinded, evaluated));
    THREATLAS_TRY(const auto weights, weights_of(key.mode, key.public_key, blinded, evaluated));
    THREATLAS_TRY(const Element m, weighted_sum(weights, blinded));
    THREATLAS_TRY(const Element z, one_times(key.secret, m));
    THREATLAS_TRY(const Element t3, one_times(nonce, m));
    THREATLAS_TRY(const Scalar c, challenge(key.mode, key.public_key, m, z, multiply_base(nonce), t3));
    const Scalar s = nonce.minus(c.times(key.secret));
    Proof out;
    std::memcpy(out.data(), c.data(), kScalarBytes);
    std::memcpy(out.data() + kScalarBytes, s.data(), kScalarBytes);
    return out;
}

Result<void> verify(Mode mode, const Element& public_key, std::span<const Element> blinded, std::span<const Element> evaluated, const Proof& proof) {
    THREATLAS_CHECK(same_size(blinded, evaluated));
    THREATLAS_TRY(const Scalar c, Scalar::from(Bytes(proof).first(kScalarBytes)));
    THREATLAS_TRY(const Scalar s, Scalar::from(Bytes(proof).subspan(kScalarBytes)));
    THREATLAS_TRY(const auto weights, weights_of(mode, public_key, blinded, evaluated));
    THREATLAS_TRY(const Element m, weighted_sum(weights, blinded));
    THREATLAS_TRY(const Element z, weighted_sum(weights, evaluated));
    THREATLAS_TRY(const Element cb, one_times(c, public_key));
    const Element sa = multiply_base(s);
    Element t2;
    if (crypto_core_ristretto255_add(t2.bytes.data(), sa.bytes.data(), cb.bytes.data()) != 0) return fail(ErrorCode::internal, "a sum of elements is no element");
    THREATLAS_TRY(const Element t3, two(s, m, c, z));
    THREATLAS_TRY(const Scalar expected, challenge(mode, public_key, m, z, t2, t3));
    if (sodium_memcmp(expected.data(), c.data(), kScalarBytes) != 0) return fail(ErrorCode::mismatch, "the proof does not verify: the answer was not made with the published key");
    return {};
}

Result<std::vector<Output>> finalize(const Query& query, const Element& public_key, const Response& response) {
    THREATLAS_CHECK(same_size(query.blinded, response.evaluated));
    if (query.inputs.size() != query.blinded.size() || query.blinds.size() != query.blinded.size()) return fail(ErrorCode::internal, "a query is not whole");
    if (response.mode != query.mode || response.key != key_id(query.mode, public_key)) return fail(ErrorCode::mismatch, "the answer is of another key");
    if (query.mode == Mode::voprf) THREATLAS_CHECK(verify(query.mode, public_key, query.blinded, response.evaluated, response.proof));
    THREATLAS_TRY(const auto unblinded, multiply_each(inverses(query.blinds), response.evaluated));
    std::vector<Output> out(unblinded.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = output_of(query.inputs[i], unblinded[i]);
    return out;
}

Result<std::vector<Output>> evaluate_directly(const KeyPair& key, std::span<const std::string> inputs) {
    THREATLAS_TRY(const auto elements, hash_and_multiply(key.secret, inputs, group_tag(key.mode)));
    std::vector<Output> out(elements.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = output_of(inputs[i], elements[i]);
    return out;
}

}  // namespace threatlas::exchange::matching
