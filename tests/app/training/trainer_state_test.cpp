// States of a training that are well-formed but false: each is refused, naming
// the file and the key, before anything is trained.
#include "app/training/trainer_state.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/samples.h"
#include "tests/support/small_runs.h"
#include "tests/support/synthetic.h"

namespace digitorch {
namespace {

using Json = nlohmann::json;
using testing::checkpoint_of;
using testing::make_run;
using testing::refusal;
using testing::TrainingRun;

ImageSet digits() {
  return testing::synthetic_digits(testing::kPictures, testing::kClasses, 1);
}

/// Of a run that was stopped in its second epoch.
const Checkpoint& stopped() {
  static const Checkpoint checkpoint = [] {
    TrainingRun run = make_run("mlp", testing::small_options(), digits());
    testing::StopAfter some(12);
    run.trainer->run(some);
    return checkpoint_of(run);
  }();
  return checkpoint;
}

std::string refusal_of(const Checkpoint& checkpoint) {
  return refusal([&] {
    make_run("mlp", testing::small_options(), digits())
        .trainer->restore(checkpoint, "last");
  });
}

TEST(TrainerStateTest, WhatATrainerSavesIsTaken) {
  EXPECT_EQ(refusal_of(stopped()), "");
}

struct False {
  std::function<void(Json&)> change;
  std::string message;
};

class FalseState : public ::testing::TestWithParam<False> {};

TEST_P(FalseState, IsRefusedNamingFileAndKey) {
  Checkpoint checkpoint = stopped();
  GetParam().change(checkpoint.training_state);
  const std::string text = refusal_of(checkpoint);
  EXPECT_TRUE(text.starts_with("last: " + GetParam().message)) << text;
}

auto with(const std::string& key, const Json& value) {
  return [=](Json& state) { state[key] = value; };
}

auto with_in_first_row(const std::string& key, const Json& value) {
  return [=](Json& state) { state["history"][0][key] = value; };
}

INSTANTIATE_TEST_SUITE_P(
    Keys,
    FalseState,
    ::testing::Values(
        False{with("epoch", "ten"), "training_state.epoch: found \"ten\""},
        False{with("epoch", -1), "training_state.epoch: found -1"},
        False{with("epoch", 1'000'000), "training_state.epoch: found 1000000"},
        False{
            with("epoch", 2),
            "training_state.epoch: found 2; expected 1, as many as \"history\" "
            "has"},
        False{
            with("best_epoch", 1'000'000),
            "training_state.best_epoch: found 1000000; expected a whole number "
            "from 1 to 1"},
        False{with("best_epoch", 0), "training_state.best_epoch: found 0"},
        False{with("step", -1), "training_state.step: found -1"},
        False{
            with("step", INT64_MAX),
            "training_state.step: found 9223372036854775807"},
        False{with("samples", 81), "training_state.samples: found 81"},
        False{with("epoch_seconds", -1), "training_state.epoch_seconds: found"},
        False{with("best_temperature", 0), "training_state.best_temperature:"},
        False{with("seen", Json::array()), "training_state.seen: found a list"},
        False{with("seen", {1, "a", 1}), "training_state.seen[1]: found \"a\""},
        False{with("history", 3), "training_state.history: found 3"},
        False{with("history", {3}), "training_state.history[0]: found 3"},
        False{
            with_in_first_row("epoch", 2),
            "training_state.history[0].epoch: found 2; expected 1, its place"},
        False{
            with_in_first_row("train_accuracy", 2),
            "training_state.history[0].train_accuracy: found 2"},
        False{
            with_in_first_row("lr", nullptr),
            "training_state.history[0].lr: found null"},
        False{
            with("epoche", 1),
            "training_state: found the unknown key 'epoche'; did you mean "
            "'epoch'?"},
        False{
            [](Json& state) { state.erase("step"); },
            "training_state: found no key 'step'"}
    )
);

TEST(TrainerStateTest, TensorsOfAnotherFormAreRefused) {
  const auto changed = [](const std::string& name, torch::Tensor value) {
    Checkpoint checkpoint = stopped();
    for (auto& [each, tensor] : checkpoint.training_tensors)
      if (each == name) tensor = value;
    return refusal_of(checkpoint);
  };
  const std::string state = "last: training state '";
  EXPECT_TRUE(changed("rng.cpu", torch::zeros({3}, torch::kUInt8))
                  .starts_with(state + "rng.cpu': found no state"));
  EXPECT_TRUE(changed("rng.cpu", torch::zeros({3})).starts_with(state));
  EXPECT_TRUE(changed("steps", torch::zeros({3})).starts_with(state + "steps'")
  );
  EXPECT_TRUE(
      changed("steps", torch::full({1, 4}, NAN, torch::kFloat64))
          .starts_with(state + "steps': found a number that is not finite")
  );
  EXPECT_TRUE(changed("steps", torch::full({1, 4}, 1e300, torch::kFloat64))
                  .starts_with(state + "steps'"));
  EXPECT_TRUE(changed("best.output.bias", torch::zeros({9}))
                  .starts_with(state + "output.bias': found another shape"));
}

TEST(TrainerStateTest, ValidationLossThatIsNotFiniteComesBack) {
  EpochReport row{.epoch = 1, .samples = 8};
  row.validation_loss = NAN;
  row.validation_accuracy = 0.5;
  const Json json = Json::parse(to_json(row).dump());
  EXPECT_TRUE(json["validation_loss"].is_null());
  const EpochReport read = epoch_report({json, "file"});
  EXPECT_TRUE(std::isnan(*read.validation_loss));
  EXPECT_EQ(read.validation_accuracy, 0.5);
}

}  // namespace
}  // namespace digitorch
