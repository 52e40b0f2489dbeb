#include "models/text/json_text.h"

#include <gtest/gtest.h>

#include <ctime>
#include <nlohmann/json.hpp>

#include "tests/support/samples.h"

namespace digitorch {
namespace {

using Json = nlohmann::json;
using testing::refusal;

std::string refusal_of(const std::string& text) {
  return refusal([&] { parse_strict(text, "file"); });
}

TEST(ParseStrictTest, ReadsOneValue) {
  const Json value = parse_strict(R"({"a":[1,2.5,null,"\u00e9"]})", "file");
  EXPECT_EQ(value, (Json{{"a", {1, 2.5, nullptr, "\xc3\xa9"}}}));
}

TEST(ParseStrictTest, SaysWhereTextIsNoJsonAndNothingOfTheLibrary) {
  EXPECT_EQ(
      refusal_of("{\n  \"a\": 1,\n}"),
      "file: found no valid JSON at line 3, column 1; expected one value"
  );
  for (const char* text :
       {"", "{", "[1] 2", "nan", "1e999", "\"\xff\"", "'a'", "{\"a\" 1}"}) {
    const std::string said = refusal_of(text);
    EXPECT_TRUE(said.starts_with("file: found no valid JSON at line 1"))
        << said;
    EXPECT_EQ(said.find("json.exception"), std::string::npos) << said;
  }
}

TEST(ParseStrictTest, DepthIsBoundedHoweverDeepTheTextIs) {
  const std::string fault =
      "file: found JSON nested over 32 levels deep; expected fewer";
  EXPECT_EQ(refusal_of(std::string(32, '[') + std::string(32, ']')), "");
  EXPECT_EQ(refusal_of(std::string(33, '[') + std::string(33, ']')), fault);
  EXPECT_EQ(refusal_of(std::string(10'000'000, '[')), fault);
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  EXPECT_EQ(refusal_of(objects), fault);
}

TEST(ParseStrictTest, KeyThatAnObjectHasTwiceIsRefused) {
  EXPECT_EQ(
      refusal_of(R"({"a":{"b":1},"c":{"b":1},"a":2})"),
      "file: found the key \"a\" twice; expected it once"
  );
}

// Time of the processor, which other programs do not lengthen.
TEST(ParseStrictTest, TimeGrowsWithTheTextAlone) {
  const auto seconds = [](int keys) {
    std::string text = "{";
    for (int i = 0; i < keys; ++i)
      text += (i > 0 ? ",\"" : "\"") + std::to_string(i) + R"(":{"a":[1]})";
    text += "}";
    const std::clock_t start = std::clock();
    parse_strict(text, "file");
    return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  };
  seconds(1000);
  // 16 times as many; 256 times as long where every key looks at all others.
  EXPECT_LT(seconds(64'000), 80 * seconds(4000) + 0.1);
}

TEST(DumpLenientTest, WritesBytesThatAreNotUtf8Escaped) {
  EXPECT_EQ(dump_lenient({{"a", 1}}), R"({"a":1})");
  EXPECT_EQ(dump_lenient({{"a", 1}}, 2), "{\n  \"a\": 1\n}");
  EXPECT_EQ(
      dump_lenient({{"k\xff", {"caf\xc3\xa9", "caf\xe9"}}}),
      R"({"k\\xff":["café","caf\\xe9"]})"
  );
}

TEST(TextInJsonTest, ComesBackWhateverItsBytes) {
  for (const std::string text : {"", "a", "caf\xc3\xa9", "caf\xe9", "\xff"}) {
    const Json json = json_of_text(text);
    EXPECT_NO_THROW(json.dump());
    ASSERT_TRUE(holds_text(json));
    EXPECT_EQ(text_in_json(json), text);
  }
  EXPECT_EQ(json_of_text("caf\xc3\xa9"), "caf\xc3\xa9");
  for (const Json& other :
       {Json(3),
        Json(Json::object()),
        Json{{"bytes", {256}}},
        Json{{"bytes", {-1}}},
        Json{{"bytes", "a"}},
        Json{{"bytes", {1}}, {"more", 1}}})
    EXPECT_FALSE(holds_text(other)) << other;
}

}  // namespace
}  // namespace digitorch
