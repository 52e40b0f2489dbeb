#include "models/spec.h"

#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "models/options/fields_json.h"
#include "tests/support/samples.h"

namespace digitorch {
namespace {

using testing::refusal;

TEST(SpecTest, JsonRoundTripKeepsEveryOption) {
  for (const ModelSpec& spec :
       {testing::tiny_cnn(),
        testing::tiny_mlp(),
        ModelSpec{CnnOptions{}},
        ModelSpec{MlpOptions{.hidden = {}}, 3, 0.1 + 0.2, 1.0 / 3}}) {
    const nlohmann::json json = to_json(spec);
    const ModelSpec read =
        spec_from_json({nlohmann::json::parse(json.dump()), "file"});
    EXPECT_EQ(to_json(read), json);
    EXPECT_EQ(read.mean, spec.mean);
    EXPECT_EQ(read.std_dev, spec.std_dev);
    EXPECT_EQ(read.network.index(), spec.network.index());
  }
}

TEST(SpecTest, JsonNamesPicturesThatAreNoInk) {
  ModelSpec spec{MlpOptions{}};
  EXPECT_FALSE(to_json(spec).contains("input"));
  spec.input = {"plain", 3, 32, 48};
  const nlohmann::json json = to_json(spec);
  EXPECT_EQ(
      json["input"],
      nlohmann::json(
          {{"pictures", "plain"},
           {"channels", 3},
           {"height", 32},
           {"width", 48}}
      )
  );
  EXPECT_EQ(spec_from_json({json, "file"}).input, spec.input);
  EXPECT_EQ(summary(spec).find("mlp on 48x32 pixels in colour: 4608-512-"), 0U);
  nlohmann::json wrong = json;
  wrong["input"]["height"] = 1000;
  EXPECT_EQ(
      refusal([&] {
        spec_from_json({wrong, "file"});
      }),
      "file: input.height: found 1000; expected a whole number from 1 to 224"
  );
  spec.input.pictures = "ink";
  EXPECT_EQ(
      refusal([&] { make_model(spec); }),
      "pictures: found ink with 48x32 pixels in colour; expected plain, since "
      "ink is always brought to 28x28 pixels in grey"
  );
}

TEST(SpecTest, RefusesLayersThatGiveTooMuchForAPicture) {
  const ModelSpec spec{
      .network = CnnOptions{.channels = {128}},
      .input = {"plain", 3, 224, 224}};
  EXPECT_EQ(
      refusal([&] { check(spec); }),
      "channels: found a layer that gives 6422528 numbers for a picture; "
      "expected at most 4194304"
  );
}

TEST(SpecTest, JsonHasTheDocumentedForm) {
  const ModelSpec spec{MlpOptions{.hidden = {8}}, 10, 0.5, 0.25};
  const nlohmann::json expected = {
      {"kind", "mlp"},
      {"classes", 10},
      {"mean", 0.5},
      {"deviation", 0.25},
      {"options",
       {{"hidden", {8}},
        {"activation", "relu"},
        {"initialisation", "torch"},
        {"dropout", 0.0},
        {"batch-norm", false}}}};
  EXPECT_EQ(to_json(spec), expected);
}

TEST(SpecTest, OptionsThatJsonLeavesOutKeepTheirDefaults) {
  nlohmann::json json = to_json(testing::tiny_mlp());
  json["options"] = {{"dropout", 0.5}};
  const ModelSpec spec = spec_from_json({json, "file"});
  const auto& options = std::get<MlpOptions>(spec.network);
  EXPECT_EQ(options.dropout, 0.5);
  EXPECT_EQ(options.hidden, MlpOptions{}.hidden);
}

TEST(SpecTest, EveryKindHasDefaultsThatMakeANetwork) {
  const std::vector<std::string> kinds = network_kinds();
  EXPECT_EQ(kinds, (std::vector<std::string>{"cnn", "mlp", "scratch"}));
  for (const std::string& kind : kinds) {
    const ModelSpec spec{default_network(kind)};
    EXPECT_EQ(kind_of(spec.network), kind);
    const auto model = make_model(spec);
    const torch::Tensor logits = model->forward(testing::random_images(2));
    EXPECT_EQ(logits.sizes(), torch::IntArrayRef({2, 10}));
  }
}

TEST(SpecTest, UnknownKindIsRefusedWithTheKnownOnes) {
  EXPECT_EQ(
      refusal([] { default_network("rnn"); }),
      "model: found 'rnn'; expected one of cnn, mlp, scratch"
  );
}

TEST(SpecTest, CommandLineOptionsOfAllKindsComeOnceEach) {
  std::vector<std::string> names;
  for (const NetworkOption& option : network_options()) {
    names.push_back(option.field.name);
    ASSERT_FALSE(option.defaults.empty());
    // The field's options live on with it.
    EXPECT_EQ(to_text(option.field.get()), option.defaults.front().second);
  }
  const std::vector<std::string> expected{
      "crop",
      "channels",
      "kernel",
      "pool",
      "padding",
      "hidden",
      "conv-dropout",
      "dropout",
      "batch-norm",
      "activation",
      "initialisation"};
  EXPECT_EQ(names, expected);
}

TEST(SpecTest, SharedOptionNamesEachKindsDefault) {
  for (const NetworkOption& option : network_options()) {
    if (option.field.name != "hidden") continue;
    ASSERT_EQ(option.defaults.size(), network_kinds().size());
    NetworkOptions cnn = CnnOptions{};
    NetworkOptions mlp = MlpOptions{};
    EXPECT_EQ(option.defaults[0].first, "cnn");
    EXPECT_EQ(
        option.defaults[0].second, json_to_text(to_json(fields(cnn))["hidden"])
    );
    EXPECT_EQ(option.defaults[1].first, "mlp");
    EXPECT_EQ(
        option.defaults[1].second, json_to_text(to_json(fields(mlp))["hidden"])
    );
  }
}

TEST(SpecTest, SharedOptionTakesTheSameValuesInEveryKind) {
  // So that a check against the first kind's field holds for all.
  for (const std::string& kind : network_kinds()) {
    NetworkOptions network = default_network(kind);
    for (const Field& field : fields(network))
      for (const NetworkOption& option : network_options())
        if (option.field.name == field.name) {
          EXPECT_EQ(option.field.expected, field.expected) << field.name;
        }
  }
}

TEST(SpecTest, SummaryIsOneLine) {
  EXPECT_EQ(
      summary(testing::tiny_cnn()),
      "cnn: conv 3x3x2, pool 2, conv 5x5x3, pool 7, hidden 4, batch norm, conv "
      "dropout 0.1, dropout 0.2, 3 classes"
  );
  EXPECT_EQ(
      summary({CnnOptions{.crop = 2, .channels = {4}, .hidden = {}}}),
      "cnn: crop 2, conv 3x3x4, pool 2, dropout 0.25, 10 classes"
  );
  EXPECT_EQ(
      summary(testing::tiny_mlp()),
      "mlp: 784-5-4-3 tanh, batch norm, dropout 0.1"
  );
  EXPECT_EQ(summary({MlpOptions{.hidden = {}}}), "mlp: 784-10");
}

/// A change to a good spec's JSON, and what is then said of it.
struct BadJson {
  std::function<void(nlohmann::json&)> change;
  const char* message;
};

class BadSpecTest : public ::testing::TestWithParam<BadJson> {};

TEST_P(BadSpecTest, IsRefusedNamingTheFileAndTheKey) {
  nlohmann::json json = to_json(testing::tiny_mlp());
  GetParam().change(json);
  const std::string text = refusal([&] { spec_from_json({json, "file"}); });
  EXPECT_TRUE(text.starts_with(GetParam().message)) << text;
}

using Json = nlohmann::json;

INSTANTIATE_TEST_SUITE_P(
    Json,
    BadSpecTest,
    ::testing::Values(
        BadJson{[](Json& j) { j = 3; }, "file: found 3; expected an object"},
        BadJson{[](Json& j) { j.erase("kind"); }, "file: found no key 'kind'"},
        BadJson{[](Json& j) { j.erase("mean"); }, "file: found no key 'mean'"},
        BadJson{
            [](Json& j) { j.erase("options"); },
            "file: found no key 'options'"},
        BadJson{
            [](Json& j) { j["kind"] = "rnn"; },
            "file: kind: found \"rnn\"; expected one of cnn, mlp, scratch"},
        BadJson{
            [](Json& j) { j["kind"] = Json::array(); },
            "file: kind: found a list of 0 values; expected a text"},
        BadJson{
            [](Json& j) { j["options"] = Json::array(); },
            "file: options: found a list of 0 values; expected an object"},
        BadJson{
            [](Json& j) { j["options"]["depth"] = 3; },
            "file: options: found the unknown key 'depth'"},
        BadJson{
            [](Json& j) { j["options"]["dropout"] = 2; },
            "file: options.dropout: found 2; expected a number from"},
        BadJson{
            [](Json& j) { j["extra"] = 1; },
            "file: found the unknown key 'extra'"},
        BadJson{
            [](Json& j) { j["classes"] = 0; },
            "file: classes: found 0; expected a whole number from"},
        BadJson{
            [](Json& j) { j["classes"] = "many"; },
            "file: classes: found \"many\"; expected a whole number"},
        BadJson{
            [](Json& j) { j["deviation"] = 0; },
            "file: deviation: found 0; expected a number"},
        BadJson{
            [](Json& j) { j["mean"] = nullptr; },
            "file: mean: found null; expected a number"}
    )
);

TEST(SpecTest, ModelOfNoClassesIsRefused) {
  const std::string expected =
      "classes: found '0'; expected a whole number from 1 to 65536";
  EXPECT_EQ(refusal([] { make_model({MlpOptions{}, 0}); }), expected);
  EXPECT_EQ(refusal([] { check({MlpOptions{}, 0}); }), expected);
}

TEST(SpecTest, CheckRefusesWhatMakesNoNetworkAndDrawsNothing) {
  const NetworkOptions bad[] = {
      CnnOptions{.pool = {2, 3}},
      MlpOptions{.activation = "step"},
      ScratchOptions{.initialisation = "zero"}};
  for (const NetworkOptions& network : bad) {
    const std::string text = refusal([&] { check({network}); });
    EXPECT_FALSE(text.empty()) << kind_of(network);
    EXPECT_EQ(refusal([&] { make_model({network}); }), text);
  }
  const torch::Tensor before =
      at::globalContext().defaultGenerator(torch::kCPU).get_state();
  for (const std::string& kind : network_kinds())
    check({default_network(kind)});
  const torch::Tensor after =
      at::globalContext().defaultGenerator(torch::kCPU).get_state();
  EXPECT_TRUE(before.equal(after));
}

TEST(SpecTest, TraitsOfTheKinds) {
  EXPECT_FALSE(uses_batch_norm(CnnOptions{}));
  EXPECT_TRUE(uses_batch_norm(MlpOptions{.batch_norm = true}));
  EXPECT_FALSE(uses_batch_norm(ScratchOptions{}));
  EXPECT_TRUE(trains_in_bfloat16(MlpOptions{}));
  EXPECT_FALSE(trains_in_bfloat16(ScratchOptions{}));
}

}  // namespace
}  // namespace digitorch
