// How the options of a run are resolved.
#include "app/commands/train/settings.h"

#include <gtest/gtest.h>

#include <stdexcept>

#include "app/cli/command.h"

namespace digitorch {
namespace {

TEST(ResolveTest, TypedOptionsWinOverThePresetAndThatOverTheConfiguration) {
  const TrainSettings settings = resolve(
      {.configuration =
           {{"lr", "0.25", "config"},
            {"epochs", "7", "config"},
            {"seed", "5", "config"}},
       .preset = "fast",
       .typed = {{"lr", "0.125", "--lr"}}}
  );
  EXPECT_EQ(settings.train.schedule.lr, 0.125);
  EXPECT_EQ(settings.train.epochs, 1);  // the preset's
  EXPECT_EQ(settings.train.seed, 5);
  EXPECT_EQ(settings.train.batch_size, 256);  // the preset's
}

TEST(ResolveTest, APresetIsBasedOnAnother) {
  const TrainSettings fast = resolve({.preset = "fast"});
  const TrainSettings quick = resolve({.preset = "quick"});
  EXPECT_EQ(quick.train.schedule.kind, fast.train.schedule.kind);
  EXPECT_EQ(quick.train.optimizer.beta2, fast.train.optimizer.beta2);
  EXPECT_EQ(
      std::get<CnnOptions>(quick.network).hidden, std::vector<int64_t>{128}
  );
}

std::string refusal(const OptionSources& sources) {
  try {
    resolve(sources);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(ResolveTest, ErrorsNameThePlaceOfTheOption) {
  EXPECT_EQ(
      refusal({.typed = {{"epochs", "none", "--epochs"}}}),
      "--epochs: found 'none'; expected a whole number from 1 to 100000"
  );
  EXPECT_TRUE(
      refusal({.configuration =
                   {{"kernel", "3", "c.json: kernel"},
                    {"model", "mlp", "c.json: model"}}})
          .starts_with("c.json: kernel: the network mlp has no such option; it "
                       "belongs to --model cnn")
  );
  EXPECT_TRUE(refusal({.preset = "slow"}).starts_with("--preset: found 'slow'")
  );
}

TEST(ResolveTest, WhatWasProbablyMeantIsNamed) {
  EXPECT_TRUE(refusal({.preset = "quik"}).ends_with("; did you mean 'quick'?"));
  EXPECT_EQ(
      refusal({.configuration = {{"epocs", "3", "config.json: epocs"}}}),
      "config.json: epocs: unknown option 'epocs'; did you mean 'epochs'?"
  );
  EXPECT_TRUE(refusal({.typed = {{"optimizer", "adm", "--optimizer"}}}
  ).ends_with("; did you mean 'adam'?"));
}

TEST(ResolveTest, APresetOfAnotherNetworkIsRefusedByItsOwnName) {
  EXPECT_EQ(
      refusal({.preset = "quick", .typed = {{"model", "mlp", "--model"}}}),
      "--preset quick describes a network of the kind cnn, and --model asks "
      "for "
      "mlp; leave one of them out"
  );
}

TEST(RunTest, SetsFieldsAndHandsOnTheOptionsThatAreText) {
  int64_t count = 1;
  Arguments seen;
  const Command command{
      .name = "try",
      .groups =
          {{"Own", {field("count", count, {1, 9}, "A number")}},
           described({"Run", {field("seed", count, {1, 9}, "Another")}})},
      .run = [&](const Arguments& given) {
        seen = given;
        return 7;
      }};
  const Arguments typed = parse(command, {"--count", "3", "--seed=5"});
  EXPECT_EQ(run(command, typed), 7);
  EXPECT_EQ(count, 3);
  ASSERT_EQ(seen.options.size(), 1U);
  EXPECT_EQ(seen.options[0].name, "seed");
  EXPECT_EQ(seen.options[0].text, "5");
  EXPECT_EQ(seen.options[0].where, "--seed");
}

}  // namespace
}  // namespace digitorch
