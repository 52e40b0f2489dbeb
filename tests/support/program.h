// The real binary on generated data, for end-to-end tests.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/sanitized.h"
#include "tests/support/temp_dir.h"

namespace digitorch::testing {

/// Runs digitorch with these arguments.
ProcessResult digitorch(
    std::vector<std::string> arguments, const RunOptions& options = {}
);

/// What it printed on standard output, as one JSON value. Fails the test where
/// it is none.
nlohmann::json json_of(const ProcessResult&);

/// Writes an IDX set of easy pictures in four classes: 200 to train on, 40 to
/// test.
void write_idx_set(const std::filesystem::path& folder);

/// Writes dark figures on light PNGs, the same figure all through a class and
/// `each` in every sub-folder named.
void write_class_folders(
    const std::filesystem::path& folder,
    const std::vector<std::string>& classes,
    int64_t each
);

/// Options of a run that takes a second: a tiny network on the given data.
std::vector<std::string> quick_train(
    const std::filesystem::path& data,
    const std::filesystem::path& run_dir,
    const std::vector<std::string>& more = {}
);

/// A trained run's best.safetensors, made once for the whole test program.
const std::filesystem::path& trained_model();
const std::filesystem::path& trained_data();

/// Expects the exit code, nothing on stdout and one line "error: ..." on stderr
/// that holds `part`.
void expect_refused(
    const ProcessResult&, int exit_code, const std::string& part
);

/// What every command keeps, whatever it is given: so many seconds, to be
/// compared with those of the processor, which other programs do not prolong,
/// and so much memory above that of a program that classifies one small
/// picture. Sanitizers make a program several times as slow.
inline constexpr double kMostSeconds = kIsSanitized ? 20 : 5;
inline constexpr int64_t kMostBytes = int64_t{256} << 20;

/// The largest memory of a program that classifies one small picture, in bytes.
int64_t usual_peak();

std::string file_text(const std::filesystem::path&);

}  // namespace digitorch::testing
