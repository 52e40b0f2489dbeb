// Runs of a few seconds with many checkpoints, of every kind of network, for
// tests that disturb them.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

namespace digitorch::testing {

struct RunKind {
  std::string name;
  std::vector<std::string> options;
};

/// A convolutional network; batch norm with a moving average of the weights;
/// the network written by hand; a start from another run's weights.
const std::vector<RunKind>& run_kinds();

std::ostream& operator<<(std::ostream&, const RunKind&);

std::vector<std::string> start_words(
    const RunKind&, const std::filesystem::path& run
);
std::vector<std::string> resume_words(const std::filesystem::path& run);

/// The bytes of best.safetensors of a run that nothing disturbed.
const std::string& undisturbed_best(const RunKind&);

/// How many seconds it took.
double undisturbed_seconds(const RunKind&);

/// The epochs that the run's last checkpoint holds; 0 where it has none. Throws
/// std::runtime_error where the checkpoint is damaged.
int64_t saved_epochs(const std::filesystem::path& run);

/// Resumes the run, or starts it where it has saved nothing, and expects that
/// it ends with the weights of an undisturbed one and leaves no temporary file.
void expect_ends_as_undisturbed(
    const RunKind&, const std::filesystem::path& run
);

}  // namespace digitorch::testing
