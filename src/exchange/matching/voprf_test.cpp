#include "exchange/matching/voprf.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <sodium.h>

#include <algorithm>
#include <set>

#include "core/json.hpp"
#include "core/text.hpp"

namespace threatlas::exchange::matching {
namespace {

using core::ErrorCode;

std::string unhex(std::string_view text) {
    std::string out(text.size() / 2, '\0');
    std::size_t size = 0;
    EXPECT_EQ(sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(), text.size(), nullptr, &size, nullptr), 0);
    return out;
}
template <class Array>
std::string hex(const Array& bytes) {
    std::string out(2 * bytes.size() + 1, '\0');
    sodium_bin2hex(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    out.pop_back();
    return out;
}
std::string hex(const Scalar& scalar) { return hex(std::span(scalar.data(), kScalarBytes)); }
std::string hex(const Element& element) { return hex(element.bytes); }
template <class List>
std::string listed(const List& list) {
    std::vector<std::string> out;
    for (const auto& each : list) out.push_back(hex(each));
    return core::join(out, ",");
}
std::vector<Scalar> scalars(std::string_view text) {
    std::vector<Scalar> out;
    for (const auto& each : core::split(text, ',')) out.push_back(*Scalar::from(bytes_of(unhex(each))));
    return out;
}
std::vector<std::string> inputs(std::string_view text) {
    std::vector<std::string> out;
    for (const auto& each : core::split(text, ',')) out.push_back(unhex(each));
    return out;
}

TEST(VoprfOracle, EqualsEveryVectorOfModes0And1) {
    const auto text = core::read_file(THREATLAS_SOURCE_DIR "/tests/oracle/oprf/ristretto255_sha512.json");
    ASSERT_TRUE(text);
    const auto suites = core::parse_json(*text, "vectors");
    ASSERT_TRUE(suites);
    std::size_t compared = 0, proofs = 0;
    for (const auto& suite : suites->as_array()) {
        const auto& object = suite.as_object();
        const auto value = [](const core::json::object& from, const char* key) { return std::string(from.at(key).as_string()); };
        const Mode mode = static_cast<Mode>(object.at("mode").to_number<int>());
        auto key = derive_key_pair(mode, bytes_of(unhex(value(object, "seed"))), unhex(value(object, "keyInfo")));
        ASSERT_TRUE(key);
        EXPECT_EQ(hex(key->secret), value(object, "skSm"));
        if (mode == Mode::voprf) { EXPECT_EQ(hex(key->public_key), value(object, "pkSm")); }
        for (const auto& each : object.at("vectors").as_array()) {
            const auto& vector = each.as_object();
            const auto query = blind_with(mode, inputs(value(vector, "Input")), scalars(value(vector, "Blind")));
            ASSERT_TRUE(query);
            EXPECT_EQ(listed(query->blinded), value(vector, "BlindedElement"));
            const Request request = request_of(*query, key_id(mode, key->public_key));
            auto response = evaluate(*key, request);
            if (mode == Mode::voprf) {
                const auto& proof = vector.at("Proof").as_object();
                response = evaluate_with(*key, request, *Scalar::from(bytes_of(unhex(value(proof, "r")))));
                ASSERT_TRUE(response);
                EXPECT_EQ(hex(response->proof), value(proof, "proof"));
                ++proofs;
            }
            ASSERT_TRUE(response);
            EXPECT_EQ(listed(response->evaluated), value(vector, "EvaluationElement"));
            const auto outputs = finalize(*query, key->public_key, *response);
            ASSERT_TRUE(outputs) << core::describe(outputs.error());
            EXPECT_EQ(listed(*outputs), value(vector, "Output"));
            const auto directly = evaluate_directly(*key, query->inputs);
            ASSERT_TRUE(directly);
            EXPECT_EQ(*directly, *outputs);
            compared += outputs->size();
        }
    }
    EXPECT_EQ(compared, 6u);
    EXPECT_EQ(proofs, 3u);
}

KeyPair key_of(Mode mode, char seed = 's') { return *derive_key_pair(mode, bytes_of(std::string(32, seed)), "test"); }

struct Asked {
    KeyPair key;
    Query query;
    Response response;
};
Asked asked(std::vector<std::string> items, Mode mode = Mode::voprf) {
    KeyPair key = key_of(mode);
    Query query = *blind(mode, std::move(items));
    Response response = *evaluate(key, request_of(query, key_id(mode, key.public_key)));
    return {std::move(key), std::move(query), std::move(response)};
}
core::ErrorCode refused(const Asked& a, const Response& response) {
    const auto outputs = finalize(a.query, a.key.public_key, response);
    return outputs ? ErrorCode::internal : outputs.error().code;
}

RC_GTEST_PROP(Voprf, AskedEqualsEvaluatedDirectly, (const std::vector<std::string>& some)) {
    auto items = some;
    items.resize(1 + items.size() % 40, "the same");
    for (const Mode mode : {Mode::oprf, Mode::voprf}) {
        const auto a = asked(items, mode);
        const auto outputs = finalize(a.query, a.key.public_key, a.response), directly = evaluate_directly(a.key, items);
        RC_ASSERT(outputs.has_value());
        RC_ASSERT(*outputs == *directly);
        const auto request = decode_request(bytes_of(encode(request_of(a.query, a.response.key))));
        const auto response = decode_response(bytes_of(encode(a.response)));
        RC_ASSERT(request.has_value());
        RC_ASSERT(response.has_value());
        RC_ASSERT(request->blinded == a.query.blinded);
        RC_ASSERT(response->evaluated == a.response.evaluated);
        RC_ASSERT(response->proof == a.response.proof);
    }
}

TEST(Voprf, AManyAtOnceEqualsOneByOne) {
    std::vector<std::string> items;
    for (int i = 0; i < 300; ++i) items.push_back("phone:+38160" + std::to_string(i));
    const auto a = asked(items);
    const auto all = finalize(a.query, a.key.public_key, a.response);
    ASSERT_TRUE(all);
    for (const std::size_t i : {0U, 1U, 127U, 128U, 299U}) {
        const auto one = asked({items[i]});
        EXPECT_EQ((*all)[i], (*finalize(one.query, one.key.public_key, one.response))[0]);
    }
    // Blinded anew each time: the holder cannot tell that the same was asked.
    EXPECT_NE(a.query.blinded[0], asked({items[0]}).query.blinded[0]);
    const std::set<Output> distinct(all->begin(), all->end());
    EXPECT_EQ(distinct.size(), items.size());
}

TEST(Voprf, AnotherKeyIsNoticed) {
    const auto a = asked({"one", "two"});
    const KeyPair other = key_of(Mode::voprf, 't');
    Response made_with_other = *evaluate(other, {Mode::voprf, key_id(Mode::voprf, other.public_key), a.query.blinded});
    EXPECT_EQ(refused(a, made_with_other), ErrorCode::mismatch);
    made_with_other.key = a.response.key;       // and says it is the published one
    EXPECT_EQ(refused(a, made_with_other), ErrorCode::mismatch);
    const auto answer = evaluate(other, request_of(a.query, a.response.key));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::mismatch);
    EXPECT_NE(*evaluate_directly(other, a.query.inputs), *evaluate_directly(a.key, a.query.inputs));
    // Mode 0 has no proof: the control that shows what mode 1 is for.
    const auto b = asked({"one", "two"}, Mode::oprf);
    const KeyPair lying = key_of(Mode::oprf, 't');
    Response unproven = *evaluate(lying, {Mode::oprf, key_id(Mode::oprf, lying.public_key), b.query.blinded});
    unproven.key = b.response.key;
    EXPECT_TRUE(finalize(b.query, b.key.public_key, unproven));
}

TEST(Voprf, AnyFlippedBitOfTheProofIsNoticed) {
    const auto a = asked({"one", "two", "three"});
    for (std::size_t bit = 0; bit < 8 * sizeof(Proof); ++bit) {
        Response response = a.response;
        response.proof[bit / 8] ^= static_cast<unsigned char>(1U << (bit % 8));
        EXPECT_FALSE(finalize(a.query, a.key.public_key, response)) << bit;
    }
    Response zeros = a.response;
    zeros.proof.fill(0);
    EXPECT_EQ(refused(a, zeros), ErrorCode::bad_input);
}

TEST(Voprf, OrderAndCountAreProven) {
    const auto a = asked({"one", "two", "three"});
    Response swapped = a.response;
    std::swap(swapped.evaluated[0], swapped.evaluated[1]);
    EXPECT_EQ(refused(a, swapped), ErrorCode::mismatch);
    Response one_of_another = a.response;
    one_of_another.evaluated[2] = asked({"four"}).response.evaluated[0];
    EXPECT_EQ(refused(a, one_of_another), ErrorCode::mismatch);
    Response fewer = a.response;
    fewer.evaluated.pop_back();
    EXPECT_EQ(refused(a, fewer), ErrorCode::bad_input);
    // A proof of one request does not serve another of the same inputs.
    const auto again = asked({"one", "two", "three"});
    Response replayed = again.response;
    replayed.proof = a.response.proof;
    EXPECT_EQ(refused(again, replayed), ErrorCode::mismatch);
}

TEST(Voprf, IdentityAndOtherEncodingsAreRefused) {
    const auto a = asked({"one", "two"});
    Element top = a.query.blinded[0];
    top.bytes[31] |= 0x80;
    Element odd = a.query.blinded[0];
    odd.bytes[0] |= 1;
    for (const Element& bad : {Element{}, top, odd}) {
        EXPECT_FALSE(element(bad.bytes));
        Request request = request_of(a.query, a.response.key);
        request.blinded[1] = bad;
        const auto decoded = decode_request(bytes_of(encode(request)));
        ASSERT_FALSE(decoded);
        EXPECT_EQ(decoded.error().code, ErrorCode::bad_input);
        EXPECT_EQ(decoded.error().where.row, 2u);
        EXPECT_FALSE(evaluate(a.key, request));    // also by who does not decode
        Response response = a.response;
        response.evaluated[1] = bad;
        EXPECT_FALSE(decode_response(bytes_of(encode(response))));
        EXPECT_FALSE(finalize(a.query, a.key.public_key, response));
    }
    EXPECT_FALSE(element(bytes_of("short")));
}

TEST(Voprf, ScalarsAreCanonical) {
    const std::string order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    EXPECT_FALSE(Scalar::from(bytes_of(order)));
    EXPECT_FALSE(Scalar::from(bytes_of(std::string(32, '\0'))));
    EXPECT_FALSE(Scalar::from(bytes_of(std::string(32, '\xff'))));
    EXPECT_FALSE(Scalar::from(bytes_of(std::string(31, '\1'))));
    std::string below = order;
    below[0] = static_cast<char>(below[0] - 1);
    const auto scalar = Scalar::from(bytes_of(below));
    ASSERT_TRUE(scalar);
    EXPECT_EQ(hex(scalar->times(*scalar)), "01" + std::string(62, '0'));   // (-1)^2
    EXPECT_EQ(hex(scalar->inverse()), hex(*scalar));
}

TEST(Voprf, SizesAreLimited) {
    EXPECT_FALSE(blind(Mode::voprf, {}));
    EXPECT_FALSE(blind(Mode::voprf, std::vector<std::string>(kMaxBatch + 1, "a")));
    EXPECT_FALSE(blind(Mode::voprf, {std::string(kMaxInputBytes + 1, 'a')}));
    EXPECT_TRUE(blind(Mode::voprf, {std::string(kMaxInputBytes, 'a'), ""}));
    EXPECT_FALSE(derive_key_pair(Mode::voprf, bytes_of("short"), ""));
    const auto a = asked({"one", "two", "three"});
    const std::string message = encode(request_of(a.query, a.response.key));
    EXPECT_FALSE(decode_request(bytes_of(message), 2));
    EXPECT_FALSE(decode_request(bytes_of(message + "x")));
    EXPECT_FALSE(decode_response(bytes_of(message)));
    for (std::size_t size = 0; size < message.size(); ++size) EXPECT_FALSE(decode_request(bytes_of(message).first(size)));
    EXPECT_TRUE(decode_request(bytes_of(message)));
}

}  // namespace
}  // namespace threatlas::exchange::matching
