// Scores a network and writes the report of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/report/pictures/curves.h"
#include "app/system/output_file.h"
#include "app/training/history.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// What a report says about a network apart from its answers.
struct ReportSubject {
  std::filesystem::path path;     ///< The run or the file; it must exist.
  std::filesystem::path weights;  ///< The file of weights; it must exist.
  ModelSpec spec;
  nlohmann::json config = nullptr;  ///< As in config.json; null if unknown.
  History history;
  std::string data;  ///< The data it is tested on, as --data names them.
  const ImageSet* train = nullptr;  ///< Training pictures; null if unknown.
  std::vector<RunCurves> compared = {};  ///< This run and others, or none.
};

struct WrittenReport {
  std::filesystem::path path;
  int64_t bytes = 0;
  double accuracy = 0;                    ///< 0..1.
  double expected_calibration_error = 0;  ///< 0..1.
  int64_t samples = 0;
};

/// The rule for a report's file: see output_file.h.
OutputFile report_file(const std::filesystem::path&, bool overwrite);

/// Classifies all of `test`, whose classes are the network's, on the network's
/// device, and writes the report. Throws as write_output() does.
WrittenReport write_report(
    const OutputFile&, Classifier&, const ReportSubject&, const ImageSet& test
);

}  // namespace digitorch
