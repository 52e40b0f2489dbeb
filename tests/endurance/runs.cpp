#include "tests/endurance/runs.h"

#include <gtest/gtest.h>

#include <map>

#include "models/files/checkpoint.h"
#include "tests/support/program.h"

namespace digitorch::testing {
namespace {

namespace fs = std::filesystem;

/// A machine that does much else takes minutes for what it does in seconds.
const RunOptions kPatient{.timeout = std::chrono::minutes(10)};

struct Undisturbed {
  std::string best;
  double seconds;
};

const Undisturbed& undisturbed(const RunKind& kind) {
  static std::map<std::string, Undisturbed> known;
  const auto found = known.find(kind.name);
  if (found != known.end()) return found->second;
  const TempDir folder;
  const ProcessResult result =
      digitorch(start_words(kind, folder / "run"), kPatient);
  json_of(result);
  return known[kind.name] = {
             file_text(folder / "run" / "best.safetensors"), result.seconds};
}

}  // namespace

const std::vector<RunKind>& run_kinds() {
  static const std::vector<RunKind> kinds = {
      {"cnn", {"--model=cnn", "--channels=3,4", "--hidden=8"}},
      {"batch_norm_ema",
       {"--model=mlp", "--hidden=16", "--batch-norm", "--ema=0.9"}},
      {"scratch", {"--model=scratch", "--hidden=16", "--optimizer=sgd"}},
      {"fine_tuned", {"--model=" + trained_model().string()}}};
  return kinds;
}

std::ostream& operator<<(std::ostream& out, const RunKind& kind) {
  return out << kind.name;
}

std::vector<std::string> start_words(const RunKind& kind, const fs::path& run) {
  std::vector<std::string> options = kind.options;
  options.insert(options.end(), {"--epochs=30", "--batch-size=5"});
  std::vector<std::string> words = quick_train(trained_data(), run, options);
  // A checkpoint brings its own layers.
  if (kind.name == "fine_tuned") std::erase(words, "--hidden=16");
  return words;
}

std::vector<std::string> resume_words(const fs::path& run) {
  return {"train", "--resume", run.string(), "--format=json"};
}

const std::string& undisturbed_best(const RunKind& kind) {
  return undisturbed(kind).best;
}

double undisturbed_seconds(const RunKind& kind) {
  return undisturbed(kind).seconds;
}

int64_t saved_epochs(const fs::path& run) {
  const fs::path last = run / "last.safetensors";
  if (!fs::exists(last)) return 0;
  return decode_checkpoint(file_text(last), last.string())
      .training_state.at("epoch");
}

void expect_ends_as_undisturbed(const RunKind& kind, const fs::path& run) {
  if (!fs::exists(run / "last.safetensors")) fs::remove_all(run);
  const ProcessResult rest = digitorch(
      fs::exists(run) ? resume_words(run) : start_words(kind, run), kPatient
  );
  EXPECT_EQ(rest.exit_code, 0) << rest.err;
  EXPECT_TRUE(file_text(run / "best.safetensors") == undisturbed_best(kind))
      << run;
  for (const auto& entry : fs::directory_iterator(run))
    EXPECT_EQ(entry.path().filename().string().find(".tmp-"), std::string::npos)
        << entry.path();
}

}  // namespace digitorch::testing
