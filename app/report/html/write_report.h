// From a network and its test pictures to the report as a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/training/history.h"
#include "datasets/image_set.h"
#include "models/networks/classifier.h"
#include "models/spec.h"

namespace digitorch {

/// What a report says about a network beside how it answers.
struct ReportSubject {
  std::filesystem::path path;     ///< Of the run or the file; must exist.
  std::filesystem::path weights;  ///< The file with its weights; must exist.
  ModelSpec spec;
  nlohmann::json config = nullptr;  ///< As in config.json; null if unknown.
  History history;
  std::string data;  ///< What it is tested on, as --data names it.
};

struct WrittenReport {
  std::filesystem::path path;
  int64_t bytes = 0;
  double accuracy = 0;                    ///< 0..1.
  double expected_calibration_error = 0;  ///< 0..1.
  int64_t samples = 0;
};

/// Asks the network about all of `test`, whose classes are the network's, on
/// the device that it is on. Throws as write_file() does.
WrittenReport write_report(
    const std::filesystem::path&,
    Classifier&,
    const ReportSubject&,
    const ImageSet& test
);

}  // namespace digitorch
