// The report of a run or a model: one HTML file that needs no other, no network
// and no program but a browser.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/evaluation/evaluation.h"
#include "app/report/drawing/drawing.h"
#include "app/training/history.h"

namespace digitorch {

/// Mistakes that a report holds as pictures, some 450 bytes each; of more, the
/// surest ones.
inline constexpr size_t kMaxMistakes = 2000;

struct Figure {
  std::string title;
  std::string note;  ///< Below the drawing; may be empty.
  Drawing drawing;
};

/// Everything a report tells. Any text may come from anybody.
struct ReportContent {
  std::string title;               ///< Of the run or the file.
  std::string summary;             ///< The network in one line.
  std::vector<std::string> facts;  ///< On what, when, with what.
  std::vector<std::string> class_names;
  int64_t weights = 0;              ///< How many the network has.
  nlohmann::json config = nullptr;  ///< As in config.json, if known.
  History history = {};             ///< May be empty.
  Evaluation evaluation;            ///< Of all `images`.
  torch::Tensor images;             ///< uint8 [N, 1, 28, 28].
  std::vector<Figure> network_figures = {};
};

std::string html_report(const ReportContent&);

}  // namespace digitorch
