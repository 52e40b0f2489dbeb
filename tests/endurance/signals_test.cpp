// SIGINT and SIGTERM at random instants of loading, training, validating,
// scoring and exporting, also on a busy machine: the program ends within two
// seconds with the signal's exit code, and what it was doing can go on.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <thread>

#include "tests/endurance/runs.h"
#include "tests/support/data_files.h"
#include "tests/support/program.h"
#include "tests/support/repeats.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

/// Of the time that the program has a processor, of which a machine with much
/// else to do gives it only a share.
constexpr double kMostSecondsToEnd = 2;
constexpr double kMostSecondsAnywhere = 10;

/// What is sent, and when.
struct Disturbance {
  int signal;
  double seconds;
};

Disturbance random_disturbance(std::mt19937& random, double within) {
  return {
      random() % 2 == 0 ? SIGINT : SIGTERM,
      std::uniform_real_distribution<double>(0, within)(random)};
}

/// Runs the program and sends the signal. Expects that it ends in time by the
/// signal, or before it. True where the signal ended it.
bool expect_ends_by(
    const Disturbance& disturbance, const std::vector<std::string>& words
) {
  const auto when =
      std::chrono::milliseconds(static_cast<int64_t>(1000 * disturbance.seconds)
      );
  const ProcessResult result =
      digitorch(words, {.signals = {{when, disturbance.signal}}});
  if (result.exit_code == 0) return false;
  // Before the program has begun, the system ends it; shells show the same.
  EXPECT_TRUE(
      result.exit_code == 128 + disturbance.signal ||
      result.signal == disturbance.signal
  ) << words[0]
    << ": " << result.exit_code << ' ' << result.signal << ' ' << result.err;
  const double after = result.seconds - disturbance.seconds;
  const double share = std::min(1.0, result.cpu_seconds / result.seconds);
  EXPECT_LT(share * after, kMostSecondsToEnd) << words[0];
  EXPECT_LT(after, kMostSecondsAnywhere) << words[0];
  return true;
}

class SignalTest : public ::testing::TestWithParam<RunKind> {};

TEST_P(SignalTest, EndsARunThatGoesOnAsIfUndisturbed) {
  const RunKind& kind = GetParam();
  const int signals =
      repeats(2, 160 / static_cast<int>(std::ssize(run_kinds())));
  std::mt19937 random(8);
  const TempDir folder;
  for (int i = 0; i < signals && !HasFailure(); ++i) {
    const fs::path run = folder / ("run" + std::to_string(i));
    if (expect_ends_by(
            random_disturbance(random, undisturbed_seconds(kind)),
            start_words(kind, run)
        ))
      expect_ends_as_undisturbed(kind, run);
    fs::remove_all(run);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Runs,
    SignalTest,
    ::testing::ValuesIn(run_kinds()),
    [](const auto& test) { return test.param.name; }
);

/// Two threads that only take time, while it lives.
class BusyMachine {
 public:
  BusyMachine() {
    for (std::jthread& loop : loops_)
      loop = std::jthread([](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
        }
      });
  }

 private:
  std::array<std::jthread, 2> loops_;
};

/// A command of each kind that works for a while. Outputs go to the folder.
std::vector<std::vector<std::string>> long_commands(const TempDir& folder) {
  write_class_folders(folder / "pictures", {"a", "b"}, 300);
  constexpr uint32_t kMany = 10'000, kFew = 10;
  fs::create_directory(folder / "many");
  write_file(folder / "many/train-images-idx3-ubyte", image_file(kMany));
  write_file(folder / "many/train-labels-idx1-ubyte", label_file(kMany));
  write_file(folder / "many/t10k-images-idx3-ubyte", image_file(kFew));
  write_file(folder / "many/t10k-labels-idx1-ubyte", label_file(kFew));
  const std::string model = trained_model().string();
  const std::string data = trained_data().string();
  const auto loading = quick_train(folder / "pictures", folder / "run");
  const auto validating = quick_train(
      folder / "many", folder / "run", {"--model=cnn", "--validation=0.9"}
  );
  return {
      loading,
      validating,
      {"eval", "--model", model, "--data", data},
      {"export",
       "--model",
       model,
       "--data",
       data,
       "--output",
       (folder / "model.pt").string()},
      {"classify", (folder / "pictures").string()}};
}

TEST(SignalledCommandTest, EndsLoadingScoringAndExportingAndLeavesNoHalfFile) {
  const TempDir folder;
  const auto commands = long_commands(folder);
  const int signals = repeats(1, 20 / static_cast<int>(commands.size()));
  std::mt19937 random(9);
  for (const std::vector<std::string>& words : commands) {
    const double seconds = digitorch(words).seconds;
    for (int i = 0; i < 2 * signals; ++i) {
      fs::remove_all(folder / "run");
      fs::remove(folder / "model.pt");
      std::optional<BusyMachine> busy;
      if (i % 2 == 1) busy.emplace();
      if (!expect_ends_by(random_disturbance(random, seconds), words)) continue;
      for (const auto& entry : fs::directory_iterator(folder.path()))
        EXPECT_EQ(
            entry.path().filename().string().find(".tmp-"), std::string::npos
        ) << entry.path();
    }
  }
}

}  // namespace
}  // namespace digitorch::testing
