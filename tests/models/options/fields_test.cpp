#include "models/options/fields.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "models/options/choices.h"
#include "models/options/fields_json.h"

namespace digitorch {
namespace {

struct Options {
  int64_t batch_size = 64;
  double lr = 0.1;
  bool ema = false;
  std::string schedule = "cosine";
  std::vector<int64_t> hidden{128, 64};

  std::vector<Field> fields() {
    return {
        field("batch-size", batch_size, WholeRange{1, 65536}, "a step"),
        field("lr", lr, RealRange{0, 100}, "learning rate"),
        field("ema", ema, "average the weights"),
        field("schedule", schedule, {"constant", "cosine"}, "of the rate"),
        field("hidden", hidden, WholeRange{1, 4096}, "units")};
  }
};

class RefusedText
    : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(RefusedText, LeavesTheValueAndNamesWhatWasExpected) {
  Options options;
  const nlohmann::json before = to_json(options.fields());
  const auto [name, text] = GetParam();
  for (const Field& each : options.fields()) {
    if (each.name != name) continue;
    try {
      assign(each, text, std::string("--") + name);
      FAIL() << name << " took '" << text << "'";
    } catch (const std::runtime_error& error) {
      EXPECT_EQ(
          error.what(),
          "--" + each.name + ": found '" + text + "'; expected " + each.expected
      );
    }
  }
  EXPECT_EQ(to_json(options.fields()), before);
}

INSTANTIATE_TEST_SUITE_P(
    Values,
    RefusedText,
    ::testing::Values(
        std::pair{"batch-size", "0"},
        std::pair{"batch-size", "-1"},
        std::pair{"batch-size", "65537"},
        std::pair{"batch-size", "1000000000000000000000"},
        std::pair{"batch-size", "3.5"},
        std::pair{"batch-size", "abc"},
        std::pair{"batch-size", ""},
        std::pair{"batch-size", " 1"},
        std::pair{"batch-size", "1x"},
        std::pair{"lr", "nan"},
        std::pair{"lr", "inf"},
        std::pair{"lr", "-0.1"},
        std::pair{"lr", "0,1"},
        std::pair{"lr", ""},
        std::pair{"ema", "yes"},
        std::pair{"schedule", "linear"},
        std::pair{"schedule", ""},
        std::pair{"hidden", "128,"},
        std::pair{"hidden", ",128"},
        std::pair{"hidden", "128,,64"},
        std::pair{"hidden", "128,0"},
        std::pair{"hidden", "128;64"}
    )
);

TEST(FieldsTest, TextOfAValueSetsTheSameValue) {
  Options options;
  for (const Field& each : options.fields())
    EXPECT_TRUE(each.set(to_text(each.get()))) << each.name;
  EXPECT_EQ(options.batch_size, 64);
  EXPECT_EQ(options.lr, 0.1);
  EXPECT_EQ(options.hidden, (std::vector<int64_t>{128, 64}));
}

TEST(FieldsTest, TextOfANumberIsWhatJsonWrites) {
  for (const double value :
       {0.0,
        -0.0,
        1.0,
        -2.5,
        0.1,
        0.1 + 0.2,
        1.0 / 3,
        9.9e-5,
        1e-4,
        1e-6,
        123456789.0,
        999999999999999.0,
        1e15,
        1e16,
        1e22,
        1e300,
        5e-324,
        std::nan(""),
        HUGE_VAL}) {
    EXPECT_EQ(to_text(value), nlohmann::json(value).dump());
    EXPECT_EQ(json_to_text(value), to_text(value));
  }
}

TEST(FieldsTest, EmptyTextIsTheEmptyList) {
  Options options;
  assign(options.fields()[4], "", "--hidden");
  EXPECT_TRUE(options.hidden.empty());
}

TEST(FieldsTest, JsonRoundTripIsExactInEveryBit) {
  Options options;
  options.lr = 0.1 + 0.2;
  options.hidden = {};
  options.ema = true;
  const std::string text = to_json(options.fields()).dump();
  Options read;
  const nlohmann::json json = nlohmann::json::parse(text);
  from_json(read.fields(), {json, "config.json"});
  EXPECT_EQ(read.lr, 0.1 + 0.2);
  EXPECT_TRUE(read.hidden.empty());
  EXPECT_TRUE(read.ema);
}

struct Row {
  std::string name;
  std::string help;
};

TEST(ChoicesTest, FieldOfATableTakesItsNamesAndExplainsThem) {
  const std::vector<Row> table = {
      {"none", ""}, {"slow", "takes a day"}, {"fast", "an hour"}};
  std::string value = "none";
  const Field made = field("speed", value, table, "How long it takes");
  EXPECT_EQ(made.help, "How long it takes. slow: takes a day; fast: an hour");
  EXPECT_EQ(made.choices, (std::vector<std::string>{"none", "slow", "fast"}));
  EXPECT_FALSE(made.set("medium"));
  EXPECT_TRUE(made.set("fast"));
  EXPECT_EQ(value, "fast");
}

TEST(ChoicesTest, UnknownNameIsRefusedWithTheKnownOnes) {
  const std::vector<Row> table = {{"slow", ""}, {"fast", "an hour"}};
  EXPECT_EQ(row_named(table, "fast", "speed").help, "an hour");
  try {
    row_named(table, "medium", "speed");
    FAIL();
  } catch (const std::logic_error& error) {
    EXPECT_STREQ(
        error.what(), "speed: found 'medium'; expected one of slow, fast"
    );
  }
}

TEST(FieldsTest, UnknownKeyOfJsonIsNamed) {
  Options options;
  try {
    const nlohmann::json json = {{"hiden", 3}};
    from_json(options.fields(), {json, "config.json"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(
        error.what(),
        "config.json: found the unknown key 'hiden'; did you mean 'hidden'?"
    );
  }
}

}  // namespace
}  // namespace digitorch
