#include "models/options/json_reader.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "tests/support/samples.h"

namespace digitorch {
namespace {

using Json = nlohmann::json;
using testing::refusal;

const Json& sample() {
  static const Json value = {
      {"count", 3},
      {"rate", 0.5},
      {"on", true},
      {"name", "a"},
      {"list", {1, 2}},
      {"inner", {{"depth", 7}}},
      {"none", nullptr}};
  return value;
}

JsonReader reader() { return {sample(), "c.json"}; }

TEST(JsonReaderTest, GivesValuesThatAreAsExpected) {
  EXPECT_EQ(reader().at("count").whole({1, 3}), 3);
  EXPECT_EQ(reader().at("count").real({0, 3}), 3.0);
  EXPECT_EQ(reader().at("rate").real({0, 1}), 0.5);
  EXPECT_TRUE(reader().at("on").truth());
  EXPECT_EQ(reader().at("name").text(), "a");
  EXPECT_EQ(reader().at("name").byte_text(), "a");
  EXPECT_EQ(reader().at("list").items().at(1).whole({0, 9}), 2);
  EXPECT_EQ(reader().at("inner").at("depth").whole({0, 9}), 7);
  EXPECT_TRUE(reader().at("none").is_null());
  EXPECT_FALSE(reader().find("other"));
}

struct Wrong {
  std::function<void(const JsonReader&)> read;
  std::string message;
};

class WrongValue : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongValue, IsRefusedNamingFileAndKey) {
  EXPECT_EQ(
      refusal([] { GetParam().read(reader()); }),
      "c.json: " + GetParam().message
  );
}

INSTANTIATE_TEST_SUITE_P(
    Values,
    WrongValue,
    ::testing::Values(
        Wrong{
            [](const JsonReader& j) {
              j.at("count").whole({1, 2});
            },
            "count: found 3; expected a whole number from 1 to 2"},
        Wrong{
            [](const JsonReader& j) {
              j.at("rate").whole({0, 2});
            },
            "rate: found 0.5; expected a whole number from 0 to 2"},
        Wrong{
            [](const JsonReader& j) {
              j.at("rate").real({1, 2});
            },
            "rate: found 0.5; expected a number from 1.0 to 2.0"},
        Wrong{
            [](const JsonReader& j) {
              j.at("name").real({1, 2});
            },
            "name: found \"a\"; expected a number from 1.0 to 2.0"},
        Wrong{
            [](const JsonReader& j) { j.at("count").truth(); },
            "count: found 3; expected true or false"},
        Wrong{
            [](const JsonReader& j) { j.at("list").text(); },
            "list: found a list of 2 values; expected a text"},
        Wrong{
            [](const JsonReader& j) { j.at("inner").byte_text(); },
            "inner: found an object; expected a text"},
        Wrong{
            [](const JsonReader& j) { j.at("none").items(); },
            "none: found null; expected a list"},
        Wrong{
            [](const JsonReader& j) { j.at("list").items()[0].text(); },
            "list[0]: found 1; expected a text"},
        Wrong{
            [](const JsonReader& j) { j.at("list").at("a"); },
            "list: found a list of 2 values; expected an object"},
        Wrong{
            [](const JsonReader& j) { j.at("inner").at("width"); },
            "inner: found no key 'width'; expected it"},
        Wrong{
            [](const JsonReader& j) { j.at("inner").at("depth").truth(); },
            "inner.depth: found 7; expected true or false"},
        Wrong{
            [](const JsonReader& j) { j.at("inner").check_keys({"depths"}); },
            "inner: found the unknown key 'depth'; did you mean 'depths'?"},
        Wrong{
            [](const JsonReader& j) {
              j.at("inner").check_keys({"a", "b"});
            },
            "inner: found the unknown key 'depth'; expected one of a, b"}
    )
);

TEST(JsonReaderTest, NumberBeyondInt64IsNoWholeNumber) {
  const Json large = 18446744073709551615U;
  EXPECT_EQ(
      refusal([&] {
        JsonReader(large, "f").whole({-1, INT64_MAX});
      }),
      "f: found 18446744073709551615; expected a whole number from -1 to "
      "9223372036854775807"
  );
}

TEST(JsonReaderTest, LongValuesAreCutInMessages) {
  const Json text = std::string(1000, 'x');
  const std::string said = refusal([&] {
    JsonReader(text, "f").whole({0, 1});
  });
  EXPECT_LT(said.size(), 130);
  EXPECT_NE(said.find("xxx...; expected"), std::string::npos) << said;
}

}  // namespace
}  // namespace digitorch
